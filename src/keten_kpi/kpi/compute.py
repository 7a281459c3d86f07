"""Figures of a KPI and the cases behind them, from a published database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.errors import UsageError
from keten_kpi.kpi.catalogue import Kpi, find_kpi

if TYPE_CHECKING:
    from keten_kpi.database import Connection

DIMENSIONS = ("gemeente", "aanbieder", "wet", "maand", "jeugdregio", "release", "berichttype")
WETTEN = ("Jw", "Wmo")
GEMEENTE = re.compile(r"\d{4}")
AANBIEDER = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases a figure is about. ``van`` and ``tot`` are on the day that starts the case's clock, inclusive."""

    wet: str | None = None
    gemeente: str | None = None
    aanbieder: str | None = None
    van: date | None = None
    tot: date | None = None
    peildatum: date | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of a figure or of its evidence. ``peildatum`` is None when no message is known."""

    kpi: Kpi
    peildatum: date | None
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


def parse_day(text: str, option: str) -> date:
    """A date as typed after ``option``.

    Raises:
        UsageError: it is no date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text} is no date.", "Write it as 2024-12-31.") from None


def _check_dimensions(per: Sequence[str]) -> None:
    for name in per:
        if name not in DIMENSIONS:
            raise UsageError(f"There is no dimension {name}.", f"Choose from {', '.join(DIMENSIONS)}.")
    if len(set(per)) < len(per):
        raise UsageError("A dimension is named twice.", "Name each dimension once.")


def _check_selection(con: Connection, selection: Selection) -> None:
    if selection.wet is not None and selection.wet not in WETTEN:
        raise UsageError(f"There is no wet {selection.wet}.", f"Choose {' or '.join(WETTEN)}.")
    if selection.gemeente is not None and not GEMEENTE.fullmatch(selection.gemeente):
        raise UsageError(f"{selection.gemeente} is no gemeente code.", "Give the CBS code of 4 digits, such as 0384.")
    if selection.aanbieder is not None and not AANBIEDER.fullmatch(selection.aanbieder):
        raise UsageError(f"{selection.aanbieder} is no AGB code.", "Give the AGB code of 8 digits.")
    if selection.van and selection.tot and selection.van > selection.tot:
        raise UsageError(f"--van {selection.van} lies after --tot {selection.tot}.", "Turn them round.")
    if selection.peildatum:
        _check_peildatum(con, selection.peildatum)


def _check_peildatum(con: Connection, day: date) -> None:
    row = con.execute("SELECT min(dag), max(dag) FROM keten.kalender").fetchone()
    first, last = row or (None, None)
    if first is None or last is None or not first <= day <= last:
        raise UsageError(f"The peildatum {day} lies outside the calendar.", f"Choose a day from {first} to {last}.")


@contextmanager
def _clock(con: Connection, peildatum: date | None, vandaag: date | None) -> Iterator[None]:
    """Within it the view ``keten.peildatum`` answers for these days; None leaves its default."""
    days = {"peildatum": peildatum, "vandaag": vandaag}
    for name, day in days.items():
        con.execute(f"SET VARIABLE {name} = {f'DATE {day.isoformat()!r}' if day else 'CAST(NULL AS DATE)'}")
    try:
        yield
    finally:
        for name in days:
            con.execute(f"RESET VARIABLE {name}")


def _conditions(selection: Selection) -> tuple[str, list[object]]:
    wanted = {
        "wet = ?": selection.wet,
        "gemeente = ?": selection.gemeente,
        "aanbieder = ?": selection.aanbieder,
        "start_dag >= ?": selection.van,
        "start_dag <= ?": selection.tot,
    }
    given = {condition: value for condition, value in wanted.items() if value is not None}
    return " AND ".join(given) or "TRUE", list(given.values())


