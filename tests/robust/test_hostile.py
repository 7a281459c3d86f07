"""Hostile and odd messages, one sentence each: quarantined or loaded, and the rest goes on."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from base64 import encodebytes
from collections import Counter
from pathlib import Path
from string import ascii_letters
from unicodedata import normalize

import pytest
from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.cli.options import MAX_BERICHT_DEFAULT, MAX_UITGEPAKT_DEFAULT, MAX_VERHOUDING_DEFAULT, limits_of
from keten_kpi.database import connect
from keten_kpi.ingest import ingest, judge
from keten_kpi.source import Limits, Reason
from tests.envelope.envelopes import base64, file, ggk, notice, soap, vecozo
from tests.oracle.facts import load
from tests.oracle.generate import maximal
from tests.verkeer.pen import BSN, Lijn, Vraag, m315

GOOD = m315(Lijn(), "A1", "2026-04-01", [Vraag("R1")], BSN[0])
TEXT = GOOD.decode()


def _zip_of(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def verdict(folder: Path, content: bytes, **limits: int) -> str:
    """The reason of a document's quarantine, or ``goed``; a good message behind it must be judged as well."""
    (folder / "a.xml").write_bytes(content)
    (folder / "b.xml").write_bytes(GOOD)
    first, second = judge([str(folder)], Limits(**limits))
    assert second.root is not None
    return "goed" if first.root is not None else str(first.faults[0].reason)


def with_doctype(inside: str, use: str = "") -> bytes:
    text = TEXT.replace("?>", f"?><!DOCTYPE m:Bericht {inside}>", 1)
    return text.replace(">999900006<", f">{use}999900006<", 1).encode()


LAUGHS = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
DOCTYPES = {
    "an entity from a file": with_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]', "&x;"),
    "an entity from the network": with_doctype('[<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]', "&x;"),
    "a DTD from the network": with_doctype('SYSTEM "http://127.0.0.1:9/x.dtd"'),
    "a parameter entity": with_doctype('[<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]'),
    "a billion laughs": with_doctype(f'[<!ENTITY a0 "ha">{LAUGHS}]', "&a9;"),
    "one entity of much text, often": with_doctype(f'[<!ENTITY x "{"x" * 100_000}">]', "&x;" * 1000),
    "an empty DOCTYPE": with_doctype(""),
}


@pytest.mark.parametrize("what", DOCTYPES)
def test_a_doctype_is_refused_whatever_is_in_it(tmp_path, what) -> None:
    assert verdict(tmp_path, DOCTYPES[what]) == Reason.DOCTYPE


