"""The werkdag calendar: Monday to Friday, except the days of art. 3 Algemene termijnenwet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_YEAR = 2015
LAST_YEAR = 2035
SATURDAY = 5
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Dag:
    """One day. ``werkdag_nr`` counts the werkdagen from the start of the calendar up to and including this day."""

    dag: date
    is_werkdag: bool
    werkdag_nr: int
    feestdag: str | None


def feestdagen() -> dict[date, str]:
    """The days of art. 3 ATW and their Dutch names; a feast day on a Sunday is none of them."""
    import holidays

    found = holidays.country_holidays(
        "NL", years=range(FIRST_YEAR, LAST_YEAR + 1), categories=("public", "optional"), language="nl"
    )
    return {day: name for day, name in found.items() if day.weekday() != SUNDAY}


def kalender() -> Iterator[Dag]:
    """Every day from 2015 up to and including 2035."""
    feesten = feestdagen()
    day, count = date(FIRST_YEAR, 1, 1), 0
    while day.year <= LAST_YEAR:
        is_werkdag = day.weekday() < SATURDAY and day not in feesten
        count += is_werkdag
        yield Dag(day, is_werkdag, count, feesten.get(day))
        day += timedelta(days=1)
