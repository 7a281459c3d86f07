"""Files made of chunks: what an archive or a compression gives, read as if it were a file."""

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Protocol

from keten_kpi.source.damage import Damage

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 96 * 1024
SPOOL = 1024 * 1024  # what is spooled stays in memory up to here


class Seekable(Protocol):
    """What a zip asks of a file: ``read`` gives so many bytes, fewer only at the end."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...


class _Chunks(io.RawIOBase):
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")
        self._error: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target, filled = memoryview(buffer), 0
        while filled < len(target) and self._goes_on(filled):
            size = min(len(target) - filled, len(self._rest))
            target[filled : filled + size] = self._rest[:size]
            self._rest = self._rest[size:]
            filled += size
        return filled

    def _goes_on(self, filled: int) -> bool:
        """Is there more? An error that comes after something was filled is told the next time."""
        error, self._error = self._error, None
        if error is not None:
            raise error
        while not self._rest:
            try:
                self._rest = memoryview(next(self._chunks))
            except StopIteration:
                return False
            except Exception as error:
                if not filled:
                    raise
                self._error = error
                return False
        return True


def as_file(chunks: Iterable[bytes]) -> io.BufferedReader:
    """A file that cannot seek; what the chunks raise comes out of its ``read``."""
    return io.BufferedReader(_Chunks(chunks), CHUNK)


def part(file: io.BufferedIOBase, size: int) -> Iterator[bytes]:
    """The next ``size`` bytes in chunks; raises Damage when the file ends before."""
    while size:
        chunk = file.read1(min(size, CHUNK))
        if not chunk:
            raise Damage("The archive ends in the middle of a member: it is truncated")
        size -= len(chunk)
        yield chunk


def rest(file: io.BufferedIOBase) -> Iterator[bytes]:
    """The file from here to its end, in chunks: all that it can give before it raises."""
    while chunk := file.read1(CHUNK):
        yield chunk


def window(file: Seekable, start: int, size: int) -> Iterator[bytes]:
    """A stretch of a file that others seek in between; raises Damage when the file ends before."""
    while size:
        file.seek(start)
        chunk = file.read(min(size, CHUNK))
        if not chunk:
            raise Damage("The archive points past its own end: it is damaged or truncated")
        start += len(chunk)
        size -= len(chunk)
        yield chunk


def inflated(inflater: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """What ``data`` unpacks to, in chunks, up to the end of the compressed stream or of the data."""
    while not inflater.eof:
        before = inflater.copy()
        try:
            chunk = inflater.decompress(data, CHUNK)
        except zlib.error:
            yield from _up_to_the_damage(before, data)
            raise Damage("The compressed data is damaged: it cannot be unpacked") from None
        data = inflater.unconsumed_tail
        if chunk:
            yield chunk
        elif not data:
            return


def _up_to_the_damage(inflater: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Byte by byte, because zlib throws away what it unpacked in the call in which it meets the damage."""
    for at in range(len(data)):
        try:
            chunk = inflater.decompress(data[at : at + 1])
        except zlib.error:
            return
        if chunk:
            yield chunk


def spooled(file: io.BufferedIOBase) -> IO[bytes]:
    """All of a file that cannot seek as one that can: in memory when small, else on disk without a name."""
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 - the caller closes it
    try:
        for chunk in rest(file):
            spool.write(chunk)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return spool
