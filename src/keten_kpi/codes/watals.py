"""What would change if codes were replaced: nothing is read again, the verdict is given anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.codes.kaart import Afbeelding
from keten_kpi.codes.overzicht import Row, lines_with_code, read_table
from keten_kpi.kpi import Selection

if TYPE_CHECKING:
    from keten_kpi.database import Connection


@dataclass(frozen=True, slots=True)
class WatAls:
    """Now beside then (``_straks``): the first row is for all, then one per aanbieder."""

    peildatum: date | None
    vervangingen: int
    columns: tuple[str, ...]
    rows: list[Row]

    @property
    def kop(self) -> dict[str, object]:
        return {"peildatum": self.peildatum, "vervangingen": self.vervangingen}

    def counts(self, name: str) -> list[int]:
        """A column of counts."""
        at = self.columns.index(name)
        return [int(str(row[at])) for row in self.rows]

    def harmonised(self) -> list[int]:
        """Per row the lines that deviate now and would be national."""
        at = self.columns.index("aandeel_geharmoniseerd")
        pairs = zip(self.counts("regels_afwijkend"), (row[at] for row in self.rows), strict=True)
        return [round(lines * float(str(share))) if share is not None else 0 for lines, share in pairs]


def what_if_codes(con: Connection, selection: Selection, kaart: Sequence[Afbeelding]) -> WatAls:
    """The deviation, the codes each aanbieder must maintain and the share of lines harmonised, now and with this map.

    Raises:
        UsageError: the selection cannot be meant.
    """
    with lines_with_code(con, selection, kaart) as day:
        return WatAls(day, len(kaart), *read_table(con, "watals"))
