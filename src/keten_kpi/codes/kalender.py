"""Another calendar for a what-if: every weekday a werkdag, or days of which a file says what they are."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from keten_kpi.errors import UsageError

WEEKDAGEN = "weekdagen"
JA_NEE = {"ja": True, "nee": False}


@dataclass(frozen=True, slots=True)
class Kalender:
    """What differs from the calendar of the Algemene termijnenwet."""

    werkdagen: tuple[date, ...] = ()
    vrije_dagen: tuple[date, ...] = ()
    is_elke_weekdag: bool = False  # Monday to Friday, feast days too

    @property
    def wijzigingen(self) -> int:
        """How many things differ."""
        return len(self.werkdagen) + len(self.vrije_dagen) + self.is_elke_weekdag


def _days(path: Path) -> Iterator[tuple[date, bool]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if "dag" not in (reader.fieldnames or ()):
            raise UsageError(f"{path} has no column dag.", "Columns: dag, and if wanted is_werkdag (ja or nee).")
        for row in reader:
            yield _day(f"{path}, line {reader.line_num}", row)


def _day(where: str, row: dict[str, str | None]) -> tuple[date, bool]:
    said = (row.get("is_werkdag") or "nee").strip().lower()
    try:
        return date.fromisoformat((row["dag"] or "").strip()), JA_NEE[said]
    except ValueError:
        raise UsageError(f"{where}: dag is no date.", "Write it as 2024-12-31.") from None
    except KeyError:
        raise UsageError(f"{where}: is_werkdag is not ja or nee.", "Write ja or nee.") from None


def read_calendar(text: str) -> Kalender:
    """The calendar that ``weekdagen`` or a csv of days (dag, is_werkdag: ja or nee, default nee) means.

    Raises:
        UsageError: the file cannot be read, holds what is no day, or says two things of one day.
    """
    if text == WEEKDAGEN:
        return Kalender(is_elke_weekdag=True)
    path = Path(text)
    try:
        found = [*_days(path)]
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"{path} cannot be read as csv in UTF-8.", f"Give another file, or the word {WEEKDAGEN}."
        ) from None
    said = set(found)
    if len({day for day, _ in said}) < len(said):
        raise UsageError(f"{path} says two things of one day.", "Keep one.")
    return Kalender(
        werkdagen=tuple(sorted(day for day, works in said if works)),
        vrije_dagen=tuple(sorted(day for day, works in said if not works)),
    )
