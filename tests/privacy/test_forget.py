"""What is forgotten is gone, from every byte, and what is kept is as if the rest had never come."""

from __future__ import annotations

import hashlib
import os
import pty
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.database import connect, stand_path
from keten_kpi.doctor import examine
from keten_kpi.envelope import unwrap
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.forget import Before, Client, forget, look_up, parse_bsn, wipe_left
from keten_kpi.forget import rewrite as room
from keten_kpi.ingest import ingest
from keten_kpi.pseudoniem import Pseudonymiser
from keten_kpi.publish import publish, publish_database, reading
from keten_kpi.source import Document, Limits, Origin
from keten_kpi.stand import bring_up
from tests.pipeline.delivery import messages
from tests.verkeer.pen import BSN, Lijn, Vraag, m315, m319, retour

KEY = "5a" * 32
DAY = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def key(monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", KEY)


def client(bsn: str) -> Client:
    return Client.of(bsn, Pseudonymiser.from_key(bytes.fromhex(KEY)))


def delivery(folder: Path, contents: list[bytes]) -> Path:
    folder.mkdir()
    for at, content in enumerate(contents):
        (folder / f"{at:04}.xml").write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("heel")
    path = folder / "k.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KETEN_KPI_KEY", KEY)
        ingest([str(delivery(folder / "in", messages(200)))], path)
    publish_database(path)
    return path


@pytest.fixture
def db(whole, tmp_path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "k.duckdb"))


def rows(path: Path) -> dict[str, list[tuple]]:
    """Every line with the id of its message and the pseudonym of its client, in the place of their numbers."""
    with connect(path) as con:
        tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'bron' ORDER BY 1").fetchall()
        found = {}
        for (table,) in tables:
            columns = [row[0] for row in con.execute(f"DESCRIBE bron.{table}").fetchall()]
            joins = ""
            shown = [f"t.{name}" for name in columns if name not in {"bericht_nr", "client_nr", "bericht_id"}]
            if "bericht_nr" in columns:
                joins += " JOIN bron.bericht AS b ON b.bericht_nr = t.bericht_nr"
                shown.append("b.bericht_id")
            if "client_nr" in columns and table != "client":
                joins += " LEFT JOIN bron.client AS c ON c.client_nr = t.client_nr"
                shown += ["c.client_id", "c.geboortejaar", "c.geslacht"]
            found[table] = con.execute(
                f"SELECT {', '.join(shown)} FROM bron.{table} AS t{joins} ORDER BY ALL"
            ).fetchall()
        return found


def ids(path: Path, where: str) -> set[str]:
    with connect(path) as con:
        return {str(row[0]) for row in con.execute(f"SELECT bericht_id FROM bron.bericht WHERE {where}").fetchall()}


@pytest.mark.parametrize("wanted", [Before(DAY), Before(date(2026, 5, 3)), client(BSN[0]), client(BSN[2])], ids=str)
def test_what_is_left_is_what_a_delivery_without_it_would_have_given(whole, db, tmp_path, wanted) -> None:
    before = ids(db, "true")
    proof = forget(db, wanted, publish)
    after = ids(db, "true")
    assert proof.messages == len(before - after) > 0
    assert proof.kept == len(after) > 0
    kept = [
        bericht.content
        for path in sorted((whole.parent / "in").iterdir())
        for bericht in unwrap(Document(Origin(path.name), path.read_bytes()), Limits())
        if str(UUID(hashlib.sha256(bericht.content).hexdigest()[:32])) in after
    ]
    other = tmp_path / "anders.duckdb"
    ingest([str(delivery(tmp_path / "rest", kept))], other)
    assert rows(db) == rows(other)
    assert examine(db).is_whole


def test_no_byte_of_what_is_forgotten_is_left_in_any_file(db, tmp_path) -> None:
    gone = client(BSN[1])
    lost = ids(db, "true")
    with db.open("rb") as old:
        assert gone.client_id in db.read_bytes()
        proof = forget(db, gone, publish)
        publish_database(db)
        lost -= ids(db, "true")
        old.seek(0)
        assert set(old.read()) == {0}, "the old file, which still has its name here, is written over"
    assert (proof.found_after, proof.is_whole) == (0, True)
    assert proof.found_before > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["k.duckdb"]
    content = db.read_bytes()
    for needle in (gone.client_id, *(form for each in lost for form in room._forms(each))):
        assert needle not in content
    assert db.stat().st_mode & 0o777 == 0o600


