"""The cases that are kept and mended from day to day are those that all messages give."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from unittest.mock import ANY

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from keten_kpi.database import connect, scalar, stand_path
from keten_kpi.kpi import (
    Selection,
    as_of,
    case_relation,
    compute,
    find_kpi,
)
from keten_kpi.kpi.bewaard import STAND
from keten_kpi.load import create_tables
from keten_kpi.publish import publish, publish_database, reading, reopen
from keten_kpi.stand import bestand, bring_up, deel, reading_stand
from keten_kpi.stand.bestand import _is_whole
from keten_kpi.stand.deel import FOLDER
from keten_kpi.views import SqlView
from tests.kpi.traffic_alle import FIRST, Message, load
from tests.stand.vergelijken import KPIS, TELLINGEN, differences
from tests.stand.wide import arrive, make_wide

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


def why(db: Path, uitgave: str = UITGAVE, vandaag: date | None = None) -> tuple[str | None, bool]:
    """Why a stand was made anew, and whether that was a fault."""
    stand = bring_up(db, uitgave, tellingen=TELLINGEN, vandaag=vandaag)
    assert stand.wijze == "made"
    return stand.reden, stand.fout


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


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("no database", ("KetenError", True)),
        ("not finished", ("not whole", False)),
        ("cut short", ANY),  # where DuckDB notices depends on what is gone
        ("of something else", ("not whole", False)),
        ("a table is gone", ("CatalogException", True)),
        ("numbers are gone", ("CatalogException", True)),
    ],
)
def test_a_stand_that_cannot_be_read_is_made_anew(db, fault, reason):
    path = stand_path(db)
    if fault == "no database":
        path.write_bytes(b"niets")
    elif fault == "cut short":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        with connect(path, write=True) as con:
            con.execute(
                {
                    "not finished": "DELETE FROM stand.grondslag",
                    "of something else": "DROP SCHEMA stand CASCADE",
                    "a table is gone": "DROP TABLE gevallen.retourtermijn",
                    "numbers are gone": "DROP TABLE sleutels.nummer",
                }[fault]
            )
    deliver(db, make_wide(3, 1, 5), 1000)
    assert why(db) == reason
    assert differences(db) == {}


def test_a_file_that_is_shorter_than_it_says_is_not_whole(db, tmp_path):
    short = tmp_path / "kort"
    short.write_bytes(stand_path(db).read_bytes()[: stand_path(db).stat().st_size // 2])
    with connect(stand_path(db)) as con:
        own = str(scalar(con, "SELECT current_database()"))
        assert [_is_whole(con, own, path) for path in (stand_path(db), short)] == [True, False]


CODEGEBRUIK = {  # what was sent, and what comes: wet, gemeente and code; the gemeenten are of one jeugdregio
    "a code of one of two gemeenten again": (["Jw 0384 45X01", "Jw 0363 45X02"], ["Jw 0363 45X02"]),
    "the same in two wetten": (
        ["Jw 0384 45X01", "Jw 0363 45X02", "Wmo 0384 45X03", "Wmo 0363 45X04"],
        ["Jw 0363 45X02", "Wmo 0363 45X04"],
    ),
    "a code that only the other used": (["Jw 0384 45X01", "Jw 0384 45X02", "Jw 0363 45X03"], ["Jw 0363 45X02"]),
    "a gemeente begins to send": (["Jw 0384 45X01", "Jw 0384 45X02"], ["Jw 0363 45X03"]),
}


@pytest.mark.parametrize("verhaal", CODEGEBRUIK)
def test_how_widely_a_code_is_used_follows_from_its_regio(empty, tmp_path, verhaal):
    lines = [line.split() for part in CODEGEBRUIK[verhaal] for line in part]
    messages = [
        Message(nr, wet, "305", gemeente, "01234567", f"b{nr}", FIRST, rows={"start_product": [{"product_code": code}]})
        for nr, (wet, gemeente, code) in enumerate(lines, start=1)
    ]
    cuts = [len(CODEGEBRUIK[verhaal][0])]
    assert check(empty, tmp_path / "gegevens.duckdb", messages, cuts, [[None], [None]]) == ["made", "mended"]


def test_cases_that_another_version_kept_are_made_anew(db):
    assert why(db, "een andere") == ("another version", False)


def test_cases_that_another_duckdb_numbered_are_made_anew(db, monkeypatch):
    bestand._rules.cache_clear()
    monkeypatch.setattr(bestand, "version", lambda name: f"another {name}")
    assert why(db) == ("another version", False)
    bestand._rules.cache_clear()


def test_cases_are_made_anew_when_a_message_that_they_know_is_gone(db):
    with connect(db, write=True) as con:
        con.execute("DELETE FROM bron.bericht WHERE bericht_nr = 3")
    assert why(db) == ("messages that it knows are gone", False)


def test_cases_are_made_anew_when_messages_have_other_numbers(db):
    with connect(db, write=True) as con:
        con.execute("UPDATE bron.bericht SET bericht_nr = 5 - bericht_nr WHERE bericht_nr IN (2, 3)")
    assert why(db) == ("messages that it knows are gone", False)


def test_cases_are_made_anew_when_a_code_list_came(db):
    with connect(db, write=True) as con:
        con.execute("UPDATE verkeer.productcode SET code = 'eigen1' WHERE code = '45A04'")
    assert why(db) == ("other code lists", False)
    assert differences(db) == {}


def test_cases_are_made_anew_for_an_earlier_day(db):
    assert why(db, vandaag=FIRST + timedelta(days=60)) == ("an earlier day", False)
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


def test_messages_are_told_apart_by_their_keys_when_their_numbers_are_alike(empty, tmp_path, monkeypatch):
    queries = deel._queries
    monkeypatch.setattr(deel, "_queries", lambda *of: [alike(query) for query in queries(*of)])
    assert any("0 * HASH(" in query.select for query in deel.read_sleutels())
    messages = make_wide(4, 60, 5)
    assert check(empty, tmp_path / "gegevens.duckdb", messages, [40], [(None,)] * 2) == ["made", "mended"]


def alike(query: SqlView) -> SqlView:
    return replace(query, select=query.select.replace("HASH(", "0 * HASH("))


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
