"""Opens the database for one run of ``ingest``: layout, key, and the record of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from keten_kpi import __version__
from keten_kpi.database import Connection, connect, scalar
from keten_kpi.errors import KetenError
from keten_kpi.load.insert import transaction
from keten_kpi.load.tables import create_tables

LAYOUT = "1"  # raise it with every change in the tables of bron or beheer
FORGOTTEN = "vergeten_berichten"  # in beheer.kenmerk: how many messages `forget` removed


def database_property(con: Connection, name: str) -> str | None:
    """What ``beheer.kenmerk`` says of the database under this name."""
    found = scalar(con, "SELECT waarde FROM beheer.kenmerk WHERE naam = ?", [name])
    return None if found is None else str(found)


def _is_empty(con: Connection) -> bool:
    return scalar(con, "SELECT count(*) FROM duckdb_tables() WHERE NOT internal") == 0


def _prepare(con: Connection, path: Path, key_id: str) -> None:
    if _is_empty(con):
        create_tables(con)
        con.executemany("INSERT INTO beheer.kenmerk VALUES (?, ?)", [["indeling", LAYOUT], ["sleutel_id", key_id]])
        return
    if not scalar(con, "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'beheer' AND table_name = 'kenmerk'"):
        raise KetenError(f"{path} is a DuckDB database, but not one of keten-kpi.", "Give another file with --db.")
    if (found := database_property(con, "indeling")) != LAYOUT:
        raise KetenError(
            f"{path} has layout {found}; this version of keten-kpi writes layout {LAYOUT}.",
            "Ingest the deliveries again into a new database; this one is left as it is.",
        )
    if (stored := database_property(con, "sleutel_id")) != key_id:
        raise KetenError(
            f"{path} was made with another key (id {stored}) than the one given (id {key_id}).",
            "Give the key it was made with: under another key the same client would be two.",
        )


def _start(con: Connection) -> int:
    con.execute("UPDATE beheer.run SET status = 'afgebroken' WHERE status = 'bezig'")
    run_nr = int(str(scalar(con, "SELECT coalesce(max(run_nr), 0) + 1 FROM beheer.run")))
    now = datetime.now(UTC).replace(tzinfo=None)
    con.execute(
        "INSERT INTO beheer.run (run_nr, begonnen_tijdstip, status, versie) VALUES (?, ?, 'bezig', ?)",
        [run_nr, now, __version__],
    )
    return run_nr


@contextmanager
def open_run(path: Path, key_id: str) -> Iterator[tuple[Connection, int]]:
    """The database as its one writer, with the number of a new run; the run is closed at the end.

    A run that ends in an error stays ``bezig`` until the next one marks it ``afgebroken``.

    Raises:
        KetenError: no keten-kpi database, another layout, another key, another writer.
    """
    with connect(path, write=True) as con:
        con.execute("SET checkpoint_threshold = '1GB'")  # while loading: saves time and halves the file
        with transaction(con):
            _prepare(con, path, key_id)
            run_nr = _start(con)
        yield con, run_nr
        now = datetime.now(UTC).replace(tzinfo=None)
        con.execute("UPDATE beheer.run SET status = 'klaar', geeindigd_tijdstip = ? WHERE run_nr = ?", [now, run_nr])
        con.execute("CHECKPOINT")
