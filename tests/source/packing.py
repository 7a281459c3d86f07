"""Packs files the ways senders do. Everything is built with the standard library, which is our other opinion."""

from __future__ import annotations

import gzip
import io
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Sequence

import zstandard

Files = Sequence[tuple[str, bytes]]
Pack = Callable[[Files], bytes]


def tar(files: Files, form: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, errors="surrogateescape") as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, content in members:
            info.size = len(content) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.filterwarnings("ignore", "Duplicate name")
        archive.comment = comment
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def tar_gz(files: Files) -> bytes:
    return gzip.compress(tar(files), mtime=0)


def tar_zst(files: Files) -> bytes:
    return zstandard.compress(tar(files))


def checked(header: bytes) -> bytes:
    """The tar header with its checksum made right again."""
    total = sum(header[:148]) + 8 * 0x20 + sum(header[156:512])
    return header[:148] + b"%06o\0 " % total + header[156:]


def unseekable(content: bytes) -> io.BufferedReader:
    """As a pipe gives it."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise io.UnsupportedOperation

    return Pipe(content)


CONTAINERS: dict[str, Pack] = {
    "tar-gnu": tar,
    "tar-pax": lambda files: tar(files, tarfile.PAX_FORMAT),
    "tar.gz": tar_gz,
    "tar.zst": tar_zst,
    "zip": zipped,
    "zip-stored": lambda files: zipped(files, zipfile.ZIP_STORED),
}
