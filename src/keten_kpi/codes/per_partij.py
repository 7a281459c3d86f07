"""The deviating codes of each gemeente, and the codes of each aanbieder: for who shows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keten_kpi.codes.overzicht import Row, lines_with_code, read_table
from keten_kpi.kpi import Selection

if TYPE_CHECKING:
    from keten_kpi.database import Connection


def codes_per_gemeente(con: Connection) -> tuple[tuple[str, ...], list[Row]]:
    """The deviating codes of each gemeente with their use, the most used first; columns and rows."""
    with lines_with_code(con, Selection()):
        return read_table(con, "per_gemeente")


def codes_per_aanbieder(con: Connection) -> tuple[tuple[str, ...], list[Row]]:
    """With how many gemeenten each aanbieder exchanges how many codes, the most first; columns and rows."""
    with lines_with_code(con, Selection()):
        return read_table(con, "per_aanbieder")
