"""Memory that this process writes and a worker reads, for contents as they come: through a pipe they go three times."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from multiprocessing import reduction
from typing import Any

from keten_kpi.ingest.chunk import Places
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
        self._rooms: dict[int, memoryview] = {}

    def __reduce__(self) -> tuple[Callable[..., Slots], tuple[Any, int]]:
        """To a process that is being started."""
        return _taken_over, (reduction.DupFd(self._file) if self._file >= 0 else None, self._number)

    def room(self, slot: int) -> memoryview | None:
        """The memory of a slot, until the slots are closed; None where there is none."""
        if self._memory is not None and slot not in self._rooms:
            self._rooms[slot] = memoryview(self._memory)[slot * SIZE : (slot + 1) * SIZE]
        return self._rooms.get(slot)

    def take(self, slot: int, sizes: Sequence[int], places: Sequence[Places]) -> Iterator[bytes]:
        """The documents that lie in blocks of these sizes, one after another; there may be places of later blocks."""
        assert self._memory is not None  # noqa: S101 - they were put there
        memory = self._memory
        for at, _, (starts, ends) in zip(accumulate(sizes, initial=slot * SIZE), sizes, places):  # noqa: B905
            yield from [memory[at + start : at + end] for start, end in zip(starts, ends, strict=True)]

    def close(self) -> None:
        if self._memory is not None and not self._memory.closed:
            for room in self._rooms.values():
                room.release()
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
