"""Opens the database for one run of ``ingest``: layout, key, and the record of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keten_kpi import __version__
from keten_kpi.database import check_layout, connect, database_property, scalar
from keten_kpi.errors import KetenError
from keten_kpi.load.insert import transaction
from keten_kpi.load.tables import create_tables

if TYPE_CHECKING:
    from keten_kpi.database import Connection

MEMORY = "80MB"  # for DuckDB: a batch is small, and looking up ids in a national year takes hardly more from disk
CHECKPOINT = "16MB"  # of log: what is larger goes straight into the file, and is not written and kept in memory twice
THREADS = 1  # for DuckDB: a batch is small, and with two it takes a quarter more of the processors, which others need
FORGOTTEN = "vergeten_berichten"  # in beheer.kenmerk: how many messages `forget` removed


def _is_empty(con: Connection) -> bool:
    return scalar(con, "SELECT count(*) FROM duckdb_tables() WHERE NOT internal") == 0


def _prepare(con: Connection, path: Path, key_id: str) -> None:
    is_new = _is_empty(con)
    if not is_new:
        check_layout(con, path)
    create_tables(con)  # in an older database: what was added since
    if is_new:
        con.execute("INSERT INTO beheer.kenmerk VALUES ('sleutel_id', ?)", [key_id])
        return
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
        con.execute(f"SET memory_limit = '{MEMORY}'")
        con.execute(f"SET checkpoint_threshold = '{CHECKPOINT}'")
        con.execute(f"SET threads = {THREADS}")
        with transaction(con):
            _prepare(con, path, key_id)
            run_nr = _start(con)
        yield con, run_nr
        now = datetime.now(UTC).replace(tzinfo=None)
        con.execute("UPDATE beheer.run SET status = 'klaar', geeindigd_tijdstip = ? WHERE run_nr = ?", [now, run_nr])
        con.execute("CHECKPOINT")
