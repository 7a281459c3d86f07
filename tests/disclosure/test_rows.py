"""Lists of figures: no row about few people, and none that the others give away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keten_kpi.disclosure import rows_to_hide, rows_to_leave_out
from keten_kpi.errors import KetenError


@pytest.mark.parametrize(
    ("counts", "gone"),
    [
        ([50, 10, 40], set()),
        ([50, 3, 12, 40], {1, 2}),  # one alone would be the total without the others
        ([50, 3, 4, 40], {1, 2, 3}),  # two that are 7 together are still few
        ([6, 5, 40], {0, 1}),
        ([3], {0}),
        ([], set()),
    ],
)
def test_what_is_left_out_is_more_than_one_row_and_not_small_together(counts, gone) -> None:
    assert rows_to_leave_out(counts, 10) == gone


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(3, 20))
def test_no_row_that_stays_is_small_and_the_rest_is_none_or_large(counts, minimum) -> None:
    gone = rows_to_leave_out(counts, minimum)
    assert all(number >= minimum for place, number in enumerate(counts) if place not in gone)
    rest = [counts[place] for place in gone]
    assert not rest or len(rest) == len(counts) or (len(rest) > 1 and sum(rest) >= minimum)


def test_figures_are_hidden_with_those_that_would_tell_them() -> None:
    assert rows_to_hide([("a",), ("b",), ("c",)], [3, 50, 60], 10) == {0, 1}


def test_a_list_that_cannot_be_shown_is_refused_with_what_to_try() -> None:
    with pytest.raises(KetenError) as raised:
        rows_to_hide([(1, 2), (2, 1), (3, 2)], [1, 3, 3], 3)
    assert "wider" in raised.value.advice
