"""Everything about the codes at once, for who shows it all: from counts of the lines with a code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.codes.overzicht import (
    SURE,
    UNSURE,
    Codes,
    Row,
    apply_map,
    clear,
    fill_map,
    lines_of,
    prepare,
    read_codes,
    read_sql,
    read_table,
    suggested_map,
)
from keten_kpi.codes.watals import WatAls
from keten_kpi.kpi import TEMPORARY, Selection, Telling

if TYPE_CHECKING:
    from keten_kpi.codes.kaart import Afbeelding
    from keten_kpi.database import Connection

Rows = list[dict[str, object]]

NOT_COUNTED = ("berichten", "berichten_opgeteld", "aandeel_berichten_opgeteld", "eerste_dag", "laatste_dag")
USE = (
    "wet",
    "gemeente",
    "aanbieder",
    "client_sleutel",
    "product_categorie",
    "product_code",
    "eenheid",
    "oordeel",
    "reden_afwijking",
)
IN_MESSAGE = ("bericht_nr", "wet", "product_categorie", "product_code", "oordeel_dag", "oordeel")


@dataclass(frozen=True, slots=True)
class Alles:
    """``codes`` is what `list_codes` says of all, but for what it says of messages and days: that is None.

    ``gemeenten``: a row per gemeente and deviating code, the most used first. ``aanbieders``: a row for each.
    ``wat_als``: what the suggestions come to for the messages of all, the sure ones if any: one row.
    """

    codes: Codes
    gemeenten: Rows
    aanbieders: Rows
    is_zeker: bool
    wat_als: WatAls


def counts_of_codes() -> tuple[Telling, Telling]:
    """Of cases of productcode-afwijking: who uses which code for whom, and which codes are in each message."""
    return (_count("codes_gebruik", USE, lines_of("gevallen")), _count("codes_bericht", IN_MESSAGE, WITH_CODE))


WITH_CODE = "SELECT * FROM gevallen WHERE product_code IS NOT NULL"


def _count(naam: str, keys: tuple[str, ...], lines: str) -> Telling:
    columns = ", ".join(keys)
    select = f"SELECT {columns}, COUNT(*) AS aantal FROM (\n{lines}\n) AS lijn GROUP BY {columns}"  # noqa: S608
    return Telling(naam=f"productcode_{naam}", sleutel=keys, optelling=("aantal",), select=select)


def _rows(columns: tuple[str, ...], rows: list[Row]) -> Rows:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def all_of_codes(con: Connection, day: date | None, place: str = TEMPORARY) -> Alles:
    """The codes of all, of each gemeente and of each aanbieder, and what would change if the suggestions were used.

    Reads ``counts_of_codes`` in ``place``; call it within ``as_of``, with the peildatum that this gives.
    """
    with _relations(con, place):
        found = read_codes(con, day)
        codes = replace(found, rows=[_counted(found.columns, row) for row in found.rows])
        gemeenten, aanbieders = (_rows(*read_table(con, name)) for name in ("per_gemeente", "per_aanbieder"))
        is_sure = any(one in SURE for one in codes.column("zekerheid"))
        kaart = suggested_map(codes, SURE if is_sure else UNSURE)
        return Alles(codes, gemeenten, aanbieders, is_sure, _what_if(con, day, kaart))


@contextmanager
def _relations(con: Connection, place: str) -> Iterator[None]:
    """Within it ``codes_gebruik`` and ``codes_bericht`` can be read."""
    use, messages = (telling.table(place) for telling in counts_of_codes())
    none = "CAST(NULL AS INTEGER) AS bericht_nr, CAST(NULL AS DATE) AS dagtekening"
    prepare(con, Selection())
    con.execute(f"CREATE OR REPLACE TEMP VIEW codes_gebruik AS SELECT *, {none} FROM {use}")  # noqa: S608
    con.execute(f"CREATE OR REPLACE TEMP VIEW codes_bericht AS SELECT * FROM {messages}")  # noqa: S608
    try:
        yield
    finally:
        con.execute("DROP VIEW temp.codes_gebruik")
        con.execute("DROP VIEW temp.codes_bericht")
        clear(con)


def _counted(columns: tuple[str, ...], row: Row) -> Row:
    return tuple(None if name in NOT_COUNTED else value for name, value in zip(columns, row, strict=True))


def _what_if(con: Connection, day: date | None, kaart: tuple[Afbeelding, ...]) -> WatAls:
    fill_map(con, kaart)
    con.execute(f"CREATE OR REPLACE TEMP TABLE codes_lijn AS\n{read_sql('lijn_per_bericht')}")
    apply_map(con, kaart)
    found = WatAls(day, len(kaart), *read_table(con, "straks"))
    con.execute("DROP TABLE temp.codes_regel")
    con.execute("DROP TABLE temp.codes_lijn")
    return found
