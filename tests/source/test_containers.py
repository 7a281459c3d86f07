"""Whatever files are packed in, the same documents come out."""

from __future__ import annotations

import gzip
import io
import itertools
import tarfile
import zipfile
from collections import Counter
from types import SimpleNamespace

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from keten_kpi.source import Document, Limits, Origin, Reason, read_documents
from keten_kpi.source.kinds import formats
from keten_kpi.source.member_name import leads_outside, shown
from keten_kpi.source.reader import Reader
from tests.source.packing import CONTAINERS, checked, tar, tar_gz, tar_of, tar_zst, unseekable, zipped

MESSAGES = [
    ("a.xml", b"<a/>"),
    ("map/b.xml", b"<b>" + b"b" * 3000 + b"</b>"),
    ("leeg.xml", b""),
    ("README.txt", b"lees mij"),
]
LARGE = b"<g>" + bytes(range(32, 127)) * 20_000 + b"</g>"  # 1.9 MB: more than is read at once

READER = Reader(formats(), Limits())
contents = st.one_of(
    st.binary(max_size=1100),
    st.sampled_from([b"<" * n for n in (1, 511, 512, 513, 1023, 1024, 1025)]),
).filter(lambda content: READER.format_of(content) is None)
names = (
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=120)
    .map(lambda name: name.replace("\\", "_"))
    .filter(lambda name: not leads_outside(name) and not name.endswith("/"))
)
trees = st.lists(st.tuples(names, contents), min_size=1, max_size=8)
containers = st.sampled_from(sorted(CONTAINERS))


def from_stdin(content, **limits):
    return list(read_documents(["-"], stdin=unseekable(content), limits=Limits(**limits)))


def contents_of(documents):
    documents = list(documents)
    assert [document.fault for document in documents if document.fault] == []
    return [document.content for document in documents]


def reasons(documents):
    return [document.fault.reason for document in documents if document.fault]


@given(trees, containers)
@settings(max_examples=150)
def test_any_files_in_any_container_give_the_same_contents_in_order(files, container):
    found = from_stdin(CONTAINERS[container](files))
    assert contents_of(found) == [content for _, content in files]


@given(trees, trees, containers, containers)
@settings(max_examples=100)
def test_any_archive_in_an_archive_gives_what_it_holds(inner, outer, packed_in, container):
    packed = CONTAINERS[container]([*outer, ("binnen", CONTAINERS[packed_in](inner))])
    assert Counter(contents_of(from_stdin(packed))) == Counter(content for _, content in [*inner, *outer])


@given(trees, containers)
@settings(max_examples=60)
def test_members_are_named_as_the_archive_names_them(files, container):
    packed = CONTAINERS[container](files)
    assert [document.origin for document in from_stdin(packed)] == [Origin("-", shown(name)) for name, _ in files]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("large", [LARGE, tar([("g.xml", LARGE)]), zipped([("g.xml", LARGE)], zipfile.ZIP_STORED)])
def test_members_too_large_to_be_read_at_once_are_read_all_the_same(container, large):
    found = from_stdin(CONTAINERS[container]([*MESSAGES, ("groot", large), *MESSAGES]))
    assert contents_of(found) == [c for _, c in MESSAGES] + [LARGE] + [c for _, c in MESSAGES]


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_kind_is_told_by_the_bytes_and_not_by_the_name(container, tmp_path):
    path = tmp_path / "bericht.xml"
    path.write_bytes(CONTAINERS[container](MESSAGES))
    assert contents_of(read_documents([str(path)])) == [content for _, content in MESSAGES]


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_member_of_a_nested_archive_is_named_with_the_archive(container):
    found = from_stdin(CONTAINERS[container]([("bin/nen.zip", zipped([("map/a.xml", b"<a/>")]))]))
    assert [str(document.origin) for document in found] == ["-!/bin/nen.zip!/map/a.xml"]


