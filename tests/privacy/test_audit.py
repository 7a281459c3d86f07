"""Each reading of cases is recorded before it is shown, in a chain that shows what was changed."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keten_kpi.audit import audit_path, check_chain, record
from keten_kpi.cli import app
from keten_kpi.errors import KetenError
from tests.verkeer.make import TOP


def written(path: Path, lines: list[bytes]) -> None:
    path.write_bytes(b"".join(lines))


@pytest.fixture
def log(tmp_path) -> Path:
    for at in range(5):
        record(tmp_path / "k.duckdb", "violations", {"kpi": "doorlooptijd-toewijzing", "gemeente": None}, at)
    return audit_path(tmp_path / "k.duckdb")


def test_a_chain_that_nobody_touched_is_whole_and_in_order(log) -> None:
    chain = check_chain(log)
    assert chain.broken is None
    assert [entry.aantal_rijen for entry in chain.entries] == [0, 1, 2, 3, 4]
    assert chain.entries[0].selectie == {"kpi": "doorlooptijd-toewijzing"}
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", range(4))
def test_a_line_that_is_changed_or_taken_out_or_turned_round_breaks_the_chain(log, place) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    changed = lines[place].replace(b'"aantal_rijen": ', b'"aantal_rijen": 7')
    written(log, [*lines[:place], changed, *lines[place + 1 :]])
    assert check_chain(log).broken == place + 1
    written(log, lines[:place] + lines[place + 1 :])
    assert check_chain(log).broken == place + 1
    written(log, [*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]])
    assert check_chain(log).broken == place + 1


def test_lines_cut_off_at_the_end_show_against_a_hash_kept_elsewhere(log, tmp_path) -> None:
    head = check_chain(log).head
    written(log, log.read_bytes().splitlines(keepends=True)[:3])
    db = ["--db", str(tmp_path / "k.duckdb")]
    assert CliRunner().invoke(app, ["audit", *db]).exit_code == 0
    told = CliRunner().invoke(app, ["audit", *db, "--head", head]).exception
    assert isinstance(told, KetenError)
    assert "lines that it stood for are gone" in told.message


def test_a_break_stays_visible_when_others_go_on_after_it(log, tmp_path) -> None:
    with log.open("ab") as file:
        file.write(b"not ours\n")
    record(tmp_path / "k.duckdb", "waarom", {}, 1)
    assert check_chain(log).broken == 6


def test_a_line_that_a_power_cut_left_half_written_is_taken_away(log, tmp_path) -> None:
    whole = log.read_bytes()
    log.write_bytes(whole[:-20])
    record(tmp_path / "k.duckdb", "waarom", {}, 9)
    chain = check_chain(log)
    assert chain.broken is None
    assert [entry.aantal_rijen for entry in chain.entries] == [0, 1, 2, 3, 9]


def test_many_readers_at_once_make_one_chain(tmp_path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: record(tmp_path / "k.duckdb", "werklijst", {"gemeente": "0384"}, at), range(80)))
    chain = check_chain(audit_path(tmp_path / "k.duckdb"))
    assert chain.broken is None
    assert sorted(entry.aantal_rijen for entry in chain.entries) == list(range(80))


@pytest.mark.parametrize("place", ["a/folder/that/is/not/there/log", "."])
def test_what_cannot_be_recorded_is_not_read(tmp_path, monkeypatch, place) -> None:
    monkeypatch.setenv("KETEN_KPI_AUDIT", str(tmp_path / place))
    with pytest.raises(KetenError, match=r"cannot be recorded .* nothing is shown"):
        record(tmp_path / "k.duckdb", "violations", {}, 1)


def test_a_link_is_not_followed(tmp_path) -> None:
    target = tmp_path / "elders"
    target.write_text("van een ander\n")
    audit_path(tmp_path / "k.duckdb").symlink_to(target)
    with pytest.raises(KetenError, match="cannot be recorded"):
        record(tmp_path / "k.duckdb", "violations", {}, 1)
    assert target.read_text() == "van een ander\n"


def test_every_command_that_reads_cases_is_in_the_record(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(os.environ, "KETEN_KPI_NAMENS", "college van Diemen")
    shutil.copytree(TOP / "voorjaar" / "levering", tmp_path / "levering")
    runner = CliRunner()
    assert runner.invoke(app, ["ingest", "levering", "--db", "k.duckdb"]).exit_code == 3
    json_text = ["--format", "json", "--db", "k.duckdb"]
    cases = json.loads(runner.invoke(app, ["violations", "doorlooptijd-toewijzing", "--all", *json_text]).stdout)[
        "rows"
    ]
    work = json.loads(runner.invoke(app, ["werklijst", "--gemeente", "0384", *json_text]).stdout)["rows"]
    assert runner.invoke(app, ["waarom", cases[0]["geval_id"], "--db", "k.duckdb"]).exit_code == 0
    assert runner.invoke(app, ["kpi", "berichtvolume", "--db", "k.duckdb"]).exit_code == 0
    shown = json.loads(runner.invoke(app, ["audit", "--json", "--db", "k.duckdb"]).stdout)
    assert shown["is_heel"]
    assert [(line["opdracht"], line["aantal_rijen"]) for line in shown["regels"][:2]] == [
        ("violations", len(cases)),
        ("werklijst", len(work)),
    ]
    assert shown["regels"][2]["selectie"]["geval"] == cases[0]["geval_id"]
    assert len(shown["regels"]) == 3
    out = str(tmp_path / "gevallen.csv")
    assert runner.invoke(app, ["violations", "berichtvolume", "--out", out, "--db", "k.duckdb"]).exit_code == 0
    assert Path(out).stat().st_mode & 0o777 == 0o600, "cases are for who asked for them"
    assert {line["namens"] for line in shown["regels"]} == {"college van Diemen"}
    assert "college van Diemen" in runner.invoke(app, ["audit", "--db", "k.duckdb"]).stdout


JSON = ("--format", "json", "--db", "k.duckdb")
FIGURES = (
    ("kpi", "doorlooptijd-toewijzing", "--format", "json"),
    ("kpi", "berichtvolume", "--format", "csv"),
    ("check", "--gemeente", "0384"),
    ("check", "--aanbieder", "12345678"),
    ("codes", "lijst", "--min-aantal", "0"),
    ("codes", "wat-als", "--voorstel", "3", "--min-aantal", "0"),
    ("dashboard", "build", "site", "--min-aantal", "0"),
)


def test_what_is_not_recorded_shows_no_case_and_no_client(tmp_path, monkeypatch) -> None:
    """Figures are no cases: no id of a case or message, no pseudonym is in what these commands give."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(TOP / "voorjaar" / "levering", tmp_path / "levering")
    runner = CliRunner()
    runner.invoke(app, ["ingest", "levering", "--db", "k.duckdb"])
    told = ""
    for command in FIGURES:
        ran = runner.invoke(app, [*command, "--db", "k.duckdb"])
        assert ran.exit_code in {0, 3} or isinstance(ran.exception, KetenError), (command, ran.output)
        told += ran.output
    told += "".join(path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.*") if path.is_file())
    assert "doorlooptijd" in told
    assert not audit_path(tmp_path / "k.duckdb").exists()
    found = runner.invoke(app, ["violations", "doorlooptijd-toewijzing", "--all", *JSON])
    cases = json.loads(found.stdout)["rows"]
    client = json.loads(runner.invoke(app, ["waarom", cases[0]["geval_id"], *JSON]).stdout)["client_id"]
    ids = {client} | {str(case[name]) for case in cases for name in case if name.endswith("_id") and case[name]}
    assert len(ids) > 20
    assert sorted(one for one in ids if one in told) == []


def test_what_a_reading_writes_is_for_who_asked_only(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(TOP / "voorjaar" / "levering", tmp_path / "levering")
    runner, db = CliRunner(), ["--db", "k.duckdb"]
    runner.invoke(app, ["ingest", "levering", *db])
    found = runner.invoke(app, ["violations", "doorlooptijd-toewijzing", "--all", "--format", "json", *db])
    case = json.loads(found.stdout)["rows"][0]
    commands = {
        "werk.csv": ["werklijst", "--gemeente", "0384", "--out", "werk.csv"],
        "waarom.html": ["waarom", case["geval_id"], "--out", "waarom.html"],
        "log.xes": ["export", "eventlog", "--format", "xes", "--out", "log.xes"],
        "jaar.xlsx": ["verantwoording", "--aanbieder", case["aanbieder"], "--jaar", "2026", "--out", "jaar.xlsx"],
    }
    for command in commands.values():
        old = os.umask(0o022)
        try:
            ran = runner.invoke(app, [*command, *db])
        finally:
            os.umask(old)
        assert ran.exit_code == 0, (command, ran.output, ran.exception)
    assert {name: oct((tmp_path / name).stat().st_mode & 0o777) for name in commands} == dict.fromkeys(
        commands, "0o600"
    )
    recorded = [entry.opdracht for entry in check_chain(audit_path(tmp_path / "k.duckdb")).entries]
    assert recorded == ["violations", "werklijst", "waarom", "export eventlog", "verantwoording"]
