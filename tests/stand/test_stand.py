"""The cases that are kept and mended from day to day are those that all messages give."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from keten_kpi.dashboard import all_counts
from keten_kpi.database import Connection, attach_reading, connect, stand_path
from keten_kpi.kpi import (
    TEMPORARY,
    Kpi,
    Selection,
    as_of,
    case_relation,
    compute,
    drop_counts,
    find_kpi,
    make_counts,
)
from keten_kpi.kpi.bewaard import STAND
from keten_kpi.load import create_tables
from keten_kpi.publish import list_kpis, publish, publish_database, reading, reopen
from keten_kpi.stand import bring_up, reading_stand
from keten_kpi.stand.deel import FOLDER
from tests.kpi.traffic_alle import FIRST, Message, load
from tests.stand.wide import arrive, make_wide

KPIS = list_kpis()
TELLINGEN = all_counts()
UITGAVE = "deze"
Days = Sequence[Sequence[date | None]]


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("leeg") / "gegevens.duckdb"
    with connect(path, write=True) as con:
        create_tables(con)
        publish(con)
    return path


def deliver(db: Path, messages: Sequence[Message], first_nr: int) -> None:
    with connect(db, write=True) as con:
        reopen(con)
        if messages:
            load(con, messages, first_nr)
    publish_database(db)


def differences(db: Path, vandaag: date | None = None) -> dict[str, tuple[list[object], list[object]]]:
    """Per KPI the rows that only the stand has, and those that only the messages give."""
    found = {}
    with reading(db) as con, attach_reading(con, stand_path(db), STAND), as_of(con, Selection(), vandaag):
        for kpi in KPIS:
            kept, made = f"SELECT * FROM {STAND}.gevallen.{kpi.name}", f"SELECT * FROM {kpi.view}"
            only = [con.execute(f"{a} EXCEPT ALL {b}").fetchall() for a, b in ((kept, made), (made, kept))]
            if any(only):
                found[kpi.id] = (only[0], only[1])
            found |= other_counts(con, kpi)
    return found


def other_counts(con: Connection, kpi: Kpi) -> dict[str, tuple[list[object], list[object]]]:
    """The same of the counts that are kept: beside those of all its cases."""
    found = {}
    for telling in TELLINGEN[kpi.id]:
        make_counts(con, telling, kpi.view)
        for one in (telling, *telling.daarop):
            kept, made = (f"SELECT * FROM {one.table(place)}" for place in (f"{STAND}.tellingen", TEMPORARY))
            only = [con.execute(f"{a} EXCEPT ALL {b}").fetchall() for a, b in ((kept, made), (made, kept))]
            if any(only):
                found[one.naam] = (only[0], only[1])
        drop_counts(con, [telling])
    return found


def check(empty: Path, db: Path, messages: Sequence[Message], cuts: Sequence[int], days: Days) -> list[str]:
    """Brings the stand up after each delivery, as of one or more days; what it did each time."""
    shutil.copy(empty, db)
    stand_path(db).unlink(missing_ok=True)
    done = []
    for (start, end), when in zip(pairwise([0, *cuts, len(messages)]), days, strict=True):
        deliver(db, messages[start:end], start + 1)
        for vandaag in when:
            done.append(bring_up(db, UITGAVE, tellingen=TELLINGEN, vandaag=vandaag).wijze)
            assert differences(db, vandaag) == {}
    return done


def opened(db: Path) -> str:
    return bring_up(db, UITGAVE, tellingen=TELLINGEN).wijze


@pytest.fixture(scope="module")
def kept(empty, tmp_path_factory) -> Path:
    """A database of which the stand is kept."""
    db = tmp_path_factory.mktemp("bewaard") / "gegevens.duckdb"
    shutil.copy(empty, db)
    deliver(db, make_wide(1, 30, 5), 1)
    assert opened(db) == "made"
    return db


@pytest.fixture
def db(kept, tmp_path) -> Path:
    path = tmp_path / kept.name
    for file in (kept, stand_path(kept)):
        shutil.copy(file, tmp_path / file.name)
    return path


def test_the_stand_is_for_the_owner_of_the_database(kept):
    assert stand_path(kept).stat().st_mode & 0o777 == 0o600


def test_nothing_new_is_no_work(db):
    before = stand_path(db).read_bytes()
    assert opened(db) == "unchanged"
    assert stand_path(db).read_bytes() == before


def test_a_database_without_messages_has_no_stand(empty, tmp_path):
    db = tmp_path / "gegevens.duckdb"
    shutil.copy(empty, db)
    publish_database(db)
    assert opened(db) == "none"
    assert not stand_path(db).exists()
    with reading(db) as con, reading_stand(con, db):
        assert case_relation(con, KPIS[0]) == KPIS[0].view


@pytest.mark.parametrize("fault", ["no database", "not finished", "cut short", "of something else"])
def test_a_stand_that_cannot_be_read_is_made_anew(db, fault):
    path = stand_path(db)
    if fault == "no database":
        path.write_bytes(b"niets")
    elif fault == "cut short":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        with connect(path, write=True) as con:
            con.execute("DELETE FROM stand.grondslag" if fault == "not finished" else "DROP SCHEMA stand CASCADE")
    assert opened(db) == "made"
    assert differences(db) == {}


def test_cases_that_another_version_kept_are_made_anew(db):
    assert bring_up(db, "een andere", tellingen=TELLINGEN).wijze == "made"


def test_cases_are_made_anew_when_a_message_that_they_know_is_gone(db):
    with connect(db, write=True) as con:
        con.execute("DELETE FROM bron.bericht WHERE bericht_nr = 3")
    assert opened(db) == "made"


def test_cases_are_made_anew_when_messages_have_other_numbers(db):
    with connect(db, write=True) as con:
        con.execute("UPDATE bron.bericht SET bericht_nr = 5 - bericht_nr WHERE bericht_nr IN (2, 3)")
    assert opened(db) == "made"


def test_cases_are_made_anew_when_a_code_list_came(db):
    with connect(db, write=True) as con:
        con.execute("UPDATE verkeer.productcode SET code = 'eigen1' WHERE code = '45A04'")
    assert opened(db) == "made"
    assert differences(db) == {}


def test_cases_are_made_anew_for_an_earlier_day(db):
    assert bring_up(db, UITGAVE, tellingen=TELLINGEN, vandaag=FIRST + timedelta(days=60)).wijze == "made"
    assert differences(db, FIRST + timedelta(days=60)) == {}


def test_only_the_cases_that_a_message_touches_are_worked_out_again(db):
    """What is wrong in the stand about others stays: nobody looked at them."""
    new = make_wide(2, 1, 5)
    with connect(stand_path(db), write=True) as con:
        con.execute("UPDATE gevallen.berichtvolume SET release = 'nooit'")
    deliver(db, new, 1000)
    assert opened(db) == "mended"
    with connect(stand_path(db)) as con:
        others = "SELECT count(*) FROM gevallen.berichtvolume WHERE release <> 'nooit'"
        assert con.execute(others).fetchone() == (len(new),)


def test_figures_are_read_from_the_stand_as_of_its_day_only(db):
    kpi = find_kpi("retourtermijn")
    with reading(db) as con:
        with reading_stand(con, db):
            with as_of(con, Selection()):
                assert case_relation(con, kpi) == f"{STAND}.gevallen.retourtermijn"
            with as_of(con, Selection(peildatum=FIRST)):
                assert case_relation(con, kpi) == kpi.view
        assert case_relation(con, kpi) == kpi.view


def test_figures_from_the_stand_are_those_from_the_messages(db):
    with reading(db) as con:
        expected = [compute(con, kpi.id, per=("gemeente", "maand")).rows for kpi in KPIS]
        with reading_stand(con, db):
            assert [compute(con, kpi.id, per=("gemeente", "maand")).rows for kpi in KPIS] == expected


def test_every_kpi_says_what_its_cases_are_mended_by():
    """One that does not is worked out from all messages, and compared."""
    assert {kpi.bijwerken for kpi in KPIS} == {
        file.name.removesuffix(".sql") for file in (FOLDER / "gevallen").iterdir()
    }


@settings(
    deadline=None,
    max_examples=4,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.integers(0, 10**6), parties=st.sampled_from([2, 5, 12]), late=st.sampled_from([0, 5, 200]), data=st.data()
)
def test_mended_cases_are_those_that_all_messages_give(empty, tmp_path, seed, parties, late, data):
    messages = arrive(make_wide(seed, 60, parties), seed, late)
    cuts = sorted(data.draw(st.lists(st.integers(10, len(messages) - 1), min_size=1, max_size=2, unique=True)))
    done = check(empty, tmp_path / "gegevens.duckdb", messages, cuts, [(None,)] * (len(cuts) + 1))
    assert done == ["made", *["mended"] * len(cuts)]
