"""The right half beyond the KPIs: productieverantwoording, the product codes in depth, the event log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keten_kpi.codes import (
    DEKKING,
    EERSTE,
    SHARE,
    STATES,
    SURE,
    UNSURE,
    Afbeelding,
    Codes,
    Kalender,
    Kortelijst,
    WatAls,
    read_calendar,
    read_map,
    suggested_map,
    what_if_codes,
    what_if_norm,
)
from keten_kpi.codes import list_codes as every_code
from keten_kpi.disclosure import rows_to_hide, rows_to_leave_out
from keten_kpi.disclosure.protect import check_minimum, is_safe
from keten_kpi.errors import KetenError
from keten_kpi.eventlog import FORMATS, Eventlog, Omvang, event_log, write_log
from keten_kpi.publish import reading
from keten_kpi.report import replace_file, write_file
from keten_kpi.verantwoording import Verantwoording, Verschillen, account_for

if TYPE_CHECKING:
    from pathlib import Path

    from keten_kpi.database import Connection
    from keten_kpi.kpi import Selection

__all__ = [
    "DEKKING",
    "EERSTE",
    "SURE",
    "UNSURE",
    "Afbeelding",
    "Codes",
    "Eventlog",
    "Kalender",
    "Kortelijst",
    "Omvang",
    "Verantwoording",
    "Verschillen",
    "WatAls",
    "account_for",
    "event_log",
    "list_codes",
    "protect_account",
    "read_calendar",
    "read_map",
    "reading",
    "suggested_map",
    "what_if_judged",
    "what_if_replaced",
    "write_event_log",
]

THEN = "_straks"
REPLACED = ("regels_vervangen", "regels_afwijkend", "berichten_afwijkend")  # counts that a map may make small
CLOSED = ("berichten_opgeteld", "aandeel_berichten_opgeteld")
HIDDEN = "onderdrukt"


def protect_account(found: Verantwoording, minimum: int) -> Verantwoording:
    """The same without the figures of rows that are about few clients, without totals and without differences.

    The column ``onderdrukt`` names what was hidden.

    Raises:
        KetenError: no choice of rows to hide would do.
    """
    key = found.columns.index("clienten")
    groups = [row[:key] for row in found.rows]
    small = rows_to_hide(groups, [int(str(row[key])) for row in found.rows], minimum)
    names = ", ".join(found.columns[key:])
    blank = range(key, len(found.columns))
    rows = [(*_blank(row, blank), names) if place in small else (*row, None) for place, row in enumerate(found.rows)]
    return replace(found, columns=(*found.columns, HIDDEN), rows=rows, verschillen=None)


def list_codes(con: Connection, selection: Selection, omschrijvingen: Path | None = None, min_aantal: int = 0) -> Codes:
    """The deviating codes, the most used first; with ``min_aantal`` without those about fewer clients.

    Of the messages that close as codes are mapped it then gives only what tells no small number.

    Raises:
        UsageError: the selection, the file or the minimum cannot be meant.
    """
    if not min_aantal:
        return every_code(con, selection, omschrijvingen)
    check_minimum(min_aantal)
    found = every_code(con, selection, omschrijvingen, lambda people: rows_to_leave_out(people, min_aantal))
    return _without_small_steps(found, min_aantal)


def _without_small_steps(found: Codes, minimum: int) -> Codes:
    """Keeps the closed messages of the short list and of the first codes, where no number and no step is small."""
    wanted = (len(part.codes) - 1 for part in (found.shortlist(DEKKING), found.first(EERSTE)) if part.codes)
    kept: dict[int, int] = {}
    for place in wanted:
        closed, share = (float(str(found.column(name)[place])) for name in CLOSED)
        rest = round(closed / share - closed) if share else 0
        if all(is_safe(int(count), minimum) for count in (closed, rest, *(closed - other for other in kept.values()))):
            kept[place] = int(closed)
    at = [found.columns.index(name) for name in CLOSED]
    rows = [row if place in kept else _blank(row, at) for place, row in enumerate(found.rows)]
    return replace(found, rows=rows)


def _blank(row: tuple[object, ...], places: Sequence[int]) -> tuple[object, ...]:
    return tuple(None if place in places else value for place, value in enumerate(row))


def what_if_replaced(  # noqa: PLR0913 - as many as the command has options
    con: Connection,
    selection: Selection,
    *,
    vervang: Path | Sequence[Afbeelding] = (),
    voorstel: int | None = None,
    zekerheden: Sequence[str] = SURE,
    omschrijvingen: Path | None = None,
    min_aantal: int = 0,
) -> WatAls:
    """Codes and deviations now and with a map: that of a file, or of the first ``voorstel`` suggestions that are sure.

    With ``min_aantal`` without the aanbieders of whom a count is small, and of those that would give one away.

    Raises:
        UsageError: the selection, a file or the minimum cannot be meant.
        KetenError: no suggestion is sure enough, or the row of all would tell a small count itself.
    """
    kaart = vervang if isinstance(vervang, Sequence) else read_map(vervang)
    if voorstel is not None:
        kaart = _suggested(every_code(con, selection, omschrijvingen), zekerheden, voorstel)
    found = what_if_codes(con, selection, kaart)
    return _without_small_aanbieders(found, min_aantal) if min_aantal else found


def _suggested(codes: Codes, zekerheden: Sequence[str], aantal: int) -> Sequence[Afbeelding]:
    found = suggested_map(codes, zekerheden)
    if not found:
        raise KetenError(
            "No deviating code has a suggestion that is sure enough: messages do not tell what a code means.",
            "Give --omschrijvingen FILE.csv, a map of your own with --vervang, or --onzeker.",
        )
    return found[:aantal]


def _moving(found: WatAls) -> list[list[int]]:
    """Per row each count that a map is about: replaced, deviating now and then, and how many the map moves."""
    now = [found.counts(name) for name in REPLACED]
    then = [found.counts(name + THEN) for name in REPLACED[1:]]
    moved = [[abs(a - b) for a, b in zip(*pair, strict=True)] for pair in zip(now[1:], then, strict=True)]
    return [*now, *then, *moved, found.harmonised()]


def _without_small_aanbieders(found: WatAls, minimum: int) -> WatAls:
    """Without the rows with a small count, and those that would give one away; the first row, of all, stays."""
    check_minimum(minimum)
    people, moving = found.counts("clienten"), _moving(found)
    if not all(is_safe(counts[0], minimum) for counts in (people, *moving)):
        raise KetenError(
            "This what-if cannot be shown with --min-aantal: it is about few clients, lines or messages.",
            "Ask for a wider selection or another map; on your own machine --min-aantal 0 hides nothing.",
        )
    groups = [(place,) for place in range(1, len(found.rows))]
    gone = rows_to_leave_out(people[1:], minimum)
    gone = gone.union(*(rows_to_hide(groups, counts[1:], minimum) for counts in moving))
    return replace(found, rows=[row for place, row in enumerate(found.rows) if place - 1 not in gone])


def what_if_judged(  # noqa: PLR0913 - as many as the command has options
    con: Connection,
    kpi_id: str,
    selection: Selection,
    *,
    normen: Sequence[int] = (),
    kalender: Kalender | None = None,
    min_aantal: int = 0,
) -> WatAls:
    """The figures of a time norm now, and under other norms and another calendar.

    With ``min_aantal`` a row is hidden when a count in it is small, or what it differs by from a row that is shown.

    Raises:
        UsageError: it is no time norm, or the selection or minimum cannot be meant.
    """
    found = what_if_norm(con, kpi_id, selection, normen=normen, kalender=kalender)
    return _without_small_differences(found, min_aantal) if min_aantal else found


def _without_small_differences(found: WatAls, minimum: int) -> WatAls:
    check_minimum(minimum)
    at = [found.columns.index(name) for name in (*STATES, SHARE)]
    shown: list[list[int]] = []
    rows: list[tuple[object, ...]] = []
    for row in found.rows:
        counts = [int(str(row[place])) for place in at[:-1]]
        moved = (one - other for earlier in shown for one, other in zip(counts, earlier, strict=True))
        if all(is_safe(count, minimum) for count in (*counts, *moved)):
            shown.append(counts)
            rows.append((*row, None))
        else:
            rows.append((*_blank(row, at), ", ".join((*STATES, SHARE))))
    return replace(found, columns=(*found.columns, HIDDEN), rows=rows)


def write_event_log(log: Eventlog, path: Path, form: str, geval: str = "toewijzing") -> Omvang:
    """Writes the log beside the old file, for its owner only, puts it in its place, and says what it holds.

    Args:
        log: the events.
        path: the file; it is made, or written over.
        form: one of the formats of event logs, or "xlsx" or "parquet": the rows of csv.
        geval: of XES, whose logs know cases only: the object type that is a case.

    Raises:
        UsageError: the folder does not exist.
        KetenError: the file cannot be written.
    """
    if form in FORMATS:
        replace_file(path, lambda part: write_log(log, part, form, geval), private=True)
    else:
        write_file(log, path, form, private=True)
    return log.omvang()
