"""Views that are stored as tables say what the views say, however the messages came."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from zlib import crc32

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keten_kpi.database import connect
from keten_kpi.load import create_tables
from keten_kpi.publish import is_current, publish, publish_database, reopen
from keten_kpi.views import is_stored, set_stored_aside, store_views
from keten_kpi.views.sql import STORED
from tests.kpi.traffic_alle import Maker, load

CAREFUL = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def undone(con):
    """What happens within it is as if it never was."""
    con.begin()
    try:
        yield
    finally:
        con.rollback()


def traffic(seed, number):
    """Messages of few keys, so that many of them conflict or are refused."""
    for message in Maker(seed).traffic(number):
        yield replace(message, identificatie=f"k{crc32(message.identificatie.encode()) % 8}")


def contents(con):
    return {name: sorted(con.execute(f"SELECT * FROM {name}").fetchall()) for name in STORED}


def last_message(con):
    return con.execute("SELECT coalesce(max(bericht_nr), 0) FROM bron.bericht").fetchone()[0]


def add(con, messages):
    """One run: what was stored before is brought up to date."""
    since = last_message(con)
    set_stored_aside(con)
    load(con, messages, since + 1)
    store_views(con, since=since)


@settings(CAREFUL, max_examples=25)
@given(seed=st.integers(0, 10**6), cuts=st.lists(st.integers(1, 80), max_size=5), data=st.data())
def test_what_is_stored_run_by_run_is_what_all_messages_give(con, seed, cuts, data):
    messages = data.draw(st.permutations([*traffic(seed, 50)]))
    with undone(con):
        store_views(con)
        for start, end in pairwise([0, *sorted(cut for cut in cuts if cut < len(messages)), len(messages)]):
            add(con, messages[start:end])
            assert is_stored(con)
        stored = contents(con)
        set_stored_aside(con)
        assert not is_stored(con)
        assert stored == contents(con)


def test_invented_traffic_has_conflicts_and_refusals(con):
    with undone(con):
        load(con, [*traffic(1, 50)])
        assert all(contents(con).values())


def test_only_what_new_messages_touch_is_worked_out_again(con):
    with undone(con):
        load(con, [*traffic(1, 50)])
        store_views(con)
        con.execute("INSERT INTO verkeer.conflict SELECT -1, bericht_id, bericht_id FROM bron.bericht LIMIT 1")
        add(con, [*traffic(2, 5)])
        assert con.execute("SELECT count(*) FROM verkeer.conflict WHERE bericht_nr = -1").fetchone() == (1,)


def published(path, messages):
    with connect(path, write=True) as con:
        create_tables(con)
        publish(con)
        load(con, messages)
    publish_database(path)


def test_runs_on_a_file_one_of_them_cut_short_give_what_all_messages_give(tmp_path):
    path, messages = tmp_path / "gegevens.duckdb", [*traffic(3, 60)]
    published(path, messages[:20])
    for start, end, is_whole in ((20, 40, False), (40, 60, True), (60, len(messages), True)):
        with connect(path, write=True) as con:
            reopen(con)
            assert not is_current(con)
            load(con, messages[start:end], start + 1)
        if is_whole:
            publish_database(path)
    with connect(path, write=True) as con:
        assert is_current(con)
        stored = contents(con)
        set_stored_aside(con)
        assert stored == contents(con)


def test_a_run_that_brings_nothing_leaves_the_tables(tmp_path):
    path = tmp_path / "gegevens.duckdb"
    published(path, [*traffic(4, 30)])
    with connect(path, write=True) as con:
        before = contents(con)
        reopen(con)
    publish_database(path)
    with connect(path) as con:
        assert is_current(con)
        assert contents(con) == before


def test_publishing_anew_leaves_no_table_that_waits(tmp_path):
    path = tmp_path / "gegevens.duckdb"
    published(path, [*traffic(4, 30)])
    with connect(path, write=True) as con:
        reopen(con)
        publish(con)
        assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%_vorige'").fetchone() == (0,)
