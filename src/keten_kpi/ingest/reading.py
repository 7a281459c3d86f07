"""From sources to chunks of work: what is known is told apart before it is validated, where that pays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, compress, repeat

from keten_kpi.envelope import Bericht
from keten_kpi.ingest.chunk import Chunk, Tray, cut, hashes
from keten_kpi.ingest.known import Files
from keten_kpi.load import Quarantined, Receipt
from keten_kpi.source import Fault, Reason, Stretch

CHUNK_MESSAGES = 8_000  # the frames of a chunk have their price, and so has a look-up, which reads all ids
CHUNK_BYTES = 27 * 1024 * 1024
BLOCK_MESSAGES = 250
BLOCK_BYTES = 1024 * 1024
_UNREAD = Fault(Reason.UNREADABLE, "The message has no content")


@dataclass(slots=True)
class Pending:
    """Content that was judged and is not yet committed: neither new nor known.

    A repeat of such content goes the way of the first: a duplicate when that was loaded, refused again when it was not.
    ``look_ahead``: whether it pays to ask what is in the database before anything is judged.
    """

    files: Files = field(default_factory=Files)
    digests: set[str] = field(default_factory=set)
    refused: dict[str, Quarantined] = field(default_factory=dict)
    look_ahead: bool = True

    def judged(self, digests: Sequence[str]) -> list[int]:
        """Keeps these, in the order in which they were read; gives the places of those that came before."""
        new = set(digests)
        if len(new) == len(digests) and self.digests.isdisjoint(new):
            self.digests |= new
            return []
        again = []
        for place, digest in enumerate(digests):
            if digest in self.digests:
                again.append(place)
            else:
                self.digests.add(digest)
        return again

    def committed(self, digests: Sequence[str]) -> None:
        """These are in the database now."""
        self.digests.difference_update(digests)
        if self.refused:
            for digest in digests:
                self.refused.pop(digest, None)


class Chunker:
    """Cuts a stream of messages into chunks, in order.

    To look up ids reads all that the database has. So where the last chunk had nothing that is known, the next ones are
    looked up when they are written, many at once; until something is found.

    Args:
        known: which of these bericht_ids are in the database.
        pending: knows what was judged and is not there yet.
        most: documents in a chunk, at most.
        tray: where the contents of the next chunk are put.
    """

    def __init__(
        self,
        known: Callable[[list[str]], set[str]],
        pending: Pending,
        most: int,
        tray: Callable[[], Tray] = Tray,
    ) -> None:
        self._known = known
        self._pending = pending
        self._most = min(most, CHUNK_MESSAGES)
        self._tray = tray
        self._chunk = Chunk()

    def chunks(self, berichten: Iterable[Bericht | Stretch]) -> Iterator[Chunk]:
        self._begin()
        for few in _few(berichten, self._room):
            self._put(self._chunk, few)
            if not self._room() or self._chunk.tray.size >= CHUNK_BYTES:
                yield self._told_apart(self._chunk)
                self._begin()
        if self._chunk.read:
            yield self._told_apart(self._chunk)

    def _begin(self) -> None:
        """What another process judges it may as well hash, unless the hashes are asked for before."""
        tray = self._tray()
        self._chunk = Chunk(tray, None if tray.is_shared and not self._pending.look_ahead else [])

    def _room(self) -> int:
        """How many documents the chunk may still hold."""
        return self._most - self._chunk.read

    def _put(self, chunk: Chunk, few: Stretch | Sequence[Bericht]) -> None:
        """Its bytes are hashed and put together while they are near the processor."""
        count = self._pending.files.count
        if isinstance(few, Stretch):
            contents, places = few.contents, (few.starts, few.ends)
            receipts: list[Receipt] = list(zip(few.origins(), repeat(None)))
            count([few.archive.source] * len(receipts))
        else:
            whole = [content for _, content, _, _ in few if content is not None]
            ends = list(accumulate(map(len, whole)))
            contents, places = b"".join(whole), ([0, *ends[:-1]][: len(ends)], ends)
            receipts = [(origin, envelope) for origin, content, envelope, _ in few if content is not None]
            faults = [(origin, fault or _UNREAD) for origin, content, _, fault in few if content is None]
            chunk.quarantined += [Quarantined(origin, None, None, (fault,)) for origin, fault in faults]
            count([origin.source for origin, _, _, _ in few])
        chunk.tray.put(contents, places)
        chunk.receipts += receipts
        if chunk.digests is not None:
            chunk.digests += hashes(cut(contents, *places))

    def _told_apart(self, chunk: Chunk) -> Chunk:
        if chunk.digests is None:
            return chunk
        # pending first: what is committed between the two questions is then found by the second
        seen, known = self._pending.digests.intersection(chunk.digests), set[str]()
        if self._pending.look_ahead:
            known = self._known([digest[:32] for digest in chunk.digests if digest not in seen])
            self._pending.look_ahead = bool(known)
        if seen or known:
            self._leave_out(chunk, chunk.digests, [digest in seen or digest[:32] in known for digest in chunk.digests])
        return chunk

    def _leave_out(self, chunk: Chunk, digests: Sequence[str], told: Sequence[bool]) -> None:
        """What is told already is not judged."""
        for digest, (origin, _) in compress(zip(digests, chunk.receipts, strict=True), told):
            first = self._pending.refused.get(digest)
            if first is None:
                chunk.duplicate += 1
            else:
                chunk.quarantined.append(replace(first, origin=origin))
        new = [not each for each in told]
        chunk.digests, chunk.receipts = list(compress(digests, new)), list(compress(chunk.receipts, new))
        left = iter(new)
        for at, (starts, ends) in enumerate(chunk.tray.places):
            kept = [next(left) for _ in starts]
            chunk.tray.places[at] = (list(compress(starts, kept)), list(compress(ends, kept)))


def _few(berichten: Iterable[Bericht | Stretch], room: Callable[[], int]) -> Iterator[Stretch | list[Bericht]]:
    """Some at a time, at most as many as there is room for now, and fewer when they are large."""
    few, size = list[Bericht](), 0
    for each in berichten:
        if isinstance(each, Stretch):
            if few:
                yield few
                few, size = [], 0
            rest = each
            while len(rest.names) > room():
                first, rest = rest.split(room())
                yield first
            yield rest
            continue
        few.append(each)
        size += len(each[1] or b"")
        if size >= BLOCK_BYTES or len(few) == BLOCK_MESSAGES or len(few) >= room():
            yield few
            few, size = [], 0
    if few:
        yield few
