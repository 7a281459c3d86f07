"""Puts outcomes together into batches, in the order of reading; one thread writes them while others work."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from keten_kpi.ingest.chunk import Chunk, Outcome
from keten_kpi.ingest.reading import Pending
from keten_kpi.ingest.summary import Progress, Summary
from keten_kpi.load import Batch, Gathering, Quarantined

WAITING = 1  # parts that wait to be written, beside the one that is being written


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many documents are written together at least, and how many of these are committed together."""

    part: int
    batch: int


@dataclass(slots=True)
class _Part:
    """What is written together: of what comes, and what came of it."""

    gathering: Gathering = field(default_factory=Gathering)
    digests: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)  # of those that may be in the database
    told: Summary = field(default_factory=Summary)
    quarantined: list[Quarantined] = field(default_factory=list)
    has_known: bool = False


class Writer:
    """Gathers what is written together, and has it written and committed as a whole.

    One part may wait while another is being written: a commit takes as long as reading a part or two.

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
        self._is_broken = False
        self._part = _Part()
        self._since = 0  # documents in the parts that will be committed with this one
        self._writing: deque[tuple[Future[None], _Part, bool]] = deque()  # and whether they end with it
        self._uncommitted, self._uncommitted_digests = Summary(), list[str]()

    def merge(self, chunk: Chunk, outcome: Outcome) -> None:
        """Adds the outcome of the next chunk; may wait for a batch that is being written."""
        batch, refused = self._part.gathering.batch, outcome.refused
        self._part.gathering.add(outcome.frames)
        batch.duplicate += chunk.duplicate
        batch.quarantined += chunk.quarantined
        self._part.digests += chunk.digests
        self._part.ids += [] if chunk.is_new else [digest[:32] for digest in chunk.digests]
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
        batch = self._part.gathering.batch
        batch.again = self._pending.files.again.copy()
        batch.duplicate += batch.again.pop("", 0)
        self._write(is_last=True)
        self._settle(0)

    def _write(self, *, is_last: bool) -> None:
        """Has what was gathered written, after the parts before it."""
        self._settle(WAITING)
        batch = self._part.gathering.batch
        batch.begins, self._since = self._since == 0, self._since + batch.read
        batch.ends = is_last or self._since >= self._sizes.batch
        if self._since:
            self._writing.append((self._thread.submit(self._load_part, self._part), self._part, batch.ends))
        self._since = 0 if batch.ends else self._since
        self._part = _Part()

    def _load_part(self, part: _Part) -> None:
        """In the thread: writes it, and lets go of its rows. After a failure nothing is written any more."""
        if self._is_broken:
            return
        self._is_broken = True
        batch = part.gathering.whole()
        part.gathering = Gathering()
        part.has_known = bool(self._load(batch, part.ids))
        part.told.add(batch)
        part.quarantined = batch.quarantined
        self._is_broken = False

    def _settle(self, most: int) -> None:
        """Waits until at most so many parts are being written or wait for it, and counts what is committed."""
        while len(self._writing) > most:
            writing, part, ends = self._writing.popleft()
            writing.result()
            self._pending.look_ahead |= part.has_known
            self._pending.files.written(part.quarantined)
            self._uncommitted.take(part.told)
            self._uncommitted_digests += part.digests
            if ends:
                self._pending.committed(self._uncommitted_digests)
                self._summary.take(self._uncommitted)
                self._uncommitted, self._uncommitted_digests = Summary(), []
                self._summary.seconds = time.monotonic() - self._started
                self._progress(self._summary)

    def close(self) -> None:
        """Waits for the part that is being written; what is not committed then never is."""
        self._thread.shutdown(wait=True, cancel_futures=True)
