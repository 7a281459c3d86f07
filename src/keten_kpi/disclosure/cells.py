"""Which counts of one table to hide, so that none of them can be found by adding and subtracting.

A count of 1 up to the minimum is hidden itself: it is about few people. 0 is shown: there is nobody behind it. The
totals of a table over each of its dimensions count as known, for the same figure without that dimension gives them,
but for those that it hides there. Then more is hidden, the cheapest first, until each hidden count has another value
that is possible. A table without such a choice of counts is not shown at all: which groups it has would tell too much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from keten_kpi.disclosure.moves import hide_beside
from keten_kpi.disclosure.system import Builder, Cell, Group, Grouping, Relation, Rules

WIDTHS = (2, 1)  # how far away another possible value must be; at least another one, where that cannot be had


@dataclass(frozen=True, slots=True)
class Table:
    """Counts per group, by name; groups differ. ``relations`` hold within each group."""

    groups: Sequence[Group]
    counts: Mapping[str, Sequence[int]]
    relations: tuple[Relation, ...] = ()


Kept = tuple[int, ...]  # the places of dimensions


class _Lattice:
    """A table and all its totals, each as the table without some of the dimensions gives it."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.size = len(table.groups[0]) if table.groups else 0
        self.groupings = {kept: self._grouping(kept) for n in range(self.size + 1) for kept in self._choices(n)}
        self.hidden: dict[Kept, set[tuple[str, Group]] | None] = {}

    def _choices(self, number: int) -> list[Kept]:
        return list(combinations(range(self.size), number))

    def _grouping(self, kept: Kept) -> Grouping:
        short = [tuple(group[at] for at in kept) for group in self.table.groups]
        groups = list(dict.fromkeys(short))
        counts = {name: dict.fromkeys(groups, 0) for name in self.table.counts}
        for name, numbers in self.table.counts.items():
            for group, number in zip(short, numbers, strict=True):
                counts[name][group] += number
        names = tuple(str(at) for at in kept)
        return Grouping(names, groups, {name: list(numbers.values()) for name, numbers in counts.items()})

    def protect(self, minimum: int) -> None:
        """Coarse tables first: what each hides is what finer ones take as hidden."""
        for kept in self.groupings:
            below = [other for other in self.groupings if set(other) < set(kept)]
            found = (self._protected(kept, below, minimum, width) for width in WIDTHS)
            self.hidden[kept] = next((hidden for hidden in found if hidden is not None), None)

    def _protected(self, kept: Kept, below: Sequence[Kept], minimum: int, width: int) -> set[tuple[str, Group]] | None:
        rules = Rules(self.table.relations, frozenset(self.table.counts))
        builder = Builder([self.groupings[one] for one in (*below, kept)], rules)
        system = builder.system
        for one in below:
            places = dict(zip(self.groupings[one].groups, builder.places(self.groupings[one]), strict=True))
            system.frozen.update(places.values())
            system.hidden |= self._known(one, places)
        if not hide_beside(system, minimum, width):
            return None
        own = zip(self.groupings[kept].groups, builder.places(self.groupings[kept]), strict=True)
        return {(name, group) for group, place in own for name in self.table.counts if (name, place) in system.hidden}

    def _known(self, one: Kept, places: Mapping[Group, int]) -> set[Cell]:
        """What a coarser table hides: all of it where it cannot be shown at all."""
        hidden = self.hidden[one]
        if hidden is None:
            return {(name, place) for name in self.table.counts for place in places.values()}
        return {(name, places[group]) for name, group in hidden}


def hidden_cells(table: Table, minimum: int) -> set[tuple[int, str]] | None:
    """The counts to hide, as (place of the group, name): those below the minimum, and what would give them away.

    None when the table cannot be shown: with every count hidden, its totals and which groups there are still tell one.
    """
    if not table.groups:
        return set()
    lattice = _Lattice(table)
    lattice.protect(minimum)
    hidden = lattice.hidden[tuple(range(lattice.size))]
    if hidden is None:
        return None
    return {
        (place, name) for place, group in enumerate(table.groups) for name in table.counts if (name, group) in hidden
    }
