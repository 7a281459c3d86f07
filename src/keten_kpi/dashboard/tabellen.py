"""Which tables of a KPI are published, by all editions together: whoever shows a table declares it here.

They are protected together, for a reader may lay them side by side, those of other editions too. More tables hide more
counts of each: declare what a page shows and no more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from keten_kpi.dashboard.gevallen import Groepering, VanKpi, counts_for, read_cases, read_later
from keten_kpi.dashboard.namen import Namen, read_namen
from keten_kpi.database import scalar
from keten_kpi.disclosure import protect_beside, protect_together
from keten_kpi.kpi import Result, Telling, find_kpi, list_kpis

if TYPE_CHECKING:
    from keten_kpi.database import Connection

Row = dict[str, object]

HOOFDCIJFERS = ("doorlooptijd-toewijzing", "productcode-afwijking")
ALTIJD: tuple[Groepering, ...] = ((), ("wet",), ("gemeente",))
"""Of every KPI: the country, per wet, and each gemeente on its own page."""

NORM: tuple[Groepering, ...] = (("maand",),)
"""Of every time norm: its trend."""

DAARBIJ: dict[str, tuple[Groepering, ...]] = {
    "doorlooptijd-toewijzing": (("jeugdregio",), ("gemeente", "maand"), ("aanbieder",)),
    "productcode-afwijking": (("maand",), ("jeugdregio",), ("gemeente", "maand"), ("aanbieder",)),
    "berichtvolume": (("berichttype",),),
}
"""Of these KPIs more. No three dimensions may stand in pairs (a, b), (b, c), (a, c): such tables tell too much."""


GEDEELD: tuple[Groepering, ...] = ((), ("wet",), ("jeugdregio",))
"""Of these the edition of a gemeente shows tables that others are in too."""


def samen(kpi_id: str) -> tuple[Groepering, ...]:
    """Everything of this KPI that is published together."""
    return (*ALTIJD, *(NORM if find_kpi(kpi_id).norm else ()), *DAARBIJ.get(kpi_id, ()))


def naast(kpi_id: str) -> list[Groepering]:
    """What must be known of it to tell which counts hold few others than the gemeente that reads them."""
    return [("gemeente", *per) for per in samen(kpi_id) if per in GEDEELD]


def alles_van(kpi_id: str) -> tuple[Groepering, ...]:
    """Every grouping of this KPI that a dashboard asks for."""
    return (*dict.fromkeys((*samen(kpi_id), *naast(kpi_id))),)


def all_counts() -> dict[str, tuple[Telling, ...]]:
    """Of each KPI all that must be counted of its cases for a dashboard."""
    return {kpi.id: counts_for(kpi, alles_van(kpi.id)) for kpi in list_kpis()}


def rows_by_name(found: Result) -> list[Row]:
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


@dataclass(slots=True)
class Tabellen:
    """The declared tables, protected; made once for all editions of a database."""

    con: Connection
    minimum: int
    _gemeenten: dict[tuple[object, ...], set[object]] = field(default_factory=dict)
    namen: Namen = field(init=False)
    _rijen: dict[tuple[str, Groepering], list[Row]] = field(default_factory=dict)
    _per_gemeente: dict[tuple[str, Groepering], dict[str, list[Row]]] = field(default_factory=dict)
    _gevallen: dict[str, VanKpi] = field(default_factory=dict)
    _eerste: str | None = None
    _kept: dict[str, dict[Groepering, Result]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.namen = read_namen(self.con)

    def tabel(self, kpi_id: str, per: Groepering) -> Result:
        """Figures per group, protected.

        Raises:
            KeyError: the table is not declared.
        """
        if kpi_id not in self._kept:
            self._kept[kpi_id] = self._protected(kpi_id)
        return self._kept[kpi_id][per]

    def rijen(self, kpi_id: str, per: Groepering) -> list[Row]:
        """The same table, its rows by name."""
        if (kpi_id, per) not in self._rijen:
            self._rijen[kpi_id, per] = rows_by_name(self.tabel(kpi_id, per))
        return self._rijen[kpi_id, per]

    def per_gemeente(self, kpi_id: str, per: Groepering) -> dict[str, list[Row]]:
        """The rows of each gemeente."""
        if (kpi_id, per) not in self._per_gemeente:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self.rijen(kpi_id, per):
                found[str(row["gemeente"])].append(row)
            self._per_gemeente[kpi_id, per] = found
        return self._per_gemeente[kpi_id, per]

    def naast(self, kpi_id: str, per: Groepering, gemeente: str) -> Result:
        """The same for a gemeente that knows its own cases: also without what the others would be too few in."""
        found = self.tabel(kpi_id, per)
        if not self.minimum:
            return found
        wider = self.exact(kpi_id, ("gemeente", *per))
        own = replace(wider, columns=wider.columns[1:], rows=[row[1:] for row in wider.rows if row[0] == gemeente])
        return protect_beside(found, self.exact(kpi_id, per), own, self.minimum)

    def anderen(self, kpi_id: str, gemeente: str, **waarde: str) -> int:
        """How many other gemeenten have cases, where the dimension that is named has this value."""
        key = (kpi_id, *waarde.items())
        if key not in self._gemeenten:
            rows = self.exact(kpi_id, ("gemeente", *waarde)).rows
            wanted = tuple(waarde.values())
            self._gemeenten[key] = {row[0] for row in rows if row[1 : 1 + len(wanted)] == wanted}
        return len(self._gemeenten[key] - {gemeente, None})

    def gevallen(self, kpi_id: str) -> VanKpi:
        """What the cases of a KPI come to: not to be shown as it is."""
        if kpi_id not in self._gevallen:
            self._gevallen[kpi_id] = read_cases(self.con, kpi_id, samen(kpi_id), naast(kpi_id))
        return self._gevallen[kpi_id]

    def exact(self, kpi_id: str, per: Groepering) -> Result:
        """The figures as they are: not to be shown."""
        found = self.gevallen(kpi_id).tabellen
        if per not in found:  # only the edition of a gemeente asks for some
            found[per] = read_later(self.con, kpi_id, alles_van(kpi_id), per)
        return found[per]

    @property
    def eerste_maand(self) -> str:
        """The month of the first message, as 2020-02: of what began before, mostly what is late is known."""
        if self._eerste is None:
            self._eerste = str(scalar(self.con, "SELECT strftime(MIN(verzend_dag), '%Y-%m') FROM verkeer.verzending"))
        return self._eerste

    def gemeenten(self) -> list[str]:
        """The codes of all gemeenten that a headline figure has cases of."""
        found = [self.exact(kpi, ("gemeente",)) for kpi in HOOFDCIJFERS]
        return sorted({str(row[0]) for result in found for row in result.rows if row[0] is not None})

    def _protected(self, kpi_id: str) -> dict[Groepering, Result]:
        """All declared tables of a KPI."""
        pers = samen(kpi_id)
        found = [self.exact(kpi_id, per) for per in pers]
        if self.minimum:
            found = protect_together(found, self.minimum, above={"gemeente": ("jeugdregio", self._jeugdregio())})
        return dict(zip(pers, found, strict=True))

    def _jeugdregio(self) -> dict[object, object]:
        """Of each gemeente that ever was: as the cases of a KPI have it."""
        return dict(self.con.execute("SELECT gemeente, jeugdregio FROM verkeer.gemeente").fetchall())
