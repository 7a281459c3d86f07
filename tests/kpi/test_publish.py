"""Publishing makes the right half from the tables of the left half, once and for all readers."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from keten_kpi.database import connect
from keten_kpi.errors import UsageError
from keten_kpi.kpi.compute import figures_select
from keten_kpi.load import create_tables
from keten_kpi.publish import (
    DIMENSIONS,
    Selection,
    compute,
    is_current,
    is_published,
    kpi_page,
    list_kpis,
    parse_day,
    publish,
    publish_database,
    reading,
    reopen,
    views_page,
    violations,
)
from keten_kpi.views import build_order, read_views
from tests.kpi.traffic import FIRST, Line, Message, load

TOP = Path(__file__).parents[2]
KPIS = [kpi.id for kpi in list_kpis()]


def contents(con):
    tables = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name = 'verkeer' ORDER BY ALL"
    ).fetchall()
    return {name: sorted(con.execute(f"SELECT * FROM {schema}.{name}").fetchall(), key=str) for schema, name in tables}


def test_publishing_again_changes_nothing(con):
    before = contents(con)
    views = con.execute(
        "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
    ).fetchall()
    publish(con)
    assert contents(con) == before
    assert (
        con.execute("SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL").fetchall()
        == views
    )


def test_database_tells_whether_it_is_published():
    connection = duckdb.connect(":memory:")
    assert not is_published(connection)
    create_tables(connection)
    assert not is_published(connection)
    publish(connection)
    assert is_published(connection)
    connection.execute("UPDATE beheer.kenmerk SET waarde = 'older' WHERE naam = 'publicatie'")
    assert not is_published(connection)
    connection.close()


def test_views_that_no_longer_exist_are_dropped(con):
    con.execute("CREATE VIEW verkeer.oud AS SELECT 1 AS een")
    publish(con)
    assert con.execute("SELECT count(*) FROM duckdb_views() WHERE view_name = 'oud'").fetchone() == (0,)


def test_figures_and_cases_are_read_from_a_read_only_database(tmp_path):
    path = tmp_path / "gegevens.duckdb"
    with connect(path, write=True) as con:
        create_tables(con)
        publish(con)
        load(con, [Message(1, "Jw", "315", "3.2", "0384", "01234567", "b1", FIRST, (Line(referentie="a"),))])
    copy = tmp_path / "copy.duckdb"
    shutil.copy(path, copy)
    with connect(copy) as con:
        later = Selection(peildatum=date(2020, 6, 1))
        result = compute(con, "doorlooptijd-toewijzing", selection=later)
        assert result.rows[0][result.columns.index("buiten_norm")] == 1
        assert len(violations(con, "doorlooptijd-toewijzing", selection=later).rows) == 1
        assert violations(con, "doorlooptijd-toewijzing").rows == []


@pytest.mark.parametrize("kpi", KPIS)
def test_without_a_dimension_there_is_one_row_even_without_traffic(con, kpi):
    result = compute(con, kpi)
    assert len(result.rows) == 1
    assert result.peildatum is None
    assert {value for value in result.rows[0] if value is not None} == {0}


@pytest.mark.parametrize("kpi", KPIS)
def test_with_a_dimension_there_is_no_row_without_traffic(con, kpi):
    result = compute(con, kpi, per=DIMENSIONS)
    assert result.rows == []
    assert result.columns[: len(DIMENSIONS)] == DIMENSIONS


def test_peildatum_chosen_once_does_not_stay(con):
    compute(con, KPIS[0], selection=Selection(peildatum=date(2020, 1, 2)), vandaag=date(2020, 1, 3))
    assert con.execute("SELECT peildatum FROM verkeer.peildatum").fetchone() == (None,)
    assert con.execute("SELECT getvariable('peildatum'), getvariable('vandaag')").fetchone() == (None, None)


@pytest.mark.parametrize("call", [compute, violations])
def test_unknown_kpi_names_those_that_there_are(con, call):
    with pytest.raises(UsageError) as raised:
        call(con, "doorlooptijd")
    assert all(kpi in raised.value.advice for kpi in KPIS)


def test_unknown_dimension_names_those_that_there_are(con):
    with pytest.raises(UsageError) as raised:
        compute(con, KPIS[0], per=("provincie",))
    assert all(name in raised.value.advice for name in DIMENSIONS)


def test_dimension_named_twice_is_wrong_usage(con):
    with pytest.raises(UsageError):
        compute(con, KPIS[0], per=("wet", "wet"))


@pytest.mark.parametrize(
    "selection",
    [
        Selection(wet="jw"),
        Selection(gemeente="384"),
        Selection(aanbieder="1234567"),
        Selection(van=date(2024, 2, 1), tot=date(2024, 1, 31)),
        Selection(peildatum=date(2014, 12, 31)),
        Selection(peildatum=date(2036, 1, 1)),
    ],
)
@pytest.mark.parametrize("call", [compute, violations])
def test_selection_that_cannot_be_meant_is_wrong_usage(con, call, selection):
    with pytest.raises(UsageError):
        call(con, KPIS[0], selection=selection)


@pytest.mark.parametrize("text", ["2024-02-30", "1-2-2024", "", "vandaag"])
def test_text_that_is_no_date_is_wrong_usage(text):
    with pytest.raises(UsageError) as raised:
        parse_day(text, "--van")
    assert "--van" in raised.value.message


def test_van_and_tot_are_inclusive_days_of_the_start(con):
    messages = [
        Message(
            number, "Jw", "315", "3.2", "0384", "01234567", f"b{number}", date(2024, 6, number), (Line(referentie="a"),)
        )
        for number in (3, 4, 5, 6)
    ]
    con.begin()
    load(con, messages)
    selection = Selection(van=date(2024, 6, 4), tot=date(2024, 6, 5), peildatum=date(2024, 7, 1))
    rows = violations(con, "doorlooptijd-toewijzing", selection=selection)
    lines = compute(con, "productcode-afwijking", selection=selection)
    con.rollback()
    assert [row[rows.columns.index("start_dag")] for row in rows.rows] == [date(2024, 6, 4), date(2024, 6, 5)]
    assert lines.rows[0][lines.columns.index("regels")] == 2


def test_what_if_is_another_row_in_the_norm_table(con):
    con.begin()
    load(con, [Message(1, "Jw", "315", "3.2", "0384", "01234567", "b", date(2024, 6, 3), (Line(referentie="a"),))])
    con.execute("UPDATE verkeer.norm SET geldig_tot = DATE '2024-06-02' WHERE kpi = 'doorlooptijd-toewijzing'")
    without = violations(con, "doorlooptijd-toewijzing", alle=True)
    con.execute(
        "INSERT INTO verkeer.norm "
        "SELECT kpi, onderdeel, wet, berichttype, 10, eenheid, norm, regelcode, DATE '2024-06-03', "
        "DATE '9999-12-31', sinds, bron, aan_zet "
        "FROM verkeer.norm WHERE kpi = 'doorlooptijd-toewijzing' AND onderdeel = 'termijn'"
    )
    longer = violations(con, "doorlooptijd-toewijzing", alle=True)
    con.rollback()
    assert without.rows[0][without.columns.index("reden_telt_niet")] == "geen_norm_op_startdag"
    assert longer.rows[0][longer.columns.index("uiterste_dag")] == date(2024, 6, 17)


def test_norms_of_one_kpi_never_overlap(con):
    key = "kpi, onderdeel, wet"
    overlap = con.execute(
        f"SELECT {key} FROM verkeer.norm AS een JOIN verkeer.norm AS ander USING ({key}) "
        "WHERE (een.geldig_van, een.geldig_tot, een.waarde, een.norm) "
        "< (ander.geldig_van, ander.geldig_tot, ander.waarde, ander.norm) "
        "AND ander.geldig_van <= een.geldig_tot "
        "AND coalesce(een.berichttype = ander.berichttype, TRUE)"
    ).fetchall()
    assert overlap == []


@pytest.mark.parametrize(("unit", "last"), [("dagen", date(2024, 2, 3)), ("kalendermaanden", date(2024, 4, 30))])
def test_a_norm_may_be_in_days_or_in_calendar_months(con, unit, last):
    con.begin()
    load(con, [Message(1, "Jw", "315", "3.2", "0384", "01234567", "b", date(2024, 1, 31), (Line(referentie="a"),))])
    con.execute(f"UPDATE verkeer.norm SET eenheid = '{unit}', waarde = 3 WHERE kpi = 'doorlooptijd-toewijzing'")
    cases = violations(con, "doorlooptijd-toewijzing", alle=True)
    con.rollback()
    assert cases.rows[0][cases.columns.index("uiterste_dag")] == last


@pytest.mark.parametrize(
    ("gemeente", "last", "jeugdregio"),
    [
        ("0370", "0439", "Zaanstreek-Waterland"),
        ("0439", "0439", "Zaanstreek-Waterland"),
        ("0282", "1945", "Rijk van Nijmegen"),  # Ubbergen: in 2015 to Groesbeek, with that in 2016 to Berg en Dal
    ],
)
def test_gemeente_that_was_merged_has_the_jeugdregio_of_its_last_successor(con, gemeente, last, jeugdregio):
    row = con.execute(
        "SELECT gemeente_2026, jeugdregio FROM verkeer.gemeente WHERE gemeente = ?", [gemeente]
    ).fetchone()
    assert row == (last, jeugdregio)


def test_every_gemeente_of_2026_has_a_jeugdregio(con):
    assert con.execute(
        "SELECT count(*), count(jeugdregio) FROM verkeer.gemeente WHERE gemeente = gemeente_2026"
    ).fetchone() == (342, 342)
    assert con.execute("SELECT count(DISTINCT jeugdregio) FROM verkeer.gemeente").fetchone() == (42,)


def test_views_are_built_after_what_they_read(con):
    order = [view.name for view in build_order(con, read_views())]
    assert order.index("verzending") < order.index("conflict") < order.index("telbaar_bericht") < order.index("bericht")
    assert sorted(order) == sorted(view.name for view in read_views())


@pytest.mark.parametrize("kpi", list_kpis(), ids=KPIS)
def test_page_of_the_kpi_is_current(kpi):
    page = TOP / "docs" / "kpi" / f"{kpi.id}.md"
    assert page.read_text("utf-8") == kpi_page(kpi), "run `make docs`"


def test_page_of_the_views_is_current(con):
    assert (TOP / "docs" / "views.md").read_text("utf-8") == views_page(con), "run `make docs`"


@pytest.mark.parametrize("kpi", list_kpis(), ids=KPIS)
def test_kind_explains_every_column_of_its_figures(con, kpi):
    columns = con.execute(f"DESCRIBE {figures_select(kpi, (), 'TRUE')}").fetchall()
    assert [name for name, *_ in columns] == ["groep", *kpi.soort.cijfers_uitleg]
    assert compute(con, kpi.id).columns == tuple(kpi.cijfers)


def test_every_kpi_of_kind_tijdnorm_has_a_norm_per_wet(con):
    for kpi in list_kpis():
        if kpi.soort.naam == "tijdnorm":
            found = con.execute(
                "SELECT wet, norm FROM verkeer.norm WHERE kpi = ? AND onderdeel = 'termijn'", [kpi.id]
            ).fetchall()
            assert {wet for wet, _ in found} == set(kpi.wetten)
            assert {(wet, kpi.norm) for wet in kpi.wetten} <= set(found)


TWICE = [Message(n, "Jw", "315", "3.2", "0384", "01234567", "b1", FIRST, (Line(referentie=str(n)),)) for n in (1, 2)]


def kind_of(con, name):
    return con.execute("SELECT table_type FROM information_schema.tables WHERE table_name = ?", [name]).fetchone()[0]


def stored_conflicts(path):
    with reading(path) as con:
        assert kind_of(con, "conflict") == "BASE TABLE"
        return con.execute("SELECT count(*) FROM verkeer.conflict").fetchone()[0]


def published(path, *messages):
    with connect(path, write=True) as con:
        create_tables(con)
        publish(con)
        load(con, messages)
    publish_database(path)


def test_a_stored_view_holds_what_the_view_would_say(tmp_path):
    path = tmp_path / "gegevens.duckdb"
    published(path, *TWICE)
    with connect(path, write=True) as con:
        stored = con.execute("SELECT * FROM verkeer.conflict").fetchall()
        (view,) = [view for view in read_views() if view.name == "conflict"]
        assert stored == con.execute(view.select).fetchall()
        assert len(stored) == 1


def test_messages_that_came_after_the_views_were_stored_are_seen(tmp_path):
    path = tmp_path / "gegevens.duckdb"
    published(path, TWICE[0])
    assert stored_conflicts(path) == 0
    with connect(path, write=True) as con:
        load(con, TWICE[1:])
        assert not is_current(con)
    assert stored_conflicts(path) == 1


def test_a_run_that_is_cut_short_leaves_views_that_know_all_messages(tmp_path):
    path = tmp_path / "gegevens.duckdb"
    published(path, TWICE[0])
    with connect(path, write=True) as con:
        reopen(con)
        load(con, TWICE[1:])
    with connect(path) as con:
        assert kind_of(con, "conflict") == "VIEW"
        assert con.execute("SELECT count(*) FROM verkeer.conflict").fetchone() == (1,)
