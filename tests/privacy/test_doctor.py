"""The doctor finds every kind of damage, names it, and changes nothing."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest
from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.database import connect
from keten_kpi.doctor import examine
from keten_kpi.doctor.questions import questions
from keten_kpi.errors import KetenError
from keten_kpi.ingest import ingest
from tests.verkeer.make import TOP

DAMAGE = {
    "run_counts": "UPDATE beheer.run SET aantal_gelezen = aantal_gelezen + 1",
    "message_count": "UPDATE beheer.run SET aantal_geladen = aantal_geladen - 1, aantal_dubbel = aantal_dubbel + 1",
    "message_unique": "UPDATE bron.bericht SET bericht_id = (SELECT max(bericht_id) FROM bron.bericht) "
    "WHERE bericht_nr = 1",
    "message_receipt": "DELETE FROM beheer.ontvangst WHERE bericht_nr = 2",
    "receipt_run": "UPDATE beheer.ontvangst SET run_nr = 99 WHERE bericht_nr = 2",
    "receipt_file": "UPDATE beheer.ontvangst SET bestand_nr = 99999 WHERE bericht_nr = 2",
    "client_unique": "INSERT INTO bron.client SELECT * FROM bron.client LIMIT 1",
    "client_pseudonym": "UPDATE bron.client SET client_id = 'kort' WHERE client_nr = 1",
    "quarantine_not_loaded": "UPDATE beheer.quarantaine SET sha256 = "
    "(SELECT replace(CAST(min(bericht_id) AS VARCHAR), '-', '') FROM bron.bericht)",
    "columns": "ALTER TABLE bron.declaratie ADD COLUMN naam VARCHAR",
}
LINES = {
    "message": "UPDATE bron.{0} SET bericht_nr = 9999 WHERE rowid = 0",
    "unique": "UPDATE bron.{0} SET regel_nr = 7 WHERE rowid = 0",
    "client": "UPDATE bron.{0} SET client_nr = 9999 WHERE rowid = 0",
    "required": "UPDATE bron.{0} SET {1} = NULL WHERE rowid = 0",
}
REQUIRED = {"toegewezen_product": "ingangsdatum", "prestatie": "referentie_nummer", "stop_product": "einddatum"}
ASKED = sorted(question.name for question in questions())


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("heel")
    db = folder / "k.duckdb"
    ingest([str(TOP / "voorjaar" / "levering")], db)
    return db


@pytest.fixture
def db(whole, tmp_path):
    shutil.copy(whole, tmp_path / "k.duckdb")
    return tmp_path / "k.duckdb"


def wrong(db) -> set[str]:
    return {finding.name for finding in examine(db).findings if finding.wrong}


def test_a_database_after_ingest_is_whole(db) -> None:
    found = examine(db)
    assert found.is_whole
    assert sum(found.messages.values()) == 31
    assert found.properties["indeling"] == "1"


def damage_to(name: str, con) -> str | None:
    """SQL that makes the answer to one question wrong; None when the table holds no row to damage."""
    if name in DAMAGE:
        return DAMAGE[name]
    table, _, kind = name.rpartition("_")
    if con.execute(f"SELECT count(*) FROM bron.{table}").fetchall() == [(0,)]:
        return None
    column = REQUIRED.get(table) or next(
        question.query.rpartition("WHERE ")[2].split()[0] for question in questions() if question.name == name
    )
    return LINES[kind].format(table, column)


@pytest.mark.parametrize("name", sorted({*ASKED, "columns"}))
def test_each_question_is_answered_wrong_when_it_is_not_so(db, name) -> None:
    with connect(db, write=True) as con:
        sql = damage_to(name, con)
        if sql is None:
            table, _, _ = name.rpartition("_")
            con.execute(f"INSERT INTO bron.{table} (bericht_nr, regel_nr) VALUES (1, 1), (77, 1), (77, 1)")
            if name.endswith("_client"):
                con.execute(f"UPDATE bron.{table} SET client_nr = 9999")
        else:
            con.execute(sql)
    assert name in wrong(db)


def test_the_doctor_changes_nothing_and_ends_in_3(db) -> None:
    with connect(db, write=True) as con:
        con.execute(DAMAGE["message_receipt"])
    before = hashlib.sha256(db.read_bytes()).hexdigest()
    ran = CliRunner().invoke(app, ["doctor", "--db", str(db)])
    assert ran.exit_code == 3
    assert "NOT SO (1): Every message has one receipt, and every receipt its message." in ran.stdout
    told = json.loads(CliRunner().invoke(app, ["doctor", "--json", "--db", str(db)]).stdout)
    assert not told["is_whole"]
    assert hashlib.sha256(db.read_bytes()).hexdigest() == before
    assert [path.name for path in db.parent.iterdir()] == ["k.duckdb"]


def test_files_that_others_can_read_are_told(db) -> None:
    db.chmod(0o644)
    assert any("can be read by others" in note for note in examine(db).notes)
    db.chmod(0o600)
    assert not any("can be read by others" in note for note in examine(db).notes)


def test_a_database_of_another_layout_is_not_judged(db) -> None:
    with connect(db, write=True) as con:
        con.execute("UPDATE beheer.kenmerk SET waarde = '0' WHERE naam = 'indeling'")
    with pytest.raises(KetenError, match="layout 0"):
        examine(db)
