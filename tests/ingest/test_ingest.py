"""What a delivery leaves in the database, and what it never leaves anywhere."""

from __future__ import annotations

import shutil

import pytest

from keten_kpi.database import connect
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.ingest import ingest
from keten_kpi.ingest import run as composition
from tests.verkeer.make import _envelope
from tests.verkeer.pen import BSN, Lijn, Vraag, m315

MESSAGE = m315(Lijn(), "A1", "2026-04-01", [Vraag("R1")])
LATER = m315(Lijn(), "A2", "2026-04-02", [Vraag("R2")])


@pytest.fixture
def db(tmp_path):
    return tmp_path / "k.duckdb"


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def one(db, query: str):
    with connect(db) as con:
        return con.execute(query).fetchall()


def test_the_same_content_in_an_envelope_is_a_duplicate(db, inbox) -> None:
    (inbox / "bare.xml").write_bytes(MESSAGE)
    ingest([str(inbox)], db)
    (inbox / "wrapped.xml").write_bytes(_envelope(MESSAGE))
    summary = ingest([str(inbox / "wrapped.xml")], db)
    assert (summary.read, summary.loaded, summary.duplicate) == (1, 0, 1)


def test_the_envelope_s_time_sender_and_reference_are_kept_beside_the_message(db, inbox) -> None:
    (inbox / "wrapped.xml").write_bytes(_envelope(MESSAGE))
    ingest([str(inbox)], db)
    ((kind, moment, sender, reference),) = one(
        db, "SELECT envelop_soort, envelop_tijdstip, envelop_zender, envelop_referentie FROM beheer.ontvangst"
    )
    assert (kind, str(moment), sender) == ("stuf-ggk", "2026-04-08 10:15:00", "42420001")
    assert reference == "6f1c0a52-0000-4000-8000-000000000001"


def test_one_changed_byte_is_another_message(db, inbox) -> None:
    (inbox / "a.xml").write_bytes(MESSAGE)
    (inbox / "b.xml").write_bytes(MESSAGE + b"\n")
    assert ingest([str(inbox)], db).loaded == 2


def test_what_was_in_quarantine_leaves_it_when_it_is_loaded_after_all(db, inbox, monkeypatch) -> None:
    (inbox / "a.xml").write_bytes(MESSAGE)
    types = composition.known_types()
    monkeypatch.setattr(composition, "known_types", lambda: [kind for kind in types if kind.code != "JW315"])
    assert ingest([str(inbox)], db).quarantined == 1
    assert one(db, "SELECT reden FROM beheer.quarantaine") != []
    monkeypatch.undo()
    assert ingest([str(inbox)], db).loaded == 1
    assert one(db, "SELECT reden FROM beheer.quarantaine") == []


def test_quarantine_says_where_and_what_in_one_sentence(db, inbox) -> None:
    (inbox / "a.xml").write_bytes(MESSAGE.replace(b"<m:Geslacht>2<", b"<m:Geslacht>7<"))
    summary = ingest([str(inbox)], db)
    ((source, kind, release, reason, line, path, text),) = one(
        db, "SELECT bron, berichttype, release, reden, regel, pad, uitleg FROM beheer.quarantaine"
    )
    assert (kind, release, reason, path) == ("JW315", "3.2", "ongeldig", "/Bericht/Client/Geslacht")
    assert source.endswith("inbox/a.xml")
    assert line == MESSAGE[: MESSAGE.index(b"<m:Geslacht>")].count(b"\n") + 1
    assert "Geslacht" in text
    assert summary.per_reden == {"ongeldig": 1}


def test_a_too_large_document_is_quarantined_and_the_rest_goes_on(db, inbox) -> None:
    from keten_kpi.source import Limits

    (inbox / "a.xml").write_bytes(MESSAGE)
    (inbox / "b.xml").write_bytes(MESSAGE + b" " * 100_000)
    summary = ingest([str(inbox)], db, limits=Limits(document_bytes=50_000))
    assert (summary.loaded, summary.quarantined) == (1, 1)
    assert one(db, "SELECT reden, sha256 FROM beheer.quarantaine") == [("te_groot", None)]


def test_a_date_that_no_column_holds_is_quarantined(db, inbox) -> None:
    (inbox / "a.xml").write_bytes(m315(Lijn(), "A1", "2026-04-01", [Vraag("R1", ingang="12026-04-01")]))
    ingest([str(inbox)], db)
    assert one(db, "SELECT reden FROM beheer.quarantaine") == [("niet_op_te_slaan",)]


def test_the_database_in_the_folder_that_is_read_is_no_delivery(inbox) -> None:
    db = inbox / "k.duckdb"
    (inbox / "a.xml").write_bytes(MESSAGE)
    ingest([str(inbox)], db)
    assert ingest([str(inbox)], db).read == 1