def test_nothing_is_fetched_for_a_schema_location(tmp_path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        hint = (
            f' xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="urn:a http://127.0.0.1:{port}/a"'
        )
        verdict(tmp_path, TEXT.replace("<m:Bericht", f"<m:Bericht{hint}", 1).encode())
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("encoding", ["utf-7", "utf-16", "cp037"])
def test_a_doctype_is_refused_also_in_an_encoding_that_hides_it(tmp_path, encoding) -> None:
    declared, rest = DOCTYPES["an entity from a file"].decode().split("?>", 1)
    head = f"{declared}?>".replace("UTF-8", encoding)
    body = rest.encode("utf-7").replace(b"<", b"+ADw-") if encoding == "utf-7" else rest.encode(encoding)
    content = head.encode() + body if encoding == "utf-7" else head.encode(encoding) + body
    assert verdict(tmp_path, content) in {Reason.DOCTYPE, Reason.NOT_XML}


def nested(depth: int) -> bytes:
    return TEXT.replace("<m:Client>", "<m:Client>" + "<a>" * depth + "</a>" * depth, 1).encode()


@pytest.mark.parametrize(
    "content",
    [
        nested(10_000),
        nested(1_000_000),
        TEXT.replace("<m:Client>", "<m:Client " + " ".join(f"a{n}='1'" for n in range(100_000)) + ">", 1).encode(),
        TEXT.replace("<m:Client>", f"<m:Client a='{'x' * 20_000_000}'>", 1).encode(),
        TEXT.replace("<m:Client>", f"<m:Client><{'x' * 1_000_000}/>", 1).encode(),
        TEXT.replace("<m:Client>", "<m:Client>" + "<!-- x -->" * 300_000 + "<a/>", 1).encode(),
        TEXT.replace("<m:Client>", f"<m:Client>{'x' * 30_000_000}", 1).encode(),
    ],
    ids=["10,000 deep", "a million deep", "attributes", "long attribute", "long name", "comments", "long text"],
)
def test_depth_attributes_and_length_are_bounded(tmp_path, content) -> None:
    assert verdict(tmp_path, content) in {Reason.NOT_XML, Reason.INVALID}


def test_a_document_over_the_bound_is_not_read_whole(tmp_path) -> None:
    with (tmp_path / "a.xml").open("wb") as file:
        file.write(b"<?xml version='1.0'?><a>")
        file.truncate(50 * 1024**3)  # more than there is memory
    (tmp_path / "b.xml").write_bytes(GOOD)
    first, second = judge([str(tmp_path)])
    assert [fault.reason for fault in first.faults] == [Reason.TOO_LARGE]
    assert second.root is not None


OTHER, THIRD = GOOD.replace(b"A1", b"A2"), GOOD.replace(b"A1", b"A3")
ENVELOPES = {
    "base64 on one line": (ggk(file(OTHER)), ["goed"]),
    "base64 in lines, with spaces": (
        ggk(f"<ggk:xmlBestand>\n {encodebytes(OTHER).decode()}\t</ggk:xmlBestand>"),
        ["goed"],
    ),
    "an empty payload": (ggk("<ggk:xmlBestand/>"), [Reason.EMPTY_ENVELOPE]),
    "a payload of spaces": (vecozo(" \n"), [Reason.EMPTY_ENVELOPE]),
    "no payload": (ggk(""), [Reason.EMPTY_ENVELOPE]),
    "a payload of no bytes in a zip": (vecozo(base64(_zip_of({}))), [Reason.EMPTY_ENVELOPE]),
    "an error message": (soap(notice("Fo01Bericht")), [Reason.EMPTY_ENVELOPE]),
    "a payload that is no base64": (ggk("<ggk:xmlBestand>@@@</ggk:xmlBestand>"), [Reason.BAD_ENVELOPE]),
    "a payload that is text": (ggk(file(b"Geachte lezer")), [Reason.NOT_XML]),
    "a payload that is other XML": (vecozo(base64(b"<html/>")), [Reason.UNKNOWN_TYPE]),
    "a payload that is half a message": (ggk(file(OTHER[:900])), [Reason.NOT_XML]),
    "two payloads": (vecozo(base64(OTHER), base64(THIRD)), ["goed", "goed"]),
    "two payloads of which one is none": (vecozo(base64(b"x"), base64(THIRD)), [Reason.NOT_XML, "goed"]),
    "two messages in a zip": (vecozo(base64(_zip_of({"a": OTHER, "b": THIRD}))), ["goed", "goed"]),
    "an envelope in an envelope": (vecozo(base64(ggk(file(OTHER)).encode())), [Reason.BAD_ENVELOPE]),
    "an envelope in a zip in an envelope": (
        vecozo(base64(_zip_of({"a": ggk(file(OTHER)).encode(), "b": THIRD}))),
        [Reason.BAD_ENVELOPE, "goed"],
    ),
    "SOAP around StUF": (soap(ggk(file(OTHER))), ["goed"]),
}


@pytest.mark.parametrize("what", ENVELOPES)
def test_an_envelope_gives_its_messages_or_a_reason(tmp_path, what) -> None:
    text, expected = ENVELOPES[what]
    (tmp_path / "a.xml").write_bytes(text.encode())
    (tmp_path / "b.xml").write_bytes(GOOD)
    *found, behind = judge([str(tmp_path)])
    assert behind.root is not None
    assert ["goed" if one.root is not None else one.faults[0].reason for one in found] == expected


ENCODED = {
    "UTF-8": GOOD,
    "UTF-8 with a BOM": b"\xef\xbb\xbf" + GOOD,
    "UTF-16": TEXT.replace("UTF-8", "UTF-16").encode("utf-16"),
    "UTF-16 big-endian with a BOM": b"\xfe\xff" + TEXT.replace("UTF-8", "UTF-16").encode("utf-16-be"),
    "ISO-8859-1": TEXT.replace("UTF-8", "ISO-8859-1").replace(">Voorbeeld<", ">Zoë<").encode("latin-1"),
    "no declaration": TEXT.split("?>", 1)[1].lstrip().encode(),
    "UTF-8 declared as ISO-8859-1": TEXT.replace("UTF-8", "ISO-8859-1").replace(">Voorbeeld<", ">Zoë<").encode(),
}
WRONG = {
    "ISO-8859-1 declared as UTF-8": TEXT.replace(">Voorbeeld<", ">Zoë<").encode("latin-1"),
    "UTF-8 declared as UTF-16": TEXT.replace("UTF-8", "UTF-16").encode(),
    "an encoding that does not exist": TEXT.replace("UTF-8", "UTF-99").encode(),
    "half a character": TEXT.replace(">Voorbeeld<", ">ZoX<").encode().replace(b">ZoX<", b">Zo\xc3<"),
    "a zero byte": GOOD.replace(b">Voorbeeld<", b">Zo\0<"),
}


@pytest.mark.parametrize("what", ENCODED)
def test_an_encoding_that_is_as_declared_is_read(tmp_path, what) -> None:
    assert verdict(tmp_path, ENCODED[what]) == "goed"


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_encoding_is_quarantined(tmp_path, what) -> None:
    assert verdict(tmp_path, WRONG[what]) == Reason.NOT_XML


# Latin with every diacritic of European names, beyond what the BRP's Teletex set has: of that, T.61's letters of their
# own and its 13 accents on each letter that Unicode has them on, whole and as letter and accent apart.
ACCENTS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u0327\u030b\u0328\u030c"
TELETEX = "ªºµÆÐĦĲĿŁØŒÞŦŊŉĸæđðħıĳŀłøœßþŧŋΩ" + "".join(
    normalize("NFC", letter + accent) for letter in ascii_letters for accent in ACCENTS
)
LETTERS = TELETEX + "".join(chr(code) for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1EFA)] if chr(code).isalpha())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_letter_that_dutch_registers_hold_may_stand_in_a_name(tmp_path, encoding) -> None:
    for at in range(0, len(LETTERS), 30):
        text = TEXT.replace(">Voorbeeld<", f">{LETTERS[at : at + 30]}-'<").replace("UTF-8", encoding)
        assert LETTERS[at] in text
        assert verdict(tmp_path, text.encode(encoding)) == "goed"