@pytest.mark.parametrize("container", CONTAINERS)
def test_two_members_of_one_name_are_both_read(container):
    twice = [("a.xml", b"<a/>"), ("a.xml", b"<b/>")]
    assert contents_of(from_stdin(CONTAINERS[container](twice))) == [b"<a/>", b"<b/>"]


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_a_compressed_message_is_that_message(compress, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(compress(b"<a/>"))
    assert list(read_documents([str(path)])) == [Document(Origin(str(path)), b"<a/>")]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_a_compressed_message_in_a_nested_archive_is_read(container, compress):
    packed = CONTAINERS[container]([("b.zip", zipped([("a.xml.z", compress(b"<a/>"))]))])
    assert contents_of(from_stdin(packed)) == [b"<a/>"]


@pytest.mark.parametrize(
    ("outer", "inner", "innermost"), [*itertools.product([tar, tar_gz, tar_zst, zipped], repeat=3)]
)
def test_an_archive_in_an_archive_in_an_archive_is_a_fault_and_the_rest_is_read(outer, inner, innermost):
    deep = inner([("diep", innermost([("a.xml", b"<a/>")])), ("b.xml", b"<b/>")])
    found = from_stdin(outer([("midden", deep), ("c.xml", b"<c/>")]))
    assert reasons(found) == [Reason.NESTED_TOO_DEEP]
    assert found[0].origin.member == "midden!/diep"
    assert [document.content for document in found[1:]] == [b"<b/>", b"<c/>"]


def test_a_compression_in_a_compression_is_a_fault():
    assert reasons(from_stdin(gzip.compress(zstandard.compress(b"<a/>")))) == [Reason.NESTED_TOO_DEEP]


def test_compressions_of_several_parts_are_one():
    first, second = tar(MESSAGES)[:700], tar(MESSAGES)[700:]
    padded = gzip.compress(first) + gzip.compress(second) + bytes(70_000)
    frames = b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + zstandard.compress(first) + zstandard.compress(second)
    for packed in (padded, frames):
        assert contents_of(from_stdin(packed)) == [content for _, content in MESSAGES]


@pytest.mark.parametrize("container", CONTAINERS)
def test_folders_in_an_archive_are_no_documents(container):
    if "zip" in container:
        packed = zipped([("map/", b""), ("map/a.xml", b"<a/>"), ("win\\", b"")])
    else:
        folder = tarfile.TarInfo("map")
        folder.type = tarfile.DIRTYPE
        packed = tar_of((folder, b""), (tarfile.TarInfo("map/a.xml"), b"<a/>"))
    assert contents_of(from_stdin(packed)) == [b"<a/>"]


@pytest.mark.parametrize("name", ["/etc/a.xml", "../a.xml", "map/../../a.xml", "..\\a.xml", "C:\\a.xml", "map/.."])
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_member_whose_path_leads_outside_is_unsafe_and_the_rest_is_read(container, name):
    found = from_stdin(CONTAINERS[container]([(name, b"<a/>"), ("b.xml", b"<b/>")]))
    assert reasons(found) == [Reason.UNSAFE_MEMBER]
    assert found[1].content == b"<b/>"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_unsafe_and_the_rest_is_read(kind):
    link = tarfile.TarInfo("link.xml")
    link.type, link.linkname = kind, "lang/" * 60 + "/etc/passwd"
    found = from_stdin(tar_of((link, b""), (tarfile.TarInfo("b.xml"), b"<b/>")))
    assert reasons(found) == [Reason.UNSAFE_MEMBER]
    assert found[1] == Document(Origin("-", "b.xml"), b"<b/>")


@pytest.mark.parametrize("mode", [0o120777, 0o020666, 0o010644])
def test_links_and_devices_in_a_zip_are_unsafe_and_the_rest_is_read(mode):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.xml")
        link.create_system, link.external_attr = 3, mode << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("b.xml", "<b/>")
    found = from_stdin(out.getvalue())
    assert reasons(found) == [Reason.UNSAFE_MEMBER]
    assert found[1].content == b"<b/>"


@pytest.mark.parametrize("container", CONTAINERS)
def test_no_name_from_an_archive_gets_into_the_sentence_of_a_fault(container):
    files = [("../Jansen.xml", b"<a/>"), ("Jansen.xml", b"x" * 101), ("Jansen.zip", zipped([("a", tar(MESSAGES))]))]
    found = from_stdin(CONTAINERS[container](files), document_bytes=100)
    assert reasons(found) == [Reason.UNSAFE_MEMBER, Reason.TOO_LARGE, Reason.NESTED_TOO_DEEP]
    assert not any("Jansen" in document.fault.message for document in found)


def test_unprintable_characters_in_names_are_shown_as_escapes():
    found = from_stdin(tar([("a\x1b[2J\nb.xml", b""), (b"caf\xe9.xml".decode("utf-8", "surrogateescape"), b"")]))
    assert [document.origin.member for document in found] == ["a\\x1b[2J\\nb.xml", "caf\\udce9.xml"]


def test_an_archive_of_nothing_holds_no_documents_but_a_file_of_zeros_is_one():
    assert from_stdin(zipped([])) == []
    assert from_stdin(bytes(10240)) == [Document(Origin("-"), bytes(10240))]


# Kinds of tar and zip that the standard library does not write by itself


def test_a_tar_of_version_7_is_read():
    packed = tar([("a.xml", b"<a/>"), ("map/", b"")], tarfile.USTAR_FORMAT)
    old = b"".join(checked(packed[n : n + 257] + bytes(255)) for n in (0, 1024))
    assert contents_of(from_stdin(old[:512] + packed[512:1024] + old[512:] + bytes(1024))) == [b"<a/>"]


def test_a_tar_whose_first_name_begins_as_xml_does_is_a_tar():
    files = [("<a.xml", b"<a/>"), ("b.xml", b"<b/>")]
    assert contents_of(from_stdin(tar(files))) == [b"<a/>", b"<b/>"]


def test_a_tar_with_sums_of_signed_bytes_is_read():
    packed = tar([("Zoë.xml", b"<a/>")], tarfile.GNU_FORMAT)
    signed = sum(b - 256 if b > 127 else b for b in packed[:148] + b" " * 8 + packed[156:512])
    assert contents_of(from_stdin(packed[:148] + b"%06o\0 " % signed + packed[156:])) == [b"<a/>"]


def test_a_long_path_split_over_two_fields_is_one_name():
    name = "lang/" * 30 + "a.xml"
    assert from_stdin(tar([(name, b"<a/>")], tarfile.USTAR_FORMAT))[0].origin.member == name


def test_a_size_in_binary_is_read():
    packed = tar([("a.xml", b"<a/>")])
    header = checked(packed[:124] + b"\x80" + (4).to_bytes(11, "big") + packed[136:512])
    assert contents_of(from_stdin(header + packed[512:])) == [b"<a/>"]


def test_a_size_in_a_pax_header_counts_before_that_of_the_member():
    info = tarfile.TarInfo("a.xml")
    packed = tar_of((info, b"<a/>"), (tarfile.TarInfo("b.xml"), b"<b/>"))
    note = tarfile.TarInfo("pax")
    note.type, note.size = tarfile.XHDTYPE, 9
    pax = note.tobuf(tarfile.USTAR_FORMAT) + b"9 size=4\n".ljust(512, b"\0")
    header = checked(packed[:124] + b"00000000000\0" + packed[136:512])
    assert contents_of(from_stdin(pax + header + packed[512:])) == [b"<a/>", b"<b/>"]


def test_a_pax_header_for_all_members_is_read_over():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "van ons"}) as archive:
        archive.addfile(tarfile.TarInfo("a.xml"))
    assert from_stdin(out.getvalue()) == [Document(Origin("-", "a.xml"), b"")]


