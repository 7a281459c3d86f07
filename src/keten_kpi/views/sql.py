"""One SQL file is one view: its name is the file's, its place in the build order follows from what it reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keten_kpi.database import Connection

FOLDER = resources.files("keten_kpi.views")
# Read by every view of messages; they rest on no peildatum, so that they can be tables. Each after those that it reads.
STORED = ("verkeer.conflict", "verkeer.weigering")
# The messages that share a key with one that is new. What a stored view says of a message follows from these alone.
TOUCHED = """
SELECT * FROM verkeer.verzending AS bericht
WHERE (bericht.gemeente, bericht.aanbieder, bericht.identificatie) IN (
    SELECT (nieuw.gemeente, nieuw.aanbieder, nieuw.identificatie)
    FROM verkeer.verzending AS nieuw
    WHERE nieuw.bericht_nr > ?
)
"""


@dataclass(frozen=True, slots=True)
class SqlView:
    """One view as its file has it: ``select`` is the query, ``grain`` its first comment."""

    schema: str
    name: str
    select: str

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def grain(self) -> str:
        return self.select.split("\n", 1)[0].removeprefix("--").strip()

    @property
    def notes(self) -> tuple[str, ...]:
        """The comment lines after the grain, up to the query."""
        lines = self.select.splitlines()[1:]
        end = next(number for number, line in enumerate(lines) if not line.startswith("--"))
        return tuple(line.removeprefix("--").strip() for line in lines[:end])


def read_views() -> list[SqlView]:
    """The views of schema ``verkeer``, by name."""
    files = sorted((file for file in FOLDER.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [SqlView("verkeer", file.name.removesuffix(".sql"), file.read_text("utf-8")) for file in files]


def _tables_in(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _tables_in(item)
    elif isinstance(node, dict):
        if node.get("type") == "BASE_TABLE" and node.get("schema_name"):
            yield f"{node['schema_name']}.{node['table_name']}"
        for item in node.values():
            yield from _tables_in(item)


def references(con: Connection, select: str) -> set[str]:
    """The tables and views, as ``schema.name``, that a query reads."""
    row = con.execute("SELECT json_serialize_sql(?)", [select]).fetchone()
    return set(_tables_in(json.loads(row[0]))) if row else set()


def build_order(con: Connection, views: Iterable[SqlView]) -> list[SqlView]:
    """The views, each after those that it reads."""
    by_name = {view.full_name: view for view in sorted(views, key=lambda view: view.full_name)}
    graph = {name: sorted(references(con, view.select) & by_name.keys()) for name, view in by_name.items()}
    return [by_name[name] for name in TopologicalSorter(graph).static_order()]


def _drop_views(con: Connection, schemas: set[str]) -> None:
    found = con.execute(
        "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = current_database() AND NOT internal"
    ).fetchall()
    for schema, name in found:
        if schema in schemas:
            con.execute(f'DROP VIEW "{schema}"."{name}"')


def _comment(con: Connection, view: SqlView, kind: str) -> None:
    con.execute(f"COMMENT ON {kind} {view.full_name} IS '{view.grain.replace(chr(39), chr(39) * 2)}'")


def install_views(con: Connection, views: Iterable[SqlView]) -> None:
    """Replaces all views of the schemas ``verkeer`` and ``kpi`` by ``views``, each with its grain as comment."""
    release_stored(con)
    _drop_views(con, {"verkeer", "kpi"})
    for view in build_order(con, views):
        con.execute(f"CREATE VIEW {view.full_name} AS\n{view.select}")
        _comment(con, view, "VIEW")


def _stored() -> list[SqlView]:
    by_name = {view.full_name: view for view in read_views()}
    return [by_name[name] for name in STORED]


def _is_table(con: Connection, view: SqlView) -> bool:
    found = con.execute(
        "SELECT count(*) FROM duckdb_tables() "
        "WHERE database_name = current_database() AND schema_name = ? AND table_name = ?",
        [view.schema, view.name],
    )
    return found.fetchone() != (0,)


def is_stored(con: Connection) -> bool:
    """Whether the views that cost much are tables now."""
    return all(_is_table(con, view) for view in _stored())


def store_views(con: Connection, since: int | None = None) -> None:
    """Puts a table with the same rows in the place of each view that is asked for often and costs much.

    It holds for the messages in the database now: ``set_stored_aside`` before there are others. With ``since``, the
    last bericht_nr that the tables set aside knew, only what later messages touch is worked out.
    """
    if since is None or not all(_is_table(con, _aside(view)) for view in _stored()):
        _store_all(con)
        return
    con.execute(f"CREATE OR REPLACE TEMP TABLE geraakt AS\n{TOUCHED}", [since])
    for view in _stored():
        con.execute(f"DROP VIEW {view.full_name}")
        con.execute(f"ALTER TABLE {_aside(view).full_name} RENAME TO {view.name}")
        con.execute(f"DELETE FROM {view.full_name} WHERE bericht_nr IN (SELECT bericht_nr FROM temp.geraakt)")  # noqa: S608 - a name of ours
        con.execute(f"INSERT INTO {view.full_name}\n{view.select.replace('verkeer.verzending', 'temp.geraakt')}")
    con.execute("DROP TABLE temp.geraakt")


def _store_all(con: Connection) -> None:
    release_stored(con)
    for view in _stored():
        con.execute(f"DROP VIEW {view.full_name}")
        con.execute(f"CREATE TABLE {view.full_name} AS\n{view.select}")
        _comment(con, view, "TABLE")


def _aside(view: SqlView) -> SqlView:
    """The name of the table that waits for the next ``store_views``, while the view is in its place."""
    return replace(view, name=f"{view.name}_vorige")


def set_stored_aside(con: Connection) -> None:
    """Puts the views back in the place of the tables, which wait under another name for the next ``store_views``."""
    for view in _stored():
        if _is_table(con, view):
            con.execute(f"DROP TABLE IF EXISTS {_aside(view).full_name}")
            con.execute(f"ALTER TABLE {view.full_name} RENAME TO {_aside(view).name}")
            con.execute(f"CREATE VIEW {view.full_name} AS\n{view.select}")
            _comment(con, view, "VIEW")


def release_stored(con: Connection) -> None:
    """Puts the views back in the place of the tables that ``store_views`` made, which go."""
    set_stored_aside(con)
    for view in _stored():
        con.execute(f"DROP TABLE IF EXISTS {_aside(view).full_name}")
