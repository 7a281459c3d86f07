"""The door: a document in, its messages out."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

from lxml import etree

from keten_kpi.envelope.bericht import Bericht
from keten_kpi.envelope.opening import is_bare, opened
from keten_kpi.envelope.wrapped import Wrapped
from keten_kpi.source import Document, Fault, Found, Limits, Origin, Reason, Stretch, read_packed

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_WHITE = b" \t\r\n"
_BROKEN = {Reason.UNREADABLE, Reason.NESTED_TOO_DEEP}  # of a zip in an envelope these are the envelope's faults
_EMPTY = Fault(Reason.EMPTY_ENVELOPE, "This envelope holds no message: it is an error, an acknowledgement, or empty")


def unwrap_all(found: Iterable[Found], limits: Limits) -> Iterator[Bericht | Stretch]:
    """The messages in all of these, one after another; a stretch without envelopes is one of messages as it is."""
    made = tuple.__new__  # past a __new__ in Python: twice as fast
    for each in found:
        if isinstance(each, Stretch):
            if all(map(is_bare, repeat(each.contents), each.starts, each.ends)):  # nearly all that comes
                yield each
            else:
                for document in each.documents():
                    yield from unwrap(document, limits)
            continue
        origin, content, fault = each
        if content is None or is_bare(content):
            yield made(Bericht, (origin, content, None, fault))
        else:
            yield from unwrap(each, limits)


def unwrap(document: Document, limits: Limits = Limits()) -> Iterable[Bericht]:  # noqa: B008 - frozen
    """The messages in an envelope, or the document itself when it is none: ``validate`` judges what it is then."""
    origin, content, fault = document
    envelopes = () if content is None else opened(content)
    if not envelopes:
        return (Bericht(origin, content, None, fault),)
    return _all_unwrapped(envelopes, origin, limits)


def _all_unwrapped(envelopes: Sequence[Wrapped], origin: Origin, limits: Limits) -> Iterator[Bericht]:
    for wrapped in envelopes:
        for bericht in _unwrapped(wrapped, origin, limits):
            yield bericht._replace(envelope=wrapped.envelope)


def _unwrapped(wrapped: Wrapped, origin: Origin, limits: Limits) -> Iterator[Bericht]:
    if not wrapped.payloads:
        yield Bericht(origin, fault=_EMPTY)
    for payload in wrapped.payloads:
        yield from _berichten(payload, origin, limits)


def _berichten(payload: etree._Element, origin: Origin, limits: Limits) -> Iterator[Bericht]:
    content = _decoded(payload)
    if content is None:
        yield _bad(origin, "The payload of this envelope is not base64")
    elif not content.startswith(_ZIP):
        yield _bericht(origin, content)
    else:
        yield from _zipped(content, origin, limits)


def _zipped(content: bytes, origin: Origin, limits: Limits) -> Iterator[Bericht]:
    empty = True
    for member in read_packed(content, origin, limits=limits):
        empty = False
        yield _bericht(member.origin, member.content) if member.content is not None else _faulty(member)
    if empty:
        yield Bericht(origin, fault=_EMPTY)


def _faulty(member: Document) -> Bericht:
    fault = member.fault
    if fault is not None and fault.reason in _BROKEN:
        return _bad(member.origin, f"The payload of this envelope is a zip that cannot be read. {fault.message}")
    return Bericht(member.origin, fault=fault)


def _bericht(origin: Origin, content: bytes) -> Bericht:
    if opened(content):
        return _bad(origin, "The payload of this envelope is again an envelope")
    return Bericht(origin, content)


def _bad(origin: Origin, message: str) -> Bericht:
    return Bericht(origin, fault=Fault(Reason.BAD_ENVELOPE, message))


def _decoded(payload: etree._Element) -> bytes | None:
    """The bytes of base64 in any lines; None when it is something else, elements for instance."""
    if len(payload):
        return None
    try:
        return binascii.a2b_base64((payload.text or "").encode("ascii").translate(None, _WHITE), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