def _keuze(kpi: Kpi, per: Sequence[str], where: str) -> str:
    group = f"struct_pack({', '.join(f'{name} := {name}' for name in per)})" if per else "'alles'"
    return f"SELECT *, {group} AS groep FROM {kpi.view} WHERE {where}"  # noqa: S608


def figures_select(kpi: Kpi, per: Sequence[str], where: str) -> str:
    """The query of a figure: the chosen cases, and what their kind makes of them."""
    return f"WITH keuze AS (\n{_keuze(kpi, per, where)}\n)\n\nSELECT * FROM (\n{kpi.soort.cijfers}\n) AS cijfer"  # noqa: S608


def _figure_columns(con: Connection, kpi: Kpi, query: str, values: list[object]) -> dict[str, str]:
    """Name and type of the figures that this KPI has."""
    found = con.execute(f"DESCRIBE {query}", values).fetchall()
    absent = {"groep", *kpi.soort.kan_ontbreken} - set(kpi.uitkomsten)
    return {name: sql_type for name, sql_type, *_ in found if name not in absent}


def _grouped(per: Sequence[str], columns: dict[str, str], query: str) -> str:
    picked = [*(f"groep.{name} AS {name}" for name in per), *columns]
    order = ", ".join(f"groep.{name} NULLS LAST" for name in per)
    return f"SELECT {', '.join(picked)} FROM ({query}) AS cijfer ORDER BY {order}"  # noqa: S608


def _total(columns: dict[str, str], query: str) -> str:
    """One row, also when there is no case at all: counts are 0 then, shares NULL."""
    picked = [f"coalesce({name}, 0) AS {name}" if kind == "BIGINT" else name for name, kind in columns.items()]
    return f"SELECT {', '.join(picked)} FROM (SELECT 1 AS een) AS een LEFT JOIN ({query}) AS cijfer ON TRUE"  # noqa: S608


def _peildatum(con: Connection) -> date | None:
    row = con.execute("SELECT peildatum FROM keten.peildatum").fetchone()
    return row[0] if row else None


def compute(
    con: Connection,
    kpi_id: str,
    *,
    per: Sequence[str] = (),
    selection: Selection | None = None,
    vandaag: date | None = None,
) -> Result:
    """The figures of a KPI: a row per group, sorted by the dimensions; without ``per`` one row.

    Raises:
        UsageError: no such KPI, dimension, wet, or day.
    """
    kpi, selection = find_kpi(kpi_id), selection or Selection()
    _check_dimensions(per)
    _check_selection(con, selection)
    where, values = _conditions(selection)
    query = figures_select(kpi, per, where)
    with _clock(con, selection.peildatum, vandaag):
        columns = _figure_columns(con, kpi, query, values)
        statement = _grouped(per, columns, query) if per else _total(columns, query)
        rows = con.execute(statement, values).fetchall()
        return Result(kpi, _peildatum(con), (*per, *columns), rows)


def violations(
    con: Connection,
    kpi_id: str,
    *,
    selection: Selection | None = None,
    alle: bool = False,
    vandaag: date | None = None,
) -> Result:
    """The cases behind a KPI: those that break the norm or deviate; with ``alle`` every case, and why it does not count.

    Message ids are text. Sorted by wet, gemeente, aanbieder, start day and case.
    """
    kpi, selection = find_kpi(kpi_id), selection or Selection()
    _check_selection(con, selection)
    where, values = _conditions(selection)
    soort = kpi.soort
    columns = (*soort.bewijs, *(soort.bewijs_alle if alle else ()))
    picked = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" if name.endswith("_id") else name for name in columns)
    condition = where if alle else f"{where} AND {soort.overtreding}"
    statement = f"SELECT {picked} FROM {kpi.view} WHERE {condition} ORDER BY wet, gemeente, aanbieder, start_dag, geval_id"  # noqa: S608
    with _clock(con, selection.peildatum, vandaag):
        return Result(kpi, _peildatum(con), columns, con.execute(statement, values).fetchall())
