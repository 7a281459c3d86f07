"""Days as ordinals: which are werkdagen, how busy each is. Own arithmetic, apart from the calendar of the product."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final

import holidays

FIRST: Final = date(2014, 1, 1).toordinal()
LAST: Final = date(2037, 12, 31).toordinal()
SATURDAY: Final = 5
SUNDAY: Final = 6
# How many messages are sent on each day of the week, Monday first: assumed; the weekend is that of automatic senders.
WEEK: Final = (1.15, 1.1, 1.05, 1.0, 0.8, 0.03, 0.02)
FEAST: Final = 0.03
MONTH_END: Final = 1.35  # the last three werkdagen of a month: assumed
QUIET_WEEKS: Final = {29: 0.7, 30: 0.65, 31: 0.6, 32: 0.65, 33: 0.7, 52: 0.45, 1: 0.6}  # school holidays: assumed


def _feasts() -> frozenset[int]:
    """Art. 3 Algemene termijnenwet: ``holidays`` NL, public and optional, without Sundays."""
    years = range(date.fromordinal(FIRST).year, date.fromordinal(LAST).year + 1)
    found = holidays.country_holidays("NL", years=years, categories=("public", "optional"))
    return frozenset(day.toordinal() for day in found if day.weekday() != SUNDAY)


class Agenda:
    """Werkdagen over 2014-2037. A day is an ordinal of ``datetime.date``."""

    def __init__(self) -> None:
        feasts = _feasts()
        days = range(FIRST, LAST + 1)
        self._is_werkdag = [(day + 6) % 7 < SATURDAY and day not in feasts for day in days]  # ordinal 1 was a Monday
        self._werkdagen = [day for day in days if self._is_werkdag[day - FIRST]]
        self._count = list(accumulate(self._is_werkdag))
        self._feasts = feasts

    def is_werkdag(self, day: int) -> bool:
        return self._is_werkdag[day - FIRST]

    def werkdagen(self, start: int, end: int) -> int:
        """How many werkdagen d with start < d <= end; negative when end lies before start."""
        return self._count[end - FIRST] - self._count[start - FIRST]

    def after(self, day: int, werkdagen: int) -> int:
        """The n-th werkdag after a day; the day itself for 0."""
        return day if werkdagen <= 0 else self._werkdagen[self._count[day - FIRST] + werkdagen - 1]

    def on_or_after(self, day: int) -> int:
        """The day itself when it is a werkdag, else the next one."""
        return day if self._is_werkdag[day - FIRST] else self.after(day, 1)

    def weight(self, day: int) -> float:
        """How busy a day is, 1.0 being an ordinary Thursday."""
        if day in self._feasts:
            return FEAST
        moment = date.fromordinal(day)
        quiet = QUIET_WEEKS.get(moment.isocalendar().week, 1.0)
        is_month_end = self._is_werkdag[day - FIRST] and date.fromordinal(self.after(day, 3)).month != moment.month
        return WEEK[moment.weekday()] * quiet * (MONTH_END if is_month_end else 1.0)


class Drukte:
    """Draws days from a period, busy days more often."""

    def __init__(self, agenda: Agenda, first: int, last: int) -> None:
        self._first = first
        self._weights = list(accumulate(agenda.weight(day) for day in range(first, last + 1)))

    def draw(self, rng: Random) -> int:
        return self._first + bisect_left(self._weights, rng.random() * self._weights[-1])


@cache
def agenda() -> Agenda:
    return Agenda()


@cache
def iso(day: int) -> str:
    """The day as a message writes it."""
    return date.fromordinal(day).isoformat()


def month_of(day: int) -> str:
    return iso(day)[:7]


def month_end(day: int) -> int:
    """The last day of the month that a day is in."""
    moment = date.fromordinal(day)
    return date(moment.year + moment.month // 12, moment.month % 12 + 1, 1).toordinal() - 1
