"""Tells whether a document is an envelope, and opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from keten_kpi.envelope import stuf, vecozo
from keten_kpi.envelope.root import has_plain_encoding, root_name
from keten_kpi.envelope.wrapped import Wrapped

_ROOTS = re.compile(rb"Envelope|envelop(?:Heen|Retour)bericht-ggk_D[iu]01|(?:Fo|Bv)[0-9]{2}(?:Bericht)?")
is_bare = re.compile(rb"(?:<\?[^<>?]*+\?>)?+[ \t\r\n]*+<(?:[^\s<>/:!?]++:)?+Bericht[\s/>]").match  # surely no envelope
_SOAP = ("{http://schemas.xmlsoap.org/soap/envelope/}Envelope", "{http://www.w3.org/2003/05/soap-envelope}Envelope")
_TEXT_BYTES = 10_000_000  # libxml2 refuses longer texts, unless told otherwise


def opened(content: bytes) -> Sequence[Wrapped]:
    """Nothing for what is no envelope: a bare message, other XML, no XML, or XML with a DOCTYPE."""
    name = root_name(content)
    if name is None or not _ROOTS.fullmatch(name):
        return ()
    root = _parsed(content)
    if root is None:
        return ()
    if stuf.is_stuf(root):
        return (stuf.opened(root),)
    return tuple(_soap(root)) if root.tag in _SOAP else ()


def _soap(root: etree._Element) -> Iterator[Wrapped]:
    space = root.tag.removesuffix("Envelope")
    header, body = root.find(f"{space}Header"), root.find(f"{space}Body")
    if body is None or len(body) == 0:
        yield Wrapped(None, ())
        return
    for element in body:
        if stuf.is_stuf(element):
            yield stuf.opened(element)
        elif vecozo.is_vecozo(element):
            yield vecozo.opened(header, element)
        elif element.tag == f"{space}Fault":
            yield Wrapped(None, ())


def _parsed(content: bytes) -> etree._Element | None:
    """The tree of an envelope; a DOCTYPE, which ``validate`` refuses, leaves the document closed."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        # without its guards libxml2 is only let at what surely has no DOCTYPE: no entities, nothing to blow up
        huge_tree=len(content) > _TEXT_BYTES and has_plain_encoding(content),
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    docinfo: Any = root.getroottree().docinfo  # lxml-stubs do not know its doctype
    return None if docinfo.doctype else root
