"""The door from Python gives what the command line gives, as Polars frames."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest

import keten_kpi
from keten_kpi.errors import UsageError
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
    overview, differences = keten.verantwoording("42420001", 2026)
    assert "toegekend_euro" in overview.columns
    assert "soort" in differences.columns


def test_a_query_of_ones_own_reads_the_views(keten) -> None:
    assert keten.sql("SELECT count(*) AS aantal FROM verkeer.bericht")["aantal"].to_list()[0] > 0


def test_the_database_cannot_be_written_to(keten) -> None:
    with pytest.raises(Exception, match="read-only"):
        keten.sql("DELETE FROM bron.bericht")


def test_importing_loads_no_heavy_library() -> None:
    code = "import keten_kpi, sys; print({'duckdb', 'polars', 'lxml', 'altair', 'typer'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
