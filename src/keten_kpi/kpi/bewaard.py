"""Keeps the cases of KPIs for who asks many figures of them: each KPI's cases are worked out once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.database import scalar
from keten_kpi.kpi.catalogue import Kpi

if TYPE_CHECKING:
    from keten_kpi.database import Connection

STAND = "keten_kpi_stand"  # the file with cases that were kept, in a connection that reads them from it
STAND_DAY = "gevallen_stand"  # a variable of the connection: the day that those are of
SWITCH = "gevallen_bewaren"  # a variable of the connection: what is kept, is kept in it and goes with it
PREFIX = "bewaard_"  # of temporary tables: `bewaard_<kpi>_<peildatum>`


def _tables(con: Connection) -> set[str]:
    """The names of what is kept now."""
    found = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'temp'").fetchall()
    return {str(name) for (name,) in found if str(name).startswith(PREFIX)}


def _variable(con: Connection, name: str) -> object:
    return scalar(con, f"SELECT getvariable('{name}')")


@contextmanager
def cases_from_stand(con: Connection, day: date | None) -> Iterator[None]:
    """Within it the cases as of this day are read from the database that is attached as ``STAND``; None: none are."""
    if day is None:
        yield
        return
    con.execute(f"SET VARIABLE {STAND_DAY} = DATE '{day}'")
    try:
        yield
    finally:
        con.execute(f"RESET VARIABLE {STAND_DAY}")


def kept_counts(con: Connection) -> str | None:
    """The schema with counts of the cases as of now that were kept; None: there is none."""
    day = _variable(con, STAND_DAY)
    is_of_now = day is not None and day == scalar(con, "SELECT peildatum FROM verkeer.peildatum")
    return f"{STAND}.tellingen" if is_of_now else None


@contextmanager
def kept_cases(con: Connection) -> Iterator[None]:
    """Within it a KPI's cases are worked out at their first use and kept, for each peildatum that is asked for.

    For who asks many figures of a database that does not change meanwhile, read only or not: in the end nothing is
    left. What is asked outside it, or over another connection, is worked out from the messages each time.
    """
    if _variable(con, SWITCH):
        yield
        return
    con.execute(f"SET VARIABLE {SWITCH} = TRUE")
    try:
        yield
    finally:
        con.execute(f"RESET VARIABLE {SWITCH}")
        for name in _tables(con):
            con.execute(f'DROP TABLE temp."{name}"')


def case_relation(con: Connection, kpi: Kpi) -> str:
    """What to read a KPI's cases from, as of now: within ``kept_cases`` a table, made when it is not there yet."""
    kept, day = _variable(con, SWITCH), _variable(con, STAND_DAY)
    if not kept and day is None:
        return kpi.view
    peildatum = scalar(con, "SELECT peildatum FROM verkeer.peildatum")
    if day is not None and day == peildatum:
        return f"{STAND}.gevallen.{kpi.name}"
    if not kept:
        return kpi.view
    name = f"{PREFIX}{kpi.name}_{peildatum}"
    if name not in _tables(con):
        con.execute(f'CREATE TEMP TABLE "{name}" AS SELECT * FROM {kpi.view}')  # noqa: S608 - a name of ours
    return f'temp."{name}"'
