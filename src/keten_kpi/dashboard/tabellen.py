"""Which tables of a KPI are published, by all editions together: whoever shows a table declares it here.

They are protected together, for a reader may lay them side by side, those of other editions too. More tables hide more
counts of each: declare what a page shows and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from keten_kpi.disclosure import protect_together
from keten_kpi.kpi import Result, compute

if TYPE_CHECKING:
    from keten_kpi.database import Connection

Groepering = tuple[str, ...]

ALTIJD: tuple[Groepering, ...] = ((), ("wet",), ("gemeente",))
"""Of every KPI: the country, per wet, and each gemeente on its own page."""

DAARBIJ: dict[str, tuple[Groepering, ...]] = {
    "doorlooptijd-toewijzing": (("maand",), ("jeugdregio",), ("gemeente", "maand"), ("aanbieder",)),
    "productcode-afwijking": (("maand",), ("jeugdregio",), ("gemeente", "maand"), ("aanbieder",)),
    "berichtvolume": (("berichttype",),),
}
"""Of these KPIs more. No three dimensions may stand in pairs (a, b), (b, c), (a, c): such tables tell too much."""


def samen(kpi_id: str) -> tuple[Groepering, ...]:
    """Everything of this KPI that is published together."""
    return (*ALTIJD, *DAARBIJ.get(kpi_id, ()))


@dataclass(slots=True)
class Tabellen:
    """The declared tables, protected; made once for all editions of a database."""

    con: Connection
    minimum: int
    _kept: dict[str, dict[Groepering, Result]] = field(default_factory=dict)

    def tabel(self, kpi_id: str, per: Groepering) -> Result:
        """Figures per group, protected.

        Raises:
            KeyError: the table is not declared.
        """
        if kpi_id not in self._kept:
            self._kept[kpi_id] = self._protected(kpi_id)
        return self._kept[kpi_id][per]

    def _protected(self, kpi_id: str) -> dict[Groepering, Result]:
        pers = samen(kpi_id)
        found = [compute(self.con, kpi_id, per=per) for per in pers]
        if self.minimum:
            found = protect_together(found, self.minimum, above={"gemeente": ("jeugdregio", self._jeugdregio())})
        return dict(zip(pers, found, strict=True))

    def _jeugdregio(self) -> dict[object, object]:
        """Of each gemeente that ever was: as the cases of a KPI have it."""
        return dict(self.con.execute("SELECT gemeente, jeugdregio FROM verkeer.gemeente").fetchall())
