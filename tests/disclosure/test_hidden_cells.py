"""What a table hides cannot be worked out from what it shows, nor from the same table with fewer dimensions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from keten_kpi.disclosure import Relation, Table, hidden_cells

MINIMA = (3, 5, 10)


def names(table: Table, minimum: int) -> set[tuple[object, ...]]:
    """The hidden cells as (name, *group), of a table with one count per group."""
    return {(name, *table.groups[place]) for place, name in hidden_cells(table, minimum)}


def column(**counts: int) -> Table:
    return Table([(group,) for group in counts], {"n": list(counts.values())})


@pytest.mark.parametrize(("number", "hidden"), [(0, False), (1, True), (9, True), (10, False)])
def test_counts_from_one_up_to_the_minimum_are_hidden_and_0_is_not(number, hidden) -> None:
    found = names(column(a=number, b=50, c=60), 10)
    assert (("n", "a") in found) is hidden


def test_beside_one_small_count_the_smallest_other_is_hidden_because_the_total_is_known() -> None:
    assert names(column(a=3, b=50, c=60, d=0), 10) == {("n", "a"), ("n", "b")}


def test_two_small_counts_hide_each_other() -> None:
    assert names(column(a=3, b=4, c=60), 10) == {("n", "a"), ("n", "b")}


def test_two_ones_do_not_for_their_total_of_2_leaves_no_choice() -> None:
    assert names(column(a=1, b=1, c=60), 10) == {("n", "a"), ("n", "b"), ("n", "c")}


def test_a_small_total_needs_no_partner_because_it_is_hidden_too() -> None:
    assert names(column(a=3, b=0), 10) == {("n", "a")}


def test_in_two_dimensions_the_hidden_counts_form_a_square() -> None:
    groups = list(product("ab", "xyz"))
    table = Table(groups, {"n": [3, 50, 60, 20, 30, 40]})
    assert names(table, 10) == {("n", "a", "x"), ("n", "a", "y"), ("n", "b", "x"), ("n", "b", "y")}


def test_the_small_rest_of_a_total_is_protected_though_the_table_does_not_show_it() -> None:
    table = Table([()], {"all": [50], "part": [48]}, (Relation("all", ("part",)),))
    assert hidden_cells(table, 10)


def test_a_large_rest_protects_a_small_part() -> None:
    table = Table([()], {"all": [50], "part": [3]}, (Relation("all", ("part",)),))
    assert hidden_cells(table, 10) == {(0, "part")}


def test_parts_that_are_all_there_is_do_not_hide_behind_a_rest() -> None:
    table = Table([()], {"all": [100], "good": [97], "bad": [3]}, (Relation("all", ("good", "bad")),))
    assert hidden_cells(table, 10) == {(0, "good"), (0, "bad")}


def test_the_same_table_always_hides_the_same_cells() -> None:
    groups = list(product(range(9), range(4)))
    table = Table(groups, {"n": [(7 * place) % 23 for place in range(len(groups))]})
    assert hidden_cells(table, 10) == hidden_cells(table, 10)


def test_a_table_whose_totals_are_counts_shown_elsewhere_is_not_shown_at_all() -> None:
    """Of 2 there is only (2, 1), which is all of column 1: so its total is known, and with that the small one of 1."""
    assert hidden_cells(Table([(1, 2), (2, 1), (3, 2)], {"n": [1, 3, 3]}), 3) is None


def test_a_zero_that_only_its_own_line_tells_is_hidden_where_totals_need_it() -> None:
    groups = [(0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 0, 0), (1, 0, 1), (1, 1, 1)]
    table = Table(groups, {"a": [1, 0, 100, 1, 100, 0]})
    found = hidden_cells(table, 10)
    assert found is None or (5, "a") in found


def test_no_group_hides_nothing() -> None:
    assert hidden_cells(Table([], {"n": []}), 10) == set()


counts = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 9, 10, 11, 17, 40, 100])


@st.composite
def tables(draw) -> Table:
    """A table of one to three dimensions, some groups absent; often with parts, a total and a rest that may be 0."""
    shape = draw(st.sampled_from([(3,), (5,), (3, 2), (4, 3), (2, 2, 2), (3, 2, 2)]))
    groups = [group for group in product(*map(range, shape)) if draw(st.integers(0, 9))]
    assume(groups)

    def numbers() -> list[int]:
        return [draw(counts) for _ in groups]

    if draw(st.booleans()):
        return Table(groups, {"a": numbers()})
    a, b = numbers(), numbers()
    rest = numbers() if draw(st.booleans()) else [0] * len(groups)
    total = [sum(parts) for parts in zip(a, b, rest, strict=True)]
    return Table(groups, {"a": a, "b": b, "t": total}, (Relation("t", ("a", "b")),))


class Reader:
    """Knows a table with all its totals, each as its own table shows it, and tries to find what is hidden.

    Built apart from the code under test: from every subset of the dimensions it asks which cells are hidden.
    """

    def __init__(self, table: Table, minimum: int) -> None:
        self.cells: dict[tuple[object, ...], int] = {}
        self.hidden: set[tuple[object, ...]] = set()
        self.is_shown = True
        dimensions = len(table.groups[0])
        for kept in product([True, False], repeat=dimensions):
            self._add(table, kept, minimum)
        self.equations = [*self._over_groups(dimensions), *self._within_groups(table)]

    def _add(self, table: Table, kept: tuple[bool, ...], minimum: int) -> None:
        groups = [tuple(v for v, keep in zip(group, kept, strict=True) if keep) for group in table.groups]
        distinct = list(dict.fromkeys(groups))
        sums = {
            name: [sum(n for g, n in zip(groups, numbers, strict=True) if g == group) for group in distinct]
            for name, numbers in table.counts.items()
        }
        gone = hidden_cells(Table(distinct, sums, table.relations), minimum)
        if gone is None:  # this table is not shown
            gone = {(place, name) for place in range(len(distinct)) for name in sums}
            self.is_shown &= not all(kept)
        for place, group in enumerate(distinct):
            values = iter(group)
            whole = tuple(next(values) if keep else "*" for keep in kept)
            for name, numbers in sums.items():
                self.cells[(name, *whole)] = numbers[place]
                if (place, name) in gone:
                    self.hidden.add((name, *whole))

    def _over_groups(self, dimensions: int):
        for total in self.cells:
            for place in range(1, dimensions + 1):
                if total[place] == "*":
                    parts = [
                        cell
                        for cell in self.cells
                        if cell[place] != "*" and (*cell[:place], "*", *cell[place + 1 :]) == total
                    ]
                    yield {**dict.fromkeys(parts, 1), total: -1}

    def _within_groups(self, table: Table):
        if not table.relations:
            return
        has_rest = any(
            t != a + b for t, a, b in zip(table.counts["t"], table.counts["a"], table.counts["b"], strict=True)
        )
        for _, *group in [cell for cell in self.cells if cell[0] == "t"]:
            parts = {("a", *group): 1, ("b", *group): 1, ("t", *group): -1}
            yield {**parts, ("rest", *group): 1} if has_rest else parts

    @property
    def unknowns(self) -> list[tuple[object, ...]]:
        used = {cell for equation in self.equations for cell in equation}
        return sorted((cell for cell in used | self.hidden if cell in self.hidden or cell[0] == "rest"), key=repr)

    def system(self) -> tuple[np.ndarray, np.ndarray]:
        """The equations in the unknowns, and what the known cells make of them."""
        at = {cell: place for place, cell in enumerate(self.unknowns)}
        matrix = np.zeros((len(self.equations), len(at)))
        right = np.zeros(len(self.equations))
        for row, equation in enumerate(self.equations):
            for cell, sign in equation.items():
                if cell in at:
                    matrix[row, at[cell]] = sign
                else:
                    right[row] -= sign * self.cells[cell]
        return matrix, right


@settings(deadline=None, max_examples=150)
@given(tables(), st.sampled_from(MINIMA))
def test_linear_algebra_over_everything_that_is_shown_finds_no_hidden_count(table, minimum) -> None:
    reader = Reader(table, minimum)
    assume(reader.is_shown and reader.hidden)
    matrix, _ = reader.system()
    _, singular, right = np.linalg.svd(matrix) if matrix.size else (None, np.zeros(0), np.eye(matrix.shape[1]))
    rank = int((singular > 1e-9).sum())
    null_space = right[rank:]
    for place, cell in enumerate(reader.unknowns):
        if cell in reader.hidden:
            assert np.abs(null_space[:, place]).max(initial=0) > 1e-9, f"{cell} has one value only"


@settings(deadline=None, max_examples=60)
@given(tables(), st.sampled_from(MINIMA))
def test_whoever_also_knows_that_counts_are_whole_and_not_negative_finds_none_either(table, minimum) -> None:
    reader = Reader(table, minimum)
    assume(reader.is_shown and reader.hidden)
    matrix, right = reader.system()
    for place, cell in enumerate(reader.unknowns):
        if cell in reader.hidden:
            least, most = (_extreme(matrix, right, place, sign) for sign in (1, -1))
            assert least < most, f"{cell} is {least}"


def _extreme(matrix: np.ndarray, right: np.ndarray, place: int, sign: int) -> int:
    goal = np.zeros(matrix.shape[1])
    goal[place] = sign
    rows = matrix.any(axis=1)
    limits = [LinearConstraint(matrix[rows], right[rows], right[rows])] if rows.any() else []
    found = milp(goal, constraints=limits, integrality=np.ones(len(goal)), bounds=Bounds(0, 10_000))
    assert found.success
    return round(sign * found.fun)


@settings(deadline=None, max_examples=100)
@given(tables(), st.sampled_from(MINIMA))
def test_every_small_count_is_hidden_and_a_table_of_large_counts_shows_all(table, minimum) -> None:
    hidden = hidden_cells(table, minimum)
    assume(hidden is not None)
    for name, numbers in table.counts.items():
        for place, number in enumerate(numbers):
            if 0 < number < minimum:
                assert (place, name) in hidden
    large = Table(table.groups, {"n": [minimum] * len(table.groups)})
    assert hidden_cells(large, minimum) == set()
