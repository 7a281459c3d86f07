"""Cases that are kept for many figures are the cases that would be worked out for each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keten_kpi.database import connect
from keten_kpi.kpi import as_of, case_relation, find_kpi, kept_cases
from keten_kpi.load import create_tables
from keten_kpi.publish import Selection, compare, compute, list_kpis, publish, publish_database, violations
from tests.kpi.traffic import Line, Message
from tests.kpi.traffic import load as load_one
from tests.kpi.traffic_alle import FIRST, Maker, load

CAREFUL = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KPIS = list_kpis()
selections = st.builds(
    Selection,
    wet=st.sampled_from([None, "Jw"]),
    gemeente=st.sampled_from([None, "0384"]),
    van=st.sampled_from([None, FIRST + timedelta(days=20)]),
    peildatum=st.sampled_from([None, FIRST + timedelta(days=30), FIRST + timedelta(days=90)]),
    indeling=st.sampled_from([None, 2026]),
)


def kept(con):
    """The tables that are kept now."""
    found = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary ORDER BY 1").fetchall()
    return [name for (name,) in found]


def answers(con, selection):
    """All that is said of every KPI for one selection."""
    for kpi in KPIS:
        yield compute(con, kpi.id, per=("wet", "maand"), selection=selection).rows
        yield violations(con, kpi.id, selection=selection, alle=True).rows
    if selection.gemeente:
        yield compare(con, "retourtermijn", selection=selection).rows


@settings(CAREFUL, max_examples=2)
@given(seed=st.integers(0, 10**6), asked=st.lists(selections, min_size=1, max_size=2))
def test_kept_cases_give_the_same_answers(con, seed, asked):
    con.begin()
    load(con, Maker(seed).traffic(40))
    expected = [list(answers(con, selection)) for selection in asked]
    with kept_cases(con):
        assert [list(answers(con, selection)) for selection in asked] == expected
        days = {compute(con, "berichtvolume", selection=selection).peildatum for selection in asked}
        assert len(kept(con)) == len(KPIS) * len(days)
    assert kept(con) == []
    con.rollback()


def request(number):
    line = Line(referentie="a")
    return Message(number, "Jw", "315", "3.2", "0384", "01234567", f"b{number}", date(2024, 6, 3), (line,))


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "gegevens.duckdb"
    with connect(file, write=True) as con:
        create_tables(con)
        publish(con)
        load_one(con, [request(1)])
    publish_database(file)
    return file


def cases(con):
    return violations(con, "retourtermijn", alle=True).rows


def test_cases_are_worked_out_once(con):
    con.begin()
    load_one(con, [request(1)])
    with kept_cases(con):
        assert len(cases(con)) == 1
        load_one(con, [request(2)])
        assert len(cases(con)) == 1
    assert len(cases(con)) == 2
    con.rollback()


def test_one_who_reads_only_can_keep_cases(path):
    with connect(path) as con:
        with kept_cases(con):
            assert len(cases(con)) == 1
            assert kept(con) == ["bewaard_retourtermijn_2024-06-03"]
        assert kept(con) == []


def test_blocks_within_each_other_keep_until_the_last_ends(path):
    with connect(path) as con, kept_cases(con):
        with kept_cases(con):
            cases(con)
        assert len(kept(con)) == 1


def test_nothing_stays_when_the_block_ends_with_an_error(path):
    with connect(path) as con:
        with pytest.raises(ZeroDivisionError), kept_cases(con):
            raise ZeroDivisionError(cases(con))
        assert kept(con) == []
        assert case_relation(con, find_kpi("retourtermijn")) == "kpi.retourtermijn"


def test_another_table_of_the_reader_is_left_alone(path):
    with connect(path) as con:
        con.execute("CREATE TEMP TABLE eigen AS SELECT 1 AS een")
        with kept_cases(con):
            cases(con)
        assert kept(con) == ["eigen"]


def test_what_names_no_day_is_of_the_day_around_it(path) -> None:
    first, later = Selection(peildatum=date(2024, 6, 4)), Selection(peildatum=date(2024, 7, 1))
    with connect(path) as con:

        def day_of(selection: Selection) -> date | None:
            return compute(con, "berichtvolume", selection=selection).peildatum

        with as_of(con, first):
            assert [day_of(one) for one in (Selection(), later, Selection())] == [
                date(2024, 6, 4),
                date(2024, 7, 1),
                date(2024, 6, 4),
            ]
        assert day_of(Selection()) == date(2024, 6, 3)  # the last day on which something was sent