def test_a_sparse_member_is_a_fault_and_what_follows_it_is_read():
    packed = tar([("gat.xml", b"<a/>"), ("b.xml", b"<b/>")])
    header = bytearray(packed[:512])
    header[156:157], header[482] = b"S", 1
    more = bytes(504) + b"\1" + bytes(7) + bytes(512)
    old = checked(bytes(header)) + more + packed[512:]
    new_info = tarfile.TarInfo("GNUSparseFile.0/gat.xml")
    new_info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "gat.xml"}
    new = tar_of((new_info, b"1\n0\n4\n"), (tarfile.TarInfo("b.xml"), b"<b/>"))
    for archive in (old, new):
        found = from_stdin(archive)
        assert reasons(found) == [Reason.UNREADABLE]
        assert [document.origin.member for document in found] == ["gat.xml", "b.xml"]
        assert found[1].content == b"<b/>"


def test_tars_strung_together_are_read_to_the_last():
    assert contents_of(from_stdin(tar(MESSAGES) + tar(MESSAGES))) == [content for _, content in MESSAGES] * 2


def test_a_zip_with_64_bit_numbers_is_read(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 2)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    packed = zipped(MESSAGES)
    assert b"PK\x06\x06" in packed
    assert contents_of(from_stdin(packed)) == [content for _, content in MESSAGES]
    assert contents_of(from_stdin(b"PK\x03\x04" + packed)) == [content for _, content in MESSAGES]


def test_a_zip_with_a_comment_or_something_before_it_is_read():
    packed = zipped(MESSAGES, comment=b"van ons" * 9000)
    for archive in (packed, zipped([])[:4] + packed):
        assert contents_of(from_stdin(archive)) == [content for _, content in MESSAGES]


def test_a_zip_written_to_a_pipe_is_read():
    out = io.BytesIO()
    pipe = SimpleNamespace(write=out.write, flush=out.flush)  # zipfile cannot go back and fill in sizes
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in MESSAGES:
            archive.writestr(name, content)
    assert b"PK\x07\x08" in out.getvalue()
    assert contents_of(from_stdin(out.getvalue())) == [content for _, content in MESSAGES]


def test_a_zip_name_without_the_utf8_flag_is_read_as_cp437():
    packed = zipped([("Zoe.xml", b"")]).replace(b"Zoe", b"Zo\x89")
    assert from_stdin(packed)[0].origin.member == "Zoë.xml"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_packed_in_another_way_is_a_fault(method):
    assert reasons(from_stdin(zipped(MESSAGES[:2], method))) == [Reason.UNREADABLE] * 2


def test_a_member_with_a_password_is_a_fault_and_the_others_are_read():
    packed = bytearray(zipped(MESSAGES[:2]))
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    found = from_stdin(bytes(packed))
    assert reasons(found) == [Reason.UNREADABLE]
    assert "password" in found[0].fault.message
    assert found[1].content == MESSAGES[1][1]