def test_a_missing_path_is_said_before_anything_is_made(tmp_path, db) -> None:
    with pytest.raises(UsageError, match="elsewhere"):
        ingest([str(tmp_path / "elsewhere")], db)
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_its_key_asks_for_the_key(db, inbox) -> None:
    (inbox / "a.xml").write_bytes(MESSAGE)
    ingest([str(inbox)], db)
    (db.parent / "k.duckdb.key").unlink()
    with pytest.raises(KetenError, match="key that it was made with is not here"):
        ingest([str(inbox)], db)


def test_a_short_key_is_refused(db, inbox, monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", "ab" * 31)
    with pytest.raises(KetenError, match="256 bits"):
        ingest([str(inbox)], db)


def test_the_same_key_gives_the_same_client_in_two_databases_and_another_key_another(
    tmp_path, inbox, monkeypatch
) -> None:
    (inbox / "a.xml").write_bytes(MESSAGE)
    found = []
    for name, key in (("a", "ab" * 32), ("b", "ab" * 32), ("c", "cd" * 32)):
        monkeypatch.setenv("KETEN_KPI_KEY", key)
        ingest([str(inbox)], tmp_path / f"{name}.duckdb")
        found.append(one(tmp_path / f"{name}.duckdb", "SELECT client_id FROM bron.client"))
    assert found[0] == found[1] != found[2]


def test_no_person_is_in_the_database(db, inbox) -> None:
    broken = MESSAGE.replace(b"<m:Bsn>", b"<m:Bsn>1")
    (inbox / "a.xml").write_bytes(MESSAGE)
    (inbox / "b.xml").write_bytes(broken)
    ingest([str(inbox)], db)
    stored = db.read_bytes()
    for person in (BSN[0], "Voorbeeld", "2012-05-06"):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert person.encode(encoding) not in stored


def test_a_batch_that_fails_leaves_the_batches_before_it_and_the_same_command_completes(db, inbox, monkeypatch) -> None:
    for at, message in enumerate((MESSAGE, LATER)):
        (inbox / f"{at}.xml").write_bytes(message)
    monkeypatch.setattr(composition, "BATCH_MESSAGES", 1)
    real, calls = composition.load_batch, []

    def dies_on_the_second(con, batch, run_nr) -> None:
        calls.append(batch)
        if len(calls) == 2:
            con.execute("BEGIN")
            raise MemoryError
        real(con, batch, run_nr)

    monkeypatch.setattr(composition, "load_batch", dies_on_the_second)
    with pytest.raises(MemoryError):
        ingest([str(inbox)], db)
    assert one(db, "SELECT count(*) FROM bron.bericht") == [(1,)]
    assert one(db, "SELECT status, aantal_gelezen FROM beheer.run") == [("bezig", 1)]
    monkeypatch.setattr(composition, "load_batch", real)
    summary = ingest([str(inbox)], db)
    assert (summary.loaded, summary.duplicate) == (1, 1)
    assert one(db, "SELECT run_nr, status FROM beheer.run ORDER BY 1") == [(1, "afgebroken"), (2, "klaar")]


@pytest.mark.parametrize(("fails_at", "kept"), [(1, 0), (2, 0), (3, 2)])
def test_parts_of_a_batch_are_committed_together(db, inbox, monkeypatch, fails_at, kept) -> None:
    for at in range(3):
        (inbox / f"{at}.xml").write_bytes(m315(Lijn(), f"A{at}", "2026-04-01", [Vraag("R1")]))
    monkeypatch.setattr(composition, "BATCH_MESSAGES", 2)
    monkeypatch.setattr(composition, "PART_MESSAGES", 1)
    real, calls = composition.load_batch, []

    def dies(con, batch, run_nr) -> None:
        calls.append(batch)
        if len(calls) == fails_at:
            raise MemoryError
        real(con, batch, run_nr)

    monkeypatch.setattr(composition, "load_batch", dies)
    with pytest.raises(MemoryError):
        ingest([str(inbox)], db)
    assert len(calls) == fails_at
    assert one(db, "SELECT count(*) FROM bron.bericht") == [(kept,)]
    assert one(db, "SELECT aantal_gelezen FROM beheer.run") == [(kept,)]
    monkeypatch.setattr(composition, "load_batch", real)
    assert ingest([str(inbox)], db).loaded == 3 - kept


def test_every_line_of_a_message_has_its_message(db, tmp_path) -> None:
    from tests.verkeer.make import TOP

    shutil.copytree(TOP / "voorjaar" / "levering", tmp_path / "levering")
    ingest([str(tmp_path / "levering")], db)
    with connect(db) as con:
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'bron'").fetchall():
            if table != "client":
                orphans = con.execute(
                    f"SELECT count(*) FROM bron.{table} ANTI JOIN bron.bericht USING (bericht_nr)"
                ).fetchall()
                assert orphans == [(0,)], table
