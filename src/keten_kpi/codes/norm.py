"""What a time norm would show under another norm or calendar: another row in a temporary table, no message is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.codes.watals import WatAls
from keten_kpi.errors import UsageError
from keten_kpi.kpi import Kpi, Selection, as_of, compute, find_kpi
from keten_kpi.kpi.catalogue import case_select
from keten_kpi.kpi.compute import figures_select

if TYPE_CHECKING:
    from keten_kpi.database import Connection

FIGURES = ("gevallen", "binnen_norm", "buiten_norm", "lopend", "aandeel_binnen_norm")
CALENDAR = """
CREATE OR REPLACE TEMP TABLE wat_als_kalender AS
SELECT
    dag
    , is_werkdag AND NOT is_vrij AS is_werkdag
    , CAST(SUM(CASE WHEN is_werkdag AND NOT is_vrij THEN 1 ELSE 0 END) OVER (ORDER BY dag) AS INTEGER) AS werkdag_nr
FROM (SELECT dag, is_werkdag, dag IN (SELECT UNNEST(CAST(? AS DATE[]))) AS is_vrij FROM verkeer.kalender) AS dagen
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


def what_if_norm(
    con: Connection,
    kpi_id: str,
    selection: Selection,
    *,
    norm: int | None = None,
    vrije_dagen: Sequence[date] = (),
) -> WatAls:
    """Two rows: the figures as they are, and under this norm (in the unit of the norm) and these extra free days.

    Raises:
        UsageError: it is no time norm, or the selection cannot be meant.
    """
    kpi = _time_norm(kpi_id)
    now = compute(con, kpi_id, selection=selection)
    names = [name for name in now.columns if name in FIGURES]
    at = [now.columns.index(name) for name in names]
    with as_of(con, selection) as day:
        con.execute("CREATE OR REPLACE TEMP TABLE wat_als_norm AS SELECT * FROM verkeer.norm")
        if norm is not None:
            con.execute(
                "UPDATE temp.wat_als_norm SET waarde = ? WHERE kpi = ? AND onderdeel = 'termijn'", [norm, kpi_id]
            )
        con.execute(CALENDAR, [list(vrije_dagen)])
        cases = case_select(kpi).replace("verkeer.norm", "temp.wat_als_norm")
        cases = cases.replace("verkeer.kalender", "temp.wat_als_kalender")
        con.execute(f"CREATE OR REPLACE TEMP TABLE wat_als_geval AS\n{cases}")
        where, values = _conditions(selection)
        query = figures_select(kpi, (), where).replace(kpi.view, "temp.wat_als_geval")
        found = con.execute(f"SELECT {', '.join(names)} FROM ({query}) AS cijfer", values).fetchall()  # noqa: S608
    then = found[0] if found else tuple(None for _ in names)
    rows: list[tuple[object, ...]] = [("nu", *(now.rows[0][place] for place in at)), ("wat_als", *then)]
    return WatAls(day, int(norm is not None) + len(vrije_dagen), ("situatie", *names), rows)
