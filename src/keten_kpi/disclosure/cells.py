"""Which counts of a table to hide, so that none of them can be found by adding and subtracting.

A count of 1 up to the minimum is hidden itself: it is about few people. 0 is shown: there is nobody behind it. The
totals of a table over each of its dimensions count as known, for the same figure without that dimension gives them,
but for those that it hides there. Then more is hidden, the smallest first, until no hidden count can be worked out. A
table that has no such choice of counts is not shown at all: which groups it has would tell too much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from keten_kpi.disclosure.bounds import Sum, Unknown, pinned_unknowns
from keten_kpi.disclosure.linear import fixed_unknowns

Group = tuple[object, ...]


class _All:
    """Stands in a group for all values of a dimension."""

    def __repr__(self) -> str:
        return "*"


ALL = _All()


@dataclass(frozen=True, slots=True)
class Relation:
    """``totaal`` is the sum of ``delen`` and of a rest that the table does not show.

    Where the rest is 0 in every group, it counts as known: ``delen`` are then all that there is.
    """

    totaal: str
    delen: tuple[str, ...]

    @property
    def rest(self) -> str:
        return f"{self.totaal} - {' - '.join(self.delen)}"


@dataclass(frozen=True, slots=True)
class Table:
    """Counts per group, by name; groups differ. ``relations`` hold within each group."""

    groups: Sequence[Group]
    counts: Mapping[str, Sequence[int]]
    relations: tuple[Relation, ...] = ()


Cell = tuple[str, Group]


def _totals(group: Group) -> Iterator[Group]:
    """The group itself and every total that it is part of."""
    yield from product(*((value, ALL) for value in group))


class _Cube:
    """The counts of a table with all their totals, the rests that follow from them, and the sums between them."""

    def __init__(self, table: Table) -> None:
        self.value: dict[Cell, int] = defaultdict(int)
        self.rests = {relation.rest for relation in table.relations}
        self.base: set[Cell] = set()
        for name, numbers in _with_rests(table).items():
            for group, number in zip(table.groups, numbers, strict=True):
                self.base.add((name, group))
                for total in _totals(group):
                    self.value[name, total] += number
        self.secret = {name for name in self.rests if any(self.value[cell] for cell in self.base if cell[0] == name)}
        self.sums = [*self._sums_over_groups(), *self._sums_within_groups(table.relations)]
        self.at: dict[Cell, list[int]] = defaultdict(list)
        for number, cells in enumerate(self.sums):
            for cell in cells:
                self.at[cell].append(number)

    def _sums_over_groups(self) -> Iterator[dict[Cell, int]]:
        """Per total and dimension: the total is the sum over that dimension."""
        found: dict[tuple[Cell, int], dict[Cell, int]] = defaultdict(dict)
        for name, group in self.value:
            for place, value in enumerate(group):
                if value is not ALL:
                    total = (name, (*group[:place], ALL, *group[place + 1 :]))
                    found[total, place][name, group] = 1
        for (total, _), cells in found.items():
            yield {**cells, total: -1}

    def _sums_within_groups(self, relations: Iterable[Relation]) -> Iterator[dict[Cell, int]]:
        groups = dict.fromkeys(group for _, group in self.value)
        for relation in relations:
            for group in groups:
                parts = {(name, group): 1 for name in (*relation.delen, relation.rest)}
                yield {**parts, (relation.totaal, group): -1}

    def is_shown(self, cell: Cell) -> bool:
        """Whether the table gives this count; a rest is never given, so that it cannot be hidden either."""
        return cell[0] not in self.rests

    def is_unknown(self, cell: Cell, hidden: set[Cell]) -> bool:
        """Whether a reader does not know this count before doing any sums."""
        return cell in hidden or cell[0] in self.secret

    def may_hide(self, cell: Cell, hidden: set[Cell]) -> bool:
        """Whether hiding a cell can help: the table shows it, and no total of 0 tells that it is 0."""
        if cell not in self.base or cell in hidden or not self.is_shown(cell):
            return False
        return self.value[cell] > 0 or not any(self._is_empty(number, hidden) for number in self.at[cell])

    def _is_empty(self, number: int, hidden: set[Cell]) -> bool:
        """Whether a reader knows that a sum is one of zeros."""
        total = next(cell for cell, sign in self.sums[number].items() if sign < 0)
        return self.value[total] == 0 and not self.is_unknown(total, hidden)

    def unknown(self, number: int, hidden: set[Cell]) -> int:
        """How many of a sum's counts a reader is not given."""
        return sum(self.is_unknown(cell, hidden) for cell in self.sums[number])

    def cost(self, cell: Cell, hidden: set[Cell]) -> tuple[bool, bool, int, str]:
        """What hiding a cell costs, by weight: a cell that would need a partner itself, a 0, a large count."""
        lonely = any(self.unknown(number, hidden) == 0 for number in self.at[cell])
        return lonely, self.value[cell] == 0, self.value[cell], repr(cell)


def _with_rests(table: Table) -> dict[str, Sequence[int]]:
    found = dict(table.counts)
    for relation in table.relations:
        parts = zip(*(table.counts[name] for name in (relation.totaal, *relation.delen)), strict=True)
        found[relation.rest] = [total - sum(rest) for total, *rest in parts]
    return found


