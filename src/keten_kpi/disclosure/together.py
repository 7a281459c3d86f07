"""Hides small counts in all tables of one KPI that are published together, so that a reader of all finds none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from keten_kpi.disclosure.moves import hide_together
from keten_kpi.disclosure.protect import Figures, check_minimum, hide, relations_of, take_apart
from keten_kpi.disclosure.system import Builder, Grouping, Rules, is_acyclic, widen
from keten_kpi.errors import KetenError
from keten_kpi.kpi import DIMENSIONS, Kpi, Result

WIDTH = 2  # what is promised: each hidden count has another value at least so far away that is as possible
Boven = Mapping[str, tuple[str, Mapping[object, object]]]


def protect_together(
    results: Sequence[Result], minimum: int, *, above: Boven | None = None, joint: Result | None = None
) -> list[Result]:
    """The tables of one KPI as they may be published together, each with ``onderdrukt`` as ``protect`` gives it.

    Args:
        results: the same figures per other dimensions, of the same cases.
        minimum: counts of 1 up to this are hidden, and what would give them away in any of the tables.
        above: a dimension that is a union of values of another: gemeente -> (jeugdregio, of each gemeente).
        joint: the figures per all dimensions at once, which is not published. Of tables over overlapping pairs (a, b),
            (b, c), (a, c) a reader learns more than their sums say: such sets need it.

    Raises:
        UsageError: the minimum is too small to hide anything behind.
        KetenError: the tables overlap in a way that needs the joint table.
    """
    check_minimum(minimum)
    found = [take_apart(result) for result in results]
    if not found or not minimum:
        return [hide(one, set()) for one in found]
    unshown = [take_apart(joint)] if joint else []
    kpi, counts = found[0].result.kpi, _counts([*found, *unshown])
    groupings = [
        Grouping(one.dimensions, one.groups, {name: one.counts[name] for name in counts}, is_shown=one in found)
        for one in (*found, *unshown)
    ]
    rules = _rules(kpi, counts, above or {})
    _check(kpi, groupings, rules)
    hidden = hidden_together(groupings, rules, minimum)
    return [hide(one, cells) for one, cells in zip(found, hidden, strict=False)]


def hidden_together(groupings: Sequence[Grouping], rules: Rules, minimum: int) -> list[set[tuple[int, str]]]:
    """The counts to hide in each grouping, as (place of the group, name)."""
    builder = Builder(groupings, rules)
    hide_together(builder.system, minimum, WIDTH)
    gone: dict[int, set[str]] = defaultdict(set)
    for name, place in builder.system.hidden:
        gone[place].add(name)
    return [
        {(at, name) for at, place in enumerate(builder.places(grouping)) for name in gone.get(place, ())}
        for grouping in groupings
    ]


def _counts(found: Sequence[Figures]) -> list[str]:
    """The counts that all tables have, of those that matter."""
    return [name for name in found[0].protected if all(name in other.counts for other in found)]


def _rules(kpi: Kpi, counts: Sequence[str], above: Boven) -> Rules:
    statistiek = kpi.soort.statistiek
    people = frozenset(counts) - set(statistiek.geen_mensen)
    over = {name: dimensions for name, dimensions in statistiek.telt_op_over.items() if name in counts}
    return Rules(relations_of(kpi, counts), people, over, above)


def _check(kpi: Kpi, groupings: Sequence[Grouping], rules: Rules) -> None:
    used = {name for grouping in groupings for name in grouping.dimensions}
    if used - set(DIMENSIONS) and rules.relations:
        raise KetenError(
            f"Figures of {kpi.id} per {', '.join(sorted(used - set(DIMENSIONS)))} count some cases more than once.",
            "Publish them apart from its other tables.",
        )
    if not is_acyclic({widen(grouping.dimensions, rules) for grouping in groupings}):
        raise KetenError(
            "Tables over such pairs of dimensions tell more together than can be seen from each.",
            "Leave one out, so that no three dimensions stand in pairs: per a, b and per b, c, but not per a, c.",
        )
