"""Prepares the lines with a code once, in temporary tables, and lists the codes that deviate."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
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
UNSURE = (*SURE, "laag", "alleen_eenheid")
DEKKING = 0.8  # of the deviating lines: what the short list covers
EERSTE = 5  # codes to map first
CODE = ("wet", "product_categorie", "product_code")
SHARES = ("aandeel_opgeteld", "aandeel_berichten_opgeteld")
TABLES = """
CREATE OR REPLACE TEMP TABLE codes_kaart
(wet VARCHAR, van VARCHAR, naar VARCHAR, categorie VARCHAR, gemeente VARCHAR, naar_categorie VARCHAR);
CREATE OR REPLACE TEMP TABLE codes_omschrijving (wet VARCHAR, gemeente VARCHAR, code VARCHAR, omschrijving VARCHAR);
CREATE OR REPLACE TEMP TABLE codes_keuze (wet VARCHAR, gemeente VARCHAR, aanbieder VARCHAR);
CREATE OR REPLACE TEMP TABLE codes_weglating (wet VARCHAR, product_categorie VARCHAR, product_code VARCHAR);
"""

Row = tuple[object, ...]
LeaveOut = Callable[[Sequence[int]], set[int]]  # numbers of people: the places to leave out


@dataclass(frozen=True, slots=True)
class Kortelijst:
    """The most used codes, and what closes when each becomes a national one."""

    codes: tuple[str, ...]  # wet, category and code
    aandeel_regels: float  # of the deviating lines
    aandeel_berichten: float | None  # of the deviating messages: those without a code that deviates any more


@dataclass(frozen=True, slots=True)
class Codes:
    """One row per deviating code, the most used first. Of ``aantal`` codes some may have been left out."""

    peildatum: date | None
    aantal: int
    columns: tuple[str, ...]
    rows: list[Row]

    @property
    def kop(self) -> dict[str, object]:
        return {
            "peildatum": self.peildatum,
            "codes": self.aantal,
            "korte_lijst": asdict(self.shortlist(DEKKING)),
            "eerste_codes": asdict(self.first(EERSTE)),
        }

    def column(self, name: str) -> list[object]:
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def people(self) -> list[int]:
        """Per code how many clients it is about; no more than the messages that tell of them."""
        return [
            min(int(str(number)) for number in pair)
            for pair in zip(self.column("clienten"), self.column("berichten"), strict=True)
        ]

    def shortlist(self, aandeel: float) -> Kortelijst:
        """The fewest codes that cover this share of the deviating lines; all that are shown when they do not."""
        covered = [float(str(share)) for share in self.column("aandeel_opgeteld")]
        return self.first(sum(share < aandeel - 1e-9 for share in covered) + 1)

    def first(self, aantal: int) -> Kortelijst:
        """So many codes, the most used first, or as many as there are."""
        shown = [*zip(*(self.column(name) for name in CODE), strict=True)][:aantal]
        names = tuple(" ".join(str(part) for part in code if part is not None) for code in shown)
        if not names:
            return Kortelijst((), 0.0, None)
        lines, messages = (self.column(name)[len(names) - 1] for name in SHARES)
        return Kortelijst(names, float(str(lines)), None if messages is None else float(str(messages)))


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
    """In one statement: a row at a time takes a millisecond for each."""
    if rows:
        columns = [[*column] for column in zip(*rows, strict=True)]
        values = ", ".join("UNNEST(CAST(? AS VARCHAR[]))" for _ in columns)
        con.execute(f"INSERT INTO temp.{table} SELECT {values}", columns)


@contextmanager
def lines_with_code(
    con: Connection,
    selection: Selection,
    kaart: Sequence[Afbeelding] = (),
    omschrijvingen: Sequence[Sequence[object]] = (),
) -> Iterator[date | None]:
    """Within it ``codes_regel``, ``codes_gebruik`` and ``codes_keuze`` can be read; gives the peildatum.

    Raises:
        UsageError: the selection cannot be meant.
    """
    with as_of(con, selection) as day:
        prepare(con, selection, omschrijvingen)
        con.execute(f"CREATE OR REPLACE TEMP TABLE codes_lijn AS\n{lines_of('kpi.productcode_afwijking')}")
        apply_map(con, kaart)
        con.execute("CREATE OR REPLACE TEMP VIEW codes_gebruik AS SELECT *, 1 AS aantal FROM temp.codes_regel")
        yield day
        con.execute("DROP VIEW temp.codes_gebruik")
        con.execute("DROP TABLE temp.codes_regel")
        con.execute("DROP TABLE temp.codes_lijn")


def prepare(con: Connection, selection: Selection, omschrijvingen: Sequence[Sequence[object]] = ()) -> None:
    """Makes the tables of what is asked."""
    con.execute(TABLES)
    _fill(con, "codes_keuze", [(selection.wet, selection.gemeente, selection.aanbieder)])
    _fill(con, "codes_omschrijving", omschrijvingen)


def clear(con: Connection) -> None:
    """Drops the tables that ``prepare`` made."""
    for name in ("kaart", "omschrijving", "keuze", "weglating"):
        con.execute(f"DROP TABLE IF EXISTS temp.codes_{name}")


def lines_of(gevallen: str) -> str:
    """The query of the lines with a code among these cases of productcode-afwijking, a relation."""
    return f"WITH gevallen AS (\nSELECT * FROM {gevallen}\n)\n\nSELECT * FROM (\n{read_sql('lijn')}\n) AS lijn"


def apply_map(con: Connection, kaart: Sequence[Afbeelding]) -> None:
    """Makes ``codes_regel`` from ``codes_lijn``, with the codes that this map gives."""
    con.execute("DELETE FROM temp.codes_kaart")
    rows = [(row.wet, row.van, row.naar, row.categorie, row.gemeente, row.naar_categorie) for row in kaart]
    _fill(con, "codes_kaart", rows)
    con.execute(f"CREATE OR REPLACE TEMP TABLE codes_regel AS\n{read_sql('regel')}")


def read_sql(name: str) -> str:
    return FOLDER.joinpath(f"{name}.sql").read_text("utf-8")


def read_table(con: Connection, name: str) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows of one of this room's queries."""
    done = con.execute(read_sql(name))
    return tuple(column[0] for column in done.description or ()), done.fetchall()


def read_codes(con: Connection, day: date | None) -> Codes:
    """Every deviating code in ``codes_gebruik``."""
    columns, rows = read_table(con, "overzicht")
    return Codes(day, len(rows), columns, rows)


def list_codes(
    con: Connection, selection: Selection, omschrijvingen: Path | None = None, leave_out: LeaveOut | None = None
) -> Codes:
    """The deviating codes of a selection (wet, gemeente, aanbieder, peildatum), with the nearest national code of each.

    Args:
        con: a published database.
        selection: which lines.
        omschrijvingen: csv of what gemeenten say that their codes mean.
        leave_out: which codes to leave out; what is added up over codes is over the others then.

    Raises:
        UsageError: the selection cannot be meant, or the file of descriptions cannot be read.
    """
    described = read_descriptions(omschrijvingen) if omschrijvingen else []
    with lines_with_code(con, selection, omschrijvingen=described) as day:
        everything = read_codes(con, day)
        gone = leave_out(everything.people()) if leave_out else set()
        if not gone:
            return everything
        columns, at = everything.columns, [everything.columns.index(name) for name in CODE]
        _fill(con, "codes_weglating", [[everything.rows[place][column] for column in at] for place in sorted(gone)])
        rest = read_codes(con, day).rows
        return Codes(day, len(rest), columns, rest[: len(rest) - len(gone)])


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
