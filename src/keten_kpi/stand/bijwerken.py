"""Which cases a new day changes: of those that it touches, the rows that go and the rows that come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.database import scalar
from keten_kpi.kpi import Kpi, kpi_views, list_kpis
from keten_kpi.stand.deel import BERICHTEN, follow_keys, in_part, read_lopend, read_sleutels
from keten_kpi.views import build_order, references

if TYPE_CHECKING:
    from keten_kpi.database import Connection


HASH = "geval_hash"  # the last column of kept cases: of their geval_id


@dataclass(frozen=True, slots=True)
class Wijziging:
    """How many rows of a KPI's cases went and came; they are in ``temp.weg_<kpi>`` and ``temp.bij_<kpi>``.

    Those that went have in ``rij`` where they are kept.
    """

    kpi: Kpi
    weg: int
    bij: int


def work_out_changes(con: Connection, own: str, tot: int, dag: date) -> tuple[Wijziging, ...]:
    """What of the kept cases must go, and what must come, for them to be as they would be made now.

    Leaves it in temporary tables; writes nothing.

    Args:
        con: looks names up in the database, as of now.
        own: the name of the stand in SQL.
        tot: the last bericht_nr that the stand knows.
        dag: the day that its cases are of.
    """
    for kpi in list_kpis():
        con.execute(f"CREATE TEMP VIEW stand_{kpi.name} AS SELECT * EXCLUDE ({HASH}) FROM {own}.gevallen.{kpi.name}")
    follow_keys(con, own, tot, dag)
    views = build_order(con, kpi_views())
    read_by_others = set().union(*(references(con, view.select) for view in views))
    by_view = {kpi.view: kpi for kpi in list_kpis()}
    with in_part(con):
        for view in views:
            kpi = by_view[view.full_name]
            _work_out(con, own, kpi)
            if view.full_name in read_by_others:
                _read_mended(con, kpi)
    return tuple(Wijziging(kpi, _count(con, f"weg_{kpi.name}"), _count(con, f"bij_{kpi.name}")) for kpi in list_kpis())


def _count(con: Connection, table: str) -> int:
    return int(str(scalar(con, f"SELECT count(*) FROM temp.{table}")))


def _work_out(con: Connection, own: str, kpi: Kpi) -> None:
    kept = f"SELECT rowid AS rij, * EXCLUDE ({HASH}) FROM {own}.gevallen.{kpi.name}"
    if kpi.bijwerken is None:
        _compare(con, kpi, kept, f"SELECT * FROM {BERICHTEN}.{kpi.view}")
        return
    touched = f"temp.gevallen_{kpi.bijwerken}"
    # by a number first: to read the geval_id of all cases is most of the work
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE plaats AS SELECT rowid AS rij FROM {own}.gevallen.{kpi.name} "
        f"WHERE {HASH} IN (SELECT hash(geval_id) FROM {touched})"
    )
    found = f"SELECT * FROM ({kept} WHERE rowid IN (SELECT rij FROM temp.plaats)) AS geval"
    new = f"SELECT * FROM {kpi.view} SEMI JOIN {touched} USING (geval_id)"
    _compare(con, kpi, f"{found} SEMI JOIN {touched} USING (geval_id)", new)
    if kpi.norm is not None:
        _judge_again(
            con, kpi, f"SELECT * FROM ({kept} WHERE antwoord_dag IS NULL) AS geval ANTI JOIN {touched} USING (geval_id)"
        )


def _compare(con: Connection, kpi: Kpi, old: str, new: str) -> None:
    """Leaves ``weg_<kpi>`` and ``bij_<kpi>``: all rows of each case of which a row is not as it was."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE oud AS {old}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE nieuw AS {new}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE anders AS SELECT DISTINCT geval_id FROM ("
        "SELECT * EXCLUDE (teken), sum(teken) AS verschil FROM ("
        "SELECT *, 1 AS teken FROM temp.nieuw UNION ALL SELECT * EXCLUDE (rij), -1 AS teken FROM temp.oud"
        ") AS rij GROUP BY ALL) AS geteld WHERE verschil <> 0"
    )
    for name, rows in (("weg", "oud"), ("bij", "nieuw")):
        con.execute(
            f"CREATE TEMP TABLE {name}_{kpi.name} AS SELECT * FROM temp.{rows} SEMI JOIN temp.anders USING (geval_id)"
        )
    for name in ("oud", "nieuw", "anders"):
        con.execute(f"DROP TABLE temp.{name}")


def _judge_again(con: Connection, kpi: Kpi, kept: str) -> None:
    """Adds the cases that no message touches and that nobody answered yet, when another day came."""
    if not scalar(con, "SELECT peildatum > getvariable('stand_dag') FROM verkeer.peildatum"):
        return
    con.execute(f"CREATE OR REPLACE TEMP TABLE bewaard AS {kept}")
    con.execute(f"INSERT INTO temp.weg_{kpi.name} SELECT * FROM temp.bewaard")
    relations = f"kpi AS (SELECT '{kpi.id}' AS kpi)\n, gevallen AS (\n{read_lopend()})"
    con.execute(f"INSERT INTO temp.bij_{kpi.name}\nWITH {relations}\nSELECT * FROM (\n{kpi.soort.gevallen}\n) AS geval")
    con.execute("DROP TABLE temp.bewaard")


def _read_mended(con: Connection, kpi: Kpi) -> None:
    """Lets the KPIs that read this one read all its cases, as they are when mended."""
    con.execute(f"DROP VIEW {kpi.view}")
    con.execute(
        f"CREATE VIEW {kpi.view} AS SELECT * FROM temp.stand_{kpi.name} ANTI JOIN temp.weg_{kpi.name} USING (geval_id) "
        f"UNION ALL SELECT * FROM temp.bij_{kpi.name}"
    )


def write_changes(con: Connection, own: str, changes: tuple[Wijziging, ...]) -> None:
    """Mends the cases of a stand, and the numbers by which messages are found."""
    for query in read_sleutels():
        con.execute(f"INSERT INTO {own}.sleutels.{query.name} FROM temp.nieuwe_{query.name}")
    for change in changes:
        name = change.kpi.name
        if change.weg:
            con.execute(f"DELETE FROM {own}.gevallen.{name} WHERE rowid IN (SELECT rij FROM temp.weg_{name})")
        if change.bij:
            con.execute(f"INSERT INTO {own}.gevallen.{name} SELECT *, hash(geval_id) FROM temp.bij_{name}")
