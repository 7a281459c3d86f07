"""The nightly job: new messages become a new dashboard, nothing new is no work, and no end leaves half a dashboard."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from keten_kpi.dashboard import KETENBUREAU, build_site
from keten_kpi.database import connect, stand_path
from keten_kpi.errors import KetenError
from keten_kpi.ingest import ingest
from keten_kpi.publish import reading, reopen
from keten_kpi.refresh import read_config, refresh
from keten_kpi.refresh import run as run_module
from keten_kpi.refresh.swap import check_site
from tests.verkeer.make import TOP

LEVERING = TOP / "voorjaar" / "levering"
CONFIG = '[refresh]\ninbox = ["inbox"]\nafter = "move"\nmin_aantal = 0\n'


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def status(folder: Path) -> dict[str, object]:
    return json.loads((folder / "status.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Path:
    """A folder in which the job ran once, on a part of the example delivery."""
    folder = tmp_path_factory.mktemp("nacht")
    (folder / "keten.toml").write_text(CONFIG, "utf-8")
    shutil.copytree(LEVERING, folder / "rest")
    (folder / "inbox").mkdir()
    for path in sorted((folder / "rest").iterdir())[::2]:
        path.rename(folder / "inbox" / path.name)
    refresh(read_config(folder / "keten.toml"))
    return folder


@pytest.fixture
def night(done, tmp_path) -> Path:
    """A copy of it with the rest of the delivery in the inbox."""
    folder = tmp_path / "nacht"
    shutil.copytree(done, folder, symlinks=True)
    for path in (folder / "rest").iterdir():
        path.rename(folder / "inbox" / path.name)
    return folder


def test_a_first_run_makes_the_dashboard_and_says_what_it_did(done) -> None:
    check_site(done / "dashboard")
    found = status(done)
    assert (found["result"], found["error"]) == ("refreshed", None)
    counts = found["counts"]
    assert counts["read"] == counts["loaded"] + counts["duplicate"] + counts["quarantined"] > 0
    assert bool(found["warnings"]) == bool(counts["quarantined"])
    assert files(done / "inbox") == {}
    assert files(done / "archive")


def test_pages_are_for_whom_the_umask_lets_in_and_the_database_is_for_its_owner(done) -> None:
    mask = os.umask(0o077)
    os.umask(mask)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (done / "dashboard.versions").rglob("*.html")}
    assert modes == {0o666 & ~mask}
    assert stat.S_IMODE((done / "dashboard" / "norm").stat().st_mode) == 0o777 & ~mask
    assert stat.S_IMODE((done / "keten.duckdb").stat().st_mode) == 0o600


def test_without_anything_new_nothing_is_done(done, monkeypatch) -> None:
    before = (done / "dashboard").resolve()
    monkeypatch.setattr(run_module, "Bouw", None)
    assert refresh(read_config(done / "keten.toml")).result == "unchanged"
    assert (done / "dashboard").resolve() == before


def test_what_another_command_changes_in_the_database_is_on_the_pages_too(night) -> None:
    """A client who is forgotten goes from the dashboard as well, also when nothing came in."""
    config = read_config(night / "keten.toml").model_copy(update={"inbox": ["leeg"]})
    (night / "leeg").mkdir()
    refresh(config)
    assert refresh(config).result == "unchanged"
    before = files(night / "dashboard")
    ingest([str(night / "inbox")], night / "keten.duckdb", opened=reopen)
    assert refresh(config).result == "refreshed"
    assert files(night / "dashboard") != before
    assert refresh(config).result == "unchanged"


def test_what_is_new_becomes_a_new_dashboard(night) -> None:
    before = files(night / "dashboard")
    assert refresh(read_config(night / "keten.toml")).counts["loaded"] > 0
    after = files(night / "dashboard")
    check_site(night / "dashboard")
    assert after["index.html"] != before["index.html"]


def test_pages_made_from_cases_that_were_mended_are_those_made_from_all_messages(night, tmp_path) -> None:
    config = read_config(night / "keten.toml")
    assert refresh(config).counts["cases_changed"] > 0
    with reading(night / "keten.duckdb") as con:
        build_site(con, tmp_path / "anders", editie=KETENBUREAU, minimum=config.min_aantal)
    assert files(night / "dashboard") == files(tmp_path / "anders")


def test_cases_that_could_not_be_mended_are_made_anew_with_a_warning(night) -> None:
    with connect(stand_path(night / "keten.duckdb"), write=True) as con:
        con.execute("DROP TABLE gevallen.retourtermijn")
    refresh(read_config(night / "keten.toml"))
    assert any("could not be mended (CatalogException)" in text for text in status(night)["warnings"])


def test_what_comes_or_changes_while_a_run_is_at_work_is_read_by_the_next(night, monkeypatch) -> None:
    config = read_config(night / "keten.toml")
    path = next(path for path in (night / "inbox").rglob("*") if path.is_file())
    whole, real = path.read_bytes(), run_module._ingest

    def ingest_and_be_written_to(*arguments: object) -> None:
        real(*arguments)
        path.write_bytes(whole + b"\n<!-- more -->")
        (night / "inbox" / "later.xml").write_bytes(whole)

    with monkeypatch.context() as busy:
        busy.setattr(run_module, "_ingest", ingest_and_be_written_to)
        assert any("changed while it was read" in warning for warning in refresh(config).warnings)
    assert {found.name for found in (night / "inbox").rglob("*") if found.is_file()} == {path.name, "later.xml"}
    assert refresh(config).counts["read"] > 0
    assert files(night / "inbox") == {}


def test_an_archive_within_the_inbox_is_not_read_again(night) -> None:
    config = read_config(night / "keten.toml").model_copy(update={"inbox": ["inbox", "archive"]})
    new = len(files(night / "inbox"))
    before = files(night / "archive")
    refresh(config)
    after = files(night / "archive")
    assert before.items() <= after.items()
    assert len(after) == len(before) + new
    assert refresh(config).result == "unchanged"


def test_a_run_that_fails_keeps_the_old_dashboard_and_the_inbox(night, monkeypatch) -> None:
    before, inbox = files(night / "dashboard"), files(night / "inbox")

    def fail(*_: object, **__: object) -> None:
        raise KetenError("The disk is full.")

    monkeypatch.setattr(run_module, "Bouw", fail)
    with pytest.raises(KetenError, match="disk"):
        refresh(read_config(night / "keten.toml"))
    assert files(night / "dashboard") == before
    assert files(night / "inbox") == inbox
    assert (status(night)["result"], status(night)["error"]) == ("failed", "The disk is full.")


def test_two_runs_at_once_do_not_work_on_one_database(done) -> None:
    config = read_config(done / "keten.toml")
    with (
        run_module._lock(config.path(config.database + ".lock")),
        pytest.raises(KetenError, match="Another refresh"),
    ):
        refresh(config)


KILL = """
import os, sys
from keten_kpi.cli import main
import keten_kpi.refresh.run as run
import keten_kpi.refresh.swap as swap
import keten_kpi.dashboard.paginas as pages

