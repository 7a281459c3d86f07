"""Memory that this process writes and a worker reads, for chunks on their way: through a pipe bytes go three times."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Sequence
from multiprocessing import reduction
from typing import Any

from keten_kpi.ingest.chunk import Block
from keten_kpi.ingest.reading import CHUNK_BYTES

SIZE = CHUNK_BYTES + 5 * 1024 * 1024  # of a slot: a chunk ends with the block, or the large message, that makes it full


class Slots:
    """So many slots, each for the contents of one chunk.

    The memory has no name: nobody else finds it, and it is gone with the processes that have it, however they end. A
    system without such memory has slots that nothing fits in.
    """

    def __init__(self, number: int, file: int | None = None) -> None:
        self._file = _made(number * SIZE) if file is None else file
        self._memory = mmap.mmap(self._file, number * SIZE) if self._file >= 0 else None
        self._number = number

    def __reduce__(self) -> tuple[Callable[..., Slots], tuple[Any, int]]:
        """To a process that is being started."""
        return _taken_over, (reduction.DupFd(self._file) if self._file >= 0 else None, self._number)

    def put(self, slot: int, blocks: Sequence[Block]) -> bool:
        """Lays the contents of these blocks in a slot, one after another; False when they do not fit."""
        if self._memory is None or sum(len(contents) for contents, _ in blocks) > SIZE:
            return False
        at = slot * SIZE
        for contents, _ in blocks:
            self._memory[at : at + len(contents)] = contents
            at += len(contents)
        return True

    def take(self, slot: int, sizes: Sequence[int], places: Sequence[Sequence[tuple[int, int]]]) -> list[bytes]:
        """The documents that lie there: of each block its size, and where each document in it starts and ends."""
        assert self._memory is not None  # noqa: S101 - it was put there
        memory, at, found = self._memory, slot * SIZE, list[bytes]()
        for size, block in zip(sizes, places, strict=True):
            found += [memory[at + start : at + end] for start, end in block]
            at += size
        return found

    def close(self) -> None:
        if self._memory is not None and not self._memory.closed:
            self._memory.close()
            os.close(self._file)


def _made(size: int) -> int:
    """A file in memory, or -1 where there is no such thing."""
    try:
        file = os.memfd_create("keten-kpi")
        os.ftruncate(file, size)
    except (AttributeError, OSError):
        return -1
    return file


def _taken_over(file: Any, number: int) -> Slots:
    return Slots(number, -1 if file is None else file.detach())
