"""The answer sheet's own arithmetic, against values worked out by hand or by another library."""

from __future__ import annotations

import statistics
from datetime import date, timedelta
from itertools import pairwise

import pytest

from keten_kpi.generate.agenda import agenda, iso, month_end
from keten_kpi.generate.codes import judge_code
from keten_kpi.generate.events import Bericht, Client, Product, Toegewezen, Toewijzing, Versie, Vraag
from keten_kpi.generate.scenario import load_scenario
from keten_kpi.generate.truth import count_truth
from keten_kpi.generate.truth.sheet import _kaplan_meier, _quantile
from keten_kpi.standaard.kalender import kalender


def _day(text):
    return date.fromisoformat(text).toordinal()


def test_werkdagen_are_those_of_the_shipped_calendar():
    days = list(kalender())
    for before, day in pairwise(days):
        ordinal = day.dag.toordinal()
        assert agenda().is_werkdag(ordinal) == day.is_werkdag
        assert agenda().werkdagen(before.dag.toordinal(), ordinal) == day.werkdag_nr - before.werkdag_nr


@pytest.mark.parametrize(
    ("start", "werkdagen", "expected"),
    [
        ("2019-12-23", 5, "2020-01-02"),  # 24, 27, 30, 31 December, 2 January
        ("2020-04-09", 1, "2020-04-14"),  # over Good Friday and Easter Monday
        ("2020-01-04", 1, "2020-01-06"),  # from a Saturday
        ("2020-01-04", 0, "2020-01-04"),
    ],
)
def test_the_nth_werkdag_after_a_day(start, werkdagen, expected):
    assert iso(agenda().after(_day(start), werkdagen)) == expected


def test_month_ends():
    assert [iso(month_end(_day(day))) for day in ("2019-12-01", "2020-02-03", "2021-02-28", "2020-04-30")] == [
        "2019-12-31",
        "2020-02-29",
        "2021-02-28",
        "2020-04-30",
    ]


def test_quantiles_are_those_of_the_standard_library():
    days = [0, 0, 1, 3, 3, 4, 9, 12, 12, 30]
    counts = {day: (days.count(day), 2) for day in days}
    assert _quantile(counts, 0.5) == statistics.median(days)
    assert _quantile(counts, 0.9) == pytest.approx(statistics.quantiles(days, n=10, method="inclusive")[-1])
    assert _quantile({3: (0, 4)}, 0.5) == ""


def test_kaplan_meier_by_hand():
    # 10 cases: 2 answered at 1 (8/10), 1 open at 2, 2 answered at 3 (8/10 * 5/7 = 0.571), 2 at 5 (* 3/5 = 0.343)
    durations = {1: (2, 0), 2: (0, 1), 3: (2, 0), 5: (2, 0), 9: (0, 3)}
    assert _kaplan_meier(durations) == 5
    assert _kaplan_meier({1: (1, 0), 2: (1, 0)}) == 1  # exactly half
    assert _kaplan_meier({1: (1, 0), 9: (0, 3)}) == ""


@pytest.mark.parametrize(
    ("wet", "categorie", "code", "oordeel", "is_andere_categorie"),
    [
        ("Jw", "45", "45A04", "landelijk", False),
        ("Jw", "43", "45A04", "landelijk", True),
        ("Jw", "45", "45Q99", "afwijkend", False),
        ("Jw", "40", "40A00", "afwijkend", False),  # a heading
        ("Jw", "54", "54001", "onbekend", False),
        ("Jw", "55", "55A01", "onbekend", False),
        ("Jw", "55", "QQ999", "onbekend", False),
        ("Wmo", "01", "54001", "afwijkend", False),
        ("Wmo", "02", "02A03", "landelijk", False),
    ],
)
def test_verdicts_on_codes(wet, categorie, code, oordeel, is_andere_categorie):
    found = judge_code(wet, categorie, code)
    assert (found.oordeel, found.is_andere_categorie) == (oordeel, is_andere_categorie)


