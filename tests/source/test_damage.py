"""Damage, bombs and size: a fault for what cannot be read, the documents before it handed on, never an exception."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import tempfile
import tracemalloc
import zipfile
import zlib

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from keten_kpi.source import Fault, Limits, Origin, Reason, read_documents, read_packed
from tests.source.packing import CONTAINERS, checked, tar, tar_gz, tar_zst, unseekable, zipped


def noise(seed, size):
    """Text that does not pack small."""
    return random.Random(seed).randbytes(size).hex().encode()


NOISE = [noise(n, 2000 + n) for n in range(20)]
FILES = [(f"{n}.xml", b"<a>" + noise + b"</a>") for n, noise in enumerate(NOISE)]
STREAMED = [name for name in CONTAINERS if not name.startswith("zip")]
MEGABYTE = 1024 * 1024


def read(content, **limits):
    return list(read_documents(["-"], stdin=io.BytesIO(content), limits=Limits(**limits)))


def faults(documents):
    return [document.fault for document in documents if document.fault]


def reasons(documents):
    return [fault.reason for fault in faults(documents)]


# Damage


@pytest.mark.parametrize("container", STREAMED)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_of_a_truncated_archive_the_documents_before_the_end_are_read_and_one_fault_tells_of_it(container, share):
    packed = CONTAINERS[container](FILES).rstrip(b"\0")
    found = read(packed[: int(len(packed) * share)])
    assert 0 < len(found) <= len(FILES)
    assert [document.content for document in found[:-1]] == [content for _, content in FILES[: len(found) - 1]]
    assert found[-1].origin == Origin("-")
    assert reasons(found) == [Reason.UNREADABLE]
    assert "truncated" in found[-1].fault.message


def test_a_tar_cut_off_between_two_members_or_before_its_end_mark_is_truncated():
    packed = tar([("a.xml", b"<a/>"), ("b.xml", b"<b/>")])
    for length, whole in ((1024, 1), (2048, 2)):
        found = read(packed[:length])
        assert len(found) == whole + 1
        assert reasons(found) == [Reason.UNREADABLE]


def test_a_large_member_that_is_cut_off_is_one_fault():
    found = read(tar([("a.xml", b"<a/>"), ("b.xml", b"b" * 2 * MEGABYTE)])[: 2 * MEGABYTE])
    assert [document.content for document in found] == [b"<a/>", None]
    assert reasons(found) == [Reason.UNREADABLE]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_truncated_zip_has_lost_its_directory_and_is_one_fault(share):
    packed = zipped(FILES)
    found = read(packed[: int(len(packed) * share)])
    assert len(found) == 1
    assert reasons(found) == [Reason.UNREADABLE]
    assert "directory" in found[0].fault.message


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_a_truncated_compressed_message_is_a_fault_and_no_half_message(compress):
    packed = compress(FILES[0][1])
    for length in (len(packed) // 2, len(packed) - 1):
        found = read(packed[:length])
        assert [document.content for document in found] == [None]
        assert reasons(found) == [Reason.UNREADABLE]


def test_a_wrong_checksum_behind_a_tar_in_gzip_is_a_fault_after_the_documents():
    packed = bytearray(tar_gz(FILES))
    packed[-8] ^= 1
    found = read(bytes(packed))
    assert [document.content for document in found] == [content for _, content in FILES] + [None]
    assert reasons(found) == [Reason.UNREADABLE]


def test_something_else_behind_a_compressed_message_is_a_fault():
    assert reasons(read(gzip.compress(b"<a/>") + b"iets anders")) == [Reason.UNREADABLE]
    assert reasons(read(zstandard.compress(b"<a/>") + b"iets anders")) == [Reason.UNREADABLE]


def test_a_damaged_header_ends_a_tar():
    packed = bytearray(tar(FILES))
    second = packed.index(b"1.xml\0")
    packed[second] ^= 1
    found = read(bytes(packed))
    assert [document.content for document in found] == [FILES[0][1], None]
    assert reasons(found) == [Reason.UNREADABLE]


@pytest.mark.parametrize("size", [b"-0000000001\0", b"0000000000x\0", b"\xff" * 12, b"77777777777\0"])
def test_a_tar_header_with_an_impossible_size_is_a_fault(size):
    packed = tar(FILES[:1])
    found = read(checked(packed[:124] + size + packed[136:512]) + packed[512:])
    assert reasons(found)[-1] == Reason.UNREADABLE
    assert all(document.content is None for document in found)


@pytest.mark.parametrize("note", [b"99 path=a\n", b"3 path=a\n", b"9 size=x\n"])
def test_a_damaged_pax_header_is_a_fault(note):
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(note)
    found = read(info.tobuf(tarfile.USTAR_FORMAT) + note.ljust(512, b"\0") + tar(FILES[:1]))
    assert reasons(found) == [Reason.UNREADABLE]


def test_an_endless_pax_header_is_a_fault_and_is_not_read():
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 7 * 1024**3
    assert reasons(read(info.tobuf(tarfile.USTAR_FORMAT) + bytes(1024))) == [Reason.UNREADABLE]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_member_of_a_zip_is_a_fault_and_the_others_are_read(method):
    packed = bytearray(zipped(FILES[:3], method))
    packed[packed.index(b"1.xml") + 30] ^= 0xFF
    found = read(bytes(packed))
    assert [document.content for document in found] == [FILES[0][1], None, FILES[2][1]]
    assert found[1].origin.member == "1.xml"
    assert reasons(found) == [Reason.UNREADABLE]


@pytest.mark.parametrize("told", [0, 1, 100, 100_000, 2**31])
def test_a_zip_that_lies_about_a_size_is_a_fault(told):
    packed = bytearray(zipped(FILES[:2]))
    entry = packed.index(b"PK\x01\x02")
    packed[entry + 24 : entry + 28] = told.to_bytes(4, "little")
    found = read(bytes(packed))
    assert reasons(found) == [Reason.UNREADABLE]
    assert found[1].content == FILES[1][1]


@pytest.mark.parametrize("start", [1, 2**31, 2**32 - 2])
def test_a_zip_member_that_lies_nowhere_is_a_fault_and_the_others_are_read(start):
    packed = bytearray(zipped(FILES[:2]))
    entry = packed.index(b"PK\x01\x02")
    packed[entry + 42 : entry + 46] = start.to_bytes(4, "little")
    found = read(bytes(packed))
    assert reasons(found) == [Reason.UNREADABLE]
    assert found[1].content == FILES[1][1]


@pytest.mark.parametrize("lost", [1, 2])
def test_a_zip_whose_directory_lists_fewer_members_than_it_says_is_a_fault_after_them(lost):
    packed = zipped(FILES[:2])
    start, end = packed.index(b"PK\x01\x02"), packed.index(b"PK\x05\x06")
    size = (end - start) // 2 * (2 - lost)
    found = read(packed[: start + size] + packed[end : end + 12] + size.to_bytes(4, "little") + packed[end + 16 :])
    assert [document.content for document in found] == [*(content for _, content in FILES[: 2 - lost]), None]
    assert reasons(found) == [Reason.UNREADABLE]


@given(st.sampled_from(sorted(CONTAINERS)), st.data())
@settings(max_examples=300)
def test_no_damage_raises_and_no_document_is_other_than_it_was_or_comes_without_a_fault(container, data):
    packed = bytearray(CONTAINERS[container]([*FILES[:3], ("binnen", zipped(FILES[3:5]))]))
    for _ in range(data.draw(st.integers(1, 3))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    packed = packed[: data.draw(st.one_of(st.just(len(packed)), st.integers(1, len(packed))))]
    for document in read(bytes(packed)):
        assert (document.content is None) != (document.fault is None)


@given(st.sampled_from(sorted(CONTAINERS)), st.integers(1, 3000))
@settings(max_examples=100)
def test_every_truncation_shows(container, lost):
    packed = CONTAINERS[container](FILES[:5])
    kept = packed[: -min(lost, len(packed) - 600)].rstrip(b"\0") if container.startswith("tar-") else packed[:-lost]
    if len(kept) >= 512:
        assert reasons(read(kept))


def test_of_a_nested_archive_that_is_cut_off_the_documents_before_the_end_are_read():
    inner = [(f"{n}.xml", noise(n, 2000)) for n in range(400)]
    packed = tar_gz([("a.xml", b"<a/>"), ("binnen.tar", tar(inner))])
    cut = packed[: len(packed) // 100 * 99]
    left = len(zlib.decompressobj(31).decompress(cut)) - 3 * 512  # a.xml, and the header of the nested tar
    count = (left + 96) // 4608  # header, 4000 bytes, 96 of padding
    found = read(cut)
    assert [document.content for document in found if document.content] == [b"<a/>", *(c for _, c in inner[:count])]
    assert [str(document.origin) for document in found if document.fault] == ["-!/binnen.tar", "-"]


def test_a_file_that_the_system_stops_reading_halfway_is_a_fault_after_the_documents_before_it():
    class Failing:
        content = tar(FILES)[:20_000]

        def read(self, _size):
            if not self.content:
                raise OSError(5, "Input/output error")
            content, self.content = self.content, b""
            return content

    found = list(read_documents(["-"], stdin=Failing()))
    assert found[0].content == FILES[0][1]
    assert faults(found) == [Fault(Reason.UNREADABLE, "This cannot be read: Input/output error")]


# Size


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("size", [101, 2 * MEGABYTE])
def test_a_document_over_the_limit_is_a_fault_and_the_rest_is_read(container, size):
    found = read(CONTAINERS[container]([("a", b"<" * 100), ("b", b"<" * size), ("c", b"<c/>")]), document_bytes=100)
    assert [document.content for document in found] == [b"<" * 100, None, b"<c/>"]
    assert reasons(found) == [Reason.TOO_LARGE]


@pytest.mark.parametrize("size", [101, 2 * MEGABYTE])
@pytest.mark.parametrize("compress", [bytes, gzip.compress, zstandard.compress])
def test_a_file_over_the_limit_is_a_fault(compress, size, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(compress(b"<" * size))
    found = list(read_documents([str(path)], limits=Limits(document_bytes=100)))
    assert reasons(found) == [Reason.TOO_LARGE]
    assert reasons(read_documents([str(path)], limits=Limits(document_bytes=size))) == []


# Bombs


def bombs():
    zeros = b"<" + bytes(8 * MEGABYTE)
    yield "gzip", gzip.compress(zeros)
    yield "zstd", zstandard.compress(zeros)
    yield "zip", zipped([("a", zeros)])
    yield "zip of many", zipped([(str(n), zeros[: MEGABYTE // 2]) for n in range(16)])
    yield "gzip in tar", tar([("a.gz", gzip.compress(zeros))])
    yield "tar of empty files", tar_gz([(str(n), b"") for n in range(9000)])
    yield "zip in gzip", gzip.compress(zipped([("a", zeros)], zipfile.ZIP_STORED))


@pytest.mark.parametrize(("name", "bomb"), [pytest.param(*bomb, id=bomb[0]) for bomb in bombs()])
def test_what_unpacks_to_many_times_its_size_is_a_fault(name, bomb):
    found = read(bomb, archive_ratio_from=MEGABYTE, archive_ratio=50)
    assert reasons(found) == [Reason.ARCHIVE_TOO_LARGE], name
    assert found[-1].content is None
    assert reasons(read(bomb, archive_ratio_from=100 * MEGABYTE)) == []


def test_members_of_a_zip_that_share_their_bytes_are_a_bomb():
    packed = zipped([("a", b"<" + bytes(200_000))])
    start, end = packed.index(b"PK\x01\x02"), packed.index(b"PK\x05\x06")
    count, size = 50, (end - start) * 50
    tail = packed[end : end + 8] + count.to_bytes(2, "little") * 2 + size.to_bytes(4, "little") + packed[end + 16 :]
    found = read(packed[:start] + packed[start:end] * count + tail, archive_ratio_from=MEGABYTE)
    assert reasons(found)[-1:] == [Reason.ARCHIVE_TOO_LARGE]
    assert len(found) < 20


@pytest.mark.parametrize("container", ["tar.gz", "tar.zst", "zip"])
def test_what_unpacks_to_more_than_the_limit_is_a_fault_after_the_documents_before_it(container):
    found = read(CONTAINERS[container](FILES), archive_bytes=len(b"".join(content for _, content in FILES[:10])))
    assert reasons(found) == [Reason.ARCHIVE_TOO_LARGE]
    assert found[0].content == FILES[0][1] or container != "zip"


def test_nested_archives_share_one_limit():
    inner = zipped(FILES[:5])
    size = sum(len(content) for _, content in FILES[:5])
    packed = tar([("1.zip", inner), ("2.zip", inner)])
    assert reasons(read(packed, archive_bytes=2 * size)) == []
    assert reasons(read(packed, archive_bytes=2 * size - 1)) == [Reason.ARCHIVE_TOO_LARGE]


@pytest.mark.parametrize("container", CONTAINERS)
def test_an_archive_of_more_members_than_the_limit_is_read_up_to_it(container):
    packed = CONTAINERS[container](FILES)
    assert reasons(read(packed, archive_members=20)) == []
    found = read(packed, archive_members=19)
    assert len(found) == 20
    assert reasons(found) == [Reason.ARCHIVE_TOO_LARGE]


# Memory and disk


@pytest.mark.parametrize("pack", [tar, tar_gz, tar_zst, zipped])
def test_memory_stays_flat_while_a_large_archive_is_streamed(pack, tmp_path):
    path = tmp_path / "groot"
    path.write_bytes(pack([(f"{n}.xml", noise(n, 1500)) for n in range(6000)]))
    documents = read_documents([str(path)])
    first = next(documents)
    tracemalloc.start()
    try:
        count = sum(document.fault is None for document in documents)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert first.fault is None
    assert count == 5999
    assert peak < 2 * MEGABYTE  # 18 MB went by; what is remembered of headers is a third of it


def test_a_zip_that_lies_about_a_size_gets_no_more_memory_than_it_asked_for():
    packed = bytearray(zipped([("a", bytes(50 * MEGABYTE))]))
    entry = packed.index(b"PK\x01\x02")
    packed[entry + 24 : entry + 28] = bytes(4)
    tracemalloc.start()
    try:
        found = read(bytes(packed))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert reasons(found) == [Reason.UNREADABLE]
    assert peak < MEGABYTE


@pytest.mark.parametrize("nested", [False, True])
def test_a_zip_that_must_be_spooled_leaves_no_file_with_a_name(nested, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    packed = zipped([("a", b"<a>" + b"a" * 3 * MEGABYTE), ("b", b"<b/>")], zipfile.ZIP_STORED)
    documents = read_documents(["-"], stdin=unseekable(tar([("z.zip", packed)]) if nested else packed))
    seen = [(len(document.content), list(tmp_path.iterdir())) for document in documents]
    assert seen == [(3 * MEGABYTE + 3, []), (4, [])]


def test_an_archive_in_an_envelope_may_hold_no_archive():
    found = list(read_packed(zipped([("a.xml", b"<a/>"), ("b.zip", zipped(FILES))]), Origin("env.xml")))
    assert [str(document.origin) for document in found] == ["env.xml!/a.xml", "env.xml!/b.zip"]
    assert reasons(found) == [Reason.NESTED_TOO_DEEP]
