"""tar: a stream of members, each a header block and its bytes. Reads V7, ustar, GNU and pax headers.

Written out rather than left to ``tarfile``, which takes some seven times as long for a member of 3 kB and takes a
missing end for an end.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from io import BufferedIOBase, BufferedReader
from itertools import chain
from zlib import adler32

from keten_kpi.source.chunks import as_file, part, rest
from keten_kpi.source.damage import Damage
from keten_kpi.source.document import Document, Fault, Found, Reason, Stretch
from keten_kpi.source.member_name import leads_outside, shown
from keten_kpi.source.reader import HEAD, SMALL, Format, Reader, Where

_BLOCK = 512
_REMEMBERED = 4096  # fields of headers: few sums and sizes come once only
_ZEROS = bytes(_BLOCK)
_ADLER = 65521
_SUM = re.compile(rb"[\0 ]*+([0-7]++)[\0 ]*+")  # as a header tells it, in its field
_MAGICS = (b"ustar\x0000", b"ustar  \x00")  # POSIX and GNU
_FILES = b"\x0007"
_NO_FILES = b"5DV"  # a folder, GNU's listing of a folder, a label
_UNSAFE = b"12346"  # links, devices, pipes
_DATALESS = b"5" + _UNSAFE  # whatever their size says, no bytes follow
_SPARSE = b"S"
_PLAIN_HEADER = re.compile(
    rb"""(?= ([!-.0-9;-\[\]-~] [ -9;-~] [ -~]{0,97}+ (?<!/)) \0 )  # can be shown, and is no absolute path
    .{124} (0{5}[0-7]{6}) [\0\ ]  # a size below 256 kB
    .{12} (.{8}) [\x000] .{188} \0 .{166}  # a file, with nothing before its name
    (?=<)""",
    re.DOTALL | re.VERBOSE,
)
_NOTES = b"xXgLK"  # headers that tell of the next header
_NOTE_BYTES = 1024 * 1024
_SIZE = re.compile(rb"\s*+([0-7]*+)\s*+(?:\0|\Z)")
_Member = tuple[str, bytes, int]  # name, kind and size
_RECORD = re.compile(rb"(\d{1,9}) ([^=\n]+)=")


def _documents(file: BufferedIOBase, where: Where, reader: Reader) -> Iterator[Found]:
    ahead = as_file(rest(file))  # standard input itself looks ahead no further than two messages
    for member in _members(ahead, where, reader):
        if isinstance(member, Stretch):
            yield member
        else:
            where.meter.member()
            yield from _member(ahead, member, where, reader)


def _stretches(file: BufferedReader, where: Where, reader: Reader) -> Iterator[Stretch]:
    while True:
        stretch, after = _stretch(file.peek(), where, reader)
        if not after:
            return
        file.read(after)
        yield stretch


def _stretch(ahead: bytes, where: Where, reader: Reader) -> tuple[Stretch, int]:
    """The members that lie ahead and need no second look, and where they end: nearly all that comes.

    Of each the name can be shown and leads nowhere, and the content is small, begins as XML does, and lies here whole.
    """
    stretch = Stretch(where.origin, ahead, [], [], [])
    names, starts, ends = stretch.names, stretch.starts, stretch.ends
    at, room, largest, length = 0, where.meter.room, reader.limits.document_bytes, len(ahead)
    while (header := _PLAIN_HEADER.match(ahead, at)) is not None and room > len(names):
        name, told, sum_field = header.groups()
        size, start = _number(told), at + _BLOCK
        end, after = start + size, start + size + -size % _BLOCK
        if (
            after > length
            or size > largest
            or start <= ahead.find(b"\0", start, start + HEAD) < end
            or b".." in name
            or adler32(ahead[at:start]) & 0xFFFF != _total(sum_field)
        ):
            break
        names.append(name.decode())
        starts.append(start)
        ends.append(end)
        at = after
    where.meter.members += len(names)
    return stretch, at


def _member(file: BufferedIOBase, member: _Member, where: Where, reader: Reader) -> Iterator[Found]:
    name, kind, size = member
    if kind not in _FILES or leads_outside(name):
        _skip(file, 0 if kind in _DATALESS else size)
        if kind not in _NO_FILES:
            yield Document(where.origin_of(shown(name)), fault=_refused(kind))
    elif size > SMALL:
        yield from _large_file(file, shown(name), size, where, reader)
    else:
        content = _content(file, size)
        if content or not name.endswith("/"):  # V7's way to write a folder
            yield from reader.whole(content, where.member(shown(name)))


def _content(file: BufferedIOBase, size: int) -> bytes:
    padded = file.read(size + -size % _BLOCK)
    if len(padded) < size:
        raise Damage("The archive ends in the middle of a member: it is truncated")
    return padded[:size]


def _large_file(file: BufferedIOBase, name: str, size: int, where: Where, reader: Reader) -> Iterator[Found]:
    head = file.read(HEAD)
    body = part(file, size - HEAD)
    if reader.format_of(head) is not None:
        yield from reader.stream(as_file(chain([head], body)), where.member(name))
    elif size > reader.limits.document_bytes:
        yield reader.too_large(where.origin_of(name))
    else:
        yield Document(where.origin_of(name), b"".join(chain([head], body)))
    deque(body, maxlen=0)
    file.read(-size % _BLOCK)


def _skip(file: BufferedIOBase, size: int) -> None:
    deque(part(file, size), maxlen=0)
    file.read(-size % _BLOCK)


def _refused(kind: bytes) -> Fault:
    if kind in _FILES:
        return Fault(Reason.UNSAFE_MEMBER, "This member has an absolute path or one that climbs out of its archive")
    if kind in _UNSAFE:
        return Fault(Reason.UNSAFE_MEMBER, "This member is a link, device or pipe, which is not followed")
    return Fault(Reason.UNREADABLE, "This member is stored in a way that is not read: sparse, or in several volumes")


def _members(file: BufferedReader, where: Where, reader: Reader) -> Iterator[_Member | Stretch]:
    """Stretches, and each other member with the file at its first byte; who takes that reads or skips its bytes."""
    shared: dict[bytes, bytes] = {}
    notes: dict[bytes, bytes] = {}
    ended = False
    while True:
        for stretch in () if shared or notes else _stretches(file, where, reader):
            ended = False
            yield stretch
        block = file.read(_BLOCK)
        if not block:
            break
        ended = block == _ZEROS or (ended and not block.strip(b"\0"))
        if ended:
            continue  # archives may be strung together, each with an end of its own
        if len(block) < _BLOCK or not _sums_up(block):
            raise _broken(block)
        kind, size = block[156:157], _number(block[124:136])
        if kind in _NOTES:
            (shared if kind == b"g" else notes).update(_notes(kind, _note(file, size)))
            continue
        name = _name(block)
        if kind == _SPARSE:
            _skip_map(file, block)
        if shared or notes:
            name, kind, size = _noted(name, kind, size, {**shared, **notes})
            notes = {}
        yield name.decode("utf-8", "surrogateescape"), kind, size
    if not ended:
        raise Damage("The archive ends without the mark for its end: it is truncated")


def _noted(name: bytes, kind: bytes, size: int, notes: dict[bytes, bytes]) -> tuple[bytes, bytes, int]:
    """A member as the headers before its own tell of it."""
    name, size = notes.get(b"path", name), _decimal(notes.get(b"size"), size)
    if any(key.startswith(b"GNU.sparse.") for key in notes):
        name, kind = notes.get(b"GNU.sparse.name", name), _SPARSE
    return name, kind, size


def _name(block: bytes) -> bytes:
    name = block[:100].partition(b"\0")[0]
    if block[345] and block.startswith(b"ustar\0", 257):
        return block[345:500].partition(b"\0")[0] + b"/" + name
    return name


def _skip_map(file: BufferedIOBase, block: bytes) -> None:
    """GNU's old sparse files go on telling where their holes are in blocks of their own."""
    more = block[482]
    while more:
        block = file.read(_BLOCK)
        more = len(block) == _BLOCK and block[504]


