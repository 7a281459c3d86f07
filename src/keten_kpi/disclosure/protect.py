"""Hides small counts of a result, and every share and duration that rests on a hidden one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from keten_kpi.disclosure.cells import Table, hidden_cells
from keten_kpi.disclosure.system import Group, Relation
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.kpi import LIMIT_COLUMNS, Kpi, Result

NO_COUNT = ("aandeel_", "mediaan_", "p90_")
HIDDEN = "onderdrukt"
SMALLEST = 3  # below 2 there is only 1: hiding it would tell it


@dataclass(frozen=True, slots=True)
class Figures:
    """A result taken apart: its groups, and its counts by name."""

    result: Result
    names: tuple[str, ...]
    dimensions: tuple[str, ...]
    groups: list[Group]
    counts: dict[str, list[int]]

    @property
    def protected(self) -> dict[str, list[int]]:
        """The counts that are about people, and those that such a one is part of."""
        kpi = self.result.kpi
        related = {name for one in relations_of(kpi, self.counts) for name in (one.totaal, *one.delen)}
        other = set(kpi.soort.statistiek.geen_mensen) - related
        return {name: numbers for name, numbers in self.counts.items() if name not in other}


def take_apart(result: Result) -> Figures:
    kpi, names = result.kpi, result.columns
    figures = tuple(name for name in names if name in kpi.cijfers or name in LIMIT_COLUMNS)
    columns = {name: [row[names.index(name)] for row in result.rows] for name in names}
    dimensions = tuple(name for name in names if name not in figures)
    groups = [tuple(columns[name][at] for name in dimensions) for at in range(len(result.rows))]
    counts = [name for name in figures if name in kpi.cijfers and _is_count(name, columns[name])]
    numbers = {name: [int(str(value or 0)) for value in columns[name]] for name in counts}
    return Figures(result, figures, dimensions, groups, numbers)


def _is_count(name: str, values: Iterable[object]) -> bool:
    whole = all(value is None or (isinstance(value, int) and not isinstance(value, bool)) for value in values)
    return whole and not name.startswith(NO_COUNT)


def relations_of(kpi: Kpi, counts: Iterable[str]) -> tuple[Relation, ...]:
    known = set(counts)
    found = (Relation(totaal, delen) for totaal, delen in kpi.soort.statistiek.optellingen)
    return tuple(relation for relation in found if {relation.totaal, *relation.delen} <= known)


def _rests_on(kpi: Kpi, name: str, counts: Iterable[str]) -> set[str]:
    """The counts that a figure can be worked out from, or they from it; all when its kind does not say."""
    share = kpi.soort.statistiek.aandeel
    start_with = share.naam if share and name in LIMIT_COLUMNS else name
    declared = kpi.soort.statistiek.berust_op
    found = [declared[start] for start in sorted(declared, key=len) if start_with.startswith(start)]
    if name in counts:
        return {name, *(found[-1] if found else ())}
    return set(found[-1] if found else counts)


def _or_refuse(hidden: set[tuple[int, str]] | None) -> set[tuple[int, str]]:
    if hidden is None:
        raise KetenError(
            "This table cannot be shown with --min-aantal: its totals would give small counts away.",
            "Ask for fewer dimensions in --per, or a wider selection.",
        )
    return hidden


def _alone(row: dict[str, int], relations: tuple[Relation, ...]) -> Table:
    return Table([()], {name: [number] for name, number in row.items()}, relations)


def _small(groups: Sequence[Group], numbers: dict[str, list[int]], relations: tuple[Relation, ...], minimum: int,
           *, overlap: bool) -> set[tuple[int, str]]:  # fmt: skip
    """The counts to hide. Where groups overlap, one tells on the others: what one hides, all hide.

    Of a comparison the second row holds those below it, so that what they differ by is a count too.
    """
    if not overlap:
        return _or_refuse(hidden_cells(Table(groups, numbers, relations), minimum))
    rows = [{name: values[at] for name, values in numbers.items()} for at in range(len(groups))]
    _, whole, *parts = rows or ({}, {})
    beside = [{name: number - part[name] for name, number in whole.items()} for part in parts]
    each = (_or_refuse(hidden_cells(_alone(row, relations), minimum)) for row in (*rows, *beside))
    names = {name for found in each for _, name in found}
    return {(at, name) for at in range(len(groups)) for name in names}


def protect(result: Result, minimum: int, *, overlap: bool = False) -> Result:
    """The result with a column ``onderdrukt``: the names of what was hidden in the row, or None. Hidden is None.

    Args:
        result: figures per group.
        minimum: counts of 1 up to this are hidden, and what would give them away.
        overlap: the groups hold each other, as those of a comparison do.

    Raises:
        UsageError: the minimum is too small to hide anything behind.
        KetenError: no choice of counts to hide would do.
    """
    check_minimum(minimum)
    found = take_apart(result)
    relations = relations_of(result.kpi, found.protected)
    return hide(found, _small(found.groups, found.protected, relations, minimum, overlap=overlap))


def protect_beside(result: Result, exact: Result, own: Result, minimum: int) -> Result:
    """A protected result for a reader who knows a part of its cases: also without what all but these few would tell.

    Args:
        result: as protected before, with ``onderdrukt``.
        exact: the same before it was.
        own: the figures of the reader's own cases per the same dimensions.
        minimum: as it was protected with.
    """
    found, mine = take_apart(exact), take_apart(own)
    at = {group: place for place, group in enumerate(mine.groups)}
    relations = relations_of(exact.kpi, found.protected)
    hidden = {(place, name) for place, row in enumerate(result.rows) for name in str(row[-1] or "").split(", ")}
    for place, group in enumerate(found.groups):
        others = {
            name: numbers[place] - (mine.counts[name][at[group]] if group in at else 0)
            for name, numbers in found.protected.items()
        }
        small = hidden_cells(_alone(others, relations), minimum)
        gone = set(others) if small is None else {name for _, name in small}
        hidden |= {(place, name) for name in gone}
    return hide(found, {cell for cell in hidden if cell[1] in found.counts})


def check_minimum(minimum: int) -> None:
    """Raises a UsageError when nothing can hide behind it."""
    if 0 < minimum < SMALLEST or minimum < 0:
        raise UsageError(
            f"--min-aantal {minimum} hides nothing that cannot be guessed.", "Give 10, or 0 to hide nothing."
        )


def is_safe(count: int, minimum: int) -> bool:
    """Whether a count may be told: none, or enough."""
    return count == 0 or abs(count) >= minimum


def hide(found: Figures, hidden: set[tuple[int, str]]) -> Result:
    """The result without these counts, as (place of the row, name), and without what rests on them."""
    result, names = found.result, found.result.columns
    rests = {name: _rests_on(result.kpi, name, found.counts) for name in found.names}
    gone: dict[int, set[str]] = defaultdict(set)
    for place, name in hidden:
        gone[place].add(name)
    rows = [_hide(row, names, rests, gone[place]) for place, row in enumerate(result.rows)]
    return replace(result, columns=(*names, HIDDEN), rows=rows)


def _hide(
    row: tuple[object, ...], names: Sequence[str], rests: dict[str, set[str]], hidden: set[str]
) -> tuple[object, ...]:
    gone = [name for name in names if rests.get(name, set()) & hidden]  # whether there was a value would tell too
    kept = (None if name in gone else value for name, value in zip(names, row, strict=True))
    return (*kept, ", ".join(gone) or None)
