"""What each table, view and column means: from the SQL files and ``kolommen.toml`` to comments and a page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from keten_kpi.views.reference import read_statements

if TYPE_CHECKING:
    from keten_kpi.database import Connection
    from keten_kpi.views.sql import SqlView

TABLE = re.compile(r"((?:^--.*\n)+)CREATE (?:OR REPLACE )?TABLE (?:IF NOT EXISTS )?verkeer\.(\w+)", re.MULTILINE)
HEAD = """\
<!-- Made by `make docs` from the SQL files and src/keten_kpi/views/kolommen.toml; change it there. -->
# Tables and views for analysts

Schema `verkeer` has the reference tables and the views that put messages together, schema `kpi` the judged cases of
each KPI. All of them can be queried as they are, also together with `bron`. A publication replaces them: keep views of
your own in a schema of your own. `SET VARIABLE peildatum = DATE '2024-12-31'` makes all of them answer for that day.

Two of them are read by nearly all others and rest on no peildatum: `verkeer.conflict` and `verkeer.weigering`. After
each run they are tables with the same rows.

Internal numbers (`bericht_nr`, `client_nr`) follow the order of arrival in one database: join on them, and show or
sort by `bericht_id` and `client_id`.
"""


def column_words() -> str:
    """The dictionary of columns, as its file has it."""
    return resources.files("keten_kpi.views").joinpath("kolommen.toml").read_text("utf-8")


@cache
def _dictionary() -> dict[str, dict[str, str]]:
    raw = tomllib.loads(column_words())
    return {"": raw["kolom"], **raw["tabel"]}


def describe_column(table: str, column: str) -> str:
    """What a column of ``schema.table`` means; empty when ``kolommen.toml`` does not say, which a test refuses."""
    words = _dictionary()
    return words.get(table, {}).get(column) or words[""].get(column, "")


def described_columns() -> Iterator[tuple[str, str]]:
    """Every (table or "", column) that the dictionary has."""
    for table, columns in _dictionary().items():
        for column in columns:
            yield table, column


def table_grains() -> dict[str, str]:
    """The comment above each reference table, by full name."""
    found = {}
    for statements in read_statements():
        for comment, name in TABLE.findall(statements):
            found[f"verkeer.{name}"] = " ".join(line.removeprefix("--").strip() for line in comment.splitlines())
    return found


def _columns(con: Connection) -> dict[str, list[tuple[str, str]]]:
    rows = con.execute(
        "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name IN ('verkeer', 'kpi') "
        "ORDER BY schema_name, table_name, column_index"
    ).fetchall()
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in rows:
        found.setdefault(table, []).append((column, kind))
    return found


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def comment_columns(con: Connection) -> None:
    """Puts the meaning of every column into the database, where ``duckdb_columns()`` shows it."""
    for table, columns in _columns(con).items():
        for column, meaning in ((column, describe_column(table, column)) for column, _ in columns):
            con.execute(f"COMMENT ON COLUMN {table}.{column} IS {_quoted(meaning) if meaning else 'NULL'}")


def _section(table: str, grain: str, columns: list[tuple[str, str]]) -> str:
    rows = "\n".join(f"| `{name}` | {kind} | {describe_column(table, name)} |" for name, kind in columns)
    return f"### `{table}`\n\n{grain}\n\n| column | type | meaning |\n|---|---|---|\n{rows}\n"


def views_page(con: Connection, views: list[SqlView]) -> str:
    """The page ``docs/views.md``, from a published database."""
    columns = _columns(con)
    grains = table_grains() | {view.full_name: " ".join((view.grain, *view.notes)) for view in views}
    kinds = {
        "Cases of the KPIs": [view.full_name for view in views if view.schema == "kpi"],
        "Views": [view.full_name for view in views if view.schema == "verkeer"],
        "Reference tables": list(table_grains()),
    }
    parts = [HEAD]
    for title, names in kinds.items():
        parts += [f"## {title}\n", *(_section(name, grains[name], columns[name]) for name in sorted(names))]
    return "\n".join(parts)
