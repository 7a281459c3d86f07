"""Prices that are kept while more is hidden are those that would be worked out now."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keten_kpi.disclosure.moves import Moves
from keten_kpi.disclosure.system import Builder, Grouping, Relation, Rules, System
from keten_kpi.disclosure.together import WIDTH

MINIMUM = 5
ROWS, COLUMNS = 3, 4
COUNTS = st.lists(st.integers(0, 9), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS)


def _system(late: list[int], on_time: list[int]) -> System:
    """A table of two dimensions with its totals: all cases, and those that are late; others are on time."""
    points = [(row, column) for row in range(ROWS) for column in range(COLUMNS)]

    def grouping(kept: tuple[int, ...]) -> Grouping:
        groups = list(dict.fromkeys(tuple(point[at] for at in kept) for point in points))
        sums = {name: dict.fromkeys(groups, 0) for name in ("alle", "te_laat")}
        for point, few, many in zip(points, late, on_time, strict=True):
            group = tuple(point[at] for at in kept)
            sums["te_laat"][group] += few
            sums["alle"][group] += few + many
        names = tuple("ab"[at] for at in kept)
        return Grouping(names, groups, {name: [*of.values()] for name, of in sums.items()})

    rules = Rules((Relation("alle", ("te_laat",)),), frozenset({"alle", "te_laat"}))
    return Builder([grouping(kept) for kept in ((), (0,), (1,), (0, 1))], rules).system


def _all(moves: Moves) -> dict[object, object]:
    """Every price, and the options in every sum."""
    found: dict[object, object] = {}
    for name in sorted(moves.system.counts):
        for way in moves.ways(name):
            for sign, prices in way.prices.items():
                found |= {(way.mix, sign, place): prices[place] for place in range(len(moves.system.depth))}
                for number in range(len(moves.system.sums)):
                    options = prices.options(number)
                    found[way.mix, sign, "sum", number] = ([*options.free], [*options.paid], {*options.reach})
    return found


@given(COUNTS, COUNTS, st.data())
def test_prices_after_hiding_are_those_worked_out_anew(late, on_time, data):
    system = _system(late, on_time)
    kept = Moves(system, MINIMUM, WIDTH)
    _all(kept)
    cells = [(name, place) for name in ("alle", "te_laat") for place in range(len(system.depth))]
    for cell in data.draw(st.permutations(cells)):
        if system.is_given(*cell):
            system.hidden.add(cell)
            kept.forget({cell[1]})
            assert _all(kept) == _all(Moves(system, MINIMUM, WIDTH))
