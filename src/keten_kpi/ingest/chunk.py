"""A chunk of messages and what comes of it: what goes to a worker and comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from keten_kpi.ingest.engine import Engine, EngineConfig, Refusal
from keten_kpi.load import Quarantined, Receipt

Places = tuple[Sequence[int], Sequence[int]]  # where documents begin in a block of bytes, and where they end


class Tray:
    """The contents of a chunk: blocks of documents one after another, with the places of those to be judged.

    Args:
        room: memory that whoever judges has as well; what does not fit in it lies in ``rest``.
    """

    def __init__(self, room: memoryview | None = None, slot: int | None = None) -> None:
        self.slot = slot
        self.size = 0  # bytes
        self.sizes: list[int] = []  # of the blocks that lie in the room
        self.rest: list[bytes] = []
        self.places: list[Places] = []
        self._room = room

    @property
    def is_shared(self) -> bool:
        return self._room is not None

    def put(self, contents: bytes, places: Places) -> None:
        after = self.size + len(contents)
        if self._room is None or self.rest or after > len(self._room):
            self.rest.append(contents)
        else:
            self._room[self.size : after] = contents
            self.sizes.append(len(contents))
        self.size = after
        self.places.append(places)

    def contents(self) -> list[bytes]:
        """Each document to be judged; what lies in a room is read by another process."""
        return [each for block, places in zip(self.rest, self.places, strict=True) for each in cut(block, *places)]

    def drop(self) -> None:
        """Lets go of the bytes when a process has them."""
        self.rest, self._room = [], None


def cut(contents: bytes, starts: Sequence[int], ends: Sequence[int]) -> Iterator[bytes]:
    """Each of the documents by itself."""
    return (contents[start:end] for start, end in zip(starts, ends, strict=True))


def hashes(contents: Iterable[bytes]) -> list[str]:
    """The sha-256 of each, in hex digits."""
    return [hashlib.sha256(content).hexdigest() for content in contents]


@dataclass(slots=True)
class Chunk:
    """Consecutive documents: some to be judged, some of which the outcome is known."""

    tray: Tray = field(default_factory=Tray)
    digests: list[str] | None = None  # of each document to be judged its sha-256; None: who judges works them out
    receipts: list[Receipt] = field(default_factory=list)  # and its receipt
    quarantined: list[Quarantined] = field(default_factory=list)  # never read, or read in vain
    duplicate: int = 0

    @property
    def read(self) -> int:
        return len(self.receipts) + len(self.quarantined) + self.duplicate


@dataclass(slots=True)
class Outcome:
    """What came of the work of a chunk: the rows of its valid messages, and per place in it why one is not."""

    digests: list[str]  # of each document its sha-256
    frames: dict[str, pl.DataFrame]
    refused: dict[int, Refusal]
    counts: dict[str, int]


class Worker:
    """Does the work of chunks in this process."""

    def __init__(self, config: EngineConfig) -> None:
        self._engine = Engine(config)

    def work(
        self, contents: Sequence[bytes], digests: list[str] | None = None, at: Callable[[int], None] = lambda _: None
    ) -> Outcome:
        """Judges all messages; ``at`` is told the place of a message when it alone is worked on."""
        told = hashes(contents) if digests is None else digests
        self._engine.counts = {"fast": 0, "libxml2": 0, "audited": 0}
        portion, refused = self._engine.judge(list(zip(contents, told, strict=True)), at)
        return Outcome(told, portion.frames() if portion.messages else {}, refused, self._engine.counts)
