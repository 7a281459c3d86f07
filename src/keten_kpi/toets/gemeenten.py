"""What `check` and `werklijst` say of one gemeente, for all gemeenten at once: the figures behind them, no cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.kpi import Kpi, Selection, as_of
from keten_kpi.toets.oorzaak import Geval, Oorzaak, largest_causes
from keten_kpi.toets.partij import case_relations, question, read_sql, with_relations
from keten_kpi.toets.werklijst import when_due

if TYPE_CHECKING:
    from keten_kpi.database import Connection

SOORT = "gemeente"
JUDGED = (
    "SELECT kpi, gemeente, aanbieder, geval_id, start_bericht_id, start_dag, toestand FROM norm_geval "
    "WHERE aan_zet = 'gemeente' AND toestand IN ('binnen_norm', 'buiten_norm')"
)

Oorzaken = dict[str, dict[str, tuple[Oorzaak, ...]]]


def causes_per_gemeente(con: Connection, norms: Sequence[Kpi]) -> Oorzaken:
    """Per gemeente and norm that it must meet itself: the groups of its cases that are late most, as in `check`."""
    groups: dict[tuple[str, str], list[Geval]] = defaultdict(list)
    with as_of(con, Selection()):
        relations = {
            **case_relations(norms, "TRUE", con),
            "te_duiden": JUDGED,
            "geval_categorie": read_sql("geval_categorie"),
        }
        rows = con.execute(with_relations(relations, read_sql("oorzaken"))).fetchall()
    for kpi, gemeente, *case in rows:
        groups[gemeente, kpi].append(Geval(*case))
    found: Oorzaken = defaultdict(dict)
    for (gemeente, kpi), cases in sorted(groups.items()):
        found[gemeente][kpi] = largest_causes(cases, "aanbieder")
    return dict(found)


def work_per_gemeente(con: Connection, peildatum: date, norms: Sequence[Kpi]) -> dict[str, Counter[str]]:
    """How many cases wait for each gemeente on this day, by when they fall due, as in `werklijst`."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with as_of(con, Selection(peildatum=peildatum)):
        relations = {**case_relations(norms, "TRUE", con), **question(vandaag="DATE", partij="VARCHAR")}
        work = read_sql("werklijst")
        query = f"SELECT gemeente, uiterste_dag, count(*) FROM ({work}) AS werk GROUP BY gemeente, uiterste_dag"  # noqa: S608
        rows = con.execute(with_relations(relations, query), {"vandaag": peildatum, "partij": SOORT}).fetchall()
    for gemeente, day, number in rows:
        found[gemeente][when_due(day, peildatum)] += number
    return dict(found)
