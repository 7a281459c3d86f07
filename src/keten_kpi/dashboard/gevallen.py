"""All that a dashboard asks of the cases of a KPI, from counts of them; those of one KPI are made at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING

from keten_kpi.codes import Alles, all_of_codes, counts_of_codes
from keten_kpi.kpi import (
    TEMPORARY,
    Kpi,
    Result,
    Selection,
    Telling,
    are_kept,
    as_of,
    case_relation,
    drop_counts,
    figure_counts,
    figures_from_counts,
    find_kpi,
    kept_cases,
    kept_counts,
    make_counts,
    serving,
)
from keten_kpi.toets import causes_per_gemeente, counts_of_causes, counts_of_work, work_per_gemeente

if TYPE_CHECKING:
    from collections import Counter

    from keten_kpi.database import Connection
    from keten_kpi.toets.oorzaak import Oorzaak

PRODUCTCODES = "productcode-afwijking"
FOLDER = resources.files("keten_kpi.dashboard")
DAYS = {"werkdagen": 2, "dagen": 1, "kalendermaanden": 31}  # at most
EENHEDEN = ("werkdagen", "dagen")  # in which a histogram is drawn
Groepering = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Norm:
    """What a time norm allows; the same for every message, or None is given instead of it."""

    waarde: int
    eenheid: str
    regelcode: str
    aan_zet: str

    @property
    def dagen(self) -> int:
        """Within so many days a case has had its term; for werkdagen with the weekends and a feast day."""
        return self.waarde * DAYS[self.eenheid]


@dataclass(frozen=True, slots=True)
class Duur:
    """How many cases of a gemeente took so long; None: not answered yet."""

    gemeente: str | None
    duur: int | None
    toestand: str
    aantal: int


@dataclass(frozen=True, slots=True)
class VanKpi:
    """What the cases of one KPI come to, exact: not to be shown as it is.

    ``codes`` are those of productcode-afwijking. All else but the tables is of a time norm: ``norm`` when it is one and
    the same for all, ``duren`` when it is in days, ``oorzaken`` and ``werk`` by gemeente.
    """

    tabellen: dict[Groepering, Result]
    norm: Norm | None = None
    duren: list[Duur] = field(default_factory=list)
    oorzaken: dict[str, tuple[Oorzaak, ...]] = field(default_factory=dict)
    werk: dict[str, Counter[str]] = field(default_factory=dict)
    codes: Alles | None = None


def counts_for(kpi: Kpi, pers: Sequence[Groepering]) -> tuple[Telling, ...]:
    """Everything that is counted of the cases of a KPI, to give its figures per each of these groupings."""
    if kpi.id == PRODUCTCODES:
        return (*figure_counts(kpi, (*pers, ())), *counts_of_codes())
    figures = figure_counts(kpi, pers)
    return (*figures, counts_of_causes(kpi), counts_of_work(kpi)) if kpi.norm else figures


def read_cases(con: Connection, kpi_id: str, pers: Sequence[Groepering], later: Sequence[Groepering] = ()) -> VanKpi:
    """Everything of one KPI, its figures per each of these groupings, from ``counts_for`` them.

    Where these were not kept they are made, and for that its cases are worked out once; only then with the figures per
    those in ``later`` too: else ``read_later`` gives each when it is asked for.
    """
    kpi = find_kpi(kpi_id)
    every = [*dict.fromkeys((*pers, *later))]
    tellingen = counts_for(kpi, every)
    with as_of(con, Selection()) as day:
        place = kept_counts(con)
        if place is not None and are_kept(con, tellingen, place):
            return _read(con, kpi, pers, Getelde(tellingen, place, day))
        try:
            _count(con, kpi, tellingen)
            return _read(con, kpi, every, Getelde(tellingen, TEMPORARY, day))
        finally:
            drop_counts(con, tellingen)


def read_later(con: Connection, kpi_id: str, pers: Sequence[Groepering], per: Groepering) -> Result:
    """The figures per one of the groupings that ``read_cases`` left for later, from counts of all of them."""
    kpi = find_kpi(kpi_id)
    with as_of(con, Selection()):
        return figures_from_counts(con, kpi, per, counts_for(kpi, pers), kept_counts(con) or TEMPORARY)


@dataclass(frozen=True, slots=True)
class Getelde:
    """Counts that can be read."""

    tellingen: tuple[Telling, ...]
    place: str
    peildatum: date | None


def _count(con: Connection, kpi: Kpi, tellingen: Sequence[Telling]) -> None:
    with kept_cases(con):
        cases = case_relation(con, kpi)
        for telling in tellingen:
            make_counts(con, telling, cases)


def _read(con: Connection, kpi: Kpi, pers: Sequence[Groepering], counts: Getelde) -> VanKpi:
    tables = {per: figures_from_counts(con, kpi, per, counts.tellingen, counts.place) for per in pers}
    if kpi.id == PRODUCTCODES:
        return VanKpi(tables, codes=_codes(con, kpi, counts))
    if kpi.norm is None:
        return VanKpi(tables)
    norm = _norm(con, kpi)
    durations = _durations(con, norm.eenheid, counts) if norm and norm.eenheid in EENHEDEN else []
    work = work_per_gemeente(con, counts.peildatum, kpi, counts.place) if counts.peildatum else {}
    return VanKpi(tables, norm, durations, causes_per_gemeente(con, kpi, counts.place), work)


def _codes(con: Connection, kpi: Kpi, counts: Getelde) -> Alles:
    whole = figures_from_counts(con, kpi, (), counts.tellingen, counts.place)
    messages = int(str(whole.rows[0][whole.columns.index("berichten")]))
    return all_of_codes(con, counts.peildatum, messages, counts.place)


def _norm(con: Connection, kpi: Kpi) -> Norm | None:
    query = (
        "SELECT DISTINCT waarde, eenheid, aan_zet, regelcode FROM verkeer.norm WHERE kpi = ? AND onderdeel = 'termijn'"
    )
    found = con.execute(query, [kpi.id]).fetchall()
    allowed = {(int(waarde), str(eenheid), str(aan_zet)) for waarde, eenheid, aan_zet, _ in found}
    if len(allowed) != 1:
        return None
    ((waarde, eenheid, aan_zet),) = allowed
    return Norm(waarde, eenheid, ", ".join(sorted({str(code) for *_, code in found})), aan_zet)


def _durations(con: Connection, eenheid: str, counts: Getelde) -> list[Duur]:
    """How long its cases took, the shortest first."""
    query = FOLDER.joinpath("verdeling.sql").read_text("utf-8")
    table = serving(counts.tellingen, ("gemeente",)).table(counts.place)
    counted = f"WITH keuze AS (SELECT *, {eenheid} AS duur FROM {table})"  # noqa: S608 - a table of ours
    return [Duur(*row) for row in con.execute(f"{counted}\n{query}").fetchall()]
