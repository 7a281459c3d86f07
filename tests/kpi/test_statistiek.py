"""Wilson and Kaplan-Meier in SQL are those of the libraries that statisticians trust."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from keten_kpi.kpi.catalogue import read_soort


@settings(deadline=None)
@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_bounds_equal_scipy(con, counts):
    k, n = counts
    low, high = con.execute("SELECT verkeer.wilson_laag(?, ?), verkeer.wilson_hoog(?, ?)", [k, n, k, n]).fetchone()
    expected = binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
    assert math.isclose(low, expected.low, abs_tol=1e-12)
    assert math.isclose(high, expected.high, abs_tol=1e-12)


def test_wilson_of_nothing_is_null(con):
    assert con.execute("SELECT verkeer.wilson_laag(0, 0), verkeer.wilson_hoog(0, 0)").fetchone() == (None, None)


durations = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


def figures(con, cases):
    """Figures of cases (werkdagen, answered), in one group."""
    answers = {True: "DATE '2024-01-01'", False: "CAST(NULL AS DATE)"}
    rows = ", ".join(
        f"('alles', 'binnen_norm', {days}, {days}, {answers[done]}, CAST(NULL AS VARCHAR))" for days, done in cases
    )
    names = "groep, toestand, verstreken_werkdagen, verstreken_dagen, antwoord_dag, reden_telt_niet"
    keuze = f"SELECT * FROM (VALUES {rows}) AS v({names})"
    return con.execute(f"WITH keuze AS ({keuze}) SELECT cijfer.* FROM ({read_soort('tijdnorm').cijfers}) AS cijfer")


def figure(con, cases, name):
    found = figures(con, cases)
    names = [column[0] for column in found.description]
    return found.fetchone()[names.index(name)]


def shares(cases):
    """Per duration the share that still waits after it, in exact fractions."""
    share, found = Fraction(1), {}
    for days in sorted({days for days, _ in cases}):
        waiting = sum(other >= days for other, _ in cases)
        answered = sum(other == days and done for other, done in cases)
        share *= 1 - Fraction(answered, waiting)
        found[days] = share
    return found


def exact_median(cases):
    """First duration at which at most half still waits; None when more than half waits for ever."""
    return next((days for days, share in shares(cases).items() if share <= Fraction(1, 2)), None)


@settings(deadline=None, max_examples=60)
@given(durations)
def test_kaplan_meier_median_is_the_exact_one(con, cases):
    assert figure(con, cases, "mediaan_werkdagen_km") == exact_median(cases)


@settings(deadline=None, max_examples=25)
@given(durations)
@pytest.mark.filterwarnings("ignore")
def test_kaplan_meier_median_is_that_of_lifelines(con, cases):
    lifelines = pytest.importorskip("lifelines")
    assume(Fraction(1, 2) not in shares(cases).values())  # there lifelines rounds to the one side or the other
    fitter = lifelines.KaplanMeierFitter().fit([days for days, _ in cases], [answered for _, answered in cases])
    expected = None if math.isinf(fitter.median_survival_time_) else fitter.median_survival_time_
    assert figure(con, cases, "mediaan_werkdagen_km") == expected


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_quantiles_interpolate_between_the_answered_cases(con, days):
    ordered = sorted(days)

    def quantile(share):
        place = share * (len(ordered) - 1)
        low, high = math.floor(place), math.ceil(place)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    cases = [(day, True) for day in days] + [(99, False)]
    assert math.isclose(figure(con, cases, "mediaan_werkdagen"), quantile(0.5))
    assert math.isclose(figure(con, cases, "p90_werkdagen"), quantile(0.9))
