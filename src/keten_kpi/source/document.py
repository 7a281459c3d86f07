"""What a source hands on: one document with its origin, or the fault that kept it from being read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why a document is quarantined. Codes are stored in ``beheer.quarantaine.reden``."""

    UNREADABLE = "onleesbaar"  # file or archive member cannot be read (damaged, truncated, encrypted, no permission)
    TOO_LARGE = "te_groot"  # larger than Limits.document_bytes; not read whole
    NESTED_TOO_DEEP = "te_diep"  # an archive in an archive in an archive
    ARCHIVE_TOO_LARGE = "archief_te_groot"  # unpacks to more than Limits allow: a bomb, or not one delivery
    UNSAFE_MEMBER = "onveilig_lid"  # link, device, absolute or climbing path in an archive
    EMPTY_ENVELOPE = "envelop_zonder_bericht"  # StUF error or acknowledgement, or an envelope without a payload
    BAD_ENVELOPE = "envelop_onleesbaar"  # payload is not base64, zip in it damaged, envelope in an envelope
    NOT_XML = "geen_xml"  # not well-formed XML in a known encoding
    DOCTYPE = "doctype"  # a DOCTYPE is refused: the standard has none and entities are unsafe
    UNKNOWN_TYPE = "onbekend_type"  # namespace and root are no known message type
    UNKNOWN_RELEASE = "onbekende_release"  # an iJw or iWmo message of a release that no schema is at hand for
    INVALID = "ongeldig"  # refused by its schema
    NOT_STORABLE = "niet_op_te_slaan"  # valid, but a value fits no column (a date before year 1 or after 9999)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read; all in bytes or counts.

    The archive bounds hold for one path on the command line with all that is nested in it. They stop a bomb, not a
    delivery: a year of all the traffic in the country is some 50 GB in 20 million messages, and such messages pack
    5 to 30 times smaller.
    """

    document_bytes: int = 64 * 1024 * 1024
    archive_bytes: int = 512 * 1024**3  # all that one path unpacks to
    archive_members: int = 100_000_000  # all members in one path
    archive_ratio: int = 250  # unpacked bytes per packed byte of one archive or compression...
    archive_ratio_from: int = 1024**3  # ... looked at once it has unpacked to so many bytes


class Origin(NamedTuple):
    """Where a document was found.

    ``source`` is the path as the user gave it (for a folder: with the relative path of the file joined on,
    POSIX separators), ``-`` for standard input. ``member`` is the path inside an archive; a member of a nested
    archive is ``inner.zip!/name.xml``; a payload from a zip inside an envelope is appended the same way.
    """

    source: str
    member: str | None = None

    def __str__(self) -> str:
        return self.source if self.member is None else f"{self.source}!/{self.member}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a document: where, and one plain sentence without personal data."""

    reason: Reason
    message: str
    line: int | None = None
    path: str | None = None


class Document(NamedTuple):  # a tuple is made in half the time, and there are millions
    """One thing found in a source. Exactly one of ``content`` and ``fault`` is set."""

    origin: Origin
    content: bytes | None = None
    fault: Fault | None = None


class Stretch(NamedTuple):
    """Documents as they lie one after another in an archive: small ones, and surely no archives themselves.

    One by one they cost several times as much, and there are millions.
    """

    archive: Origin
    contents: bytes
    names: list[str]  # of the members
    starts: list[int]  # where each begins in ``contents``
    ends: list[int]

    def origins(self) -> list[Origin]:
        source, outer = self.archive
        made, inside = tuple.__new__, "" if outer is None else f"{outer}!/"
        return [made(Origin, (source, inside + name)) for name in self.names]

    def documents(self) -> Iterator[Document]:
        for origin, start, end in zip(self.origins(), self.starts, self.ends, strict=True):
            yield Document(origin, self.contents[start:end])

    def split(self, at: int) -> tuple[Stretch, Stretch]:
        """The first so many, and the others."""
        end = self.ends[at - 1] if at else 0
        starts, ends = ([place - end for place in places[at:]] for places in (self.starts, self.ends))
        return (
            Stretch(self.archive, self.contents[:end], self.names[:at], self.starts[:at], self.ends[:at]),
            Stretch(self.archive, self.contents[end:], self.names[at:], starts, ends),
        )


Found = Document | Stretch


def one_by_one(found: Iterable[Found]) -> Iterator[Document]:
    for each in found:
        if isinstance(each, Stretch):
            yield from each.documents()
        else:
            yield each
