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
EENHEDEN = ("werkdagen", "dagen")  # in which a histogram is drawn
Groepering = tuple[str, ...]


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

    The last three are of a time norm: ``duren`` by unit, ``oorzaken`` and ``werk`` by gemeente.
    """

    tabellen: dict[Groepering, Result]
    duren: dict[str, list[Duur]] = field(default_factory=dict)
    oorzaken: dict[str, tuple[Oorzaak, ...]] = field(default_factory=dict)
    werk: dict[str, Counter[str]] = field(default_factory=dict)


def read_cases(con: Connection, kpi_id: str, pers: Sequence[Groepering]) -> VanKpi:
    """Everything of one KPI, its figures per each of these groupings; its cases are worked out once."""
    kpi = find_kpi(kpi_id)
    with kept_cases(con):
        found = VanKpi({per: compute(con, kpi_id, per=per) for per in pers})
        if kpi.norm is not None:
            found.duren.update({eenheid: _durations(con, kpi, eenheid) for eenheid in _units(con, kpi)})
            found.oorzaken.update(
                {gemeente: causes[kpi_id] for gemeente, causes in causes_per_gemeente(con, [kpi]).items()}
            )
            found.werk.update(_work(con, kpi))
    return found


def _units(con: Connection, kpi: Kpi) -> list[str]:
    """The units of its norm that days are counted in."""
    query = "SELECT DISTINCT eenheid FROM verkeer.norm WHERE kpi = ? AND onderdeel = 'termijn' ORDER BY eenheid"
    return [eenheid for (eenheid,) in con.execute(query, [kpi.id]).fetchall() if eenheid in EENHEDEN]


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
