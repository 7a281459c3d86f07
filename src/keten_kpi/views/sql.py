"""One SQL file is one view: its name is the file's, its place in the build order follows from what it reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keten_kpi.database import Connection

FOLDER = resources.files("keten_kpi.views")
STORED = {"verkeer.conflict"}  # read by every view of messages; rests on no peildatum, so that it can be a table


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


def _stored() -> Iterator[SqlView]:
    return (view for view in read_views() if view.full_name in STORED)


def _is_table(con: Connection, view: SqlView) -> bool:
    found = con.execute(
        "SELECT count(*) FROM duckdb_tables() "
        "WHERE database_name = current_database() AND schema_name = ? AND table_name = ?",
        [view.schema, view.name],
    )
    return found.fetchone() != (0,)


def store_views(con: Connection) -> None:
    """Puts a table with the same rows in the place of each view that is asked for often and costs much.

    It holds for the messages in the database now: ``release_stored`` before there are others.
    """
    release_stored(con)
    for view in _stored():
        con.execute(f"DROP VIEW {view.full_name}")
        con.execute(f"CREATE TABLE {view.full_name} AS\n{view.select}")
        _comment(con, view, "TABLE")


def release_stored(con: Connection) -> None:
    """Puts the views back in the place of the tables that ``store_views`` made."""
    for view in _stored():
        if _is_table(con, view):
            con.execute(f"DROP TABLE {view.full_name}")
            con.execute(f"CREATE VIEW {view.full_name} AS\n{view.select}")
            _comment(con, view, "VIEW")