def die(*_, **__):
    os.kill(os.getpid(), 9)

setattr({module}, "{name}", die)
sys.argv = ["keten-kpi", "refresh", "--config", sys.argv[1]]
main()
"""
POINTS = [
    ("run", "ingest"),
    ("pages", "codes_page"),
    ("swap.Path", "replace"),
    ("swap.shutil", "rmtree"),
    ("run", "archive_files"),
]


@pytest.mark.parametrize(("module", "name"), POINTS)
def test_a_run_that_is_killed_leaves_a_whole_dashboard_and_the_next_one_ends_it(night, module, name) -> None:
    code = KILL.format(module=module, name=name)
    command = [sys.executable, "-c", code, str(night / "keten.toml")]
    before, inbox = files(night / "dashboard"), files(night / "inbox")
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr.decode()
    check_site(night / "dashboard")
    is_new = files(night / "dashboard") != before
    assert is_new == (name == "archive_files")  # the one point after the swap
    assert files(night / "inbox") == inbox  # not lost
    assert refresh(read_config(night / "keten.toml")).result == "refreshed"
    check_site(night / "dashboard")
    assert files(night / "inbox") == {}
    assert len(list((night / "dashboard.versions").iterdir())) <= 2
    assert not list(night.glob(".dashboard.*"))