def _note(file: BufferedIOBase, size: int) -> bytes:
    if size > _NOTE_BYTES:
        raise Damage("The archive is damaged: one of its headers is larger than any")
    note = b"".join(part(file, size))
    file.read(-size % _BLOCK)
    return note


def _notes(kind: bytes, note: bytes) -> dict[bytes, bytes]:
    if kind == b"K":
        return {}  # where a link leads
    if kind == b"L":
        return {b"path": note.rstrip(b"\0")}
    return dict(_records(note))


def _records(note: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The records of a pax header: ``length key=value`` and a line end, the length counting all of that."""
    start = 0
    while found := _RECORD.match(note, start):
        end = start + int(found[1])
        if end <= found.end() or end > len(note):
            raise Damage("The archive is damaged: one of its headers cannot be read")
        yield found[2], note[found.end() : end - 1]
        start = end


def _broken(block: bytes) -> Damage:
    if len(block) < _BLOCK:
        return Damage("The archive ends in the middle of a header: it is truncated")
    return Damage("The archive is damaged: a header does not match its checksum")


def _sums_up(block: bytes) -> bool:
    """Is the sum of the bytes what the header says, counting its own field as eight spaces?

    Adler-32's lower half is that sum plus one, modulo 65521, and forty times as fast as ``sum``.
    """
    total = _total(block[148:156])
    return total is not None and (adler32(block) & 0xFFFF == total or (_signed_sum(block) + 1) % _ADLER == total)


@lru_cache(_REMEMBERED)
def _total(field: bytes) -> int | None:
    """What Adler-32's lower half comes to by this field, its own bytes as they are; None when it tells nothing."""
    told = _SUM.fullmatch(field)
    return None if told is None else (int(told[1], 8) - 8 * 0x20 + sum(field) + 1) % _ADLER


def _signed_sum(block: bytes) -> int:
    """Some old tars took bytes for signed numbers."""
    return sum(block) - 256 * sum(byte > 127 for byte in block)  # noqa: PLR2004


@lru_cache(_REMEMBERED)
def _number(field: bytes) -> int:
    """A size in octal digits, or by GNU's way for large ones, in bytes after one that is 80."""
    if field[0] == 0x80:  # noqa: PLR2004
        return int.from_bytes(field[1:], "big")
    told = _SIZE.match(field)
    if told is None:
        raise Damage("The archive is damaged: a header tells no size")
    return int(told[1] or b"0", 8)


def _decimal(digits: bytes | None, otherwise: int) -> int:
    if digits is None:
        return otherwise
    if not digits.isdigit():
        raise Damage("The archive is damaged: a header tells no size")
    return int(digits)


def _recognises(head: bytes) -> bool:
    return len(head) >= _BLOCK and (head[257:265] in _MAGICS or _sums_up(head[:_BLOCK]))


FORMAT = Format(is_archive=True, recognises=_recognises, unpack=_documents)
