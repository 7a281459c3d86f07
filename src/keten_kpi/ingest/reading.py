"""From sources to chunks of work: what is known, or is being judged already, is told apart before it is validated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from keten_kpi.envelope import Bericht
from keten_kpi.ingest.chunk import Chunk
from keten_kpi.ingest.known import Files
from keten_kpi.load import Quarantined
from keten_kpi.source import Fault, Reason

WINDOW_MESSAGES = 20_000  # looked up in the database at once: a look-up reads all ids that are there
WINDOW_BYTES = 32 * 1024 * 1024
CHUNK_MESSAGES = 10_000  # each chunk makes some fifteen frames, which cost as much as many messages in them
CHUNK_BYTES = 24 * 1024 * 1024
_UNREAD = Fault(Reason.UNREADABLE, "The message has no content")


@dataclass(slots=True)
class Pending:
    """Content that is being judged, or judged and not yet committed: neither new nor known.

    A repeat of such content goes the way of the first: a duplicate when that was loaded, refused again when it was not.
    """

    files: Files = field(default_factory=Files)
    digests: set[str] = field(default_factory=set)
    chunk: int = 0  # the last one that was cut
    refused: dict[str, Quarantined] = field(default_factory=dict)
    _fading: list[tuple[int, dict[str, Quarantined]]] = field(default_factory=list)

    def refusal(self, digest: str) -> Quarantined | None:
        for refused in (self.refused, *(each for _, each in self._fading)):
            if digest in refused:
                return refused[digest]
        return None

    def committed(self, digests: Iterable[str]) -> None:
        """These are in the database now; chunks that were cut already may still have repeats of what was refused."""
        self.digests.difference_update(digests)
        self._fading.append((self.chunk, self.refused))
        self.refused = {}

    def merged(self, number: int) -> None:
        """All chunks up to this one have been merged."""
        while self._fading and self._fading[0][0] <= number:
            self._fading.pop(0)


class Chunker:
    """Cuts a stream of messages into chunks, in order."""

    def __init__(self, known: Callable[[list[str]], set[str]], pending: Pending, most: int) -> None:
        self._known = known
        self._pending = pending
        self._most = min(most, CHUNK_MESSAGES)

    def chunks(self, berichten: Iterable[Bericht]) -> Iterator[Chunk]:
        for window in _windows(berichten):
            yield from self._told_apart(window)

    def _told_apart(self, window: list[Bericht]) -> list[Chunk]:
        self._pending.files.count(bericht.origin.source for bericht in window)
        digests = [None if b.content is None else hashlib.sha256(b.content).hexdigest() for b in window]
        # pending first: what is committed between the two questions is then found by the second
        pending = self._pending.digests.intersection(digest for digest in digests if digest)
        known = self._known([digest[:32] for digest in digests if digest and digest not in pending])
        chunks = [self._next()]
        chunk, room = chunks[0], self._most
        for bericht, digest in zip(window, digests, strict=True):
            if not room or chunk.size >= CHUNK_BYTES:
                chunk, room = self._next(), self._most
                chunks.append(chunk)
            room -= 1
            self._put(chunk, bericht, digest, known)
        return chunks

    def _next(self) -> Chunk:
        self._pending.chunk += 1
        return Chunk(self._pending.chunk)

    def _put(self, chunk: Chunk, bericht: Bericht, digest: str | None, known: set[str]) -> None:
        if digest is None or bericht.content is None:
            chunk.quarantined.append(Quarantined(bericht.origin, None, None, (bericht.fault or _UNREAD,)))
        elif digest[:32] in known:
            chunk.duplicate += 1
        elif digest in self._pending.digests:
            chunk.repeats.append(((bericht.origin, bericht.envelope), digest))
        else:
            self._pending.digests.add(digest)
            chunk.work.append((bericht.content, digest))
            chunk.receipts.append((bericht.origin, bericht.envelope))
            chunk.size += len(bericht.content)


def _windows(berichten: Iterable[Bericht]) -> Iterator[list[Bericht]]:
    window: list[Bericht] = []
    size = 0
    for bericht in berichten:
        window.append(bericht)
        size += len(bericht.content or b"")
        if len(window) >= WINDOW_MESSAGES or size >= WINDOW_BYTES:
            yield window
            window, size = [], 0
    if window:
        yield window
