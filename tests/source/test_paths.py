"""Paths on the command line: files, folders, links, standard input; and adding a kind of source."""

from __future__ import annotations

import io
import lzma
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keten_kpi.errors import Exit, UsageError
from keten_kpi.source import Document, Origin, Reason, kinds, read_documents
from tests.source.packing import tar, unseekable, zipped


def tree(top, *names):
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def sources(documents, top):
    return [os.path.relpath(document.origin.source, top) for document in documents]


def reasons(documents):
    return [document.fault.reason for document in documents if document.fault]


@pytest.fixture
def delivery(tmp_path):
    top = tmp_path / "levering"
    top.mkdir()
    return top


def test_a_folder_is_read_by_name_with_all_that_lies_below_it(delivery):
    tree(delivery, "b.xml", "a/z.xml", "a/b/c.xml", "a.xml", "B.xml", ".verborgen", "README.txt")
    names = [".verborgen", "B.xml", "README.txt", "a/b/c.xml", "a/z.xml", "a.xml", "b.xml"]
    found = list(read_documents([str(delivery)]))
    assert found == [Document(Origin(f"{delivery}/{name}"), name.encode()) for name in names]


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4), max_size=12))
def test_a_folder_gives_every_file_in_it_once(tmp_path_factory, paths):
    top = tmp_path_factory.mktemp("boom")
    tree(top, *("/".join(path) + ".xml" for path in paths))
    expected = sorted(str(path) for path in top.rglob("*.xml"))
    assert sorted(document.origin.source for document in read_documents([str(top)])) == expected


@pytest.mark.parametrize("given_as", ["levering", "levering/", "./levering", "levering/../levering", "."])
def test_a_file_in_a_folder_is_named_as_the_user_named_the_folder(given_as, delivery, monkeypatch):
    monkeypatch.chdir(delivery if given_as == "." else delivery.parent)
    tree(delivery, "map/a.xml")
    assert [d.origin.source for d in read_documents([given_as])] == [f"{given_as.rstrip('/')}/map/a.xml"]


def test_archives_in_a_folder_are_unpacked(delivery):
    (delivery / "a.zip").write_bytes(zipped([("a.xml", b"<a/>")]))
    (delivery / "b.txt").write_bytes(tar([("b.zip", zipped([("b.xml", b"<b/>")]))]))
    found = [(str(d.origin), d.content) for d in read_documents([str(delivery)])]
    assert found == [(f"{delivery}/a.zip!/a.xml", b"<a/>"), (f"{delivery}/b.txt!/b.zip!/b.xml", b"<b/>")]


def test_paths_are_read_in_the_order_given_and_as_often_as_given(delivery):
    tree(delivery, "a.xml", "b.xml")
    paths = [str(delivery / "b.xml"), "-", str(delivery), str(delivery / "b.xml")]
    found = [document.content for document in read_documents(paths, stdin=io.BytesIO(b"<c/>"))]
    assert found == [b"b.xml", b"<c/>", b"a.xml", b"b.xml", b"b.xml"]


def test_an_empty_folder_holds_nothing_and_an_empty_file_is_a_document(delivery):
    assert list(read_documents([str(delivery)])) == []
    (delivery / "leeg.xml").touch()
    assert list(read_documents([str(delivery)])) == [Document(Origin(f"{delivery}/leeg.xml"), b"")]


def test_folders_deeper_than_python_recurses_are_read(delivery, monkeypatch):
    monkeypatch.chdir(delivery)
    for _ in range(1100):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.xml").write_bytes(b"<a/>")
    found = [document.content for document in read_documents([str(delivery)])]
    Path("a.xml").unlink()
    for _ in range(1100):  # pytest's clearing up recurses
        os.chdir("..")
        Path("d").rmdir()
    assert found == [b"<a/>"]


# Links and what is no file


