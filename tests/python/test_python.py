"""The door from Python gives what the command line gives, as Polars frames."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest

import keten_kpi
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.kpi import compute, list_kpis, violations
from tests.verkeer.database import voorjaar


@pytest.fixture(scope="module")
def keten(tmp_path_factory):
    folder = tmp_path_factory.mktemp("voorjaar")
    with voorjaar(folder):
        pass
    with keten_kpi.open(folder / "keten.duckdb") as opened:
        yield opened


def test_the_catalogue_has_every_kpi(keten) -> None:
    assert keten.catalogue()["id"].to_list() == [kpi.id for kpi in list_kpis()]


@pytest.mark.parametrize("kpi", list_kpis(), ids=lambda kpi: kpi.id)
def test_each_kpi_is_the_frame_of_its_figures(keten, kpi) -> None:
    wanted = compute(keten.con, kpi.id, per=("wet",))
    found = keten.kpi(kpi.id, ["wet"])
    assert (tuple(found.columns), found.rows()) == (wanted.columns, wanted.rows)


def test_cases_have_ids_as_text(keten) -> None:
    wanted = violations(keten.con, "doorlooptijd-toewijzing", alle=True)
    found = keten.cases("doorlooptijd-toewijzing", alle=True)
    assert found.height == len(wanted.rows) > 0
    assert found.schema["start_bericht_id"] == pl.String


def test_a_selection_is_named(keten) -> None:
    assert keten.kpi("berichtvolume", (), wet="Jw").height == 1
    with pytest.raises(UsageError, match="no wet JW"):
        keten.kpi("berichtvolume", (), wet="JW")


def test_small_counts_are_hidden_when_asked(keten) -> None:
    found = keten.kpi("doorlooptijd-toewijzing", (), min_aantal=1000)
    assert found["onderdrukt"].to_list() != [None]


def test_codes_what_if_and_account_are_frames(keten) -> None:
    assert "zekerheid" in keten.codes().columns
    assert keten.wat_als(())["aanbieder"].to_list()[0] is None
    assert keten.wat_als_norm("doorlooptijd-toewijzing", norm=7)["situatie"].to_list() == ["nu", "wat_als"]
    assert keten.wat_als_norm("doorlooptijd-toewijzing", range(5, 8), "weekdagen")["norm"].to_list() == [None, 5, 6, 7]
    overview, differences = keten.verantwoording("42420001", 2026)
    assert "toegekend_euro" in overview.columns
    assert "soort" in differences.columns


def test_the_short_list_is_a_frame_of_two_rows(keten) -> None:
    found = keten.korte_lijst(dekking=1, eerste=1)
    assert found.columns == ["codes", "aandeel_regels", "aandeel_berichten"]
    assert found["codes"].list.len().to_list() == [keten.codes().height, 1]
    assert found["aandeel_regels"].to_list()[0] == 1.0


def test_what_others_see_of_codes_and_what_if_hides_what_is_small(keten) -> None:
    assert keten.codes(min_aantal=1000).height == 0
    assert keten.wat_als_norm("doorlooptijd-toewijzing", 7, min_aantal=1000)["binnen_norm"].to_list() == [None, None]
    with pytest.raises(KetenError, match="few clients"):
        keten.wat_als((), min_aantal=1000)


def test_a_query_of_ones_own_reads_the_views(keten) -> None:
    assert keten.sql("SELECT count(*) AS aantal FROM verkeer.bericht")["aantal"].to_list()[0] > 0


def test_the_database_cannot_be_written_to(keten) -> None:
    with pytest.raises(Exception, match="read-only"):
        keten.sql("DELETE FROM bron.bericht")


def test_importing_loads_no_heavy_library() -> None:
    code = "import keten_kpi, sys; print({'duckdb', 'polars', 'lxml', 'altair', 'typer'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
