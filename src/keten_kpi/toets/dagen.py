"""Every day of a case: whether it counts, as which, and if not why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.toets.partij import question, read_sql, with_relations

if TYPE_CHECKING:
    from keten_kpi.database import Connection

WEEKDAGEN = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MAANDEN = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
FRIDAY = 5

Kalenderdag = tuple[date, bool, int, str | None]


@dataclass(frozen=True, slots=True)
class Dag:
    """One day of a case. ``nummer`` counts the days that count; None where the day does not, or the term is a date."""

    dag: date
    weekdag: str
    telt: bool
    nummer: int | None
    reden: str
    mijlpalen: tuple[str, ...]


def write_day(day: date) -> str:
    """A day as a Dutch reader writes it.

    >>> write_day(date(2026, 4, 3))
    'vrijdag 3 april 2026'
    """
    return f"{WEEKDAGEN[day.weekday()]} {day.day} {MAANDEN[day.month - 1]} {day.year}"


def _milestones(day: date, marks: dict[str, date | None]) -> tuple[str, ...]:
    return tuple(name for name, marked in marks.items() if marked == day)


def _free(row: Kalenderdag) -> str:
    """Why a day is no werkdag; a feast day in a weekend is both."""
    day, _, _, feast = row
    weekend = WEEKDAGEN[day.weekday()] if day.isoweekday() > FRIDAY else None
    return ", ".join(name for name in (weekend, feast) if name)


def judge_days(rows: Sequence[Kalenderdag], eenheid: str, marks: dict[str, date | None]) -> tuple[Dag, ...]:
    """The days of a case from its calendar; the first row is the day on which the clock starts, which never counts."""
    if not rows:
        return ()
    first_day, _, first_nr, _ = rows[0]
    found = []
    for row in rows:
        day, is_werkdag, werkdag_nr, _ = row
        if day == first_day:
            telt, nummer, reden = False, None, "de begindag telt niet mee"
        elif eenheid == "werkdagen":
            telt, nummer = is_werkdag, werkdag_nr - first_nr if is_werkdag else None
            reden = "werkdag" if is_werkdag else _free(row)
        elif eenheid == "dagen":
            telt, nummer, reden = True, (day - first_day).days, "elke dag telt"
        else:
            telt, nummer, reden = True, None, "de termijn loopt tot een datum"
        found.append(Dag(day, WEEKDAGEN[day.weekday()], telt, nummer, reden, _milestones(day, marks)))
    return tuple(found)


def days_of_case(con: Connection, eenheid: str, first: date, marks: dict[str, date | None]) -> tuple[Dag, ...]:
    """Every day from ``first`` up to the last of the marks; none when that lies before it or outside the calendar."""
    last = max([day for day in marks.values() if day is not None], default=first)
    query = with_relations(question(eerste_dag="DATE", laatste_dag="DATE"), read_sql("verhaal_dagen"))
    rows = con.execute(query, {"eerste_dag": first, "laatste_dag": last}).fetchall()
    known = [row for row in rows if rows[0][0] == first]
    return judge_days(known, eenheid, marks)
