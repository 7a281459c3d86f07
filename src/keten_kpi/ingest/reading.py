"""From sources to chunks of work: what is known, or is being judged already, is told apart before it is validated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from keten_kpi.envelope import Bericht
from keten_kpi.ingest.chunk import Block, Chunk
from keten_kpi.ingest.known import Files
from keten_kpi.load import Quarantined, Receipt
from keten_kpi.source import Fault, Reason

CHUNK_MESSAGES = 12_000  # a look-up reads all ids that are there; and the frames of a chunk have their price
CHUNK_BYTES = 27 * 1024 * 1024
BLOCK_MESSAGES = 250
BLOCK_BYTES = 1024 * 1024
_UNREAD = Fault(Reason.UNREADABLE, "The message has no content")


@dataclass(slots=True)
class Pending:
    """Content that is being judged, or judged and not yet committed: neither new nor known.

    A repeat of such content goes the way of the first: a duplicate when that was loaded, refused again when it was not.
    ``look_ahead``: whether it pays to ask what is in the database before anything is judged.
    """

    files: Files = field(default_factory=Files)
    digests: set[str] = field(default_factory=set)
    chunk: int = 0  # the last one that was cut
    refused: dict[str, Quarantined] = field(default_factory=dict)
    look_ahead: bool = True
    _fading: list[tuple[int, dict[str, Quarantined]]] = field(default_factory=list)

    def refusal(self, digest: str) -> Quarantined | None:
        for refused in (self.refused, *(each for _, each in self._fading)):
            if digest in refused:
                return refused[digest]
        return None

    def committed(self, digests: Sequence[str]) -> None:
        """These are in the database now; chunks that were cut already may still have repeats of what was refused."""
        self.digests.difference_update(digests)
        if self.refused:
            known = [digest for digest in digests if digest in self.refused]
            self._fading.append((self.chunk, {digest: self.refused.pop(digest) for digest in known}))

    def merged(self, number: int) -> None:
        """All chunks up to this one have been merged."""
        while self._fading and self._fading[0][0] <= number:
            self._fading.pop(0)


class Chunker:
    """Cuts a stream of messages into chunks, in order.

    To look up ids reads all that the database has. So where the last chunk had nothing that is known, the next ones are
    looked up when they are written, many at once; until something is found.
    """

    def __init__(self, known: Callable[[list[str]], set[str]], pending: Pending, most: int) -> None:
        self._known = known
        self._pending = pending
        self._most = min(most, CHUNK_MESSAGES)

    def chunks(self, berichten: Iterable[Bericht]) -> Iterator[Chunk]:
        return map(self._told_apart, _read(berichten, self._most))

    def _told_apart(self, read: _Read) -> Chunk:
        pending = self._pending
        pending.chunk += 1
        pending.files.count([origin.source for origin, _ in read.receipts])
        pending.files.count([item.origin.source for item in read.faulty])
        # pending first: what is committed between the two questions is then found by the second
        seen = pending.digests.intersection(read.digests)
        chunk, known = Chunk(pending.chunk, quarantined=read.faulty, is_new=pending.look_ahead), set[str]()
        if pending.look_ahead:
            known = self._known([digest[:32] for digest in read.digests if digest not in seen])
            pending.look_ahead = bool(known)
        if not seen and not known and len(set(read.digests)) == len(read.digests):
            chunk.blocks, chunk.digests, chunk.receipts = read.blocks, read.digests, read.receipts
            pending.digests.update(read.digests)
        else:
            self._sort_out(chunk, read, known)
        return chunk

    def _sort_out(self, chunk: Chunk, read: _Read, known: set[str]) -> None:
        told = zip(read.digests, read.receipts, strict=True)
        for contents, places in read.blocks:
            new = []
            for place, (digest, receipt) in zip(places, told):  # noqa: B905 - of these the next block has the next ones
                if digest[:32] in known:
                    chunk.duplicate += 1
                elif digest in self._pending.digests:
                    chunk.repeats.append((receipt, digest))
                else:
                    self._pending.digests.add(digest)
                    new.append(place)
                    chunk.digests.append(digest)
                    chunk.receipts.append(receipt)
            chunk.blocks.append((contents, new))


@dataclass(slots=True)
class _Read:
    """Messages that came one after another, and what came between them and cannot be read."""

    blocks: list[Block] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    faulty: list[Quarantined] = field(default_factory=list)
    size: int = 0  # bytes

    def add(self, few: Sequence[Bericht]) -> None:
        """Hashes them and puts their bytes together while these are near the processor, where others soon follow."""
        contents = [content for _, content, _, _ in few if content is not None]
        ends = list(accumulate(map(len, contents)))
        self.blocks.append((b"".join(contents), list(pairwise([0, *ends]))))
        self.digests += [hashlib.sha256(content).hexdigest() for content in contents]
        self.receipts += [(origin, envelope) for origin, content, envelope, _ in few if content is not None]
        if len(contents) < len(few):
            faults = [(origin, fault or _UNREAD) for origin, content, _, fault in few if content is None]
            self.faulty += [Quarantined(origin, None, None, (fault,)) for origin, fault in faults]
        self.size += len(self.blocks[-1][0])


def _read(berichten: Iterable[Bericht], most: int) -> Iterator[_Read]:
    """At most so many at a time."""
    read, at_once = _Read(), min(most, BLOCK_MESSAGES)
    for few in _few(berichten, at_once):
        read.add(few)
        if len(read.digests) + len(read.faulty) + at_once > most or read.size >= CHUNK_BYTES:
            yield read
            read = _Read()
    if read.blocks:
        yield read


def _few(berichten: Iterable[Bericht], most: int) -> Iterator[list[Bericht]]:
    """At most so many at a time, and fewer when they are large."""
    few, room = list[Bericht](), BLOCK_BYTES
    for bericht in berichten:
        few.append(bericht)
        room -= len(bericht[1] or b"")
        if room <= 0 or len(few) == most:
            yield few
            few, room = [], BLOCK_BYTES
    if few:
        yield few
