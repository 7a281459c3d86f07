"""What a time norm would show under other norms or another calendar: rows in temporary tables, no message is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keten_kpi.codes.kalender import Kalender
from keten_kpi.codes.watals import WatAls
from keten_kpi.errors import UsageError
from keten_kpi.kpi import Kpi, Selection, as_of, compute, find_kpi
from keten_kpi.kpi.catalogue import case_select
from keten_kpi.kpi.compute import figures_select

if TYPE_CHECKING:
    from keten_kpi.database import Connection

STATES = ("binnen_norm", "buiten_norm", "lopend")
SHARE = "aandeel_binnen_norm"
COLUMNS = ("situatie", "norm", *STATES, SHARE)
NORM = """
CREATE OR REPLACE TEMP TABLE wat_als_norm AS SELECT * FROM verkeer.norm
"""
CALENDAR = """
CREATE OR REPLACE TEMP TABLE wat_als_kalender AS
SELECT
    dag
    , is_werkdag
    , CAST(SUM(CASE WHEN is_werkdag THEN 1 ELSE 0 END) OVER (ORDER BY dag) AS INTEGER) AS werkdag_nr
FROM (
    SELECT
        dag
        , CASE
            WHEN dag IN (SELECT UNNEST(CAST(? AS DATE[]))) THEN TRUE
            WHEN dag IN (SELECT UNNEST(CAST(? AS DATE[]))) THEN FALSE
            WHEN ? THEN EXTRACT(ISODOW FROM dag) <= 5
            ELSE is_werkdag
        END AS is_werkdag
    FROM verkeer.kalender
) AS dagen
"""


def _time_norm(kpi_id: str) -> Kpi:
    kpi = find_kpi(kpi_id)
    if kpi.soort.naam != "tijdnorm":
        raise UsageError(f"{kpi_id} has no norm in days.", "Choose a time norm; `keten-kpi kpi --list` shows all KPIs.")
    return kpi


def _conditions(selection: Selection) -> tuple[str, list[object]]:
    wanted = {"wet = ?": selection.wet, "gemeente = ?": selection.gemeente, "aanbieder = ?": selection.aanbieder,
              "start_dag >= ?": selection.van, "start_dag <= ?": selection.tot}  # fmt: skip
    given = {condition: value for condition, value in wanted.items() if value is not None}
    return " AND ".join(given) or "TRUE", list(given.values())


def _judge(con: Connection, kpi: Kpi, selection: Selection, norm: int | None) -> tuple[object, ...]:
    """The figures under this norm, in the calendar of ``wat_als_kalender``; None: the norm as it is."""
    con.execute(NORM)
    if norm is not None:
        con.execute("UPDATE temp.wat_als_norm SET waarde = ? WHERE kpi = ? AND onderdeel = 'termijn'", [norm, kpi.id])
    cases = case_select(kpi).replace("verkeer.norm", "temp.wat_als_norm")
    cases = cases.replace("verkeer.kalender", "temp.wat_als_kalender")
    con.execute(f"CREATE OR REPLACE TEMP TABLE wat_als_geval AS\n{cases}")
    where, values = _conditions(selection)
    query = figures_select(kpi, (), where).replace(kpi.view, "temp.wat_als_geval")
    found = con.execute(f"SELECT {', '.join((*STATES, SHARE))} FROM ({query}) AS cijfer", values).fetchall()  # noqa: S608
    return ("wat_als", norm, *(found[0] if found else (0, 0, 0, None)))


def what_if_norm(
    con: Connection,
    kpi_id: str,
    selection: Selection,
    *,
    normen: Sequence[int] = (),
    kalender: Kalender | None = None,
) -> WatAls:
    """The figures as they are, and a row under each of these norms (in the norm's unit) and this calendar.

    Raises:
        UsageError: it is no time norm, or the selection cannot be meant.
    """
    kpi, other = _time_norm(kpi_id), kalender or Kalender()
    now = compute(con, kpi_id, selection=selection)
    figures = dict(zip(now.columns, now.rows[0], strict=True))
    with as_of(con, selection) as day:
        con.execute(CALENDAR, [list(other.werkdagen), list(other.vrije_dagen), other.is_elke_weekdag])
        rows = [_judge(con, kpi, selection, norm) for norm in normen or (None,)]
    first: tuple[object, ...] = ("nu", None, *(figures[name] for name in (*STATES, SHARE)))
    return WatAls(day, len(normen) + other.wijzigingen, COLUMNS, [first, *rows])
