"""What a stand holds beside what all messages give."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from keten_kpi.dashboard import all_counts
from keten_kpi.database import Connection, attach_reading, stand_path
from keten_kpi.kpi import TEMPORARY, Kpi, Selection, Telling, as_of, drop_counts, make_counts
from keten_kpi.kpi.bewaard import STAND
from keten_kpi.publish import list_kpis, reading
from keten_kpi.stand.deel import read_sleutels

KPIS = list_kpis()
TELLINGEN = all_counts()


def differences(db: Path, vandaag: date | None = None) -> dict[str, tuple[list[object], list[object]]]:
    """Per KPI the rows that only the stand has, and those that only the messages give."""
    found = {}
    with reading(db) as con, attach_reading(con, stand_path(db), STAND), as_of(con, Selection(), vandaag):
        for kpi in KPIS:
            kept, made = f"SELECT * EXCLUDE (geval_hash) FROM {STAND}.gevallen.{kpi.name}", f"SELECT * FROM {kpi.view}"
            only = [con.execute(f"{a} EXCEPT ALL {b}").fetchall() for a, b in ((kept, made), (made, kept))]
            if any(only):
                found[kpi.id] = (only[0], only[1])
            found |= other_counts(con, kpi)
        found |= other_numbers(con)
    return found


def other_numbers(con: Connection) -> dict[str, tuple[list[object], list[object]]]:
    """The same of the numbers by which messages are found: beside those of all messages."""
    found = {}
    con.execute("SET VARIABLE stand_bericht_nr = 0")
    for query in read_sleutels():
        kept, made = f"SELECT * FROM {STAND}.sleutels.{query.name}", f"SELECT * FROM ({query.select})"
        only = [con.execute(f"{a} EXCEPT ALL {b}").fetchall() for a, b in ((kept, made), (made, kept))]
        if any(only):
            found[query.full_name] = (only[0], only[1])
    return found


def whole(telling: Telling) -> list[Telling]:
    """A table of counts, and those on it."""
    return [telling, *(other for one in telling.daarop for other in whole(one))]


def other_counts(con: Connection, kpi: Kpi) -> dict[str, tuple[list[object], list[object]]]:
    """The same of the counts that are kept: beside those of all its cases."""
    found = {}
    for telling in TELLINGEN[kpi.id]:
        make_counts(con, telling, kpi.view)
        for one in whole(telling):
            kept, made = (f"SELECT * FROM {one.table(place)}" for place in (f"{STAND}.tellingen", TEMPORARY))
            only = [con.execute(f"{a} EXCEPT ALL {b}").fetchall() for a, b in ((kept, made), (made, kept))]
            if any(only):
                found[one.naam] = (only[0], only[1])
        drop_counts(con, [telling])
    return found