CLIENT = Client("999900006", _day("2010-01-01"), "1", "Vronderzoed", "V", "0123AB", "Proefpad", 1)
PRODUCT = Product("45", "45A04", "04", 100, 1, "2", "45", "45A04")


def _bericht(nummer, identificatie, day, *regels, **rest):
    return Bericht("Jw", nummer, "0384", "99000001", identificatie, _day(day), client=CLIENT, regels=regels, **rest)


def _versie(nummer, day, reden=None):
    return Versie(Toewijzing(nummer, PRODUCT), _day(day), "10:00:00", _day(day), None, reden)


def _states(berichten, kpi, scenario="pilot"):
    tally = count_truth(berichten, load_scenario(scenario))
    return {column: number for (found, _, column), number in tally.counts.items() if found == kpi}


def test_a_line_without_reference_answers_the_latest_open_request_of_its_client_and_product():
    first = _bericht("315", "A1", "2019-09-02", Vraag("R1", PRODUCT, _day("2019-09-02"), "02"))
    second = _bericht("315", "A2", "2019-09-09", Vraag("R2", PRODUCT, _day("2019-09-09"), "02"))
    answer = _bericht("301", "G1", "2019-09-10", Toegewezen(_versie(1, "2019-09-10"), None))
    states = _states([answer, second, first], "doorlooptijd-toewijzing")
    assert states == {"binnen_norm": 1, "buiten_norm": 1}


def test_a_repeated_version_answers_nothing():
    versie = _versie(1, "2019-09-01")
    early = _bericht("301", "G1", "2019-09-02", Toegewezen(versie, None))
    request = _bericht("315", "A1", "2019-09-03", Vraag("R1", PRODUCT, _day("2019-09-03"), "02"))
    repeated = _bericht("301", "G2", "2019-09-04", Toegewezen(versie, None))
    assert _states([early, request, repeated], "doorlooptijd-toewijzing") == {"buiten_norm": 1}


def test_a_refused_request_is_no_case_and_a_refused_toewijzing_no_answer():
    request = _bericht("315", "A1", "2020-02-26", Vraag("R1", PRODUCT, _day("2020-02-26"), "02"))
    answer = _bericht("301", "G1", "2020-02-27", Toegewezen(_versie(1, "2020-02-27"), "R1"))
    refusal = Bericht(
        "Jw",
        "302",
        "0384",
        "99000001",
        "G1",
        answer.dag,
        heen=answer,
        identificatie_retour="R",
        dag_retour=answer.dag + 1,
    )
    assert _states([request, answer, refusal], "doorlooptijd-toewijzing") == {"binnen_norm": 1}
    refusal.code = "9056"
    assert _states([request, answer, refusal], "doorlooptijd-toewijzing") == {"lopend": 1}
    own = Bericht(
        "Jw",
        "316",
        "0384",
        "99000001",
        "A1",
        request.dag,
        heen=request,
        identificatie_retour="S",
        dag_retour=request.dag + 1,
    )
    own.regelcodes = {0: "S329"}
    assert _states([request, answer, own], "doorlooptijd-toewijzing") == {}
    assert _states([request, answer, own], "retourtermijn") == {"binnen_norm": 1, "lopend": 1}


def test_a_message_that_never_arrived_answers_nothing():
    request = _bericht("315", "A1", "2019-09-02", Vraag("R1", PRODUCT, _day("2019-09-02"), "02"))
    answer = _bericht("301", "G1", "2019-09-03", Toegewezen(_versie(1, "2019-09-03"), "R1"), telt=False)
    assert _states([request, answer], "doorlooptijd-toewijzing") == {"buiten_norm": 1}


def test_the_peildatum_decides_whether_an_open_case_is_late():
    tot = load_scenario("pilot").tot
    last = date.fromordinal(tot)
    assert last == date(2020, 2, 28)
    for back, state in ((7, "lopend"), (8, "buiten_norm")):  # Friday: the 5th werkdag after the Friday before is today
        day = (last - timedelta(days=back)).isoformat()
        request = _bericht("315", "A1", day, Vraag("R1", PRODUCT, _day(day), "02"))
        assert _states([request], "doorlooptijd-toewijzing") == {state: 1}
