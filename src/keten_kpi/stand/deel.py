"""A part of a database, in memory: the messages that have a say in what a new day touches, under the views of all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from keten_kpi.kpi import kpi_views
from keten_kpi.views import STORED, SqlView, build_order, install_functions, read_views, references

if TYPE_CHECKING:
    from datetime import date

    from keten_kpi.database import Connection

FOLDER = resources.files("keten_kpi.stand")
BERICHTEN = "keten_kpi_berichten"  # the database, in a connection that writes its stand
DEEL = "keten_kpi_deel"
BY_LINE = ("prestatie",)  # a declaratie has lines of many clients, of which few have a say


def _queries(folder: Traversable, prefix: str = "") -> list[SqlView]:
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [SqlView("temp", prefix + file.name.removesuffix(".sql"), file.read_text("utf-8")) for file in files]


def read_rules() -> list[SqlView]:
    """The queries that tell what a new day touches, and what has a say in that."""
    return [*_queries(FOLDER / "geraakt"), *_queries(FOLDER / "gevallen", "gevallen_")]


def read_sleutels() -> list[SqlView]:
    """The queries that give messages the numbers by which they are found: those after `stand_bericht_nr`.

    What is found by a number is only what must be read: the keys that it was made of decide.
    """
    return _queries(FOLDER / "sleutels")


def read_lopend() -> str:
    """The cases that nobody answered yet, as the KPI's own SQL gave them, from ``bewaard``."""
    return FOLDER.joinpath("lopend.sql").read_text("utf-8")


def number_all(con: Connection, own: str) -> None:
    """Makes a table for each file of ``sleutels`` in a stand, of all messages."""
    con.execute("SET VARIABLE stand_bericht_nr = 0")
    con.execute(f"CREATE SCHEMA {own}.sleutels")
    for query in read_sleutels():
        con.execute(f"CREATE TABLE {own}.sleutels.{query.name} AS\n{query.select}")


def _number_new(con: Connection, own: str) -> None:
    """Leaves those of the new messages in ``nieuwe_<name>``; with those that were kept they are ``stand_<name>``."""
    for query in read_sleutels():
        name = query.name
        con.execute(f"CREATE TEMP TABLE nieuwe_{name} AS\n{query.select}")
        both = f"FROM {own}.sleutels.{name} UNION ALL FROM temp.nieuwe_{name}"
        con.execute(f"CREATE TEMP VIEW stand_{name} AS {both}")


def follow_keys(con: Connection, own: str, tot: int, dag: date) -> None:
    """Makes a temporary table for each file of ``geraakt`` and ``gevallen``: what is touched since, and what has a say.

    Args:
        con: looks names up in the database; the cases that were kept are its temporary views ``stand_<kpi>``.
        own: the name of the stand in SQL.
        tot: the last bericht_nr that it knows.
        dag: the day that its cases are of.
    """
    con.execute(f"SET VARIABLE stand_bericht_nr = {tot}")
    _number_new(con, own)
    con.execute(f"SET VARIABLE stand_dag = DATE '{dag}'")
    for query in build_order(con, read_rules()):
        con.execute(f"CREATE TEMP TABLE {query.name} AS\n{query.select}")


@contextmanager
def in_part(con: Connection) -> Iterator[None]:
    """Within it every view of the database answers from the messages that have a say alone."""
    con.execute(f"ATTACH ':memory:' AS {DEEL}")
    con.execute(f"USE {DEEL}")
    try:
        _fill(con)
        yield
    finally:
        con.execute(f"USE {BERICHTEN}")
        con.execute(f"DETACH {DEEL}")


def _tables(con: Connection, schema: str) -> list[tuple[str, bool]]:
    """The tables of a schema of the database, and of each whether its rows are of messages."""
    found = con.execute(
        "SELECT table_name, bool_or(column_name = 'bericht_nr') FROM duckdb_columns() "
        "WHERE database_name = ? AND schema_name = ? "
        "AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = ?) "
        "GROUP BY table_name ORDER BY table_name",
        [BERICHTEN, schema, BERICHTEN, schema],
    )
    return [(str(name), bool(of_messages)) for name, of_messages in found.fetchall()]


def _fill(con: Connection) -> None:
    """Rows of messages are copied for those that have a say; whatever else there is, is read where it is."""
    for schema in ("bron", "verkeer", "kpi"):
        con.execute(f"CREATE SCHEMA {schema}")
        for table, of_messages in _tables(con, schema):
            source = f"SELECT deel.* FROM {BERICHTEN}.{schema}.{table} AS deel"
            name = f"{schema}.{table}"
            if table in BY_LINE:
                con.execute(f"CREATE TABLE {name} AS {source} SEMI JOIN temp.deel_{table} USING (bericht_nr, regel_nr)")
            elif of_messages:
                con.execute(f"CREATE TABLE {name} AS {source} SEMI JOIN temp.deel_bericht USING (bericht_nr)")
            else:
                con.execute(f"CREATE VIEW {name} AS {source}")
    install_functions(con)
    views = build_order(con, [*read_views(), *kpi_views()])
    read = set().union(*(references(con, view.select) for view in views)) - set(STORED)
    for view in views:
        if view.schema == "kpi":
            con.execute(f"CREATE VIEW {view.full_name} AS\n{view.select}")
        elif view.full_name in read:  # a table: several read it, and each would plan a view anew
            con.execute(f"CREATE TABLE {view.full_name} AS\n{view.select}")
