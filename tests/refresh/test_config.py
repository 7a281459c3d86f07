"""A setting that cannot be says what and where; the example is as the program reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keten_kpi.errors import UsageError
from keten_kpi.refresh import EXAMPLE, Config, read_config
from keten_kpi.refresh.inbox import archive_files, list_inbox


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
        ('[refresh]\nafter = "leave"', "the setting inbox is missing"),
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
        archive_files([tmp_path / "dag.zip"], tmp_path / "archive")
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "archive").iterdir()} == {
        "dag.zip": "een",
        "dag-1.zip": "twee",
    }
