"""Intervals and limits are those of scipy; a comparison says what a reader can check with a pencil."""

from __future__ import annotations

import math
import warnings
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, binom, binomtest, ecdf

from keten_kpi.errors import UsageError
from keten_kpi.kpi import Selection, Trechter, compare, compute, funnel, list_kpis, violations, wilson
from keten_kpi.kpi.statistiek import binomial_quantile
from tests.kpi.test_statistiek import durations, figure
from tests.kpi.traffic import Line, Message, load

EXACT = 1e-12
NO_BINOMIAL = {"aandeel_euro_afgekeurd", "aandeel_euro_toegekend"}  # a share of money: euros are no independent trials


@settings(deadline=None)
@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_equals_scipy(counts) -> None:
    k, n = counts
    low, high = wilson(k, n)
    expected = binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
    assert math.isclose(low, expected.low, abs_tol=EXACT)
    assert math.isclose(high, expected.high, abs_tol=EXACT)


def test_wilson_interval_of_nothing_is_none() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize("kpi", list_kpis(), ids=lambda kpi: kpi.id)
def test_every_share_has_an_interval(kpi) -> None:
    bounds = ("_laag", "_hoog", "_min", "_max")
    shares = {name for name in kpi.cijfers if name.startswith("aandeel_") and not name.endswith(bounds)} - NO_BINOMIAL
    assert {f"{name}{bound}" for name in shares for bound in ("_laag", "_hoog")} <= set(kpi.cijfers)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from([0.025, 0.975, 0.001, 0.999, 0.5]),
    st.integers(1, 20_000),
    st.floats(0, 1) | st.floats(0, 0.001) | st.floats(0.999, 1),
)
def test_binomial_quantile_equals_scipy(share, n, p) -> None:
    found, expected = binomial_quantile(share, n, p), binom.ppf(share, n, p)
    if found != max(expected, 0):  # two outcomes may be right where the distribution just reaches the share
        assert math.isclose(binom.cdf(min(found, expected), n, p), share, abs_tol=1e-9)


@pytest.mark.parametrize("n", [1, 10, 5000, 3_000_000])
def test_limits_of_none_and_of_all_leave_no_room(n) -> None:
    assert funnel(n, 0.0) == Trechter(0, 0, 0, 0)
    assert funnel(n, 1.0) == Trechter(1, 1, 1, 1)


def test_limits_narrow_as_the_group_grows() -> None:
    widths = [limits.hoog_998 - limits.laag_998 for limits in (funnel(n, 0.8) for n in (20, 200, 2000, 20_000))]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        (0.39, "lager"),
        (0.4, "mogelijk lager"),
        (0.49, "mogelijk lager"),
        (0.5, "geen verschil"),
        (0.7, "geen verschil"),
        (0.71, "mogelijk hoger"),
        (0.8, "mogelijk hoger"),
        (0.81, "hoger"),
    ],
)
def test_on_a_limit_is_within_it(share, verdict) -> None:
    assert Trechter(laag_95=0.5, hoog_95=0.7, laag_998=0.4, hoog_998=0.8).verdict(share) == verdict


def first_at_or_below_half(quantiles, shares):
    return next((int(day) for day, share in zip(quantiles, shares, strict=True) if share <= 0.5), None)


def scipy_interval(cases):
    """Bounds of the median by scipy's log-log Greenwood band; where all are answered, a share is 0 at the least."""
    data = CensoredData(uncensored=[day for day, done in cases if done], right=[day for day, done in cases if not done])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns that the band does not exist at shares of 0 and 1
        curve = ecdf(data).sf
        band = curve.confidence_interval(confidence_level=0.95, method="log-log")
    low = [
        0 if share <= EXACT else bound for share, bound in zip(curve.probabilities, band.low.probabilities, strict=True)
    ]
    return first_at_or_below_half(curve.quantiles, low), first_at_or_below_half(
        curve.quantiles, band.high.probabilities
    )


@settings(deadline=None, max_examples=120)
@given(durations)
def test_interval_of_the_kaplan_meier_median_is_that_of_scipy(con, cases) -> None:
    found = tuple(figure(con, cases, f"mediaan_werkdagen_km_{bound}") for bound in ("laag", "hoog"))
    assert found == scipy_interval(cases)


@settings(deadline=None, max_examples=40)
@given(durations)
def test_the_interval_holds_the_median(con, cases) -> None:
    low, median, high = (figure(con, cases, f"mediaan_werkdagen_km{end}") for end in ("_laag", "", "_hoog"))
    assert median is None or low is None or low <= median
    assert median is None or high is None or median <= high


DAY = date(2026, 4, 1)
DIEMEN, AMSTERDAM, CUIJK = "0384", "0363", "1684"  # Cuijk is part of Land van Cuijk (1982) since 2022


def traffic(**numbers: tuple[int, int]) -> list[Message]:
    """Per gemeente (answered the same day, never answered) so many requests; the first come before all."""
    found = []
    for gemeente, (answered, late) in numbers.items():
        code = gemeente.removeprefix("g")
        for place in range(answered + late):
            nr = len(found) + 1
            line = Line(referentie=f"{code}-{place}")
            found.append(Message(nr, "Jw", "315", "3.2", code, "01234567", f"v{nr}", DAY, (line,)))
            if place < answered:
                found.append(Message(nr + 1, "Jw", "301", "3.2", code, "01234567", f"a{nr}", DAY, (line,)))
    return found


