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
from keten_kpi.disclosure.cells import Table, hidden_cells
from keten_kpi.errors import KetenError
from keten_kpi.eventlog import Eventlog, Omvang, event_log, write_log
from keten_kpi.publish import reading
from keten_kpi.report import replace_file
from keten_kpi.verantwoording import Verantwoording, Verschillen, account_for

if TYPE_CHECKING:
    from collections.abc import Sequence
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


def _small(groups: Sequence[tuple[object, ...]], counts: Sequence[int], minimum: int) -> set[int]:
    """The rows whose count is to be hidden, or would give such a count away."""
    hidden = hidden_cells(Table(groups, {"aantal": counts}), minimum)
    if hidden is None:
        raise KetenError(
            "This table cannot be shown with --min-aantal: its totals would give small counts away.",
            "Ask for a wider selection.",
        )
    return {place for place, _ in hidden}


def protect_account(found: Verantwoording, minimum: int) -> Verantwoording:
    """The same without the figures of rows that are about few clients, without totals and without differences.

    Raises:
        KetenError: no choice of rows to hide would do.
    """
    key = found.columns.index("clienten")
    groups = [row[:key] for row in found.rows]
    small = _small(groups, [int(str(row[key])) for row in found.rows], minimum)
    rows = [(*row[:key], *(None for _ in row[key:])) if place in small else row for place, row in enumerate(found.rows)]
    return replace(found, rows=rows, verschillen=None)


def without_small(found: Listed, minimum: int) -> Listed:
    """The same without the rows about fewer clients; never without one row only, which the others would give away.

    The first row of a what-if is about all aanbieders, and stays.
    """
    at = found.columns.index("clienten")
    rows = [row for row in found.rows if not (isinstance(found, WatAls) and row[0] is None)]
    by_size = sorted(rows, key=lambda row: int(str(row[at])))
    gone = [row for row in by_size if int(str(row[at])) < minimum]
    gone = by_size[:2] if len(gone) == 1 else gone
    return replace(found, rows=[row for row in found.rows if row not in gone])


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
