"""A chunk of messages and what comes of it: what goes to a worker and comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from keten_kpi.ingest.engine import Engine, EngineConfig, Refusal, Work
from keten_kpi.load import Quarantined, Receipt


@dataclass(slots=True)
class Chunk:
    """Consecutive documents: some to be judged, some of which the outcome is known or follows from another one."""

    number: int
    work: list[tuple[bytes, str]] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)  # one per message in ``work``
    repeats: list[tuple[Receipt, str]] = field(default_factory=list)  # content that is being judged already
    quarantined: list[Quarantined] = field(default_factory=list)  # never read, or read in vain
    duplicate: int = 0
    size: int = 0  # bytes in ``work``

    @property
    def read(self) -> int:
        return len(self.work) + len(self.repeats) + len(self.quarantined) + self.duplicate

    def drop_contents(self) -> None:
        """Lets go of the bytes when they have been judged."""
        self.work = [(b"", digest) for _, digest in self.work]


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
