"""What codes are called, and where a gemeente belongs: from the reference tables, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keten_kpi.database import Connection

UNKNOWN = "onbekend"
GEMEENTEN = """
SELECT gemeente.gemeente, gemeente.naam, nu.provincie, nu.jeugdregio
FROM verkeer.gemeente AS gemeente
LEFT JOIN verkeer.gemeente AS nu ON coalesce(gemeente.gemeente_2026, gemeente.gemeente) = nu.gemeente
"""


@dataclass(frozen=True, slots=True)
class Gemeente:
    """``provincie`` and ``jeugdregio`` are those of today's gemeente."""

    naam: str
    provincie: str
    jeugdregio: str | None


@dataclass(frozen=True, slots=True)
class Bericht:
    """A type of message in words."""

    naam: str
    wet: str
    is_retour: bool


@dataclass(frozen=True, slots=True)
class Namen:
    gemeenten: dict[str, Gemeente]
    berichten: dict[str, Bericht]

    def gemeente(self, code: str) -> Gemeente:
        return self.gemeenten.get(code, Gemeente(code, UNKNOWN, None))

    def bericht(self, berichttype: str) -> Bericht:
        return self.berichten.get(berichttype, Bericht(berichttype, UNKNOWN, is_retour=False))


def read_namen(con: Connection) -> Namen:
    gemeenten = {
        str(code): Gemeente(str(naam or code), str(provincie or UNKNOWN), regio)
        for code, naam, provincie, regio in con.execute(GEMEENTEN).fetchall()
    }
    found = con.execute("SELECT berichttype, naam, wet, richting FROM verkeer.berichttype").fetchall()
    return Namen(
        gemeenten, {str(kind): Bericht(str(naam), str(wet), way == "retour") for kind, naam, wet, way in found}
    )
