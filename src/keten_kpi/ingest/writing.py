"""Puts outcomes together into batches, in the order of reading; one thread writes them while others work."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import compress

from keten_kpi.ingest.chunk import Chunk, Outcome
from keten_kpi.ingest.reading import Pending
from keten_kpi.ingest.summary import Progress, Summary
from keten_kpi.load import Batch, Gathering, Quarantined, keep_messages

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
    told: Summary = field(default_factory=Summary)
    quarantined: list[Quarantined] = field(default_factory=list)
    has_known: bool = False


class Writer:
    """Gathers what is written together, and has it written and committed as a whole.

    One part may wait while another is being written: a commit takes as long as reading a part or two.

    Args:
        load: writes of one batch what is not in the database, in one transaction with those before it that did not end
            one; gives which of its bericht_ids are there.
        pending: is told what has been committed.
    """

    def __init__(
        self,
        load: Callable[[Batch], set[str]],
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
        batch.quarantined += chunk.quarantined
        self._part.digests += outcome.digests
        repeats = set(self._pending.judged(outcome.digests)).difference(refused)
        batch.duplicate += chunk.duplicate + len(repeats)
        self._add_loaded(chunk, outcome, repeats)
        for place, refusal in sorted(refused.items()):
            digest = outcome.digests[place]
            item = Quarantined(chunk.receipts[place][0], digest, refusal.berichttype, refusal.faults)
            batch.quarantined.append(item)
            self._pending.refused[digest] = item
        self._summary.add_engine(outcome.counts)
        if batch.read >= self._sizes.part:
            self._write(is_last=False)

    def _add_loaded(self, chunk: Chunk, outcome: Outcome, repeats: Collection[int]) -> None:
        """The rows and receipts of what is valid and did not come before."""
        gathering, valid = self._part.gathering, [place not in outcome.refused for place in range(len(chunk.receipts))]
        receipts = compress(chunk.receipts, valid)
        if repeats:
            new = [place not in repeats for place in compress(range(len(valid)), valid)]
            gathering.add(keep_messages(outcome.frames, new))
            gathering.batch.receipts += compress(receipts, new)
        else:
            gathering.add(outcome.frames)
            gathering.batch.receipts += receipts

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
        part.has_known = bool(self._load(batch))
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
