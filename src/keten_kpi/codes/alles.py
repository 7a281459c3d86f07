"""Everything about the codes at once, for who shows it all: the lines with a code are gathered one time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keten_kpi.codes.overzicht import (
    SURE,
    UNSURE,
    Codes,
    Row,
    apply_map,
    lines_with_code,
    read_codes,
    read_table,
    suggested_map,
)
from keten_kpi.codes.watals import WatAls, read_what_if
from keten_kpi.kpi import Selection

if TYPE_CHECKING:
    from keten_kpi.database import Connection

Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Alles:
    """``codes`` is what `list_codes` says of all; ``wat_als`` what the suggestions come to: the sure ones, if any.

    ``gemeenten``: a row per gemeente and deviating code, the most used first. ``aanbieders``: a row for each.
    """

    codes: Codes
    gemeenten: Rows
    aanbieders: Rows
    is_zeker: bool
    wat_als: WatAls


def _rows(columns: tuple[str, ...], rows: list[Row]) -> Rows:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def all_of_codes(con: Connection) -> Alles:
    """The codes of all, of each gemeente and of each aanbieder, and what would change if the suggestions were used."""
    with lines_with_code(con, Selection()) as day:
        codes = read_codes(con, day)
        gemeenten, aanbieders = (_rows(*read_table(con, name)) for name in ("per_gemeente", "per_aanbieder"))
        is_sure = any(found in SURE for found in codes.column("zekerheid"))
        kaart = suggested_map(codes, SURE if is_sure else UNSURE)
        apply_map(con, kaart)
        return Alles(codes, gemeenten, aanbieders, is_sure, read_what_if(con, day, len(kaart)))