def _unknowns(cube: _Cube, hidden: set[Cell]) -> list[Sum]:
    """What each sum says about the counts that a reader does not know."""
    found: list[Sum] = []
    for cells in cube.sums:
        unknown: dict[Unknown, int] = {c: sign for c, sign in cells.items() if cube.is_unknown(c, hidden)}
        known = sum(sign * cube.value[cell] for cell, sign in cells.items() if cell not in unknown)
        if unknown:
            found.append((unknown, known))
    return found


def _lowest(cube: _Cube, sums: Iterable[Sum]) -> dict[Unknown, int]:
    """What a reader may think each unknown count to be at least: 1 or more, unless a 0 had to be hidden."""
    return {
        cell: int(cube.is_shown(cell) and cube.value[cell] > 0)  # type: ignore[index, arg-type]
        for unknown, _ in sums
        for cell in unknown
    }


def _alone(sums: Iterable[Sum]) -> set[Unknown]:
    """Unknown counts that are the only one in a sum: the plain subtraction."""
    return {next(iter(unknown)) for unknown, _ in sums if len(unknown) == 1}


def _exposed(cube: _Cube, hidden: set[Cell], small: set[Cell]) -> list[Cell]:
    """Cells that must not be known, but can be worked out: by subtracting, by bounds, or by solving all sums together.

    What only follows from other cells waits for those: it may be safe once they are.
    """
    sums, secret = _unknowns(cube, hidden), hidden | small
    alone = _alone(sums)
    direct = {cell for cell in secret if cell in alone}
    if direct:
        return sorted(direct, key=repr)
    found = pinned_unknowns(sums, _lowest(cube, sums)) & secret
    found = found or fixed_unknowns(unknown for unknown, _ in sums) & secret
    return sorted((cell for cell in secret if cell in found), key=repr)[:1]


def _sums_to_break(cube: _Cube, hidden: set[Cell], cell: Cell) -> list[int]:
    """The sums that give a cell away by themselves; when it takes several sums, all that it is in."""
    alone = [number for number in cube.at[cell] if cube.unknown(number, hidden) == 1]
    return alone or cube.at[cell]


def _nearest(cube: _Cube, sums: Iterable[int], may_hide: Callable[[Cell], bool]) -> list[Cell]:
    """What may be hidden in these sums, or else in the sums next to them, and so on."""
    reach, seen = set(sums), set[int]()
    while reach:
        around = dict.fromkeys(cell for number in sorted(reach) for cell in cube.sums[number])
        found = [cell for cell in around if may_hide(cell)]
        if found:
            return found
        seen |= reach
        reach = {number for cell in around for number in cube.at[cell]} - seen
    return []


def _partner(cube: _Cube, hidden: set[Cell], cell: Cell) -> Cell | None:
    """The cheapest count to hide beside ``cell``; None when there is none. A total is none: its own table shows it."""
    free = _nearest(cube, _sums_to_break(cube, hidden, cell), lambda other: cube.may_hide(other, hidden))
    return min(free, key=lambda other: cube.cost(other, hidden)) if free else None


def _partners(cube: _Cube, hidden: set[Cell], exposed: Iterable[Cell]) -> set[Cell]:
    """A partner for each exposed cell; one partner may do for several in the same sum."""
    added: set[Cell] = set()
    helped: set[int] = set()
    for cell in exposed:
        if helped.isdisjoint(_sums_to_break(cube, hidden, cell)):
            partner = _partner(cube, hidden | added, cell)
            if partner is not None:
                added.add(partner)
                helped |= set(cube.at[partner])
    return added


def _without(table: Table, place: int) -> Table:
    """The same counts without one dimension."""
    groups = dict.fromkeys((*group[:place], *group[place + 1 :]) for group in table.groups)
    counts = {name: dict.fromkeys(groups, 0) for name in table.counts}
    for name, numbers in table.counts.items():
        for group, number in zip(table.groups, numbers, strict=True):
            counts[name][*group[:place], *group[place + 1 :]] += number
    return Table(list(groups), {name: list(numbers.values()) for name, numbers in counts.items()}, table.relations)


def _hidden_totals(table: Table, minimum: int) -> set[Cell]:
    """What the same table without one of its dimensions hides: all of it where that cannot be shown at all."""
    found: set[Cell] = set()
    for place in range(len(table.groups[0]) if table.groups else 0):
        smaller = _without(table, place)
        hidden = _hidden(smaller, minimum)
        gone = {(name, group) for name in smaller.counts for group in smaller.groups} if hidden is None else hidden
        found |= {(name, (*group[:place], ALL, *group[place:])) for name, group in gone}
    return found


def _hidden(table: Table, minimum: int) -> set[Cell] | None:
    """The counts and totals that a reader is not given; None when hiding all counts would not do."""
    cube = _Cube(table)
    small = {cell for cell, number in cube.value.items() if 0 < number < minimum}
    hidden = {cell for cell in small if cube.is_shown(cell)} | _hidden_totals(table, minimum)
    while exposed := _exposed(cube, hidden, small):
        added = _partners(cube, hidden, exposed)
        if not added:
            return None
        hidden |= added
    return hidden


def hidden_cells(table: Table, minimum: int) -> set[tuple[int, str]] | None:
    """The counts to hide, as (place of the group, name): those below the minimum, and what would give them away.

    None when the table cannot be shown: with every count hidden, its totals and which groups there are still tell one.
    """
    hidden = _hidden(table, minimum)
    if hidden is None:
        return None
    return {
        (place, name) for place, group in enumerate(table.groups) for name in table.counts if (name, group) in hidden
    }
