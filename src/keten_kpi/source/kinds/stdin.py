"""``-``: standard input, which may be anything that a file may be."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import BinaryIO

from keten_kpi.source.chunks import CHUNK, as_file
from keten_kpi.source.document import Found
from keten_kpi.source.reader import Place, Reader


def _documents(path: str, reader: Reader) -> Iterator[Found]:
    return reader.stream(_buffered(reader.stdin or sys.stdin.buffer), reader.outermost(path))


def _buffered(stdin: BinaryIO) -> io.BufferedIOBase:
    return stdin if isinstance(stdin, io.BufferedIOBase) else as_file(iter(lambda: stdin.read(CHUNK), b""))


PLACE = Place(lambda path: path == "-", _documents)