def test_a_declaration_that_is_wrong_but_readable_changes_nothing_that_is_stored(tmp_path, monkeypatch) -> None:
    """UTF-8 declared as ISO-8859-1 gives odd letters in names, and names are not stored."""
    monkeypatch.setenv("KETEN_KPI_KEY", "ab" * 32)
    found = []
    for at, what in enumerate(("UTF-8", "UTF-8 declared as ISO-8859-1")):
        (tmp_path / f"{at}.xml").write_bytes(ENCODED[what])
        ingest([str(tmp_path / f"{at}.xml")], tmp_path / f"{at}.duckdb")
        with connect(tmp_path / f"{at}.duckdb") as con:
            tables = con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'bron' ORDER BY 1"
            ).fetchall()
            rows = {name: con.execute(f"SELECT * FROM bron.{name} ORDER BY ALL").fetchall() for (name,) in tables}
        assert not any("Zo" in str(value) for all_rows in rows.values() for row in all_rows for value in row)
        found.append({name: len(all_rows) for name, all_rows in rows.items()})
    assert found[0] == found[1]


def hostile_zip_of() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../weg.xml", GOOD)
        archive.writestr("/etc/weg.xml", GOOD)
        archive.writestr("C:\\weg.xml", GOOD)
        archive.writestr("a.xml", GOOD)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.xml", GOOD.replace(b"A1", b"A2"))
        archive.writestr("dieper.zip", _zip_of({"b.zip": _zip_of({"c.xml": GOOD})}))
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return made.getvalue()


