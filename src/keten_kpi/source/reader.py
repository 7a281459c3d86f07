"""Tells by the first bytes what was found, and hands it to the kind that can unpack it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import BinaryIO, Protocol

from keten_kpi.source.chunks import as_file, rest
from keten_kpi.source.damage import Damage, unreadable
from keten_kpi.source.document import Document, Fault, Found, Limits, Origin, Reason
from keten_kpi.source.meter import Meter

HEAD = 512  # a tar is told by its first block, all others by less
SMALL = 1024 * 1024  # up to here a member is read at once, before it is known to be an archive
ARCHIVES = 2  # an archive, and one nested in it


@dataclass(frozen=True, slots=True)
class Where:
    """How far in a file lies: its origin, and how many archives stand around it."""

    origin: Origin
    meter: Meter
    archives: int = 0
    compressed: bool = False  # what lies directly inside a compression may not be compressed again

    def origin_of(self, name: str) -> Origin:
        """The origin of a member of this archive."""
        source, outer = self.origin
        return tuple.__new__(Origin, (source, name if outer is None else f"{outer}!/{name}"))

    def member(self, name: str) -> Where:
        return replace(self, origin=self.origin_of(name))


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of bytes that holds documents.

    ``unpack`` gets a file that stands at its first byte, and raises Damage or OSError where it cannot go on.
    """

    is_archive: bool  # False for a compression: one thing inside, which keeps the origin
    recognises: Callable[[bytes], bool]
    unpack: Callable[[io.BufferedIOBase, Where, Reader], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of path that a user can give."""

    recognises: Callable[[str], bool]
    documents: Callable[[str, Reader], Iterator[Found]]


class Files(Protocol):
    """Who knows whole files: large ones are shown to it before they are read, and when their end has been reached."""

    def passes_over(self, source: str, file: io.FileIO, /) -> bool: ...
    def ended(self, source: str, file: io.FileIO, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """What every kind needs to know of the run, and the way back from a member to the kinds."""

    formats: Sequence[Format]
    limits: Limits
    skip: frozenset[str] = frozenset()  # real paths
    stdin: BinaryIO | None = None
    files: Files | None = None

    def outermost(self, source: str) -> Where:
        return Where(Origin(source), Meter(self.limits))

    def format_of(self, head: bytes) -> Format | None:
        if _is_text(head):
            return None
        for candidate in self.formats:
            if candidate.recognises(head):
                return candidate
        return None

    def whole(self, content: bytes, where: Where) -> Iterable[Found]:
        """What a small thing holds whose bytes are all at hand."""
        if self.format_of(content) is None:
            return (self.document(where.origin, content),)
        return self.stream(io.BytesIO(content), where)

    def text(self, content: bytes, where: Where, name: str) -> Document | None:
        """A member of an archive that is surely none itself, nor too large: nearly all that comes. Else None."""
        if content.startswith(b"<") and content.find(b"\0", 0, HEAD) < 0 and len(content) <= self.limits.document_bytes:
            source, outer = where.origin
            origin = tuple.__new__(Origin, (source, name if outer is None else f"{outer}!/{name}"))
            return tuple.__new__(Document, (origin, content, None))
        return None

    def stream(self, file: io.BufferedIOBase, where: Where) -> Iterator[Found]:
        """What a file holds: itself, or when it is an archive its members. Faults instead of exceptions."""
        try:
            yield from self._opened(file, where)
        except Damage as damage:
            yield Document(where.origin, fault=damage.fault)
        except OSError as error:
            yield Document(where.origin, fault=unreadable(error))

    def document(self, origin: Origin, content: bytes) -> Document:
        """The document, when it is not too large."""
        if len(content) > self.limits.document_bytes:
            return self.too_large(origin)
        return Document(origin, content)

    def too_large(self, origin: Origin) -> Document:
        message = (
            f"This document is larger than {self.limits.document_bytes} bytes, the most that is read of one document"
        )
        return Document(origin, fault=Fault(Reason.TOO_LARGE, message))

    def _opened(self, file: io.BufferedIOBase, where: Where) -> Iterator[Found]:
        head, file = _head(file)
        kind = self.format_of(head)
        if kind is None:
            yield self.document(where.origin, file.read(self.limits.document_bytes + 1))
        else:
            yield from kind.unpack(file, _inside(kind, where), self)


def _is_text(head: bytes) -> bool:
    """Surely no archive: a tar may begin with this letter, but not without zero bytes."""
    return head.startswith(b"<") and head.find(b"\0", 0, HEAD) < 0


def _inside(kind: Format, where: Where) -> Where:
    if kind.is_archive and where.archives < ARCHIVES:
        return replace(where, archives=where.archives + 1, compressed=False)
    if not kind.is_archive and not where.compressed:
        return replace(where, compressed=True)
    raise Damage("This is an archive in an archive in an archive: unpack the outer ones first", Reason.NESTED_TOO_DEEP)


def _head(file: io.BufferedIOBase) -> tuple[bytes, io.BufferedIOBase]:
    """The first bytes, and a file that begins with them."""
    if isinstance(file, io.BufferedReader) and len(ahead := file.peek()) >= HEAD:
        return ahead[:HEAD], file
    head = file.read(HEAD)
    if file.seekable():
        file.seek(-len(head), io.SEEK_CUR)
        return head, file
    return head, as_file(chain([head], rest(file)))