def test_the_answers_to_what_a_client_was_named_in_go_with_it(tmp_path) -> None:
    mine, other = "M1", "O1"
    contents = []
    for name, bsn in ((mine, BSN[0]), (other, BSN[1])):
        contents.append(m315(Lijn(), name, "2026-04-01", [Vraag(f"R{name}")], bsn))
        contents.append(m319(Lijn(), f"A{name}", "2026-04-03", f"R{name}", "2"))
        contents.append(retour(Lijn(), "316", name, "2026-04-01", "2026-04-02", "0200"))
        contents.append(retour(Lijn(), "320", f"A{name}", "2026-04-03", "2026-04-04", "0200"))
    db = tmp_path / "k.duckdb"
    ingest([str(delivery(tmp_path / "in", contents))], db)
    assert look_up(db, client(BSN[0])).messages == 4
    forget(db, client(BSN[0]), publish)
    with connect(db) as con:
        left = con.execute("SELECT identificatie, berichttype FROM bron.bericht ORDER BY 2").fetchall()
    assert left == [("O1", "JW315"), ("O1", "JW316"), ("AO1", "JW319"), ("AO1", "JW320")]


def test_a_list_that_a_user_added_stays_and_figures_are_shown_again(db, tmp_path) -> None:
    with connect(db, write=True) as con:
        con.execute("UPDATE verkeer.codelijst SET is_toegevoegd = true WHERE lijstversie = '2025-02'")
    forget(db, Before(DAY), publish)
    publish_database(db)
    with reading(db) as con:
        assert con.execute("SELECT lijstversie FROM verkeer.codelijst WHERE is_toegevoegd").fetchall() == [("2025-02",)]
        assert con.execute("SELECT count(*) FROM verkeer.bericht").fetchall()[0][0] > 0


def test_tables_of_the_user_s_own_are_not_thrown_away_and_not_kept(db) -> None:
    with connect(db, write=True) as con:
        con.execute("CREATE SCHEMA eigen")
        con.execute("CREATE TABLE eigen.lijst AS SELECT * FROM bron.client")
    before = db.read_bytes()
    with pytest.raises(KetenError, match=r"your own.*eigen\.lijst"):
        forget(db, Before(DAY), publish)
    assert db.read_bytes() == before


def test_another_key_finds_nobody_and_says_so(db) -> None:
    with pytest.raises(KetenError, match="another key"):
        look_up(db, Client.of(BSN[0], Pseudonymiser.from_key(b"x" * 32)))


def test_a_new_database_that_is_not_whole_never_takes_the_old_one_s_place(db, monkeypatch) -> None:
    before = ids(db, "true")
    real = room._copy_clients
    monkeypatch.setattr(
        room, "_copy_clients", lambda con, old: (real(con, old), con.execute("DELETE FROM bron.client"))[0]
    )
    with pytest.raises(KetenError, match="the old one is left as it was"):
        forget(db, Before(DAY), publish)
    assert ids(db, "true") == before
    assert examine(db).is_whole


@pytest.mark.parametrize("place", ["create_tables", "_copy_beheer", "_replace", "keep_name", "sync", "wipe"])
def test_killed_at_any_moment_the_database_is_the_old_one_or_the_new_one(db, place) -> None:
    before = ids(db, "true")
    code = f"""
import os, signal, sys
from datetime import date
from pathlib import Path
from keten_kpi.forget import Before, forget, rewrite
from keten_kpi.publish import publish
rewrite.{place} = lambda *a: os.kill(os.getpid(), signal.SIGKILL)
forget(Path(sys.argv[1]), Before(date(2026, 4, 20)), publish)
"""
    assert subprocess.run([sys.executable, "-c", code, str(db)], check=False).returncode == -signal.SIGKILL
    left = ids(db, "true")
    assert (left == before) == (place != "wipe")
    assert examine(db).is_whole
    forget(db, Before(DAY), publish)
    assert ids(db, "true") == before - ids_of_early(before, left, db)
    assert {path.name for path in db.parent.iterdir()} <= {db.name, f"{db.name}.wal"}


