"""Puts outcomes together into batches, in the order of reading; one thread writes them while others work."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from keten_kpi.ingest.chunk import Chunk, Outcome
from keten_kpi.ingest.reading import Pending
from keten_kpi.ingest.summary import Progress, Summary
from keten_kpi.load import Batch, Gathering, Quarantined


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many documents are written together at least, and how many of these are committed together."""

    part: int
    batch: int


class Writer:
    """Gathers what is written together, and has it written and committed as a whole.

    Args:
        load: writes of one batch what is not in the database, in one transaction with those before it that did not end
            one; gives which of these bericht_ids are there.
        pending: is told what has been committed.
    """

    def __init__(
        self,
        load: Callable[[Batch, list[str]], set[str]],
        pending: Pending,
        summary: Summary,
        progress: Progress,
        sizes: Sizes,
    ) -> None:
        self._load = load
        self._pending = pending
        self._summary = summary
        self._progress = progress
        self._sizes = sizes
        self._started = time.monotonic()
        self._thread = ThreadPoolExecutor(1)
        self._writing: tuple[Future[set[str]], Batch, list[str]] | None = None
        self._gathering, self._digests, self._ids = Gathering(), list[str](), list[str]()
        self._uncommitted, self._uncommitted_digests = Summary(), list[str]()

    def merge(self, chunk: Chunk, outcome: Outcome) -> None:
        """Adds the outcome of the next chunk; may wait for a batch that is being written."""
        batch, refused = self._gathering.batch, outcome.refused
        self._gathering.add(outcome.frames)
        batch.duplicate += chunk.duplicate
        batch.quarantined += chunk.quarantined
        self._digests += chunk.digests
        self._ids += [] if chunk.is_new else [digest[:32] for digest in chunk.digests]
        batch.receipts += [receipt for place, receipt in enumerate(chunk.receipts) if place not in refused]
        for place, refusal in sorted(refused.items()):
            digest = chunk.digests[place]
            item = Quarantined(chunk.receipts[place][0], digest, refusal.berichttype, refusal.faults)
            batch.quarantined.append(item)
            self._pending.refused[digest] = item
        self._merge_repeats(batch, chunk)
        self._pending.merged(chunk.number)
        self._summary.add_engine(outcome.counts)
        if batch.read >= self._sizes.part:
            self._write(is_last=False)

    def _merge_repeats(self, batch: Batch, chunk: Chunk) -> None:
        for (origin, _), digest in chunk.repeats:
            first = self._pending.refusal(digest)
            if first is None:
                batch.duplicate += 1
            else:
                batch.quarantined.append(replace(first, origin=origin))

    def finish(self) -> None:
        """Writes what is left and waits for it; all has been merged."""
        batch = self._gathering.batch
        batch.again = self._pending.files.again.copy()
        batch.duplicate += batch.again.pop("", 0)
        self._write(is_last=True)
        self._settle()

    def _write(self, *, is_last: bool) -> None:
        """Has what was gathered written, after the batch before it."""
        self._settle()
        batch, before = self._gathering.whole(), self._uncommitted.read
        batch.begins, batch.ends = before == 0, is_last or before + batch.read >= self._sizes.batch
        if batch.read or before:
            self._writing = (self._thread.submit(self._load, batch, self._ids), batch, self._digests)
        self._gathering, self._digests, self._ids = Gathering(), [], []

    def _settle(self) -> None:
        """Waits until the batch that is being written is there, and counts what is committed with it."""
        if self._writing is None:
            return
        writing, batch, digests = self._writing
        self._writing = None
        self._pending.look_ahead |= bool(writing.result())
        self._uncommitted.add(batch)
        self._uncommitted_digests += digests
        self._pending.files.written(batch)
        if not batch.ends:
            return
        self._pending.committed(self._uncommitted_digests)
        self._summary.take(self._uncommitted)
        self._uncommitted, self._uncommitted_digests = Summary(), []
        self._summary.seconds = time.monotonic() - self._started
        self._progress(self._summary)

    def close(self) -> None:
        """Waits for the thread; a batch that is being written is finished or rolled back as a whole."""
        self._thread.shutdown(wait=True)
