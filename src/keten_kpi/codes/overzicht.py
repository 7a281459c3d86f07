"""Prepares the lines with a code once, in temporary tables, and lists the codes that deviate."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from keten_kpi.codes.kaart import Afbeelding
from keten_kpi.errors import UsageError
from keten_kpi.kpi import Selection, as_of

if TYPE_CHECKING:
    from keten_kpi.database import Connection

FOLDER = resources.files("keten_kpi.codes")
SURE = ("hoog", "redelijk")
TABLES = """
CREATE OR REPLACE TEMP TABLE codes_kaart
(wet VARCHAR, van VARCHAR, naar VARCHAR, categorie VARCHAR, gemeente VARCHAR, naar_categorie VARCHAR);
CREATE OR REPLACE TEMP TABLE codes_omschrijving (wet VARCHAR, gemeente VARCHAR, code VARCHAR, omschrijving VARCHAR);
CREATE OR REPLACE TEMP TABLE codes_keuze (wet VARCHAR, gemeente VARCHAR, aanbieder VARCHAR);
"""

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Codes:
    """One row per deviating code, the most used first."""

    peildatum: date | None
    columns: tuple[str, ...]
    rows: list[Row]

    @property
    def kop(self) -> dict[str, object]:
        return {"peildatum": self.peildatum, "codes": len(self.rows), "codes_voor_80_procent": self.shortlist(0.8)}

    def shortlist(self, aandeel: float) -> int:
        """How many codes, the most used first, cover this share of the deviating lines."""
        at = self.columns.index("aandeel_opgeteld")
        before = [float(str(row[at])) for row in self.rows]
        return min(sum(share < aandeel - 1e-9 for share in before) + 1, len(before))


def read_descriptions(path: Path) -> list[tuple[str | None, ...]]:
    """What gemeenten say that their codes mean: csv with wet, code, omschrijving and if wanted gemeente.

    Raises:
        UsageError: it cannot be read or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [*csv.DictReader(file)]
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read as csv in UTF-8.", "Give another file.") from None
    if not rows or not {"wet", "code", "omschrijving"} <= set(rows[0]):
        raise UsageError(f"{path} has no columns wet, code, omschrijving.", "Name them in the first line.")
    return [(row["wet"], row.get("gemeente"), row["code"], row["omschrijving"]) for row in rows]


def _fill(con: Connection, table: str, rows: Sequence[Sequence[object]]) -> None:
    if rows:
        con.executemany(f"INSERT INTO temp.{table} VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608 - our own table


@contextmanager
def lines_with_code(
    con: Connection,
    selection: Selection,
    kaart: Sequence[Afbeelding] = (),
    omschrijvingen: Sequence[Sequence[object]] = (),
) -> Iterator[date | None]:
    """Within it ``codes_regel`` and ``codes_keuze`` can be read; gives the peildatum.

    Raises:
        UsageError: the selection cannot be meant.
    """
    with as_of(con, selection) as day:
        con.execute(TABLES)
        _fill(con, "codes_keuze", [(selection.wet, selection.gemeente, selection.aanbieder)])
        _fill(con, "codes_omschrijving", omschrijvingen)
        rows = [(row.wet, row.van, row.naar, row.categorie, row.gemeente, row.naar_categorie) for row in kaart]
        _fill(con, "codes_kaart", rows)
        con.execute(f"CREATE OR REPLACE TEMP TABLE codes_regel AS\n{read_sql('regel')}")
        yield day
        con.execute("DROP TABLE temp.codes_regel")


def read_sql(name: str) -> str:
    return FOLDER.joinpath(f"{name}.sql").read_text("utf-8")


def read_table(con: Connection, name: str) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows of one of this room's queries."""
    done = con.execute(read_sql(name))
    return tuple(column[0] for column in done.description or ()), done.fetchall()


def list_codes(con: Connection, selection: Selection, omschrijvingen: Path | None = None) -> Codes:
    """The deviating codes of a selection (wet, gemeente, aanbieder, peildatum), with the nearest national code of each.

    Raises:
        UsageError: the selection cannot be meant, or the file of descriptions cannot be read.
    """
    described = read_descriptions(omschrijvingen) if omschrijvingen else []
    with lines_with_code(con, selection, omschrijvingen=described) as day:
        return Codes(day, *read_table(con, "overzicht"))


def suggested_map(codes: Codes, zekerheden: Sequence[str] = SURE) -> tuple[Afbeelding, ...]:
    """The map that the suggestions make, as far as they are this sure."""
    names = ("wet", "product_code", "voorstel_code", "product_categorie", "zekerheid")
    at = [codes.columns.index(name) for name in names]
    found = (tuple(row[place] for place in at) for row in codes.rows)
    return tuple(
        Afbeelding(str(wet), str(van), str(naar), str(categorie))
        for wet, van, naar, categorie, sure in found
        if sure in zekerheden
    )