def test_a_link_to_a_file_is_read_also_to_one_elsewhere(delivery, tmp_path):
    tree(tmp_path, "elders.xml")
    (delivery / "link.xml").symlink_to(tmp_path / "elders.xml")
    assert list(read_documents([str(delivery)])) == [Document(Origin(f"{delivery}/link.xml"), b"elders.xml")]


def test_a_link_to_a_folder_in_the_delivery_is_not_followed_so_a_loop_ends(delivery):
    tree(delivery, "map/a.xml")
    (delivery / "map" / "terug").symlink_to(delivery)
    (delivery / "zelfde").symlink_to(delivery / "map")
    assert sources(read_documents([str(delivery)]), delivery) == ["map/a.xml"]


def test_a_link_to_a_folder_elsewhere_is_a_fault_because_what_is_in_it_is_not_read(delivery, tmp_path):
    tree(tmp_path, "levering-2/a.xml")
    (delivery / "link").symlink_to(tmp_path / "levering-2")
    assert reasons(read_documents([str(delivery)])) == [Reason.UNREADABLE]


def test_a_folder_given_as_a_link_is_read(delivery, tmp_path):
    tree(delivery, "a.xml")
    (tmp_path / "link").symlink_to(delivery)
    assert [document.content for document in read_documents([str(tmp_path / "link")])] == [b"a.xml"]


def test_a_broken_link_and_a_pipe_in_a_folder_are_faults_and_the_rest_is_read(delivery):
    (delivery / "kapot.xml").symlink_to(delivery / "weg.xml")
    (delivery / "rond.xml").symlink_to(delivery / "rond.xml")
    os.mkfifo(delivery / "pijp")
    (delivery / "naar-pijp").symlink_to(delivery / "pijp")
    tree(delivery, "z.xml")
    found = list(read_documents([str(delivery)]))
    assert reasons(found) == [Reason.UNREADABLE] * 4
    assert found[-1].content == b"z.xml"


def test_files_and_folders_that_vanish_are_faults_and_the_rest_is_read(delivery):
    tree(delivery, "a.xml", "b.xml", "map/c.xml", "z.xml")
    documents = read_documents([str(delivery)])
    assert next(documents).content == b"a.xml"
    (delivery / "b.xml").unlink()
    (delivery / "map" / "c.xml").unlink()
    (delivery / "map").rmdir()
    found = list(documents)
    assert sources(found, delivery) == ["b.xml", "map", "z.xml"]
    assert reasons(found) == [Reason.UNREADABLE] * 2


def test_the_sentence_of_an_unreadable_file_does_not_name_it(delivery):
    (delivery / "Jansen.xml").symlink_to("/proc/self/mem")  # a regular file whose first page no one may read
    if not Path("/proc/self/mem").exists():
        pytest.skip("no /proc")
    [document] = read_documents([str(delivery)])
    assert document.fault.reason is Reason.UNREADABLE
    assert document.fault.message == "This cannot be read: Input/output error"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_fault(delivery):
    tree(delivery, "a.xml", "b.xml")
    (delivery / "a.xml").chmod(0)
    assert reasons(read_documents([str(delivery)])) == [Reason.UNREADABLE]


def test_a_file_that_the_system_refuses_to_open_is_a_fault_and_the_rest_is_read(delivery, monkeypatch):
    tree(delivery, "a.xml", "b.xml")
    real_open = open

    def refuse(path, *args, **kwargs):
        if str(path).endswith("a.xml"):
            raise PermissionError(13, "Permission denied", str(path))
        return real_open(path, *args, **kwargs)

    monkeypatch.setattr("builtins.open", refuse)
    found = list(read_documents([str(delivery)]))
    assert found[0].fault.message == "This cannot be read: Permission denied"
    assert found[1].content == b"b.xml"


def test_files_that_tell_no_size_are_read():
    version = Path("/proc/version")
    if not version.exists():
        pytest.skip("no /proc")
    assert [document.content for document in read_documents([str(version)])] == [version.read_bytes()]


# Skipped paths


