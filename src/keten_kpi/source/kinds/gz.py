"""gzip: a compression around one file, also in several members one after another."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BufferedIOBase

from keten_kpi.source.chunks import as_file, inflated, rest
from keten_kpi.source.damage import Damage
from keten_kpi.source.document import Found
from keten_kpi.source.meter import Squeeze
from keten_kpi.source.reader import Format, Reader, Where

_MAGIC = b"\x1f\x8b\x08"
_PADDING = b"\0"  # tapes and some tools fill up with zeros
_WBITS = 16 + zlib.MAX_WBITS  # zlib reads gzip's header and checks its checksum


def _unpacked(file: BufferedIOBase, squeeze: Squeeze) -> Iterator[bytes]:
    inflater = zlib.decompressobj(_WBITS)
    for data in rest(file):
        squeeze.packed += len(data)
        left = data.lstrip(_PADDING) if inflater.eof else data
        while left:
            if inflater.eof:
                inflater = zlib.decompressobj(_WBITS)
            for chunk in inflated(inflater, left):
                squeeze.gave(len(chunk))
                yield chunk
            left = inflater.unused_data.lstrip(_PADDING)
    if not inflater.eof:
        raise Damage("The compressed data ends too early: it is truncated")


def _unpack(file: BufferedIOBase, where: Where, reader: Reader) -> Iterator[Found]:
    return reader.stream(as_file(_unpacked(file, Squeeze(where.meter))), where)


FORMAT = Format(is_archive=False, recognises=lambda head: head.startswith(_MAGIC), unpack=_unpack)
