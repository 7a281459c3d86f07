"""A full disk, a lost permission, another process, an older version, a clock that jumps: each has one outcome."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keten_kpi.database import connect
from keten_kpi.doctor import examine
from keten_kpi.errors import KetenError
from keten_kpi.ingest import ingest
from keten_kpi.load import open_run
from keten_kpi.load import run as runs
from keten_kpi.publish import publish_database
from tests.pipeline.delivery import contents, messages, pack

KEY = "6e" * 32
SOURCE = messages(120)


@pytest.fixture(autouse=True)
def key(monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", KEY)


@pytest.fixture
def db(tmp_path) -> Path:
    """A published database, with its delivery beside it in ``in``."""
    path = tmp_path / "data" / "k.duckdb"
    path.parent.mkdir()
    ingest([pack("folder", tmp_path / "in", SOURCE)], path)
    publish_database(path)
    return path


def no_superuser() -> None:
    """In the child, before the command: root is held to permissions as anyone else."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def keten(
    *arguments: str, before: Callable[[], None] = no_superuser, **environment: str
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "keten_kpi", *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
        timeout=120,
    )


def fails(ran: subprocess.CompletedProcess, sentence: str, lines: int = 2) -> None:
    assert ran.returncode == 1, (ran.returncode, ran.stderr)
    assert sentence in ran.stderr
    assert "internal error" not in ran.stderr
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) <= lines


@pytest.mark.parametrize("kilobytes", [300, 1100, 3000, 4500])
def test_a_disk_that_is_full_ends_in_a_sentence_and_the_same_command_completes(tmp_path, kilobytes) -> None:
    """The largest file allowed stands in for the disk: the same refusal by the system, at any point of the run."""
    source = pack("folder", tmp_path / "in", SOURCE)
    db = tmp_path / "k.duckdb"

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    fails(keten("ingest", source, "--db", str(db), before=little_room), "the system allows no larger file")
    assert keten("ingest", source, "--db", str(db)).returncode == 3
    whole = tmp_path / "heel.duckdb"
    ingest([source], whole)
    hidden = {"run", "kenmerk", "ontvangst", "quarantaine"}
    ours, theirs = contents(db), contents(whole)
    assert {name: rows for name, rows in ours.items() if name not in hidden} == {
        name: rows for name, rows in theirs.items() if name not in hidden
    }
    assert examine(db).is_whole


def test_a_database_that_may_only_be_read_gives_figures_and_is_not_changed(db, tmp_path) -> None:
    before = db.read_bytes()
    db.chmod(0o400)
    db.parent.chmod(0o500)
    try:
        assert keten("kpi", "berichtvolume", "--db", str(db)).returncode == 0
        assert keten("doctor", "--db", str(db)).returncode == 0
        fails(keten("violations", "berichtvolume", "--db", str(db)), "cannot be recorded")
        log = str(tmp_path / "log.jsonl")
        assert keten("violations", "berichtvolume", "--db", str(db), KETEN_KPI_AUDIT=log).returncode == 0
        fails(keten("ingest", str(tmp_path / "in"), "--db", str(db)), "no permission")
        fails(keten("forget", "--before", "2026-04-20", "--yes", "--db", str(db)), "no permission", lines=3)
    finally:
        db.parent.chmod(0o700)
    assert db.read_bytes() == before
    assert [path.name for path in db.parent.iterdir()] == ["k.duckdb"]


def test_a_folder_without_permission_is_told_and_nothing_is_made(tmp_path) -> None:
    (tmp_path / "dicht").mkdir(mode=0o500)
    source = pack("zip", tmp_path / "in", SOURCE[:3])
    fails(keten("ingest", source, "--db", str(tmp_path / "dicht" / "k.duckdb")), "no permission")
    assert list((tmp_path / "dicht").iterdir()) == []


