"""A figure with --min-aantal: hidden is null, says so, and takes with it what rests on it."""

from __future__ import annotations

from datetime import date

import pytest

from keten_kpi.disclosure import protect
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.kpi import LIMIT_COLUMNS, Result, find_kpi, list_kpis

KPI = find_kpi("doorlooptijd-toewijzing")


def figures(*rows: tuple[str, int, int, int]) -> Result:
    """Rows of gemeente, binnen_norm, buiten_norm and lopend; other counts are 0, shares and medians have a value."""
    names = ("gemeente", *KPI.cijfers)
    made = []
    for gemeente, within, beyond, running in rows:
        row: dict[str, object] = {
            name: 0.5 if name.startswith(("aandeel_", "mediaan_", "p90_")) else 0 for name in names
        }
        row |= {"gemeente": gemeente, "binnen_norm": within, "buiten_norm": beyond, "lopend": running}
        made.append(tuple(row[name] for name in names))
    return Result(KPI, date(2026, 5, 8), names, made)


def shown(result: Result) -> list[dict[str, object]]:
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def test_a_small_count_takes_its_share_and_durations_with_it_and_nothing_else() -> None:
    one, _, three = shown(protect(figures(("0384", 90, 3, 40), ("0363", 80, 30, 50), ("1684", 70, 60, 30)), 10))
    assert one["buiten_norm"] is None
    assert one["aandeel_binnen_norm"] is one["aandeel_binnen_norm_laag"] is one["aandeel_binnen_norm_hoog"] is None
    assert one["mediaan_werkdagen"] is one["p90_werkdagen"] is one["mediaan_werkdagen_km"] is None
    assert (one["binnen_norm"], one["lopend"]) == (90, 40)
    assert "buiten_norm" in str(one["onderdrukt"]).split(", ")
    assert "binnen_norm" not in str(one["onderdrukt"]).split(", ")
    assert (three["buiten_norm"], three["aandeel_binnen_norm"], three["onderdrukt"]) == (60, 0.5, None)


def test_the_complement_is_hidden_too_so_that_the_total_gives_nothing_away() -> None:
    rows = shown(protect(figures(("0384", 90, 3, 40), ("0363", 80, 30, 50), ("1684", 70, 60, 30)), 10))
    assert [row["buiten_norm"] for row in rows] == [None, None, 60]


def test_a_small_lopend_leaves_the_share_but_not_the_median_that_counts_it() -> None:
    one, *_ = shown(protect(figures(("0384", 90, 20, 3), ("0363", 80, 30, 4)), 10))
    assert one["lopend"] is None
    assert one["aandeel_binnen_norm"] == 0.5
    assert one["mediaan_werkdagen_km"] is None


def test_zero_is_shown_because_nobody_is_behind_it() -> None:
    (one,) = shown(protect(figures(("0384", 90, 0, 40)), 10))
    assert (one["buiten_norm"], one["onderdrukt"]) == (0, None)


def test_in_a_comparison_what_one_row_hides_all_rows_hide() -> None:
    result = figures(("eigen", 90, 3, 40), ("land", 800, 300, 500), ("jeugdregio", 200, 90, 70))
    columns = (*result.columns, *LIMIT_COLUMNS)
    beside = Result(KPI, result.peildatum, columns, [(*row, *(0.5,) * len(LIMIT_COLUMNS)) for row in result.rows])
    rows = shown(protect(beside, 10, overlap=True))
    assert [row["buiten_norm"] for row in rows] == [None, None, None]
    assert [row["aandeel_binnen_norm"] for row in rows] == [None, None, None]
    assert {row[name] for row in rows for name in LIMIT_COLUMNS} == {None}
    assert [row["binnen_norm"] for row in rows] == [90, 800, 200]


def test_in_a_comparison_the_country_and_a_part_of_it_may_not_differ_by_a_few() -> None:
    rows = shown(
        protect(figures(("eigen", 90, 30, 40), ("land", 800, 300, 500), ("jeugdregio", 200, 297, 70)), 10, overlap=True)
    )
    assert [row["buiten_norm"] for row in rows] == [None, None, None]


def test_a_table_that_cannot_be_protected_is_refused_with_what_to_try() -> None:
    result = figures(("0384", 1, 0, 0), ("0363", 3, 0, 0), ("1684", 3, 0, 0))
    columns = ("gemeente", "wet", *result.columns[1:])
    wetten = {"0384": "Wmo", "0363": "Jw", "1684": "Wmo"}
    rows = [(row[0], wetten[str(row[0])], *row[1:]) for row in result.rows]
    with pytest.raises(KetenError) as raised:
        protect(Result(KPI, result.peildatum, columns, rows), 3)
    assert "fewer dimensions" in raised.value.advice


@pytest.mark.parametrize("minimum", [-1, 1, 2])
def test_a_minimum_that_hides_nothing_is_wrong_usage(minimum) -> None:
    with pytest.raises(UsageError):
        protect(figures(("0384", 1, 1, 1)), minimum)


@pytest.mark.parametrize("kpi", list_kpis(), ids=lambda kpi: kpi.id)
def test_every_kind_says_only_counts_that_its_figures_have(kpi) -> None:
    known = set(kpi.soort.cijfers_uitleg)
    statistiek = kpi.soort.statistiek
    for total, parts in statistiek.optellingen:
        assert {total, *parts} <= known
    for counts in statistiek.berust_op.values():
        assert set(counts) <= known
    if statistiek.aandeel:
        names = {
            statistiek.aandeel.naam,
            statistiek.aandeel.teller,
            *(n.removeprefix("-") for n in statistiek.aandeel.noemer),
        }
        assert names <= known
