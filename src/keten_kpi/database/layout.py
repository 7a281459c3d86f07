"""Which layout a database has: asked by every command before anything in it is touched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keten_kpi.database.connect import scalar
from keten_kpi.errors import KetenError

if TYPE_CHECKING:
    from keten_kpi.database.connect import Connection

LAYOUT = "1"  # raise it when a table of bron or beheer changes; one that is added, the next ingest makes


def database_property(con: Connection, name: str) -> str | None:
    """What ``beheer.kenmerk`` says of the database under this name."""
    found = scalar(con, "SELECT waarde FROM beheer.kenmerk WHERE naam = ?", [name])
    return None if found is None else str(found)


def check_layout(con: Connection, path: Path) -> None:
    """Refuses what this version does not know.

    Raises:
        KetenError: it is no database of keten-kpi, or one of another layout.
    """
    if not scalar(
        con,
        """SELECT count(*) FROM duckdb_tables()
        WHERE database_name = current_database() AND schema_name = 'beheer' AND table_name = 'kenmerk'""",
    ):
        raise KetenError(f"{path} is a DuckDB database, but not one of keten-kpi.", "Give another file with --db.")
    if (found := database_property(con, "indeling")) != LAYOUT:
        raise KetenError(
            f"{path} has layout {found}; this version of keten-kpi writes layout {LAYOUT}.",
            "Ingest the deliveries again into a new database; this one is left as it is.",
        )


def stand_path(path: Path) -> Path:
    """The file with the cases of all KPIs, which ``refresh`` keeps: made of the messages, and anew when it is gone."""
    return path.with_name(path.name + ".stand")


def old_path(path: Path) -> Path:
    """The second name of the file that a new database takes the place of, until that file is written over."""
    return path.with_name(path.name + ".oud")
