"""The right half beyond the KPIs: productieverantwoording, the product codes in depth, the event log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from keten_kpi.codes import (
    Afbeelding,
    Codes,
    WatAls,
    list_codes,
    read_map,
    suggested_map,
    what_if_codes,
    what_if_norm,
)
from keten_kpi.disclosure import rows_to_hide, rows_to_leave_out
from keten_kpi.eventlog import Eventlog, Omvang, event_log, write_log
from keten_kpi.publish import reading
from keten_kpi.report import replace_file
from keten_kpi.verantwoording import Verantwoording, Verschillen, account_for

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Afbeelding",
    "Codes",
    "Eventlog",
    "Omvang",
    "Verantwoording",
    "Verschillen",
    "WatAls",
    "account_for",
    "event_log",
    "list_codes",
    "protect_account",
    "read_map",
    "reading",
    "suggested_map",
    "what_if_codes",
    "what_if_norm",
    "without_small",
    "write_event_log",
]

Listed = TypeVar("Listed", Codes, WatAls)


def protect_account(found: Verantwoording, minimum: int) -> Verantwoording:
    """The same without the figures of rows that are about few clients, without totals and without differences.

    Raises:
        KetenError: no choice of rows to hide would do.
    """
    key = found.columns.index("clienten")
    groups = [row[:key] for row in found.rows]
    small = rows_to_hide(groups, [int(str(row[key])) for row in found.rows], minimum)
    rows = [(*row[:key], *(None for _ in row[key:])) if place in small else row for place, row in enumerate(found.rows)]
    return replace(found, rows=rows, verschillen=None)


def without_small(found: Listed, minimum: int) -> Listed:
    """The same without the rows about fewer clients, and without so many others that these do not give them away.

    The first row of a what-if is about all aanbieders, and stays.
    """
    at = found.columns.index("clienten")
    kept: list[tuple[object, ...]] = [row for row in found.rows if isinstance(found, WatAls) and row[0] is None]
    rows: list[tuple[object, ...]] = [row for row in found.rows if row not in kept]
    gone: set[int] = rows_to_leave_out([int(str(row[at])) for row in rows], minimum)
    return replace(found, rows=[*kept, *(row for place, row in enumerate(rows) if place not in gone)])


def write_event_log(log: Eventlog, path: Path, form: str, geval: str) -> Omvang:
    """Writes the log beside the old file, for its owner only, puts it in its place, and says what it holds.

    Raises:
        UsageError: the folder does not exist.
        KetenError: the file cannot be written.
    """

    def write(part: Path) -> None:
        part.touch(mode=0o600)
        write_log(log, part, form, geval)

    replace_file(path, write)
    return log.omvang()
