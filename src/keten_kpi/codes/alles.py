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
IN_MESSAGE = ("bericht_nr", "wet", "product_categorie", "product_code", "tijdvak_dag", "oordeel")


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
    """Of cases of productcode-afwijking: who uses which code for whom, and which codes messages hold together."""
    sets = Telling("productcode_codes_samenstelling", ("codes",), ("aantal",), read_sql("samenstelling"))
    messages = Telling(
        naam="productcode_codes_bericht",
        sleutel=IN_MESSAGE,
        optelling=("aantal",),
        select=read_sql("in_bericht"),
        daarop=(sets,),
        bijeen=("bericht_nr",),
    )
    return (_count("codes_gebruik", USE, lines_of("gevallen")), messages)


def _count(naam: str, keys: tuple[str, ...], lines: str) -> Telling:
    columns = ", ".join(keys)
    select = f"SELECT {columns}, COUNT(*) AS aantal FROM (\n{lines}\n) AS lijn GROUP BY {columns}"  # noqa: S608
    return Telling(naam=f"productcode_{naam}", sleutel=keys, optelling=("aantal",), select=select)


def _rows(columns: tuple[str, ...], rows: list[Row]) -> Rows:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def all_of_codes(con: Connection, day: date | None, berichten: int, place: str = TEMPORARY) -> Alles:
    """The codes of all, of each gemeente and of each aanbieder, and what would change if the suggestions were used.

    Reads ``counts_of_codes`` in ``place``; call it within ``as_of``, with the peildatum that this gives. So many
    ``berichten`` have a code.
    """
    with _relations(con, place):
        found = read_codes(con, day)
        codes = replace(found, rows=[_counted(found.columns, row) for row in found.rows])
        gemeenten, aanbieders = (_rows(*read_table(con, name)) for name in ("per_gemeente", "per_aanbieder"))
        is_sure = any(one in SURE for one in codes.column("zekerheid"))
        kaart = suggested_map(codes, SURE if is_sure else UNSURE)
        return Alles(codes, gemeenten, aanbieders, is_sure, _what_if(con, day, kaart, berichten))


@contextmanager
def _relations(con: Connection, place: str) -> Iterator[None]:
    """Within it ``codes_gebruik`` and ``codes_samenstelling`` can be read."""
    use, messages = counts_of_codes()
    (sets,) = messages.daarop
    none = "CAST(NULL AS INTEGER) AS bericht_nr, CAST(NULL AS DATE) AS dagtekening"
    numbered = f"SELECT ROW_NUMBER() OVER () AS volgnr, * FROM {sets.table(place)}"  # noqa: S608
    prepare(con, Selection())
    con.execute(f"CREATE OR REPLACE TEMP VIEW codes_gebruik AS SELECT *, {none} FROM {use.table(place)}")  # noqa: S608
    con.execute(f"CREATE OR REPLACE TEMP TABLE codes_samenstelling AS {numbered}")
    try:
        yield
    finally:
        con.execute("DROP VIEW temp.codes_gebruik")
        con.execute("DROP TABLE temp.codes_samenstelling")
        clear(con)


def _counted(columns: tuple[str, ...], row: Row) -> Row:
    return tuple(None if name in NOT_COUNTED else value for name, value in zip(columns, row, strict=True))


def _what_if(con: Connection, day: date | None, kaart: tuple[Afbeelding, ...], berichten: int) -> WatAls:
    con.execute(f"CREATE OR REPLACE TEMP TABLE codes_lijn AS\n{read_sql('lijn_per_samenstelling')}")
    apply_map(con, kaart)
    con.execute("CREATE OR REPLACE TEMP TABLE codes_geheel AS SELECT CAST(? AS BIGINT) AS berichten", [berichten])
    found = WatAls(day, len(kaart), *read_table(con, "straks"))
    for name in ("geheel", "regel", "lijn"):
        con.execute(f"DROP TABLE temp.codes_{name}")
    return found
