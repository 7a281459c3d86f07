"""Bytes that nobody would send on purpose, made from valid messages, envelopes and archives."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import zstandard
from hypothesis import strategies as st

from tests.oracle.facts import all_messages, load
from tests.oracle.generate import maximal, minimal
from tests.verkeer.make import _envelope

CORPUS = Path(__file__).parents[1] / "fixtures" / "fuzz"
MOST = 400_000  # bytes of one document

TOKENS = [
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?x?>", b"&#0;", b"&#x10FFFF;", b"&x;",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00", b"\x1a", b"<m:Bsn>", b"</m:Bericht>", b"<b:Datum/>",
    b" xmlns:m='urn:x'", b" xsi:nil='true'", b"encoding='UTF-16'", b"encoding='EBCDIC-CP-NL'", b"standalone='yes'",
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"ustar\x0000", b"9" * 400, b"-0001-01-01",
    "\u00ad\u200b\u2028\u0130\U0001f600".encode(), b"<a>" * 300, b" a='1'" * 300,
]  # fmt: skip


def seeds() -> list[bytes]:
    """Valid messages of every type, and the corpus that is kept: what once broke something, or nearly did."""
    made = [
        build(load(standaard, release), message)
        for standaard, release, message in all_messages()
        for build in (minimal, maximal)
    ]
    return [*made, *(path.read_bytes() for path in sorted(CORPUS.glob("*.bin")))]


SEEDS = seeds()


def _cut(content: bytes, at: int, length: int, put: bytes) -> bytes:
    place = at % (len(content) + 1)
    return content[:place] + put + content[place + length :]


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A message with some places changed, or bytes of no kind."""
    if draw(st.integers(0, 19)) == 0:
        return draw(st.binary(max_size=300))
    content = draw(st.sampled_from(SEEDS))
    edits = draw(
        st.lists(
            st.tuples(
                st.integers(0, 1 << 20),
                st.sampled_from([0, 0, 1, 1, 2, 5, 40, 1000]),
                st.one_of(st.sampled_from(TOKENS), st.binary(max_size=6), st.just(b"")),
            ),
            max_size=4,
        )
    )
    for at, length, put in edits:
        content = _cut(content, at, length, put)
    return _encoded(content, draw(st.sampled_from(["", "", "", "", "utf-16", "utf-16-be", "utf-8-sig", "latin-1"])))


def _encoded(content: bytes, encoding: str) -> bytes:
    return content.decode("utf-8", "replace").encode(encoding, "replace") if encoding else content


@st.composite
def packed(draw: st.DrawFn) -> bytes:
    """One document as it is, in an envelope, or several in an archive; the packing may be damaged too."""
    inside = draw(st.lists(documents(), min_size=1, max_size=3))
    kind = draw(st.sampled_from(["", "", "envelop", "base64", "zip", "tar", "gz", "zst", "zip in zip"]))
    whole = _pack(kind, inside)
    if draw(st.booleans()):
        return whole
    at = draw(st.integers(0, 1 << 20))
    return _cut(whole, at, draw(st.integers(0, 30)), draw(st.sampled_from(TOKENS) | st.binary(max_size=4)))


def _pack(kind: str, inside: list[bytes]) -> bytes:
    ways = {
        "envelop": lambda: _envelope(inside[0]),
        "base64": lambda: base64.encodebytes(inside[0]),
        "gz": lambda: gzip.compress(inside[0]),
        "zst": lambda: zstandard.ZstdCompressor().compress(inside[0]),
        "tar": lambda: _tar(inside),
        "zip": lambda: _zip(inside),
        "zip in zip": lambda: _zip([_zip(inside)]),
        "": lambda: inside[0],
    }
    return ways[kind]()


def _zip(inside: list[bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, content in enumerate(inside):
            archive.writestr(f"{at}.xml", content)
    return made.getvalue()


def _tar(inside: list[bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for at, content in enumerate(inside):
            member = tarfile.TarInfo(f"{at}.xml")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()
