"""One writer, one key, one layout; a crash leaves a database that opens."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest

from keten_kpi.database import LAYOUT, connect
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.load import open_run


def test_a_new_database_is_for_its_owner_only(tmp_path) -> None:
    db = tmp_path / "k.duckdb"
    with open_run(db, "a" * 16):
        pass
    assert db.stat().st_mode & 0o777 == 0o600


def test_a_database_refuses_another_key(tmp_path) -> None:
    db = tmp_path / "k.duckdb"
    with open_run(db, "a" * 16):
        pass
    with pytest.raises(KetenError, match="another key"), open_run(db, "b" * 16):
        pass


def test_a_database_of_another_layout_is_left_alone(tmp_path) -> None:
    db = tmp_path / "k.duckdb"
    with open_run(db, "a" * 16) as (con, _):
        con.execute("UPDATE beheer.kenmerk SET waarde = '0' WHERE naam = 'indeling'")
    with pytest.raises(KetenError, match=f"layout 0.*writes layout {LAYOUT}"), open_run(db, "a" * 16):
        pass


def test_a_duckdb_database_of_something_else_is_left_alone(tmp_path) -> None:
    db = tmp_path / "other.duckdb"
    with duckdb.connect(str(db)) as con:
        con.execute("CREATE TABLE iets (i INTEGER)")
    with pytest.raises(KetenError, match="not one of keten-kpi"), open_run(db, "a" * 16):
        pass
    with duckdb.connect(str(db)) as con:
        assert con.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("iets",)]


def test_a_file_that_is_no_database_is_left_alone(tmp_path) -> None:
    db = tmp_path / "k.duckdb"
    db.write_text("not a database, but long enough to be looked at" * 200)
    with pytest.raises(KetenError, match="not a DuckDB database"), connect(db, write=True):
        pass


def test_a_missing_database_is_not_made_by_reading(tmp_path) -> None:
    with pytest.raises(UsageError, match="no database"), connect(tmp_path / "k.duckdb"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_second_writer_is_told_so(tmp_path) -> None:
    db = tmp_path / "k.duckdb"
    with open_run(db, "a" * 16):
        code = f"""
from pathlib import Path
from keten_kpi.load import open_run
from keten_kpi.errors import KetenError
try:
    with open_run(Path({str(db)!r}), "a" * 16): pass
except KetenError as error:
    print(error.message)
"""
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "being written by another process" in told.stdout


def test_a_run_that_died_is_marked_by_the_next(tmp_path) -> None:
    db = tmp_path / "k.duckdb"
    with pytest.raises(RuntimeError), open_run(db, "a" * 16):
        raise RuntimeError
    with open_run(db, "a" * 16) as (con, run_nr):
        assert run_nr == 2
        assert con.execute("SELECT run_nr, status FROM beheer.run ORDER BY 1").fetchall() == [
            (1, "afgebroken"),
            (2, "bezig"),
        ]


@pytest.mark.parametrize("name", ["kpi.duckdb", "verkeer.duckdb", "bron.db", "Beheer.duckdb"])
def test_a_database_is_not_called_after_a_schema_in_it(tmp_path, name) -> None:
    with pytest.raises(UsageError, match="could not tell it from its schema"), connect(tmp_path / name, write=True):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_is_committed_does_not_pile_up_in_memory_until_the_end(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("keten_kpi.load.run.CHECKPOINT", "1MB")
    kept = []
    with open_run(tmp_path / "k.duckdb", "a" * 16) as (con, _):
        con.execute("CREATE TABLE bron.veel (tekst VARCHAR)")
        for _ in range(30):
            con.execute("INSERT INTO bron.veel SELECT CAST(hash(i) AS VARCHAR) FROM range(20000) AS t (i)")
            kept += con.execute(
                "SELECT memory_usage_bytes FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'"
            ).fetchall()
    assert max(size for (size,) in kept) < 15 * kept[0][0]
