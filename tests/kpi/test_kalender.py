"""The calendar is that of the Algemene termijnenwet, and its running count counts werkdagen."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keten_kpi.standaard.kalender import SUNDAY, feestdagen, kalender
from tests.kpi.oracle import FEESTDAGEN, werkdagen

SHARED = Path(__file__).parents[2] / "../shared/reference/feestdagen_atw.csv"
DAYS = {day.dag: day for day in kalender()}


def test_feast_days_are_those_of_article_3_but_for_sundays():
    with FEESTDAGEN.open(encoding="utf-8") as file:
        expected = {date.fromisoformat(row["datum"]) for row in csv.DictReader(file)}
    assert set(feestdagen()) == {day for day in expected if day.weekday() != SUNDAY}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared facts are not beside this checkout")
def test_our_copy_of_the_feast_days_is_the_shared_one():
    assert FEESTDAGEN.read_bytes() == SHARED.read_bytes()


def test_calendar_has_every_day_of_2015_to_2035_once():
    assert list(DAYS) == [date(2015, 1, 1) + timedelta(days=number) for number in range(7670)]
    assert max(DAYS) == date(2035, 12, 31)


@given(st.sampled_from(sorted(DAYS)), st.integers(0, 120))
def test_difference_of_running_counts_is_the_number_of_werkdagen_after_the_first_day(start, length):
    end = min(start + timedelta(days=length), max(DAYS))
    assert DAYS[end].werkdag_nr - DAYS[start].werkdag_nr == werkdagen(start, end)


@pytest.mark.parametrize(
    ("day", "is_werkdag"),
    [
        (date(2024, 3, 29), False),  # Good Friday
        (date(2023, 4, 27), False),  # King's Day
        (date(2025, 4, 26), False),  # King's Day, as the 27th is a Sunday
        (date(2025, 4, 28), True),
        (date(2023, 5, 5), False),  # every year, not only each fifth
        (date(2024, 12, 24), True),
        (date(2024, 6, 8), False),  # Saturday
    ],
)
def test_known_days(day, is_werkdag):
    assert DAYS[day].is_werkdag is is_werkdag


def test_database_has_the_same_calendar(con):
    found = con.execute("SELECT dag, is_werkdag, werkdag_nr, feestdag FROM verkeer.kalender ORDER BY dag").fetchall()
    assert found == [(day.dag, day.is_werkdag, day.werkdag_nr, day.feestdag) for day in kalender()]
