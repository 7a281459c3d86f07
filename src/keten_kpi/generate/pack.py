"""Where the bytes go: loose files, or archives that hold no more than a stated size."""

from __future__ import annotations

import tarfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

ZIP_LEVEL = 3
ZSTD_LEVEL = 3
HOUR = 12  # of every time stamp: the day is the simulated one
DAY_SECONDS = 86_400
EPOCH = date(1970, 1, 1).toordinal()
MODE = 0o644
UNIX = 3


class Packer(ABC):
    """Writes the files of one task. A context: on leaving it what is open is closed."""

    def __init__(self, folder: Path, task: int, part_bytes: int) -> None:
        self._folder, self._task, self._limit = folder, task, part_bytes
        self._size = self._part = 0

    def add(self, name: str, content: bytes, day: int) -> None:
        """Adds a file; a new part begins when this one would grow above its size."""
        if self._size and self._size + len(content) > self._limit:
            self.close()
            self._size = 0
        if not self._size:
            self._part += 1
            self._open()
        self._size += len(content)
        self._write(name, content, day)

    def _path(self, ending: str) -> Path:
        return self._folder / f"berichten-{self._task:05d}-{self._part:03d}{ending}"

    @abstractmethod
    def _open(self) -> None: ...

    @abstractmethod
    def _write(self, name: str, content: bytes, day: int) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Files(Packer):
    """A folder per part."""

    def _open(self) -> None:
        self._path("").mkdir(parents=True)

    def _write(self, name: str, content: bytes, day: int) -> None:  # noqa: ARG002 - a file has no simulated day
        self._path("").joinpath(name).write_bytes(content)

    def close(self) -> None:
        """Files are closed one by one."""


class Zip(Packer):
    _archive: zipfile.ZipFile | None = None

    def _open(self) -> None:
        self._archive = zipfile.ZipFile(self._path(".zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=ZIP_LEVEL)

    def _write(self, name: str, content: bytes, day: int) -> None:
        moment = date.fromordinal(day)
        info = zipfile.ZipInfo(name, (moment.year, moment.month, moment.day, HOUR, 0, 0))
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, UNIX, MODE << 16
        if self._archive is not None:
            self._archive.writestr(info, content)

    def close(self) -> None:
        if self._archive is not None:
            self._archive.close()
            self._archive = None


class TarZst(Packer):
    _file: BinaryIO | None = None
    _stream: Any = None

    def _open(self) -> None:
        import zstandard

        self._file = self._path(".tar.zst").open("wb")
        self._stream = zstandard.ZstdCompressor(level=ZSTD_LEVEL).stream_writer(self._file, closefd=False)

    def _write(self, name: str, content: bytes, day: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = len(content), (day - EPOCH) * DAY_SECONDS + HOUR * 3600, MODE
        self._stream.write(info.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % tarfile.BLOCKSIZE))

    def close(self) -> None:
        if self._file is not None:
            self._stream.write(bytes(2 * tarfile.BLOCKSIZE))
            self._stream.close()
            self._file.close()
            self._file = self._stream = None


FORMATS: dict[str, Callable[[Path, int, int], Packer]] = {"files": Files, "zip": Zip, "tar.zst": TarZst}
