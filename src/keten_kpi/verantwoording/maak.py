"""Joins declaraties and their answers once, in a temporary table, and reads overview and differences from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING

from keten_kpi.errors import UsageError
from keten_kpi.kpi import Selection, as_of

if TYPE_CHECKING:
    from keten_kpi.database import Connection

FOLDER = resources.files("keten_kpi.verantwoording")
FIRST_YEAR, LAST_YEAR = 2015, 2035  # of the calendar
EURO = "_euro"

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Verschillen:
    """What does not add up: a row per difference."""

    kop: dict[str, object]
    columns: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Verantwoording:
    """One row per gemeente, wet, product and eenheid; euros are decimals of two places."""

    vraag: dict[str, object]  # aanbieder, jaar, gemeente, wet, and the peildatum that was meant
    columns: tuple[str, ...]
    rows: list[Row]
    verschillen: Verschillen | None

    @property
    def totaal(self) -> dict[str, Decimal]:
        """Each column of euros, added up."""
        places = [(name, at) for at, name in enumerate(self.columns) if name.endswith(EURO)]
        return {
            name: sum((value for row in self.rows if isinstance(value := row[at], Decimal)), Decimal("0.00"))
            for name, at in places
        }

    @property
    def kop(self) -> dict[str, object]:
        if self.verschillen is None:
            return self.vraag
        differences = [dict(zip(self.verschillen.columns, row, strict=True)) for row in self.verschillen.rows]
        return {**self.vraag, "totaal": self.totaal, "verschillen": differences}


QUESTION = """
CREATE OR REPLACE TEMP TABLE verantwoording_vraag AS
SELECT
    CAST(? AS VARCHAR) AS aanbieder
    , CAST(? AS VARCHAR) AS gemeente
    , CAST(? AS VARCHAR) AS wet
    , CAST(? AS INTEGER) AS jaar
"""


def _read(name: str) -> str:
    return FOLDER.joinpath(f"{name}.sql").read_text("utf-8")


def _table(con: Connection, name: str) -> tuple[tuple[str, ...], list[Row]]:
    done = con.execute(_read(name))
    return tuple(column[0] for column in done.description or ()), done.fetchall()


def account_for(  # noqa: PLR0913 - as many as the command has options
    con: Connection,
    aanbieder: str,
    jaar: int,
    *,
    gemeente: str | None = None,
    wet: str | None = None,
    peildatum: date | None = None,
) -> Verantwoording:
    """What the aanbieder declared for care that ended in this year.

    Args:
        con: a published database.
        aanbieder: AGB code.
        jaar: year of the last day of the prestatie's period.
        gemeente: only this one; default all.
        wet: Jw or Wmo; default both.
        peildatum: what was sent later is not known.

    Raises:
        UsageError: a code, wet, year or day that cannot be.
    """
    if not FIRST_YEAR <= jaar <= LAST_YEAR:
        raise UsageError(f"There is no year {jaar} in the calendar.", f"Choose {FIRST_YEAR} to {LAST_YEAR}.")
    selection = Selection(wet=wet, gemeente=gemeente, aanbieder=aanbieder, peildatum=peildatum)
    with as_of(con, selection) as day:
        con.execute(QUESTION, [aanbieder, gemeente, wet, jaar])
        con.execute(f"CREATE OR REPLACE TEMP TABLE verantwoording_prestatie AS\n{_read('prestatie')}")
        columns, rows = _table(con, "overzicht")
        differences = _table(con, "verschil")
        con.execute("DROP TABLE temp.verantwoording_prestatie")
    asked = {"aanbieder": aanbieder, "jaar": jaar, "gemeente": gemeente, "wet": wet, "peildatum": day}
    return Verantwoording(asked, columns, rows, Verschillen(asked, *differences))
