"""Figures of a KPI and the cases behind them, from a published database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.errors import UsageError
from keten_kpi.kpi.bewaard import case_relation
from keten_kpi.kpi.catalogue import Ding, Grondslag, Kpi, find_kpi

if TYPE_CHECKING:
    from keten_kpi.database import Connection

DIMENSIONS = ("gemeente", "aanbieder", "wet", "maand", "jeugdregio", "release", "berichttype")
WETTEN = ("Jw", "Wmo")
INDELING = 2026  # of the gemeenten in ``verkeer.gemeente``
GEMEENTE = re.compile(r"\d{4}")
NO_COUNT = ("aandeel_", "mediaan_", "p90_", "gemiddeld")  # figures that do not exist without cases
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
    indeling: int | None = None  # of which year the gemeenten are; None: the codes in the messages


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of a figure or of its evidence. ``peildatum`` is None when no message is known."""

    kpi: Kpi
    peildatum: date | None
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]

    @property
    def kop(self) -> dict[str, object]:
        """What stands above the rows in JSON."""
        return {"kpi": self.kpi.id, "peildatum": self.peildatum}


def parse_day(text: str, option: str) -> date:
    """A date as typed after ``option``.

    Raises:
        UsageError: it is no date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text} is no date.", "Write it as 2024-12-31.") from None


def _check_dimensions(kpi: Kpi, per: Sequence[str]) -> None:
    known = (*DIMENSIONS, *kpi.eigen_dimensies)
    for name in per:
        if name not in known:
            raise UsageError(f"There is no dimension {name}.", f"Choose from {', '.join(known)}.")
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
    if selection.indeling not in (None, INDELING):
        raise UsageError(f"There is no indeling {selection.indeling}.", f"Choose {INDELING}, or leave it out.")
    if selection.peildatum:
        _check_peildatum(con, selection.peildatum)


def _check_peildatum(con: Connection, day: date) -> None:
    row = con.execute("SELECT min(dag), max(dag) FROM verkeer.kalender").fetchone()
    first, last = row or (None, None)
    if first is None or last is None or not first <= day <= last:
        raise UsageError(f"The peildatum {day} lies outside the calendar.", f"Choose a day from {first} to {last}.")


@contextmanager
def _clock(con: Connection, peildatum: date | None, vandaag: date | None) -> Iterator[None]:
    """Within it the view ``verkeer.peildatum`` answers for these days.

    None is its default, looked up once; but within another clock what does not name a day is of that one's day.
    """
    before = {name: _day(con, name) for name in ("vandaag", "peildatum")}
    if before["peildatum"] and not (peildatum or vandaag):
        yield
        return
    try:
        _set_day(con, "vandaag", vandaag)
        _set_day(con, "peildatum", peildatum)
        _set_day(con, "peildatum", _peildatum(con))
        yield
    finally:
        for name, day in before.items():
            _set_day(con, name, day)


def _day(con: Connection, name: str) -> date | None:
    row = con.execute(f"SELECT CAST(getvariable('{name}') AS DATE)").fetchone()
    return row[0] if row else None


def _set_day(con: Connection, name: str, day: date | None) -> None:
    con.execute(f"SET VARIABLE {name} = DATE '{day}'" if day else f"RESET VARIABLE {name}")


def _conditions(selection: Selection) -> tuple[str, list[object]]:
    wanted = {
        "wet = ?": selection.wet,
        f"{_gemeente(selection)} = ?": selection.gemeente,
        "aanbieder = ?": selection.aanbieder,
        "start_dag >= ?": selection.van,
        "start_dag <= ?": selection.tot,
    }
    given = {condition: value for condition, value in wanted.items() if value is not None}
    return " AND ".join(given) or "TRUE", list(given.values())


def _gemeente(selection: Selection) -> str:
    """The column that says of which gemeente a case is."""
    return "gemeente" if selection.indeling is None else "gemeente_nu"


def _cases(relation: str, selection: Selection) -> str:
    """Cases as a relation; with an indeling also the gemeente that each is of now."""
    if selection.indeling is None:
        return relation
    return (
        f"(SELECT geval.*, coalesce(nu.gemeente_2026, geval.gemeente) AS gemeente_nu FROM {relation} AS geval "  # noqa: S608
        "LEFT JOIN verkeer.gemeente AS nu ON geval.gemeente = nu.gemeente) AS geval"
    )


def group(per: Sequence[str], selection: Selection) -> str:
    """The expression of a group: one value of these dimensions."""
    columns = {name: _gemeente(selection) if name == "gemeente" else name for name in per}
    return f"struct_pack({', '.join(f'{name} := {column}' for name, column in columns.items())})" if per else "'alles'"


def _keuze(kpi: Kpi, relation: str, per: Sequence[str], selection: Selection | None = None) -> str:
    """``noemer`` is the group without the KPI's own dimensions: what the cases in ``groep`` are a share of."""
    chosen = selection or Selection()
    shared = [name for name in per if name not in kpi.eigen_dimensies]
    divided = str(len(shared) < len(per)).upper()
    groups = f"{group(per, chosen)} AS groep, {group(shared, chosen)} AS noemer, {divided} AS is_uitgesplitst"
    return f"SELECT *, {groups} FROM {relation}"  # noqa: S608


def _figures(kpi: Kpi, relations: Mapping[str, str]) -> str:
    """What a kind makes of what it reads."""
    parts = "\n\n, ".join(f"{name} AS (\n{select}\n)" for name, select in relations.items())
    return f"WITH {parts}\n\nSELECT * FROM (\n{kpi.soort.cijfers}\n) AS cijfer"


