"""The door: paths in, documents out."""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from keten_kpi.errors import UsageError
from keten_kpi.source.document import Document, Found, Limits, Origin, one_by_one
from keten_kpi.source.kinds import formats, places
from keten_kpi.source.meter import Meter
from keten_kpi.source.reader import ARCHIVES, Files, Place, Reader, Where


def read_sources(
    paths: Sequence[str],
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    skip: Collection[Path] = (),
    stdin: BinaryIO | None = None,
    files: Files | None = None,
) -> Iterator[Found]:
    """All documents in any mix of files, folders, archives and ``-`` for standard input, in a fixed order.

    Everything that is no archive is a document, whatever its name. What cannot be read is a document with a fault.
    Where many lie together they come as a stretch.

    Args:
        paths: as the user typed them; they are the documents' origin.
        limits: what is larger is a fault.
        skip: resolved paths that are no delivery, wherever they are met: the database and what lies beside it.
        stdin: where ``-`` reads; by default the standard input of the process.
        files: knows large files that need not be read.

    Raises:
        UsageError: at once, before anything is read, when a path does not exist or ``-`` is given twice.
    """
    chosen = [_place(path) for path in paths]
    if paths.count("-") > 1:
        raise UsageError("Standard input (-) is given twice.", "It can be read only once: give - once.")
    reader = Reader(formats(), limits, frozenset(map(os.fspath, skip)), stdin, files)
    return (found for place, path in zip(chosen, paths, strict=True) for found in place.documents(path, reader))


def read_documents(
    paths: Sequence[str],
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    skip: Collection[Path] = (),
    stdin: BinaryIO | None = None,
) -> Iterator[Document]:
    """The same, each document by itself."""
    return one_by_one(read_sources(paths, limits=limits, skip=skip, stdin=stdin))


def read_packed(content: bytes, origin: Origin, *, limits: Limits = Limits()) -> Iterator[Document]:  # noqa: B008 - frozen
    """The members of an archive that is itself the content of a document; no archive may be nested in it."""
    where = Where(origin, Meter(limits), archives=ARCHIVES - 1)
    return one_by_one(Reader(formats(), limits).stream(io.BytesIO(content), where))


def _place(path: str) -> Place:
    for place in places():
        if place.recognises(path):
            return place
    raise UsageError(
        f"There is no file or folder {path!r}.",
        "Check the spelling and the folder you are in; - reads standard input.",
    )
