"""All that a dashboard asks of the cases of a KPI, asked in one go: only the cases of one KPI are kept at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

from keten_kpi.kpi import Kpi, Result, Selection, as_of, case_relation, compute, find_kpi, kept_cases
from keten_kpi.toets import causes_per_gemeente, work_per_gemeente

if TYPE_CHECKING:
    from collections import Counter

    from keten_kpi.database import Connection
    from keten_kpi.toets.oorzaak import Oorzaak

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

    All but the tables are of a time norm: ``norm`` when it is one and the same for all, ``duren`` when it is in days,
    ``oorzaken`` and ``werk`` by gemeente.
    """

    tabellen: dict[Groepering, Result]
    norm: Norm | None = None
    duren: list[Duur] = field(default_factory=list)
    oorzaken: dict[str, tuple[Oorzaak, ...]] = field(default_factory=dict)
    werk: dict[str, Counter[str]] = field(default_factory=dict)


def read_cases(con: Connection, kpi_id: str, pers: Sequence[Groepering]) -> VanKpi:
    """Everything of one KPI, its figures per each of these groupings; its cases are worked out once."""
    kpi = find_kpi(kpi_id)
    with kept_cases(con):
        tables = {per: compute(con, kpi_id, per=per) for per in pers}
        if kpi.norm is None:
            return VanKpi(tables)
        norm = _norm(con, kpi)
        durations = _durations(con, kpi, norm.eenheid) if norm and norm.eenheid in EENHEDEN else []
        causes = {gemeente: found[kpi_id] for gemeente, found in causes_per_gemeente(con, [kpi]).items()}
        return VanKpi(tables, norm, durations, causes, _work(con, kpi))


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


def _durations(con: Connection, kpi: Kpi, eenheid: str) -> list[Duur]:
    """How long its cases took, the shortest first."""
    query = FOLDER.joinpath("verdeling.sql").read_text("utf-8")
    with as_of(con, Selection()):
        cases = f"WITH gevallen AS (SELECT *, {eenheid} AS duur FROM {case_relation(con, kpi)})"  # noqa: S608
        return [Duur(*row) for row in con.execute(f"{cases}\n{query}").fetchall()]


def _work(con: Connection, kpi: Kpi) -> dict[str, Counter[str]]:
    with as_of(con, Selection()) as day:
        known = day
    return work_per_gemeente(con, known, [kpi]) if known else {}
