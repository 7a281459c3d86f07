"""zip: a directory at the end tells where each member lies. Reads stored and deflated members, and zip64.

Written out rather than left to ``zipfile``, which keeps an object for each member (0.6 GB for a million) and takes
twice as long.
"""

from __future__ import annotations

import io
import stat
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from keten_kpi.source.chunks import Seekable, as_file, inflated, spooled, window
from keten_kpi.source.damage import Damage
from keten_kpi.source.document import Document, Fault, Found, Reason
from keten_kpi.source.member_name import leads_outside, shown
from keten_kpi.source.meter import Squeeze
from keten_kpi.source.reader import SMALL, Format, Reader, Where

_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")  # full, empty, once cut into pieces
_END = struct.Struct("<4s4H2LH")  # signature, disks (4 numbers), size and start of the directory, comment
_END_TAIL = _END.size + 0xFFFF  # a comment follows
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s4B4HL2L5H2L")
_LOCAL = struct.Struct("<4s22x2H")
_FULL32 = 0xFFFFFFFF  # "see the zip64 field"
_ENCRYPTED, _UTF8 = 0x1, 0x800
_STORED, _DEFLATED = 0, 8
_UNIX = 3
_ZIP64 = 1


@dataclass(slots=True)
class _Entry:
    """One line of the directory. Its sizes are the sender's word."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    mode: int  # Unix mode, or 0


@dataclass(frozen=True, slots=True)
class _Zip:
    file: Seekable
    where: Where
    reader: Reader
    squeeze: Squeeze  # its packed size is the length of the file

    def documents(self) -> Iterator[Found]:
        for entry in _directory(self.file):
            self.where.meter.member()
            if entry.name.endswith(("/", "\\")) and not entry.size:
                continue
            refused = _refused(entry)
            if refused is None:
                yield from self._member(entry)
            else:
                yield Document(self.where.origin_of(shown(entry.name)), fault=refused)

    def _member(self, entry: _Entry) -> Iterable[Found]:
        """A damaged member is a fault of its own: the directory still tells where the others are."""
        name = shown(entry.name)
        try:
            start = self._content_start(entry)
            if entry.packed <= SMALL and entry.size <= SMALL:
                content = self._at_once(entry, start)
                document = self.reader.text(content, self.where, name)
                return self.reader.whole(content, self.where.member(name)) if document is None else (document,)
        except Damage as damage:
            if damage.fault.reason is Reason.ARCHIVE_TOO_LARGE:
                raise
            return (Document(self.where.origin_of(name), fault=damage.fault),)
        return self.reader.stream(as_file(self._unpacked(entry, start)), self.where.member(name))

    def _content_start(self, entry: _Entry) -> int:
        self.file.seek(min(entry.start, self.squeeze.packed))
        header = self.file.read(_LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            raise Damage("This member is damaged: it does not lie where the archive says")
        _, name, extra = _LOCAL.unpack(header)
        return entry.start + _LOCAL.size + int(name) + int(extra)

    def _at_once(self, entry: _Entry, start: int) -> bytes:
        self.file.seek(start)
        content = self.file.read(entry.packed)
        if entry.method == _DEFLATED:
            content = _inflated_small(content, entry.size)
        self.squeeze.gave(len(content))
        _check(entry, len(content), zlib.crc32(content))
        return content

    def _unpacked(self, entry: _Entry, start: int) -> Iterator[bytes]:
        size = crc = 0
        for chunk in self._chunks(entry, start):
            self.squeeze.gave(len(chunk))
            size, crc = size + len(chunk), zlib.crc32(chunk, crc)
            yield chunk
        _check(entry, size, crc)

    def _chunks(self, entry: _Entry, start: int) -> Iterator[bytes]:
        packed = window(self.file, start, entry.packed)
        if entry.method == _STORED:
            return packed
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        return (chunk for data in packed for chunk in inflated(inflater, data))


def _inflated_small(packed: bytes, size: int) -> bytes:
    """All of a small member; one byte more than it should be is enough to see that the directory lies."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    except zlib.error:
        raise Damage("This member is damaged: its compressed data cannot be unpacked") from None


def _check(entry: _Entry, size: int, crc: int) -> None:
    if size != entry.size or crc != entry.crc:
        raise Damage("This member is damaged: its content does not match its size or checksum")


