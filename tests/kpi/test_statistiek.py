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
    """Figures of cases (werkdagen, answered, and if wanted how many are alike), in one group."""
    rows = ", ".join(
        f"('alles', 'binnen_norm', {days}, {days}, {days if done else 'NULL'}, CAST(NULL AS VARCHAR), {[*many, 1][0]})"
        for days, done, *many in cases
    )
    names = "groep, toestand, verstreken_werkdagen, verstreken_dagen, dagen, reden_telt_niet, aantal"
    keuze = f"SELECT * FROM (VALUES {rows}) AS v({names})"
    return con.execute(f"WITH keuze AS ({keuze}) SELECT cijfer.* FROM ({read_soort('tijdnorm').cijfers}) AS cijfer")


def figure(con, cases, name):
    found = figures(con, cases)
    names = [column[0] for column in found.description]
    return found.fetchone()[names.index(name)]


counted = st.lists(st.tuples(st.integers(0, 400), st.booleans(), st.integers(1, 60)), min_size=1, max_size=25)


@settings(deadline=None, max_examples=40)
@given(cases=counted)
def test_quantiles_of_counted_cases_are_those_that_percentile_cont_gives(con, cases):
    answered = [days for days, done, many in cases if done for _ in range(many)]
    ask = ", ".join(f"PERCENTILE_CONT({share}) WITHIN GROUP (ORDER BY CAST(dag AS DOUBLE))" for share in (0.5, 0.9))
    expected = con.execute(f"SELECT {ask} FROM UNNEST(CAST(? AS INTEGER[])) AS t(dag)", [answered]).fetchone()
    found = tuple(figure(con, cases, f"{name}_werkdagen") for name in ("mediaan", "p90"))
    assert found == (pytest.approx(expected, rel=1e-12) if answered else (None, None))


@settings(deadline=None, max_examples=40)
@given(cases=counted)
def test_counted_cases_give_the_figures_of_the_cases_one_by_one(con, cases):
    one_by_one = [(days, done) for days, done, many in cases for _ in range(many)]
    assert figures(con, cases).fetchall() == figures(con, one_by_one).fetchall()


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
