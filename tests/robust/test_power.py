"""A power cut may lose what was written and not yet on disk: nothing takes a name, or goes, before what it rests on is.

The power cannot be cut in a test; here each call that writes is seen, in order.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from keten_kpi.forget import rewrite
from keten_kpi.pseudoniem import make_key
from keten_kpi.refresh.inbox import archive_files, stamp_files
from keten_kpi.refresh.swap import new_version, swap_in
from keten_kpi.report import replace_file

Calls = list[tuple[str, str]]


@pytest.fixture
def calls(monkeypatch) -> Calls:
    """What is asked of the disk, with the name of the file or folder."""
    seen: Calls = []

    def watch(name: str, word: str, *, by_handle: bool = False) -> None:
        real = getattr(os, name)

        def watched(*arguments, **options):
            path = Path(f"/proc/self/fd/{arguments[0]}").readlink() if by_handle else Path(*arguments[:1])
            done = real(*arguments, **options)
            seen.append((word, path.name))
            return done

        monkeypatch.setattr(os, name, watched)

    watch("fsync", "sync", by_handle=True)
    watch("sync", "sync all")
    for name in ("replace", "unlink", "rmdir"):
        watch(name, name)
    return seen


def test_a_file_is_on_disk_before_it_takes_the_place_of_the_old_one(tmp_path, calls) -> None:
    replace_file(tmp_path / "status.json", lambda part: part.write_text("{}", "utf-8"))
    assert calls == [("sync", "status.json.part"), ("replace", "status.json.part"), ("sync", tmp_path.name)]


def test_pages_and_database_are_on_disk_before_the_link_names_them(tmp_path, calls) -> None:
    link = tmp_path / "dashboard"
    for _ in range(3):
        folder = new_version(link)
        folder.mkdir()
        calls.clear()
        swap_in(link, folder)
    (first, _), (swap, made), *after = calls
    assert (first, swap, made[:11]) == ("sync all", "replace", ".dashboard.")
    assert [word for word, _ in after] == ["sync", "rmdir"]  # the oldest goes last


def test_a_file_goes_from_the_inbox_when_its_copy_on_another_disk_is_there_for_good(
    tmp_path, calls, monkeypatch
) -> None:
    real = os.replace

    def replace(path, target) -> None:
        if Path(path).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "another disk")
        real(path, target)

    monkeypatch.setattr(os, "replace", replace)
    (tmp_path / "dag.zip").write_text("een", "utf-8")
    archive_files(stamp_files([tmp_path / "dag.zip"]), tmp_path / "archive")
    part = ".dag.zip.part"
    assert calls == [("sync", part), ("replace", part), ("sync", "archive"), ("unlink", "dag.zip")]


def test_a_database_is_not_written_over_before_the_new_one_has_its_name_for_good(tmp_path, calls, monkeypatch) -> None:
    path, part = tmp_path / "k.duckdb", tmp_path / "k.duckdb.part"
    path.write_bytes(b"old")
    part.write_bytes(b"new")
    real = rewrite.wipe
    monkeypatch.setattr(rewrite, "wipe", lambda handle: (calls.append(("zero", "")), real(handle)))
    monkeypatch.setattr(rewrite, "examine", lambda _: type("Whole", (), {"is_whole": True}))
    rewrite._replace(path, part, [], rewrite.Proof(1, 1, 1, 1, 0, 0, 0, 0, is_whole=True))
    assert [word for word, _ in calls] == ["sync", "replace", "sync", "zero", "sync", "unlink"]
    assert path.read_bytes() == b"new"


def test_a_key_is_on_disk_before_anything_is_made_with_it(tmp_path, calls) -> None:
    make_key(tmp_path / "k.key")
    assert calls == [("sync", "k.key"), ("sync", tmp_path.name)]