def _locked() -> bytes:
    """A zip whose first member says that it has a password."""
    made = bytearray(_zip_of({"dicht.xml": GOOD.replace(b"A1", b"A7"), "open.xml": GOOD.replace(b"A1", b"A8")}))
    made[6] |= 1  # the flag in front of the member, and in the directory
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def test_an_archive_of_everything_odd_gives_a_row_for_each_and_the_good_ones(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", "ab" * 32)
    delivery = tmp_path / "in"
    delivery.mkdir()
    (delivery / "a.zip").write_bytes(hostile_zip_of())
    (delivery / "b.txt").write_bytes(_zip_of({"x": GOOD.replace(b"A1", b"A3")}))  # a zip by another name
    (delivery / "c.zip").write_bytes(GOOD.replace(b"A1", b"A4"))  # a message by another name
    (delivery / "d.tar").write_bytes(_bomb_in_tar())
    (delivery / "e.zip").write_bytes(_locked())
    (delivery / "f.zip").write_bytes(_zip_of({"x": GOOD.replace(b"A1", b"A6")})[:-30])  # lost its directory
    (delivery / "g.tgz").write_bytes(_bomb_in_tar()[:3000])  # no gzip, and cut off behind its first member
    summary = ingest(
        [str(delivery)], tmp_path / "k.duckdb", limits=Limits(archive_ratio=50, archive_ratio_from=1 << 20)
    )
    assert summary.loaded == 6  # A1 to A4, the one before the bomb, and the one beside the password
    assert summary.read == summary.loaded + summary.duplicate + summary.quarantined
    with connect(tmp_path / "k.duckdb") as con:
        found = Counter(row[0] for row in con.execute("SELECT reden FROM beheer.quarantaine").fetchall())
    assert found[Reason.UNSAFE_MEMBER] == 4
    assert found[Reason.NESTED_TOO_DEEP] == 1
    assert found[Reason.ARCHIVE_TOO_LARGE] >= 1
    assert found[Reason.UNREADABLE] == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "k.duckdb"]


def test_the_bounds_on_archives_are_set_from_outside_and_are_otherwise_those_of_the_room(tmp_path) -> None:
    assert limits_of(MAX_BERICHT_DEFAULT, MAX_UITGEPAKT_DEFAULT, MAX_VERHOUDING_DEFAULT) == Limits()
    assert limits_of(1, 2.5, 30) == Limits(document_bytes=1 << 20, archive_bytes=5 << 29, archive_ratio=30)
    (tmp_path / "a.zip").write_bytes(_zip_of({"a.xml": GOOD, "b.xml": GOOD, "c.xml": GOOD}))
    one_and_a_half = str(1.5 * len(GOOD) / 2**30)
    told = CliRunner().invoke(app, ["validate", str(tmp_path), "--format", "jsonl", "--max-uitgepakt", one_and_a_half])
    assert told.exit_code == 3
    assert [json.loads(line)["valid"] for line in told.stdout.splitlines()] == [True, False]


def _bomb_in_tar() -> bytes:
    made = io.BytesIO()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bom.xml", b"0" * 30_000_000)
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in {"eerst.xml": GOOD.replace(b"A1", b"A5"), "bom.zip": bomb.getvalue()}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def test_the_fullest_message_of_each_release_is_read_in_every_encoding(tmp_path) -> None:
    for standaard, release, message in (("ijw", "3.2", "JW301"), ("iwmo", "2.3", "WMO303")):
        text = maximal(load(standaard, release), message).decode()
        for encoding in ("utf-8-sig", "utf-16"):
            declared = text.replace("UTF-8", "UTF-16" if encoding == "utf-16" else "UTF-8")
            assert verdict(tmp_path, declared.encode(encoding)) == "goed"
