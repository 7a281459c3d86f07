"""From sources to chunks of work: what is known, or is being judged already, is told apart before it is validated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from keten_kpi.envelope import Bericht
from keten_kpi.ingest.chunk import Chunk
from keten_kpi.ingest.known import Files
from keten_kpi.load import Quarantined, Receipt
from keten_kpi.source import Fault, Reason

CHUNK_MESSAGES = 16_000  # a look-up reads all ids that are there; and the frames of a chunk have their price
CHUNK_BYTES = 36 * 1024 * 1024
BLOCK_MESSAGES = 256
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
        return map(self._told_apart, _read(berichten, self._most))

    def _told_apart(self, read: _Read) -> Chunk:
        self._pending.chunk += 1
        self._pending.files.count([origin.source for origin, _ in read.receipts])
        self._pending.files.count([item.origin.source for item in read.faulty])
        chunk = Chunk(self._pending.chunk, quarantined=read.faulty)
        # pending first: what is committed between the two questions is then found by the second
        pending = self._pending.digests.intersection(read.digests)
        known = self._known([digest[:32] for digest in read.digests if digest not in pending])
        told = zip(read.digests, read.receipts, strict=True)
        for block, ends in read.blocks:
            places = []
            for start, end, (digest, receipt) in zip([0, *ends], ends, told):  # noqa: B905 - told goes on in the next
                if digest[:32] in known:
                    chunk.duplicate += 1
                elif digest in self._pending.digests:
                    chunk.repeats.append((receipt, digest))
                else:
                    self._pending.digests.add(digest)
                    places.append((start, end))
                    chunk.digests.append(digest)
                    chunk.receipts.append(receipt)
            chunk.blocks.append((block, places))
        return chunk


@dataclass(slots=True)
class _Read:
    """Messages that came one after another, and what came between them and cannot be read.

    Contents are put together a few at a time: millions kept apart are slow to come by, and the bytes of one that was
    read and hashed just now are still near the processor.
    """

    blocks: list[tuple[bytes, list[int]]] = field(default_factory=list)  # contents, and where each ends
    digests: list[str] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    faulty: list[Quarantined] = field(default_factory=list)
    size: int = 0  # bytes
    _contents: list[bytes] = field(default_factory=list)  # of the next block

    @property
    def read(self) -> int:
        return len(self.digests) + len(self.faulty)

    def add(self, content: bytes, receipt: Receipt) -> None:
        self._contents.append(content)
        self.digests.append(hashlib.sha256(content).hexdigest())
        self.receipts.append(receipt)
        self.size += len(content)
        if len(self._contents) >= BLOCK_MESSAGES:
            self.close_block()

    def close_block(self) -> None:
        self.blocks.append((b"".join(self._contents), list(accumulate(map(len, self._contents)))))
        self._contents.clear()


def _read(berichten: Iterable[Bericht], most: int) -> Iterator[_Read]:
    """At most so many at a time."""
    read = _Read()
    for origin, content, envelope, fault in berichten:
        if content is None:
            read.faulty.append(Quarantined(origin, None, None, (fault or _UNREAD,)))
        else:
            read.add(content, (origin, envelope))
        if read.read >= most or read.size >= CHUNK_BYTES:
            read.close_block()
            yield read
            read = _Read()
    if read.read:
        read.close_block()
        yield read
