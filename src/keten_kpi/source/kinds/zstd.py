"""Zstandard: a compression around one file, also in several frames one after another."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedIOBase

from keten_kpi.source.chunks import as_file
from keten_kpi.source.damage import Damage
from keten_kpi.source.document import Found
from keten_kpi.source.meter import Squeeze
from keten_kpi.source.reader import Format, Reader, Where

_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"  # after one byte 5x: a frame without content, as pzstd begins with
_STEP = 1024  # the library gives all that its input unpacks to at once: from so few bytes at most 32 MB


def _unpacked(file: BufferedIOBase, squeeze: Squeeze) -> Iterator[bytes]:
    import zstandard

    library = zstandard.ZstdDecompressor()
    frame = library.decompressobj()
    while data := file.read(_STEP):
        squeeze.packed += len(data)
        while data:
            if frame.eof:
                frame = library.decompressobj()
            try:
                chunk = frame.decompress(data)
            except zstandard.ZstdError:
                raise Damage("The compressed data is damaged: it cannot be unpacked") from None
            squeeze.gave(len(chunk))
            yield chunk
            data = frame.unused_data
    if not frame.eof:
        raise Damage("The compressed data ends too early: it is truncated")


def _recognises(head: bytes) -> bool:
    return head.startswith(_MAGIC) or (head[1:4] == _SKIPPABLE and head[0] >> 4 == 5)  # noqa: PLR2004 - by the format


def _unpack(file: BufferedIOBase, where: Where, reader: Reader) -> Iterator[Found]:
    return reader.stream(as_file(_unpacked(file, Squeeze(where.meter))), where)


FORMAT = Format(is_archive=False, recognises=_recognises, unpack=_unpack)
