"""Small documents of a tar come together, and are the same as one by one, wherever a read happens to end."""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keten_kpi.envelope import unwrap_all
from keten_kpi.source import Document, Limits, Origin, Reason, Stretch, chunks, read_sources
from keten_kpi.source.chunks import as_file
from keten_kpi.source.damage import Damage
from keten_kpi.source.document import one_by_one
from tests.source.packing import checked, tar, tar_gz, tar_of, unseekable, zipped

FILES = [(f"map/{n}.xml", b"<a>" + b"x" * (n * 37 % 1500) + b"</a>") for n in range(60)]
EXPECTED = [Document(Origin("-", name), content) for name, content in FILES]


def found(packed: bytes, **limits: int) -> list[Document | Stretch]:
    return list(read_sources(["-"], stdin=unseekable(packed), limits=Limits(**limits)))


def singles(things: list[Document | Stretch]) -> list[str | None]:
    return [each.origin.member for each in things if isinstance(each, Document)]


def test_what_lies_whole_in_one_read_is_one_stretch() -> None:
    [together] = found(tar(FILES))
    assert isinstance(together, Stretch)
    assert together.names == [name for name, _ in FILES]
    assert together.archive == Origin("-")
    assert list(together.documents()) == EXPECTED


def test_a_file_that_looks_ahead_no_further_than_a_message_gives_as_much_and_stays_open() -> None:
    file = io.BufferedReader(io.BytesIO(tar(FILES)), 1024)
    [together] = read_sources(["-"], stdin=file)
    assert isinstance(together, Stretch)
    assert not file.closed


@given(st.integers(600, 9000))
@settings(max_examples=30)
def test_wherever_a_read_ends_the_documents_are_the_same(size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK", size)
        things = found(tar_gz(FILES))
        assert list(one_by_one(things)) == EXPECTED
        assert size < 2600 or any(isinstance(each, Stretch) for each in things)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.txt", b"no angle bracket"),
        ("leeg.xml", b""),
        ("z.zip", zipped([("in.xml", b"<in/>")])),
        ("<t.tar", tar([("<in.xml", b"<in/>")])),  # begins as XML does
        ("groot.xml", b"<g>" + b"g" * 300_000 + b"</g>"),
        ("lang/" * 30 + "a.xml", b"<a/>"),  # a header before its own
        ("\x1b.xml", b"<a/>"),
    ],
)
def test_what_needs_a_second_look_stands_alone_between_stretches(name: str, content: bytes) -> None:
    packed = tar([*FILES[:3], (name, content), *FILES[3:]])
    things = found(packed)
    assert len(things) == 3
    assert [len(each.names) for each in (things[0], things[2])] == [3, 57]
    assert list(one_by_one(things))[4:] == EXPECTED[3:]


def test_nothing_is_together_after_a_header_that_holds_for_all() -> None:
    info = tarfile.TarInfo("a.xml")
    packed = tar_of((info, b"<a/>"))
    comment = tarfile.TarInfo.create_pax_global_header({"path": "elders.xml"})
    assert singles(found(comment + packed)) == ["elders.xml"]


def test_a_wrong_checksum_ends_the_archive_after_what_came_before() -> None:
    packed = bytearray(tar(FILES))
    at = packed.index(b"map/20.xml")
    packed[at] ^= 1
    *before, last = one_by_one(found(bytes(packed)))
    assert before == EXPECTED[:20]
    assert last.fault is not None
    assert last.fault.reason is Reason.UNREADABLE


def test_a_checksum_of_signed_bytes_is_right_too() -> None:
    header = bytearray(checked(tar([("a.xml", b"<a/>")])[:512]))
    header[300] = 0xE9  # of the owner, that nobody reads
    signed = sum(header[:148]) + 8 * 0x20 + sum(header[156:]) - 256
    header[148:156] = b"%06o\0 " % signed
    packed = bytes(header) + tar([("a.xml", b"<a/>")])[512:]
    assert list(one_by_one(found(packed))) == [Document(Origin("-", "a.xml"), b"<a/>")]


def test_limits_hold_within_a_stretch() -> None:
    large = found(
        tar([("a.xml", b"<a/>"), ("b.xml", b"<b>" + b"b" * 100 + b"</b>"), ("c.xml", b"<c/>")]), document_bytes=50
    )
    assert [d.fault and d.fault.reason for d in one_by_one(large)] == [None, Reason.TOO_LARGE, None]


@given(st.lists(st.integers(1, 9), min_size=1), st.data())
def test_a_stretch_splits_into_the_same_documents(sizes: list[int], data: st.DataObject) -> None:
    [stretch] = found(tar([(f"{n}.xml", b"<" * size) for n, size in enumerate(sizes)]))
    assert isinstance(stretch, Stretch)
    first, rest = stretch.split(data.draw(st.integers(0, len(sizes))))
    assert [*first.documents(), *rest.documents()] == list(stretch.documents())
    assert len(first.contents) + len(rest.contents) == len(stretch.contents)


def test_a_stretch_with_an_envelope_is_told_apart_one_by_one() -> None:
    bare, other = b"<?xml version='1.0'?> <x:Bericht/>", b"<soap:Envelope xmlns:soap='u'/>"
    [together] = unwrap_all(found(tar([("a.xml", bare), ("b.xml", bare)])), Limits())
    apart = list(unwrap_all(found(tar([("a.xml", bare), ("b.xml", other), ("c.xml", bare)])), Limits()))
    assert isinstance(together, Stretch)
    assert [each[1] for each in apart] == [bare, other, bare]


def test_an_error_is_told_after_all_that_came_before_it() -> None:
    def broken():
        yield b"ab"
        yield b"cd"
        raise Damage("Broken.")

    file = as_file(broken())
    assert file.read1(10) == b"abcd"
    with pytest.raises(Damage):
        file.read1(10)
    assert file.read1(10) == b""
