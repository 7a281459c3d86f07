"""The worklist: what waits for an answer of one party, over all time norms, the most urgent first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from keten_kpi.kpi import as_of
from keten_kpi.toets.partij import Partij, case_relations, question, read_sql, time_norms, with_relations

if TYPE_CHECKING:
    from keten_kpi.database import Connection

WANNEER = ("te_laat", "vandaag", "morgen", "deze_week", "later")
COLUMNS = (
    "wanneer",
    "uiterste_dag",
    "werkdagen_over",
    "kpi",
    "regelcode",
    "wet",
    "gemeente",
    "aanbieder",
    "berichttype",
    "referentie",
    "start_dag",
    "toestand",
    "start_bericht_id",
    "geval_id",
)


@dataclass(frozen=True, slots=True)
class Werklijst:
    """What waits, by uiterste dag. ``laatste_dag`` is the last day of sending that is known; None without messages."""

    partij: Partij
    peildatum: date
    laatste_dag: date | None
    rows: list[tuple[object, ...]]
    columns: tuple[str, ...] = COLUMNS

    @property
    def aantal(self) -> dict[str, int]:
        """How many fall due when, in the order of ``WANNEER``; what does not occur is 0."""
        found = Counter(str(row[0]) for row in self.rows)
        return {name: found[name] for name in WANNEER}

    @property
    def kop(self) -> dict[str, object]:
        return {
            self.partij.soort: self.partij.code,
            "peildatum": self.peildatum,
            "laatste_dag": self.laatste_dag,
            "aantal": self.aantal,
        }


def when_due(uiterste_dag: date, vandaag: date) -> str:
    """In which part of the list a day falls; the week ends on Sunday.

    >>> when_due(date(2026, 4, 13), date(2026, 4, 10))  # a Friday: the Monday after it is another week
    'later'
    """
    if uiterste_dag <= vandaag:
        return "vandaag" if uiterste_dag == vandaag else "te_laat"
    if uiterste_dag == vandaag + timedelta(days=1):
        return "morgen"
    sunday = vandaag + timedelta(days=7 - vandaag.isoweekday())
    return "deze_week" if uiterste_dag <= sunday else "later"


def _last_day(con: Connection) -> date | None:
    rows = con.execute("SELECT max(verzend_dag) FROM verkeer.telbaar_bericht").fetchall()
    return rows[0][0] if rows else None


def list_work(con: Connection, partij: Partij, *, wet: str | None = None, peildatum: date) -> Werklijst:
    """What is open on this day and waits for this party; every row is a case in lopend or buiten_norm of its KPI.

    Raises:
        UsageError: a code or wet that cannot be, or a day outside the calendar.
    """
    where = f"{partij.soort} = $code" + ("" if wet is None else " AND wet = $wet")
    values = {
        "code": partij.code,
        "vandaag": peildatum,
        "partij": partij.soort,
        **({} if wet is None else {"wet": wet}),
    }
    relations = {
        **case_relations(time_norms(), where),
        "open_geval": read_sql("open_geval"),
        **question(vandaag="DATE", partij="VARCHAR"),
    }
    with as_of(con, replace(partij.selection(wet=wet), peildatum=peildatum)):
        found = con.execute(with_relations(relations, read_sql("werklijst")), values).fetchall()
        last = _last_day(con)
    return Werklijst(partij, peildatum, last, [(when_due(row[0], peildatum), *row) for row in found])
