"""Other norms and another calendar: the same cases judged anew, and nothing small told by what they differ."""

from __future__ import annotations

from datetime import date

import pytest

from keten_kpi.codes import Kalender, read_calendar, what_if_norm
from keten_kpi.errors import UsageError
from keten_kpi.inzicht import what_if_judged
from keten_kpi.kpi import Selection, compute
from tests.codes.verkeer import rows, traffic

ALL = Selection()
KPI = "doorlooptijd-toewijzing"
HEAD = ("nr", "bericht", "dagtekening", "referentie", "toewijzing")
# Three requests on Monday 3 March 2025, answered after 5, 6 and 8 werkdagen; one before Easter, after 5.
TRAFFIC = """
11 JW315 2025-03-03 P -
12 JW315 2025-03-03 Q -
13 JW315 2025-03-03 R -
14 JW301 2025-03-10 P 21
15 JW301 2025-03-11 Q 22
16 JW301 2025-03-13 R 23
"""
EASTER = """
21 JW315 2025-04-16 S -
22 JW301 2025-04-25 S 24
"""


@pytest.fixture
def con(empty):
    with traffic(empty, TRAFFIC, HEAD):
        yield empty


def states(found) -> list[tuple[object, ...]]:
    return [(row["situatie"], row["norm"], row["binnen_norm"], row["buiten_norm"]) for row in rows(found)]


def test_another_norm_is_another_judgement_of_the_same_cases(con) -> None:
    assert states(what_if_norm(con, KPI, ALL, normen=[7])) == [("nu", None, 1, 2), ("wat_als", 7, 2, 1)]
    assert states(what_if_norm(con, KPI, ALL, normen=[5])) == [("nu", None, 1, 2), ("wat_als", 5, 1, 2)]


def test_several_norms_give_a_row_each(con) -> None:
    found = states(what_if_norm(con, KPI, ALL, normen=[4, 6, 8]))
    assert found[1:] == [("wat_als", 4, 0, 3), ("wat_als", 6, 2, 1), ("wat_als", 8, 3, 0)]


def test_a_day_that_is_free_gives_a_day_more(con) -> None:
    found = what_if_norm(con, KPI, ALL, kalender=Kalender(vrije_dagen=(date(2025, 3, 5),)))
    assert states(found) == [("nu", None, 1, 2), ("wat_als", None, 2, 1)]


def test_a_saturday_that_is_a_werkdag_takes_one(con) -> None:
    found = what_if_norm(con, KPI, ALL, kalender=Kalender(werkdagen=(date(2025, 3, 8),)))
    assert states(found) == [("nu", None, 1, 2), ("wat_als", None, 0, 3)]


def test_when_every_weekday_is_a_werkdag_easter_gives_no_day_more(empty) -> None:
    with traffic(empty, EASTER, HEAD):
        found = what_if_norm(empty, KPI, ALL, kalender=Kalender(is_elke_weekdag=True))
        both = what_if_norm(empty, KPI, ALL, normen=[7], kalender=Kalender(is_elke_weekdag=True))
    assert states(found) == [("nu", None, 1, 0), ("wat_als", None, 0, 1)]
    assert states(both)[1] == ("wat_als", 7, 1, 0)


def test_what_if_leaves_norm_and_calendar_as_they_were(con) -> None:
    what_if_norm(con, KPI, ALL, normen=[100], kalender=Kalender(vrije_dagen=(date(2025, 3, 5),)))
    assert rows(compute(con, KPI))[0]["buiten_norm"] == 2


def test_a_kpi_without_a_norm_is_refused(con) -> None:
    with pytest.raises(UsageError, match="no norm in days"):
        what_if_norm(con, "codevariatie", ALL, normen=[7])


def test_a_calendar_is_a_word_or_a_file_of_days(tmp_path) -> None:
    path = tmp_path / "dagen.csv"
    path.write_text("dag,is_werkdag\n2025-03-08,ja\n2025-03-05,nee\n2025-03-06,\n", "utf-8")
    assert read_calendar("weekdagen") == Kalender(is_elke_weekdag=True)
    assert read_calendar(str(path)) == Kalender((date(2025, 3, 8),), (date(2025, 3, 5), date(2025, 3, 6)))
    assert read_calendar(str(path)).wijzigingen == 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("datum\n2025-03-05\n", "no column dag"),
        ("dag\n2025-03-05\n5 maart\n", "line 3: dag is no date"),
        ("dag,is_werkdag\n2025-03-05,yes\n", "line 2: is_werkdag is not ja or nee"),
        ("dag,is_werkdag\n2025-03-05,ja\n2025-03-05,nee\n", "two things of one day"),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(tmp_path, text, complaint) -> None:
    path = tmp_path / "dagen.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=complaint):
        read_calendar(str(path))


def test_a_calendar_that_is_not_there_is_refused(tmp_path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_calendar(str(tmp_path / "geen.csv"))


def nine(con):
    """Nine requests: three each answered after 5, 6 and 8 werkdagen."""
    days = ["2025-03-10"] * 3 + ["2025-03-11"] * 3 + ["2025-03-13"] * 3
    asked = [f"{n} JW315 2025-03-03 R{n} -" for n in range(1, 10)]
    answered = [f"{n + 10} JW301 {day} R{n} {n + 20}" for n, day in enumerate(days, start=1)]
    return traffic(con, "\n".join((*asked, *answered)), HEAD)


def test_with_a_minimum_nothing_changes_where_no_number_and_no_difference_is_small(empty) -> None:
    with nine(empty):
        found = what_if_judged(empty, KPI, ALL, normen=[6, 7, 8], min_aantal=3)
    assert [state[2:] for state in states(found)] == [(3, 6), (6, 3), (6, 3), (9, 0)]
    assert {row["onderdrukt"] for row in rows(found)} == {None}


def test_a_small_number_hides_its_row_and_a_small_difference_too(empty) -> None:
    with nine(empty):
        found = what_if_judged(empty, KPI, ALL, normen=[6, 8, 100], min_aantal=4)
        moved = what_if_judged(empty, KPI, ALL, normen=[4, 5, 8], min_aantal=4)
    assert [state[2:] for state in states(found)] == [(None, None), (None, None), (9, 0), (9, 0)]
    assert rows(found)[0]["onderdrukt"] == "binnen_norm, buiten_norm, lopend, aandeel_binnen_norm"
    assert rows(found)[0]["aandeel_binnen_norm"] is None
    assert [state[2:] for state in states(moved)] == [(None, None), (0, 9), (None, None), (9, 0)]


def test_a_difference_is_looked_at_beside_every_row_that_is_shown(empty) -> None:
    """From 5 to 6 werkdagen three cases move, from 6 to 8 ten: 6 tells too much, 8 does not."""
    late = ["2025-03-10"] * 10 + ["2025-03-11"] * 3 + ["2025-03-13"] * 10
    asked = [f"{n} JW315 2025-03-03 R{n} -" for n in range(1, 24)]
    answered = [f"{n + 30} JW301 {day} R{n} {n + 60}" for n, day in enumerate(late, start=1)]
    with traffic(empty, "\n".join((*asked, *answered)), HEAD):
        found = what_if_judged(empty, KPI, ALL, normen=[6, 8], min_aantal=10)
    assert [state[2:] for state in states(found)] == [(10, 13), (None, None), (23, 0)]
