"""A file: a message, an archive, or anything else, which then turns out to be no XML."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator

from keten_kpi.source.chunks import CHUNK
from keten_kpi.source.damage import unreadable
from keten_kpi.source.document import Document, Found, Origin
from keten_kpi.source.member_name import shown
from keten_kpi.source.reader import SMALL, Place, Reader


def file_documents(path: str, source: str, reader: Reader) -> Iterator[Found]:
    """What the file at ``path`` holds, under the name ``source``."""
    try:
        with open(path, "rb", buffering=0) as raw:  # noqa: PTH123 - a Path per file costs as much as the reading
            content = _at_once(raw)
            if content is None:
                yield from _large(raw, source, reader)
            else:
                yield from reader.whole(content, reader.outermost(source))
    except OSError as error:
        yield Document(Origin(source), fault=unreadable(error))


def _large(raw: io.FileIO, source: str, reader: Reader) -> Iterator[Found]:
    if reader.files and reader.files.passes_over(source, raw):
        return
    with io.BufferedReader(raw, CHUNK) as file:
        yield from reader.stream(file, reader.outermost(source))
        if reader.files:
            reader.files.ended(source, raw)


def _at_once(raw: io.FileIO) -> bytes | None:
    """All of a small regular file, else None and the file stands where it stood."""
    found = os.fstat(raw.fileno())
    if found.st_size > SMALL or not stat.S_ISREG(found.st_mode):
        return None
    content = raw.read(found.st_size + 1)
    if len(content) == found.st_size:
        return content
    raw.seek(0)  # it grew or shrank meanwhile, or belongs to a system that tells no sizes
    return None


def _documents(path: str, reader: Reader) -> Iterator[Found]:
    if os.path.realpath(path) in reader.skip:
        return iter(())
    return file_documents(path, shown(path), reader)


def _recognises(path: str) -> bool:
    return path != "-" and os.path.exists(path) and not os.path.isdir(path)  # noqa: PTH110, PTH112 - "" is no path


PLACE = Place(_recognises, _documents)
