"""A figure with --min-aantal: hidden is null, says so, and takes with it what rests on it."""

from __future__ import annotations

from datetime import date

import pytest

from keten_kpi.disclosure import protect, protect_beside, protect_together
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.kpi import DIMENSIONS, LIMIT_COLUMNS, Result, find_kpi, list_kpis

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


def test_tables_of_one_kpi_are_protected_together() -> None:
    """Per gemeente 3 is hidden with 40 beside it; the country is too large to be hidden and would give it away."""
    per = figures(("0384", 90, 3, 40), ("0363", 80, 40, 50), ("1684", 70, 60, 30))
    land = Result(KPI, per.peildatum, per.columns[1:], [tuple(figures(("x", 240, 103, 120)).rows[0][1:])])
    above, beside = (shown(one) for one in protect_together([land, per], 10))
    assert [row["buiten_norm"] for row in beside] == [None, None, 60]
    assert (above[0]["buiten_norm"], above[0]["onderdrukt"]) == (103, None)
    assert [row["aandeel_binnen_norm"] for row in beside] == [None, None, 0.5]


def test_of_no_tables_none_are_protected_and_with_0_nothing_is_hidden() -> None:
    assert protect_together([], 10) == []
    (one,) = protect_together([figures(("0384", 1, 2, 3))], 0)
    assert one.rows[0][:4] == figures(("0384", 1, 2, 3)).rows[0][:4]
    assert one.rows[0][-1] is None


def test_figures_that_count_a_case_more_than_once_are_not_protected_with_others() -> None:
    kpi = find_kpi("afkeur-berichten")
    names = ("retourcode", *kpi.cijfers)
    result = Result(kpi, date(2026, 5, 8), names, [("0001", *(20,) * len(kpi.cijfers))])
    with pytest.raises(KetenError) as raised:
        protect_together([result], 10)
    assert "retourcode" in raised.value.message


def test_a_count_of_parties_is_shown_where_their_messages_are_many_and_goes_where_they_are_few() -> None:
    kpi = find_kpi("berichtvolume")
    result = Result(kpi, None, ("wet", *kpi.cijfers), [("Jw", 50, 2, 3, 4), ("Wmo", 4, 1, 1, 1), ("x", 40, 1, 1, 1)])
    for found in (protect(result, 10), *protect_together([result], 10)):
        first, small, *_ = shown(found)
        assert (first["berichten"], first["gemeenten"], first["aanbieders"]) == (50, 2, 3)
        assert (small["berichten"], small["gemeenten"], small["aanbieders"], small["verzenders"]) == (None,) * 4


def test_who_knows_its_own_cases_is_not_told_a_small_number_of_others() -> None:
    land, own = figures(("x", 90, 33, 40)), figures(("x", 20, 30, 40))
    land, own = (Result(KPI, None, one.columns[1:], [one.rows[0][1:]]) for one in (land, own))
    (covered,) = protect_together([land], 10)
    assert covered.rows[0][-1] is None
    (row,) = shown(protect_beside(covered, land, own, 10))
    assert (row["binnen_norm"], row["buiten_norm"], row["lopend"]) == (90, None, 40)
    assert row["aandeel_binnen_norm"] is None


def test_who_has_no_cases_in_a_group_is_told_what_all_are() -> None:
    result = figures(("a", 90, 30, 40), ("b", 80, 30, 50))
    nothing = Result(KPI, None, result.columns, [])
    (covered,) = protect_together([result], 10)
    assert protect_beside(covered, result, nothing, 10) == covered


@pytest.mark.parametrize("kpi", list_kpis(), ids=lambda kpi: kpi.id)
def test_every_kind_says_only_counts_that_its_figures_have(kpi) -> None:
    known = set(kpi.soort.cijfers_uitleg)
    statistiek = kpi.soort.statistiek
    for total, parts in statistiek.optellingen:
        assert {total, *parts} <= known
    for counts in statistiek.berust_op.values():
        assert set(counts) <= known
    assert set(statistiek.geen_mensen) | set(statistiek.telt_op_over) <= known
    assert {name for over in statistiek.telt_op_over.values() for name in over} <= set(DIMENSIONS)
    if statistiek.aandeel:
        names = {
            statistiek.aandeel.naam,
            statistiek.aandeel.teller,
            *(n.removeprefix("-") for n in statistiek.aandeel.noemer),
        }
        assert names <= known