def test_the_database_and_what_lies_beside_it_are_no_delivery(delivery):
    tree(delivery, "a.xml", "keten.duckdb", "keten.duckdb.wal", "map/keten.duckdb")
    skip = [(delivery / name).resolve() for name in ("keten.duckdb", "keten.duckdb.wal", "keten.duckdb.key")]
    (delivery / "link").symlink_to(delivery / "keten.duckdb")
    paths = [str(delivery), str(delivery / "keten.duckdb"), str(delivery / "map" / ".." / "keten.duckdb")]
    assert sources(read_documents(paths, skip=skip), delivery) == ["a.xml", "map/keten.duckdb"]


# Standard input


def _trickling(content):
    """A pipe that gives a few bytes at a time."""

    class Trickle(io.RawIOBase):
        rest = memoryview(content)

        def readable(self):
            return True

        def readinto(self, buffer):
            size = min(len(buffer), 1000, len(self.rest))
            buffer[:size], self.rest = self.rest[:size], self.rest[size:]
            return size

    return Trickle()


@pytest.mark.parametrize("as_stream", [io.BytesIO, unseekable, _trickling])
@pytest.mark.parametrize("content", [b"", b"<a/>", b"<" * 2_000_000])
def test_standard_input_may_be_one_document_also_an_empty_one(as_stream, content):
    assert list(read_documents(["-"], stdin=as_stream(content))) == [Document(Origin("-"), content)]


def test_the_standard_input_of_the_process_is_read_by_default(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(b"<a/>")

    monkeypatch.setattr("sys.stdin", Stdin)
    assert [document.content for document in read_documents(["-"])] == [b"<a/>"]


def test_a_pipe_given_as_a_path_is_read_as_standard_input_is(tmp_path):
    pipe = tmp_path / "pijp"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(zipped([("a.xml", b"<a/>")]),))
    writer.start()
    found = list(read_documents([str(pipe)]))
    writer.join()
    assert found == [Document(Origin(str(pipe), "a.xml"), b"<a/>")]


def test_standard_input_given_twice_is_wrong_usage():
    with pytest.raises(UsageError, match="twice"):
        read_documents(["-", "-"], stdin=io.BytesIO())


# Paths that are not there


@pytest.mark.parametrize("missing", ["weg", "", "a.xml/b", "nul\0"])
def test_a_path_that_does_not_exist_is_wrong_usage_before_anything_is_read(missing, delivery):
    tree(delivery, "a.xml")
    stdin = io.BytesIO(b"<a/>")
    path = str(delivery / missing) if missing else missing
    with pytest.raises(UsageError) as raised:
        read_documents([str(delivery / "a.xml"), "-", path], stdin=stdin)
    assert raised.value.exit_code == Exit.USAGE
    assert raised.value.advice
    assert stdin.tell() == 0


def test_a_link_to_nothing_does_not_exist(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "weg")
    with pytest.raises(UsageError):
        read_documents([str(tmp_path / "link")])


# Kinds


NEW_KIND = """
import lzma
from keten_kpi.source.chunks import as_file
from keten_kpi.source.reader import Format

def unpack(file, where, reader):
    return reader.stream(as_file([lzma.decompress(file.read())]), where)

FORMAT = Format(False, lambda head: head.startswith(b"\\xfd7zXZ"), unpack)
"""


def test_a_kind_of_source_is_a_file(tmp_path, monkeypatch):
    (tmp_path / "xz_of_the_test.py").write_text(NEW_KIND)
    packed = zipped([("a.xz", lzma.compress(tar([("a.xml", b"<a/>")])))])
    before = list(read_documents(["-"], stdin=io.BytesIO(packed)))
    assert [document.origin.member for document in before] == ["a.xz"]
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    kinds.formats.cache_clear()
    try:
        after = list(read_documents(["-"], stdin=io.BytesIO(packed)))
    finally:
        kinds.formats.cache_clear()
    assert [(document.origin.member, document.content) for document in after] == [("a.xz!/a.xml", b"<a/>")]
