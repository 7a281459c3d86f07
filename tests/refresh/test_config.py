"""A setting that cannot be says what and where; the example is as the program reads it."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from keten_kpi.errors import KetenError, UsageError
from keten_kpi.refresh import EXAMPLE, Config, read_config
from keten_kpi.refresh.inbox import archive_files, list_inbox, stamp_files


def write(folder: Path, text: str) -> Path:
    path = folder / "keten.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_example_holds_the_defaults(tmp_path) -> None:
    assert read_config(write(tmp_path, EXAMPLE)) == Config(inbox=["inbox"], top=tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[refresh]\ninbox = ["in"]\ndashbord = "x"', "line 3: there is no setting dashbord"),
        ("[refresh]\ninbox = 3", "line 2: inbox cannot be this: input should be a valid list"),
        ('[refresh]\ninbox = ["in"]\nafter = "delete"', "line 3: after cannot be this: input should be 'leave' or"),
        ('[refresh]\ninbox = ["in"]\nmin_aantal = "10"', "line 3: min_aantal cannot be this"),
        ('[refresh]\ninbox = ["in"]\nmin_aantal = 2', "line 3: min_aantal cannot be this: below 3 nothing is hidden"),
        ('[refresh]\nafter = "leave"', "the setting inbox is missing"),
        ('[refresh]\ninbx = ["in"]', "keten.toml, line 2: there is no setting inbx"),
        ("[refresh]\ninbox = []", "line 2: inbox cannot be this"),
        ('[refresh]\ninbox = ["in"]\ntop = "/"', "line 3: there is no setting top"),
        ("[check]\n", "has no section"),
        ("[refresh", "is no TOML"),
    ],
)
def test_a_setting_that_cannot_be_says_what_and_where(tmp_path, text, says) -> None:
    with pytest.raises(UsageError) as caught:
        read_config(write(tmp_path, text))
    assert says in caught.value.message
    assert caught.value.advice


def test_a_file_that_is_still_being_written_is_not_read(tmp_path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.zip", "b.zip.part", ".c.zip", "d.tmp"):
        (tmp_path / "in" / name).write_text(name, "utf-8")
    assert [path.name for path in list_inbox(tmp_path, ["in", "in/*.zip"])] == ["a.zip"]


def test_an_inbox_that_is_not_there_is_an_error_and_a_glob_without_files_is_none(tmp_path) -> None:
    assert list_inbox(tmp_path, ["*.zip"]) == []
    with pytest.raises(UsageError, match="does not exist"):
        list_inbox(tmp_path, ["in"])


def test_nothing_in_the_archive_is_overwritten(tmp_path) -> None:
    for turn in ("een", "twee"):
        (tmp_path / "dag.zip").write_text(turn, "utf-8")
        assert archive_files(stamp_files([tmp_path / "dag.zip"]), tmp_path / "archive") == []
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "archive").iterdir()} == {
        "dag.zip": "een",
        "dag-1.zip": "twee",
    }


def test_a_file_that_changed_while_it_was_read_stays_in_the_inbox(tmp_path) -> None:
    for name in ("a.zip", "b.zip", "c.zip"):
        (tmp_path / name).write_text("een", "utf-8")
    files = stamp_files(tmp_path.glob("*.zip"))
    (tmp_path / "b.zip").write_text("twee en meer", "utf-8")
    (tmp_path / "c.zip").unlink()
    assert archive_files(files, tmp_path / "archive") == [tmp_path / "b.zip"]
    assert (tmp_path / "b.zip").read_text("utf-8") == "twee en meer"
    assert [path.name for path in (tmp_path / "archive").iterdir()] == ["a.zip"]


def test_a_file_that_a_killed_run_archived_already_is_archived_once(tmp_path) -> None:
    (tmp_path / "archive").mkdir()
    for path in (tmp_path / "dag.zip", tmp_path / "archive" / "dag.zip"):
        path.write_text("een", "utf-8")
    archive_files(stamp_files([tmp_path / "dag.zip"]), tmp_path / "archive")
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.zip")] == ["archive/dag.zip"]


def test_an_archive_on_another_disk_holds_a_file_whole_or_not_at_all(tmp_path, monkeypatch) -> None:
    (tmp_path / "dag.zip").write_text("een", "utf-8")
    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if path.parent != target.parent:
            raise OSError(errno.EXDEV, "another disk")
        return real(path, target)

    def copy_half(_: Path, target: Path) -> None:
        target.write_text("e", "utf-8")
        raise OSError(errno.ENOSPC, "the disk is full")

    monkeypatch.setattr(Path, "replace", replace)
    with monkeypatch.context() as full:
        full.setattr(shutil, "copy2", copy_half)
        with pytest.raises(KetenError, match="disk is full"):
            archive_files(stamp_files([tmp_path / "dag.zip"]), tmp_path / "archive")
    assert not (tmp_path / "archive" / "dag.zip").exists()
    archive_files(stamp_files([tmp_path / "dag.zip"]), tmp_path / "archive")
    assert [path.name for path in (tmp_path / "archive").iterdir()] == ["dag.zip"]
    assert not (tmp_path / "dag.zip").exists()
