"""A chunk of messages and what comes of it: what goes to a worker and comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, starmap

import polars as pl

from keten_kpi.ingest.engine import Engine, EngineConfig, Refusal, Work
from keten_kpi.load import Quarantined, Receipt

Block = tuple[bytes, list[tuple[int, int]]]  # contents of some documents, and where each to be judged starts and ends


@dataclass(slots=True)
class Chunk:
    """Consecutive documents: some to be judged, some of which the outcome is known or follows from another one."""

    number: int
    blocks: list[Block] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)  # of each document to be judged its sha-256
    receipts: list[Receipt] = field(default_factory=list)  # and its receipt
    repeats: list[tuple[Receipt, str]] = field(default_factory=list)  # content that is being judged already
    quarantined: list[Quarantined] = field(default_factory=list)  # never read, or read in vain
    duplicate: int = 0
    is_new: bool = True  # what is to be judged is surely not in the database

    @property
    def work(self) -> Work:
        return list(zip(chain.from_iterable(starmap(cut, self.blocks)), self.digests, strict=True))

    @property
    def read(self) -> int:
        return len(self.digests) + len(self.repeats) + len(self.quarantined) + self.duplicate

    def drop_contents(self) -> None:
        """Lets go of the bytes when a process has them."""
        self.blocks.clear()


def cut(contents: bytes, places: Sequence[tuple[int, int]]) -> list[bytes]:
    """Each of the documents by itself."""
    return [contents[start:end] for start, end in places]


@dataclass(slots=True)
class Outcome:
    """What came of the work of a chunk: the rows of its valid messages, and per place in it why one is not."""

    frames: dict[str, pl.DataFrame]
    refused: dict[int, Refusal]
    counts: dict[str, int]


class Worker:
    """Does the work of chunks in this process."""

    def __init__(self, config: EngineConfig) -> None:
        self._engine = Engine(config)

    def work(self, work: Work, at: Callable[[int], None] = lambda _: None) -> Outcome:
        """Judges all messages; ``at`` is told the place of a message when it alone is worked on."""
        self._engine.counts = {"fast": 0, "libxml2": 0, "audited": 0}
        portion, refused = self._engine.judge(work, at)
        return Outcome(portion.frames() if portion.messages else {}, refused, self._engine.counts)
