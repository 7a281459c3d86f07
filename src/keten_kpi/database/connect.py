"""Opens the database for one writer or for readers, and says in plain words why it cannot."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from keten_kpi.errors import KetenError, UsageError

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection

WRITER_MEMORY = "250MB"  # no batch needs more, and what does (a join over a year of messages) goes by way of the disk
SCHEMAS = {"bron", "beheer", "verkeer", "kpi"}  # DuckDB names a database after its file


class ArrowStream(Protocol):
    """Anything that hands out an Arrow stream: a polars DataFrame, a DuckDB relation."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Frame:
    """A polars frame as DuckDB 2.0 reads it without pyarrow: it knows the stream, not the class."""

    def __init__(self, stream: ArrowStream) -> None:
        self._stream = stream

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._stream.__arrow_c_stream__(requested_schema)


def _explain(path: Path, error: duckdb.Error) -> KetenError:
    text = str(error)
    if "Conflicting lock" in text or "Could not set lock" in text:
        return KetenError(
            f"{path} is being written by another process.",
            "Wait until it is done, or stop it: what it has not committed by then is not half done, but not there.",
        )
    if "not a valid DuckDB database" in text:
        return KetenError(
            f"{path} is not a DuckDB database.", "Give another file with --db; this one is left as it is."
        )
    if "read-only" in text.lower() or "Permission denied" in text or "Cannot open file" in text:
        return KetenError(f"{path} cannot be opened: no permission.", "Check who owns the file and its folder.")
    return KetenError(f"{path} cannot be opened as a database.", "Was it made by a newer DuckDB? See docs/install.md.")


_TROUBLE = {
    "No space left": "the disk is full",
    "Disk quota": "the disk quota is used up",
    "File too large": "the system allows no larger file",
    "Read-only file system": "the disk cannot be written",
    "Input/output error": "the disk reports an error",
    "Out of Memory": "there is too little memory",
    "Permission denied": "there is no permission",
}


def _trouble(path: Path, error: duckdb.Error) -> KetenError | None:
    """What the system refused while the database was in use; None for what is a fault of ours."""
    text = str(error)
    for sign, what in _TROUBLE.items():
        if sign.lower() in text.lower():
            return KetenError(
                f"{path} cannot be written or read on: {what}. What was not committed is not there.",
                "Mend that, and run the same command again: what was loaded is skipped.",
            )
    return None


@contextmanager
def connect(path: Path, *, write: bool = False) -> Iterator[Connection]:
    """A connection to the database at ``path``, closed at the end.

    Args:
        path: the DuckDB file; with ``write`` it is made (mode 0600) when it is not there.
        write: as the one writer; readers cannot open the file meanwhile.

    Raises:
        UsageError: there is no such database to read, its folder does not exist, or it has the name of a schema.
        KetenError: another process writes to it, it is no DuckDB file, there is no permission, or the disk is full.
    """
    if not write and not path.exists():
        raise UsageError(f"There is no database {path}.", "Make one with `keten-kpi ingest PATH --db FILE`.")
    if path.stem.lower() in SCHEMAS:
        raise UsageError(
            f"A database cannot be called {path.name}: DuckDB could not tell it from its schema {path.stem}.",
            "Give it another name, such as keten.duckdb.",
        )
    if not path.parent.is_dir():
        raise UsageError(f"The folder of {path} does not exist.", "Make it first, or give another --db.")
    import duckdb  # here, for processes that only judge do without: it takes a third of their start

    with _for_owner_only():
        try:
            con = duckdb.connect(str(path), read_only=not write)
        except duckdb.Error as error:
            raise _explain(path, error) from None
        try:
            if write:
                con.execute(f"SET memory_limit = '{WRITER_MEMORY}'")
            yield con
        except duckdb.Error as error:
            raise _trouble(path, error) or error from None
        finally:
            con.close()


@contextmanager
def _for_owner_only() -> Iterator[None]:
    """Files made in the block are for their owner only: a database, and its WAL and temp files, which come later."""
    old_mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(old_mask)


@contextmanager
def attach(con: Connection, path: Path, name: str) -> Iterator[None]:
    """A second database within the block, written out whole at its end; ``name`` is an identifier of ours."""
    with _for_owner_only():
        con.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {name}")
    try:
        yield
        con.execute(f"CHECKPOINT {name}")
    finally:
        con.execute(f"DETACH {name}")


@contextmanager
def attach_reading(con: Connection, path: Path, name: str) -> Iterator[None]:
    """A second database within the block, to read; ``name`` is an identifier of ours.

    Raises:
        KetenError: another process writes to it, it is no DuckDB file, or there is no permission.
    """
    import duckdb

    try:
        con.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {name} (READ_ONLY)")
    except duckdb.Error as error:
        raise _explain(path, error) from None
    try:
        yield
    finally:
        con.execute(f"DETACH {name}")


def scalar(con: Connection, query: str, parameters: list[object] | None = None) -> object:
    """The first value of the first row, or None; leaves nothing pending that would block the next statement."""
    rows = con.execute(query, parameters).fetchall()
    return rows[0][0] if rows else None
