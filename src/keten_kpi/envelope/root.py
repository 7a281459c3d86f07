"""Tells by the first bytes what the root element of a document is called, without parsing it."""

from __future__ import annotations

import codecs
import re

_ROOT = re.compile(
    rb"""(?:\xef\xbb\xbf)?                                # byte order mark
    (?: [ \t\r\n]++ | <\?.*?\?> | <!--.*?--> )*+          # declaration, instructions, comments: no DOCTYPE
    < (?:[^\s<>/:!?]++:)? ([^\s<>/:!?]++) (?=[\s/>])""",
    re.DOTALL | re.VERBOSE,
)
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml\s[^>]*?encoding\s*=\s*["']([\w.-]+)""", re.ASCII)
_PLAIN = {
    b"utf-8",
    b"utf8",
    b"us-ascii",
    b"ascii",
    b"iso-8859-1",
    b"iso-8859-15",
    b"windows-1252",
    b"utf-16",
    b"utf-32",
}
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_MARKS = tuple(mark for mark, _ in _WIDE)


def root_name(content: bytes) -> bytes | None:
    """The root's local name; None for what is no XML or has a DOCTYPE before its root.

    >>> root_name(b'<?xml version="1.0"?><!-- <a> --><x:Bericht xmlns:x="n"/>')
    b'Bericht'
    """
    found = _ROOT.match(_narrow(content))
    return found[1] if found else None


def has_plain_encoding(content: bytes) -> bool:
    """Do the markup characters stand for themselves, so that what ``root_name`` saw is what a parser sees?"""
    found = _ENCODING.match(_narrow(content))
    return found is None or found[1].lower() in _PLAIN


def _narrow(content: bytes) -> bytes:
    if not content.startswith(_MARKS):
        return content
    encoding = next(encoding for mark, encoding in _WIDE if content.startswith(mark))
    return content.decode(encoding, "replace").encode("utf-8", "replace")