def _refused(entry: _Entry) -> Fault | None:
    if leads_outside(entry.name):
        return Fault(Reason.UNSAFE_MEMBER, "This member has an absolute path or one that climbs out of its archive")
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG):
        return Fault(Reason.UNSAFE_MEMBER, "This member is a link, device or pipe, which is not followed")
    if entry.flags & _ENCRYPTED:
        return Fault(Reason.UNREADABLE, "This member is locked with a password: unpack it first")
    if entry.method not in (_STORED, _DEFLATED):
        return Fault(Reason.UNREADABLE, "This member is packed in a way that is not read: pack it as an ordinary zip")
    return None


def _directory(file: Seekable) -> Iterator[_Entry]:
    start, size, shift, count = _find_directory(file)
    lines = as_file(window(file, start, size))
    while line := lines.read(_ENTRY.size):
        if len(line) < _ENTRY.size or not line.startswith(b"PK\x01\x02"):
            raise Damage("The archive is damaged: its directory cannot be read")
        count -= 1
        yield _entry(line, lines, shift)
    if count & 0xFFFF:  # writers without zip64 count no further
        raise Damage("The archive is damaged: its directory does not list as many members as it says")


def _entry(line: bytes, lines: io.BufferedReader, shift: int) -> _Entry:
    (_, _, system, _, _, flags, method, _, _, crc, packed, size, name, extra, comment, _, _, attributes, start) = (
        _ENTRY.unpack(line)
    )
    text = lines.read(name + extra + comment)
    if _FULL32 in (packed, size, start):
        size, packed, start = _large(text[name : name + extra], size, packed, start)
    return _Entry(
        name=text[:name].decode("utf-8" if flags & _UTF8 else "cp437", "backslashreplace"),
        flags=flags,
        method=method,
        crc=crc,
        packed=packed,
        size=size,
        start=start + shift,
        mode=attributes >> 16 if system == _UNIX else 0,
    )


def _large(extra: bytes, *told: int) -> Iterator[int]:
    """Sizes and start of a member, each from the zip64 field where the directory has no room for it."""
    numbers = _zip64_numbers(extra)
    for number in told:
        if number == _FULL32:
            large = next(numbers, None)
            if large is None:
                raise Damage("The archive is damaged: its directory cannot be read")
            yield large
        else:
            yield number


def _zip64_numbers(extra: bytes) -> Iterator[int]:
    while len(extra) >= 4:  # noqa: PLR2004 - kind and length of a field
        kind, length = struct.unpack_from("<2H", extra)
        if kind == _ZIP64:
            field = extra[4 : 4 + length]
            yield from (number for (number,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8]))
        extra = extra[4 + length :]


def _find_directory(file: Seekable) -> tuple[int, int, int, int]:
    """Start and size of the directory, how many bytes stand before the archive, and how many members it lists."""
    length = file.seek(0, io.SEEK_END)
    before = max(0, length - _END_TAIL)
    file.seek(before)
    tail = file.read(_END_TAIL)
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) - found < _END.size:
        raise Damage(
            "The archive has no directory at its end, where a zip tells what it holds: it is damaged or truncated"
        )
    end = before + found
    *_, count, size, told, _ = _END.unpack_from(tail, found)
    end, count, size, told = _find_directory64(file, end, count, size, told)
    start = end - size
    if start < told:
        raise Damage("The archive is damaged: its directory is not where it says")
    return start, size, start - told, count


def _find_directory64(file: Seekable, end: int, *told: int) -> Sequence[int]:
    """End, members, size and start of the directory: as told, or from zip64's own record where there is one."""
    file.seek(max(0, end - _LOCATOR.size - _END64.size))
    record = file.read(_END64.size + _LOCATOR.size)
    if not record.startswith(b"PK\x06\x06") or record[_END64.size :][:4] != b"PK\x06\x07":
        return end, *told
    return end - len(record), *_END64.unpack_from(record)[-3:]


def _documents(file: io.BufferedIOBase, where: Where, reader: Reader) -> Iterator[Found]:
    with nullcontext(file) if file.seekable() else spooled(file) as opened:
        length = opened.seek(0, io.SEEK_END)
        yield from _Zip(opened, where, reader, Squeeze(where.meter, packed=length)).documents()


FORMAT = Format(is_archive=True, recognises=lambda head: head.startswith(_MAGICS), unpack=_documents)