def figures_select(
    kpi: Kpi, per: Sequence[str], where: str, selection: Selection | None = None, *, relation: str | None = None
) -> str:
    """The query of a figure: the chosen cases, and what their kind makes of them.

    ``relation`` is what the cases are read from, when it is not the KPI's own view.
    """
    cases = _cases(relation or kpi.view, selection or Selection())
    one_each = f"(SELECT *, 1 AS aantal FROM {cases} WHERE {where}) AS geval"  # noqa: S608
    things = {basis.naam: _things(basis, basis.ding) for basis in kpi.soort.grondslag if basis.ding}
    return _figures(kpi, {"keuze": _keuze(kpi, one_each, per, selection), **things})


def _things(basis: Grondslag, ding: Ding) -> str:
    """What the cases in `keuze` are about, each once."""
    keys = "".join(f", {name}" for name in ding.sleutel)
    judged = "".join(f", {expression} AS {name}" for name, expression in ding.oordeel.items())
    sums = "".join(f", {name}" for name in basis.som)
    return f"SELECT groep{keys}{judged}, 1 AS aantal{sums} FROM (\n{ding.select}\n) AS ding"  # noqa: S608


def counted_select(kpi: Kpi, per: Sequence[str], tables: Mapping[str, str]) -> str:
    """The query of a figure of all cases, from the tables in which they are counted, one per basis of its kind."""
    return _figures(kpi, {name: _keuze(kpi, table, per) for name, table in tables.items()})


def _grouped(per: Sequence[str], columns: Sequence[str], query: str) -> str:
    picked = [*(f"groep.{name} AS {name}" for name in per), *columns]
    order = ", ".join(f"groep.{name} NULLS LAST" for name in per)
    return f"SELECT {', '.join(picked)} FROM ({query}) AS cijfer ORDER BY {order}"  # noqa: S608


def _total(columns: Sequence[str], query: str) -> str:
    """One row, also when there is no case at all: counts are 0 then, shares and durations NULL."""
    picked = [name if name.startswith(NO_COUNT) else f"coalesce({name}, 0) AS {name}" for name in columns]
    return f"SELECT {', '.join(picked)} FROM (SELECT 1 AS een) AS een LEFT JOIN ({query}) AS cijfer ON TRUE"  # noqa: S608


def _peildatum(con: Connection) -> date | None:
    row = con.execute("SELECT peildatum FROM verkeer.peildatum").fetchone()
    return row[0] if row else None


@contextmanager
def as_of(con: Connection, selection: Selection, vandaag: date | None = None) -> Iterator[date | None]:
    """Within it every view answers for this selection's peildatum, which it gives; None when no message is known.

    Raises:
        UsageError: the selection cannot be meant.
    """
    _check_selection(con, selection)
    with _clock(con, selection.peildatum, vandaag):
        yield _peildatum(con)


def compute(
    con: Connection,
    kpi_id: str,
    *,
    per: Sequence[str] | None = (),
    selection: Selection | None = None,
    vandaag: date | None = None,
) -> Result:
    """The figures of a KPI: a row per group, sorted by the dimensions; with an empty ``per`` one row.

    With None the groups are those that the KPI shows by itself (``standaard_per``).

    Raises:
        UsageError: no such KPI, dimension, wet, or day.
    """
    kpi, selection = find_kpi(kpi_id), selection or Selection()
    per = kpi.standaard_per if per is None else per
    _check_dimensions(kpi, per)
    _check_selection(con, selection)
    where, values = _conditions(selection)
    with _clock(con, selection.peildatum, vandaag):
        return grouped(
            con, kpi, per, figures_select(kpi, per, where, selection, relation=case_relation(con, kpi)), values
        )


def grouped(con: Connection, kpi: Kpi, per: Sequence[str], query: str, values: Sequence[object] = ()) -> Result:
    """The figures that a query gives, as of now: a row per group; with an empty ``per`` one row."""
    columns = tuple(kpi.cijfers)
    statement = _grouped(per, columns, query) if per else _total(columns, query)
    rows = con.execute(statement, [*values]).fetchall()
    return Result(kpi, _peildatum(con), (*per, *columns), rows)


def violations(
    con: Connection,
    kpi_id: str,
    *,
    selection: Selection | None = None,
    alle: bool = False,
    vandaag: date | None = None,
) -> Result:
    """The cases behind a KPI: those that break the norm or deviate; with ``alle`` all, and why one does not count.

    Message ids are text. Sorted by wet, gemeente, aanbieder, start day and case, then by all else.
    """
    kpi, selection = find_kpi(kpi_id), selection or Selection()
    _check_selection(con, selection)
    where, values = _conditions(selection)
    soort = kpi.soort
    columns = (*kpi.bewijs, *(soort.bewijs_alle if alle else ()))
    picked = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" if name.endswith("_id") else name for name in columns)
    condition = where if alle else f"{where} AND {soort.overtreding}"
    first = ("wet", "gemeente", "aanbieder", "start_dag", "geval_id")
    order = ", ".join([*first, *(name for name in columns if name not in first)])  # a case may have several rows
    with _clock(con, selection.peildatum, vandaag):
        cases = _cases(case_relation(con, kpi), selection)
        statement = f"SELECT {picked} FROM {cases} WHERE {condition} ORDER BY {order}"  # noqa: S608
        return Result(kpi, _peildatum(con), columns, con.execute(statement, values).fetchall())