@pytest.fixture
def four_gemeenten(con):
    """Diemen 5 of 10; in its jeugdregio Amsterdam 30 of 40 and Ouder-Amstel 20 of 20; elsewhere Cuijk 8 of 10."""
    con.begin()
    load(con, traffic(g0384=(5, 5), g0363=(30, 10), g0437=(20, 0), g1684=(8, 2)))
    yield con
    con.rollback()


def beside(con, **more):
    selection = Selection(gemeente=more.pop("gemeente", DIEMEN), peildatum=date(2026, 5, 8), **more)
    result = compare(con, "doorlooptijd-toewijzing", selection=selection)
    return {row[0]: dict(zip(result.columns, row, strict=True)) for row in result.rows}


def test_a_gemeente_stands_beside_the_rest_which_does_not_hold_itself(four_gemeenten) -> None:
    rows = beside(four_gemeenten)
    found = {name: (row["binnen_norm"], row["buiten_norm"]) for name, row in rows.items()}
    assert found["eigen"] == (5, 5)
    assert found["land"] == (58, 12)
    assert found["jeugdregio"] == (50, 10)
    assert next(iter(rows)) == "eigen"


def test_the_limits_are_those_of_the_share_of_both_together(four_gemeenten) -> None:
    land = beside(four_gemeenten)["land"]
    together = 63 / 80
    assert land["aandeel_samen"] == together
    for name, point in {"95_laag": 0.025, "95_hoog": 0.975, "998_laag": 0.001, "998_hoog": 0.999}.items():
        assert land[f"trechter_{name}"] == binom.ppf(point, 10, together) / 10


def test_half_of_ten_beside_four_fifths_may_still_be_chance(four_gemeenten) -> None:
    assert binom.cdf(4, 10, 63 / 80) < 0.025 < binom.cdf(5, 10, 63 / 80)
    assert beside(four_gemeenten)["land"]["verschil"] == "geen verschil"


def test_the_own_row_has_no_limits(four_gemeenten) -> None:
    own = beside(four_gemeenten)["eigen"]
    assert (own["aandeel_samen"], own["verschil"]) == (None, None)


def test_without_own_cases_there_is_no_verdict(four_gemeenten) -> None:
    land = beside(four_gemeenten, gemeente="0014")["land"]
    assert land["binnen_norm"] == 63
    assert land["verschil"] is None


def test_own_and_rest_are_together_all(four_gemeenten) -> None:
    selection = Selection(peildatum=date(2026, 5, 8))
    every = compute(four_gemeenten, "doorlooptijd-toewijzing", selection=selection)
    rows = beside(four_gemeenten)
    for name in ("binnen_norm", "buiten_norm", "lopend"):
        assert rows["eigen"][name] + rows["land"][name] == every.rows[0][every.columns.index(name)]


def test_comparing_needs_one_gemeente_and_no_dimension(con) -> None:
    with pytest.raises(UsageError):
        compare(con, "doorlooptijd-toewijzing", selection=Selection())
    with pytest.raises(UsageError):
        compare(con, "doorlooptijd-toewijzing", selection=Selection(gemeente=DIEMEN), per=("wet",))


@pytest.mark.parametrize("kpi", list_kpis(), ids=lambda kpi: kpi.id)
def test_every_kpi_can_be_compared(four_gemeenten, kpi) -> None:
    result = compare(four_gemeenten, kpi.id, selection=Selection(gemeente=DIEMEN))
    assert [row[0] for row in result.rows][:2] == ["eigen", "land"]


def per_gemeente(con, indeling):
    selection = Selection(peildatum=date(2026, 5, 8), indeling=indeling)
    result = compute(con, "doorlooptijd-toewijzing", per=("gemeente",), selection=selection)
    return {row[0]: row[result.columns.index("binnen_norm")] for row in result.rows}


def test_an_indeling_maps_old_codes_and_no_case_gets_lost(four_gemeenten) -> None:
    by_code, now = per_gemeente(four_gemeenten, None), per_gemeente(four_gemeenten, 2026)
    assert by_code[CUIJK] == 8
    assert CUIJK not in now
    assert now["1982"] == 8
    assert sum(by_code.values()) == sum(now.values())


def test_with_an_indeling_a_gemeente_has_the_cases_of_its_old_codes_and_they_count_back(four_gemeenten) -> None:
    selection = Selection(gemeente="1982", peildatum=date(2026, 5, 8), indeling=2026)
    figures = compute(four_gemeenten, "doorlooptijd-toewijzing", selection=selection)
    cases = violations(four_gemeenten, "doorlooptijd-toewijzing", selection=selection)
    assert len(cases.rows) == figures.rows[0][figures.columns.index("buiten_norm")] == 2
    assert {row[cases.columns.index("gemeente")] for row in cases.rows} == {CUIJK}


def test_by_the_code_in_the_message_is_the_default(four_gemeenten) -> None:
    figures = compute(four_gemeenten, "doorlooptijd-toewijzing", selection=Selection(gemeente="1982"))
    assert figures.rows[0][figures.columns.index("buiten_norm")] == 0


def test_another_indeling_than_that_of_the_tables_is_wrong_usage(con) -> None:
    with pytest.raises(UsageError):
        compute(con, "doorlooptijd-toewijzing", selection=Selection(indeling=2020))
