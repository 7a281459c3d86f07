"""Counts of cases give the figures of the cases, and mended counts are those that would be made anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keten_kpi.dashboard.gevallen import counts_for
from keten_kpi.kpi import (
    Telling,
    case_relation,
    figure_counts,
    figures_from_counts,
    find_kpi,
    kept_cases,
    make_counts,
    mend_counts,
    serving,
)
from keten_kpi.publish import compute, list_kpis
from tests.kpi.traffic_alle import DAYS, FIRST, Maker, load
from tests.stand.wide import make_wide

CAREFUL = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KPIS = list_kpis()
PERS = ((), ("jeugdregio", "wet"), ("gemeente", "maand"), ("aanbieder", "release", "berichttype"))


def counted(con, telling: Telling) -> list[tuple[object, ...]]:
    return sorted(con.execute(f"SELECT * FROM {telling.table('temp')}").fetchall(), key=repr)


@settings(CAREFUL, max_examples=1)
@given(seed=st.integers(0, 10**6))
def test_counts_give_the_figures_of_the_cases(con, seed):
    con.begin()
    load(con, Maker(seed).traffic(60))
    for kpi in KPIS:
        pers = [*PERS, *((name, "gemeente") for name in kpi.eigen_dimensies)]
        tellingen = figure_counts(kpi, pers)
        with kept_cases(con):
            for telling in tellingen:
                make_counts(con, telling, case_relation(con, kpi))
            for per in pers:
                assert figures_from_counts(con, kpi, per, tellingen) == compute(con, kpi.id, per=per)
    con.rollback()


def _cases(con, table: str, view: str, day: int) -> None:
    """The cases as they are on a day of the traffic, in a table."""
    con.execute(f"SET VARIABLE peildatum = DATE '{FIRST + timedelta(days=day)}'")
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM {view}")


@settings(CAREFUL, max_examples=3)
@given(seed=st.integers(0, 10**6), day=st.integers(0, DAYS), later=st.integers(0, 40), every=st.integers(2, 9))
def test_mended_counts_are_those_made_anew(con, seed, day, later, every):
    """Also when more is handed on than changed."""
    con.begin()
    load(con, Maker(seed).traffic(60))
    for kpi in KPIS:
        _cases(con, "toen", kpi.view, day)
        _cases(con, "nu", kpi.view, day + later)
        for one, other, name in (("toen", "nu", "weg"), ("nu", "toen", "bij")):
            same = f"SELECT * FROM (SELECT * FROM toen INTERSECT SELECT * FROM nu) WHERE hash(geval_id) % {every} = 0"
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM {one} EXCEPT ALL FROM {other} UNION ALL {same}")
        for telling in counts_for(kpi, PERS):
            make_counts(con, telling, "nu")
            expected = [counted(con, one) for one in (telling, *telling.daarop)]
            make_counts(con, telling, "toen")
            mend_counts(con, telling, "weg", "bij")
            assert [counted(con, one) for one in (telling, *telling.daarop)] == expected
    con.execute("RESET VARIABLE peildatum")
    con.rollback()


def whole(telling: Telling) -> list[Telling]:
    """A table of counts, and those on it."""
    return [telling, *(other for one in telling.daarop for other in whole(one))]


@settings(CAREFUL, max_examples=1)
@given(seed=st.integers(0, 10**6), every=st.integers(2, 5))
def test_counts_are_mended_by_whatever_cases(con, seed, every):
    """Also by some lines of a message that has others."""
    con.begin()
    load(con, make_wide(seed, 60, 12))
    for kpi in KPIS:
        rest, moved = (
            f"(SELECT * FROM {kpi.view} WHERE hash(geval_id) % {every} {is_moved} 0)" for is_moved in ("<>", "=")
        )
        for telling in counts_for(kpi, PERS):
            make_counts(con, telling, kpi.view)
            expected = [counted(con, one) for one in whole(telling)]
            make_counts(con, telling, rest)
            without = [counted(con, one) for one in whole(telling)]
            mend_counts(con, telling, f"(SELECT * FROM {kpi.view} WHERE FALSE)", moved)
            assert [counted(con, one) for one in whole(telling)] == expected
            mend_counts(con, telling, moved, f"(SELECT * FROM {kpi.view} WHERE FALSE)")
            assert [counted(con, one) for one in whole(telling)] == without
    con.rollback()


def test_counts_of_nothing_are_empty_and_mended_to_what_came(con):
    con.begin()
    load(con, Maker(1).traffic(60))
    kpi = find_kpi("retourtermijn")
    (telling,) = figure_counts(kpi, [("gemeente",)])
    none = f"(SELECT * FROM {kpi.view} WHERE FALSE)"
    make_counts(con, telling, none)
    assert counted(con, telling) == []
    assert figures_from_counts(con, kpi, ("gemeente",), [telling]).rows == []
    mend_counts(con, telling, none, kpi.view)
    assert figures_from_counts(con, kpi, ("gemeente",), [telling]) == compute(con, kpi.id, per=("gemeente",))
    mend_counts(con, telling, kpi.view, none)
    assert counted(con, telling) == []
    con.rollback()


def names_of(tellingen) -> list[str]:
    return [name for telling in tellingen for name in (telling.naam, *names_of(telling.daarop))]


def test_a_table_of_counts_serves_every_grouping_that_it_holds():
    kpi = find_kpi("doorlooptijd-toewijzing")
    tellingen = figure_counts(kpi, [(), ("gemeente",), ("jeugdregio",), ("gemeente", "maand"), ("aanbieder",)])
    assert names_of(tellingen) == [
        "doorlooptijd_toewijzing_keuze_aanbieder",
        "doorlooptijd_toewijzing_keuze_gemeente_maand",
    ]
    assert serving(tellingen, ("jeugdregio",)).naam.endswith("gemeente_maand")
    assert serving(tellingen, ()).naam.endswith("aanbieder")
    with pytest.raises(ValueError, match="empty"):
        serving(tellingen, ("release",))


def test_messages_are_told_apart_once_and_toewijzingen_for_every_grouping():
    """A message lies in one group, a toewijzing has messages in several months."""
    kpi = find_kpi("productcode-afwijking")
    tellingen = figure_counts(kpi, [("gemeente",), ("gemeente", "maand"), ("aanbieder",)])
    assert [name.removeprefix("productcode_afwijking_") for name in names_of(tellingen)] == [
        "bericht_aanbieder_gemeente_maand_apart",
        "bericht_aanbieder",
        "bericht_gemeente_maand",
        "toewijzing_apart",
        "toewijzing",
        "toewijzing_aanbieder_apart",
        "toewijzing_aanbieder",
        "toewijzing_maand_apart",
        "toewijzing_maand",
    ]
