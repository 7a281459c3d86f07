"""The tables of the left half: ``bron`` follows from the mapping, ``beheer`` from ``beheer.sql``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import TYPE_CHECKING

from keten_kpi.database import LAYOUT
from keten_kpi.shred.mapping import Table, load_mapping

if TYPE_CHECKING:
    from keten_kpi.database import Connection


def _create_table(table: Table) -> str:
    columns = [*table.key_columns, *((column.name, column.sql_type) for column in table.columns)]
    body = "\n  , ".join(f"{name} {sql_type}" for name, sql_type in columns)
    return f"CREATE TABLE IF NOT EXISTS bron.{table.name} (\n    {body}\n)"


def table_statements() -> Iterator[str]:
    """SQL that makes every table of ``bron`` and ``beheer`` where it is not there yet."""
    yield resources.files("keten_kpi.load").joinpath("beheer.sql").read_text("utf-8")
    for table in load_mapping().tables:
        yield _create_table(table)


def create_tables(con: Connection) -> None:
    """Makes the tables of the left half, and notes their layout; leaves existing ones alone."""
    for statement in table_statements():
        con.execute(statement)
    con.execute("INSERT OR IGNORE INTO beheer.kenmerk VALUES ('indeling', ?)", [LAYOUT])
