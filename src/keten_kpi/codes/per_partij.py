"""The deviating codes of each gemeente, and the codes of each aanbieder: for who shows them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keten_kpi.codes.overzicht import Row, lines_with_code, read_table
from keten_kpi.kpi import Selection

if TYPE_CHECKING:
    from keten_kpi.database import Connection

Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class PerPartij:
    """``gemeenten``: a row per gemeente and deviating code, the most used first. ``aanbieders``: a row for each."""

    gemeenten: Rows
    aanbieders: Rows


def _rows(columns: tuple[str, ...], rows: list[Row]) -> Rows:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def codes_per_partij(con: Connection) -> PerPartij:
    """What `list_codes` says of all, for each gemeente and aanbieder."""
    with lines_with_code(con, Selection()):
        return PerPartij(_rows(*read_table(con, "per_gemeente")), _rows(*read_table(con, "per_aanbieder")))
