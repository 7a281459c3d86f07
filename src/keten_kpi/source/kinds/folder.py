"""A folder: every file in it and in the folders in it, by name."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from keten_kpi.source.damage import unreadable
from keten_kpi.source.document import Document, Fault, Found, Origin, Reason
from keten_kpi.source.kinds.file import file_documents
from keten_kpi.source.member_name import shown
from keten_kpi.source.reader import Place, Reader

_FOLDER, _FILE, _LINK, _OTHER = range(4)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One folder with all below it; links to folders are not followed, so a walk always ends."""

    top: str  # real path
    source: str
    reader: Reader

    def documents(self) -> Iterator[Found]:
        levels = [iter([("", _FOLDER)])]  # a stack of our own: folders may lie deeper than Python's
        while levels:
            for name, kind in levels[-1]:
                if kind == _FOLDER:
                    try:
                        levels.append(self._entries(name))
                    except OSError as error:
                        yield Document(self._origin(name), fault=unreadable(error))
                    break
                yield from self._found(name, kind)
            else:
                levels.pop()

    def _entries(self, folder: str) -> Iterator[tuple[str, int]]:
        """What lies in one folder, by name; of a folder of a million files only names and kinds are kept."""
        with os.scandir(os.path.join(self.top, folder)) as entries:  # noqa: PTH118 - a Path per file costs too much
            found = sorted((entry.name, _kind(entry)) for entry in entries)
        prefix = f"{folder}/" if folder else ""
        return ((prefix + name, kind) for name, kind in found)

    def _found(self, name: str, kind: int) -> Iterator[Found]:
        real = os.path.join(self.top, name)  # noqa: PTH118
        if kind == _LINK:
            return self._link(name, real)
        if kind == _OTHER:
            return self._refused(name, "This is no regular file: a device, socket or pipe in a folder is not read")
        return self._file(name, real)

    def _file(self, name: str, real: str) -> Iterator[Found]:
        if real in self.reader.skip:
            return iter(())
        return file_documents(real, self._origin(name).source, self.reader)

    def _link(self, name: str, path: str) -> Iterator[Found]:
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116
        except OSError:
            return self._refused(name, "This is a link to something that is not there")
        real = os.path.realpath(path)
        if stat.S_ISREG(mode):
            return self._file(name, real)
        if stat.S_ISDIR(mode) and self._is_below(real):
            return iter(())  # read where it stands
        return self._refused(name, "This is a link to a folder or device elsewhere, which is not followed")

    def _is_below(self, real: str) -> bool:
        return real == self.top or real.startswith(os.path.join(self.top, ""))  # noqa: PTH118

    def _refused(self, name: str, message: str) -> Iterator[Found]:
        yield Document(self._origin(name), fault=Fault(Reason.UNREADABLE, message))

    def _origin(self, name: str) -> Origin:
        return Origin(f"{self.source}/{shown(name)}" if name else self.source)


def _kind(entry: os.DirEntry[str]) -> int:
    if entry.is_symlink():
        return _LINK
    if entry.is_dir():
        return _FOLDER
    return _FILE if entry.is_file() else _OTHER


def _documents(path: str, reader: Reader) -> Iterator[Found]:
    return _Walk(os.path.realpath(path), shown(path).rstrip("/"), reader).documents()


PLACE = Place(os.path.isdir, _documents)
