"""Reading bytes as XML safely, and saying in plain words why they are not XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from keten_kpi.source import Fault, Reason

_DOCTYPE = re.compile(rb"<!DOCTYPE\s+(?!html)", re.IGNORECASE)
_HTML = re.compile(rb"\s*(<!DOCTYPE\s+html|<html)", re.IGNORECASE)
_FLAT_EI = re.compile(rb"[0-9]{5}[\x20-\x7e\xa0-\xff\r\n]*\Z")
_HEAD = 4096  # bytes looked at to tell what a file that is not XML looks like

# Codes of libxml2's parser; its own texts quote the message and are never passed on.
_KINDS = {
    4: "it does not begin with an element",
    5: "something follows after the end of the root element",
    6: "a character reference is not complete",
    7: "a character reference is not complete",
    8: "a character reference is not complete",
    9: "it has a character that XML does not allow",
    23: "an entity reference has no semicolon",
    26: "it uses an entity that is not declared",
    32: "its declared encoding is not known",
    38: "an attribute has a < in its value",
    39: "an attribute has no quotes around its value",
    40: "an attribute has no end quote",
    41: "an attribute has no value",
    42: "an element has the same attribute twice",
    45: "a comment does not end",
    63: "a CDATA section does not end",
    64: "the XML declaration is not at the very beginning",
    68: "a < or & stands where a name must follow",
    73: "a tag does not end",
    76: "an end tag does not fit the start tag",
    77: "it ends before its elements are closed",
    81: "it has bytes that do not fit its encoding",
    114: "a text is longer, or elements are nested deeper, than is safe to read",
    201: "it uses a prefix that no namespace is declared for",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What libxml2 says of one error, without its text: that quotes the message."""

    kind: int
    line: int
    path: str | None


def complaints(log: Any) -> list[Complaint]:
    """The entries of an ``error_log`` (a type that the stubs of lxml leave open)."""
    return [Complaint(entry.type, entry.line, entry.path) for entry in log]


def line_of(element: etree._Element) -> int | None:
    line: Any = element.sourceline
    return line if isinstance(line, int) else None


def safe_parser() -> etree.XMLParser:
    """A parser without DTD, entities, network or huge texts; comments and processing instructions are left out."""
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def has_doctype(root: etree._Element) -> bool:
    return root.getroottree().docinfo.internalDTD is not None


def not_xml(content: bytes, log: Sequence[Complaint]) -> Fault | None:
    """Why ``content`` is not XML, at the first error that the parser met; None when its DOCTYPE may be the cause."""
    if _DOCTYPE.search(content[:_HEAD]):
        return None
    looks = _looks_like(content)
    if looks:
        return Fault(Reason.NOT_XML, looks)
    kind = _KINDS.get(log[0].kind) if log else None
    sentence = "The document is not well-formed XML" + (f": {kind}" if kind else "")
    return Fault(Reason.NOT_XML, sentence, line=log[0].line if log else None)


def _looks_like(content: bytes) -> str | None:
    head = content[:_HEAD]
    if not head.strip():
        return "The file is empty" if len(content) <= _HEAD else "The file begins with white space only"
    if _HTML.match(head):
        return "The file is a web page (HTML), not XML"
    if _FLAT_EI.match(head):
        return "The file is not XML; it looks like the flat EI format (lines of fixed length) of old releases"
    if b"<" not in content:
        return "The file is not XML: it has no element at all"
    return None
