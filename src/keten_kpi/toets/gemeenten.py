"""What `check` and `werklijst` say of one gemeente, for all gemeenten at once: from counts of cases of one norm."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.kpi import TEMPORARY, Kpi, Telling
from keten_kpi.toets.oorzaak import MONTH_END, Oorzaak, Verdeling, causes_of
from keten_kpi.toets.partij import given_cases, read_sql, with_relations
from keten_kpi.toets.werklijst import when_due

if TYPE_CHECKING:
    from keten_kpi.database import Connection

JUDGED = (
    "SELECT gemeente, aanbieder, geval_id, start_bericht_id, start_dag, toestand FROM norm_geval "
    "WHERE aan_zet = 'gemeente' AND toestand IN ('binnen_norm', 'buiten_norm')"
)


def counts_of_causes(kpi: Kpi) -> Telling:
    """Of the cases in which a gemeente itself must act: per gemeente what they may have in common, one by one."""
    relations = {
        **given_cases(kpi),
        "te_duiden": JUDGED,
        "geval_categorie": read_sql("geval_categorie"),
        "maandeinde": f"SELECT {MONTH_END} AS dagen",
    }
    return Telling(
        naam=f"{kpi.name}_oorzaken",
        sleutel=(
            "gemeente",
            "toestand",
            "kenmerk",
            "aanbieder",
            "product_categorie",
            "weekdag_nr",
            "is_maandeinde",
        ),
        optelling=("aantal",),
        select=with_relations(relations, read_sql("oorzaken")),
    )


def counts_of_work(kpi: Kpi) -> Telling:
    """Of the cases that wait for a gemeente: when they fall due."""
    relations = {**given_cases(kpi), "open_geval": read_sql("open_geval")}
    return Telling(
        naam=f"{kpi.name}_werk",
        sleutel=("gemeente", "uiterste_dag"),
        optelling=("aantal",),
        select=with_relations(relations, read_sql("werk")),
    )


def causes_per_gemeente(con: Connection, kpi: Kpi, place: str = TEMPORARY) -> dict[str, tuple[Oorzaak, ...]]:
    """Per gemeente the groups of its own cases that are late most, as in `check`, from ``counts_of_causes``."""
    found: dict[str, Verdeling] = defaultdict(Verdeling)
    rows = con.execute(f"SELECT * FROM {counts_of_causes(kpi).table(place)}").fetchall()  # noqa: S608 - a table of ours
    for gemeente, state, trait, aanbieder, category, weekday, is_month_end, number in rows:
        of = found[gemeente]
        if trait == "dag":
            of.add(state, number)
            of.add_day(weekday, is_month_end, state, number)
        else:
            of.add_trait(trait, aanbieder if trait == "aanbieder" else category, state, number)
    return {gemeente: causes_of(of) for gemeente, of in sorted(found.items())}


def work_per_gemeente(con: Connection, peildatum: date, kpi: Kpi, place: str = TEMPORARY) -> dict[str, Counter[str]]:
    """How many cases wait for each gemeente, by when they fall due, as in `werklijst`, from ``counts_of_work``."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = con.execute(f"SELECT * FROM {counts_of_work(kpi).table(place)}").fetchall()  # noqa: S608 - a table of ours
    for gemeente, day, number in rows:
        found[gemeente][when_due(day, peildatum)] += number
    return dict(found)