def test_what_a_stopped_run_left_of_the_old_file_is_written_over_by_the_next(db, monkeypatch) -> None:
    old = db.read_bytes()
    monkeypatch.setattr(room, "wipe", lambda _: sys.exit("stopped"))
    with pytest.raises(SystemExit):
        forget(db, Before(DAY), publish)
    left, second = db.with_name("k.duckdb.oud"), db.with_name("second.name")
    assert left.read_bytes() == old
    assert [note for note in examine(db).notes if "k.duckdb.oud" in note]
    os.link(left, second)
    shown = CliRunner().invoke(app, ["forget", "--before", "2000-01-01", "--db", str(db)])
    assert (shown.exit_code, "written over" in shown.output) == (0, True)
    assert not left.exists()
    assert not any(second.read_bytes())
    assert examine(db).is_whole


def test_the_cases_that_were_kept_are_written_over_first(db, monkeypatch) -> None:
    assert bring_up(db, "deze").wijze == "made"
    stand, second = stand_path(db), db.with_name("second.name")
    os.link(stand, second)
    stand.with_name(stand.name + ".wal").write_bytes(b"wal")
    monkeypatch.setattr(room, "_copy", lambda *_: sys.exit("stopped"))
    with pytest.raises(SystemExit):
        forget(db, Before(DAY), publish)
    assert not [*db.parent.glob("*.stand*")]
    assert not any(second.read_bytes())


def test_a_second_name_of_the_database_itself_is_only_taken_away(db) -> None:
    before = ids(db, "true")
    os.link(db, db.with_name("k.duckdb.oud"))
    assert not wipe_left(db)
    assert (ids(db, "true"), [*db.parent.glob("*.oud")]) == (before, [])


def ids_of_early(before: set[str], left: set[str], db: Path) -> set[str]:
    return before - ids(db, f"coalesce(dagtekening_retour, dagtekening) >= DATE '{DAY}'")


@pytest.mark.parametrize("text", ["12345678", "999900007", "9999000061", "abc", ""])
def test_what_is_no_bsn_is_refused_and_not_repeated(text) -> None:
    with pytest.raises(UsageError) as told:
        parse_bsn(text)
    assert not text or text not in str(told.value.message + told.value.advice)


def test_a_bsn_may_be_typed_with_points() -> None:
    assert parse_bsn(" 9999.00.006 ") == "999900006"


def test_the_command_asks_the_bsn_on_the_terminal_and_never_shows_it(db) -> None:
    ran = typed(db, [BSN[0].encode() + b"\n", b"y\n"])
    assert ran.code == 0, ran.text
    assert "Forgotten:" in ran.text
    assert BSN[0] not in ran.text
    with connect(db) as con:
        assert con.execute(
            "SELECT count(*) FROM bron.client WHERE client_id = ?", [client(BSN[0]).client_id]
        ).fetchall() == [(0,)]


def test_the_command_without_a_terminal_asks_nothing_and_changes_nothing(db) -> None:
    before = db.read_bytes()
    for arguments in (["--client"], ["--before", "2026-04-20"], [], ["--client", "--before", "2026-04-20"]):
        done = subprocess.run(
            [sys.executable, "-m", "keten_kpi", "forget", *arguments, "--db", str(db)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2, done.stderr
    assert db.read_bytes() == before


class Typed:
    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text


def typed(db: Path, answers: list[bytes]) -> Typed:
    """The command on a terminal of its own, with these answers to what it asks."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", "keten_kpi", "forget", "--client", "--db", str(db)])
    shown = b""
    asked = [b"BSN:", b"[y/N]"]
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if asked and asked[0] in shown:
            asked.pop(0)
            os.write(terminal, answers.pop(0))
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return Typed(os.waitstatus_to_exitcode(status), shown.decode())


def test_a_delivery_that_still_holds_it_brings_it_back(whole, db) -> None:
    """Nothing of what is forgotten is kept, not even its hash: so it is new when it comes again."""
    before = ids(db, "true")
    forget(db, Before(DAY), publish)
    ingest([str(whole.parent / "in")], db)
    assert ids(db, "true") == before
    assert examine(db).is_whole