OTHER_COMMANDS = [
    ["kpi", "berichtvolume"],
    ["violations", "berichtvolume"],
    ["werklijst", "--gemeente", "0384"],
    ["quarantine"],
    ["doctor"],
    ["forget", "--before", "2026-04-20", "--yes"],
]


def test_a_database_of_an_older_layout_is_refused_by_every_command_and_not_touched(db, tmp_path) -> None:
    with connect(db, write=True) as con:
        con.execute("UPDATE beheer.kenmerk SET waarde = '0' WHERE naam = 'indeling'")
        con.execute("DELETE FROM beheer.kenmerk WHERE naam = 'publicatie'")
    before = db.read_bytes()
    for command in [*OTHER_COMMANDS, ["ingest", str(tmp_path / "in")]]:
        fails(keten(*command, "--db", str(db)), "has layout 0")
    assert db.read_bytes() == before


def test_a_wrong_key_or_path_is_told_before_anything_is_touched(db, tmp_path) -> None:
    before = db.read_bytes()
    fails(keten("ingest", str(tmp_path / "in"), "--db", str(db), KETEN_KPI_KEY="7f" * 32), "another key")
    assert keten("ingest", str(tmp_path / "nergens"), "--db", str(db)).returncode == 2
    assert db.read_bytes() == before


def test_a_second_writer_and_a_reader_are_told_that_another_process_writes(db, tmp_path) -> None:
    before = len(contents(db)["bericht"])
    with connect(db, write=True):
        for command in [*OTHER_COMMANDS, ["ingest", str(tmp_path / "in")]]:
            fails(keten(*command, "--db", str(db)), "is being written by another process")
    assert len(contents(db)["bericht"]) == before


def test_a_writer_waits_for_nobody_while_another_reads(db, tmp_path) -> None:
    with connect(db):
        fails(keten("ingest", str(tmp_path / "in"), "--db", str(db)), "another process")
        assert keten("kpi", "berichtvolume", "--db", str(db)).returncode == 0


def test_all_files_of_a_run_are_for_their_owner_only_while_it_runs(tmp_path) -> None:
    os.umask(0o022)
    db = tmp_path / "k.duckdb"
    with open_run(db, "a" * 16) as (con, _):
        con.execute("CREATE TABLE bron.x AS SELECT range AS i FROM range(100000)")
        con.execute("INSERT INTO beheer.kenmerk VALUES ('x', 'y')")
        made = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert made == {"k.duckdb": 0o600, "k.duckdb.wal": 0o600}


class Jumping:
    """A clock that goes an hour back each time it is read."""

    hours = 20

    @classmethod
    def now(cls, zone: object) -> datetime:
        assert zone is UTC
        cls.hours -= 1
        return datetime(2026, 3, 29, cls.hours, tzinfo=UTC)


def test_a_clock_that_jumps_back_changes_no_message_and_no_order(tmp_path, monkeypatch) -> None:
    source = pack("zip", tmp_path / "in", SOURCE)
    ingest([source], tmp_path / "gewoon.duckdb")
    monkeypatch.setattr(runs, "datetime", Jumping)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    for _ in range(2):
        ingest([source], tmp_path / "sprong.duckdb")
    found = examine(tmp_path / "sprong.duckdb")
    assert found.is_whole
    ours, theirs = contents(tmp_path / "sprong.duckdb"), contents(tmp_path / "gewoon.duckdb")
    assert [row[0] for row in ours["run"]] == [1, 2]
    assert {name: rows for name, rows in ours.items() if name not in {"run", "kenmerk"}} == {
        name: rows for name, rows in theirs.items() if name not in {"run", "kenmerk"}
    }


def test_an_error_of_duckdb_that_is_ours_is_not_called_the_system_s(tmp_path) -> None:
    with pytest.raises(Exception, match="syntax") as told, connect(tmp_path / "k.duckdb", write=True) as con:
        con.execute("SELEC 1")
    assert not isinstance(told.value, KetenError)
