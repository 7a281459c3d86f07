"""Whole files that were read before: known by their bytes, so that an archive that comes again is not unpacked.

A file counts as read when its end was reached, nothing in it was unreadable, and all that came of it is committed.
What its messages came to is kept with it, for the summary of a next time, and only holds while messages are judged in
the same way: under other schemas, limits or another version the file is read again.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from keten_kpi import __version__
from keten_kpi.load import KnownFile, Quarantined
from keten_kpi.source import Limits
from keten_kpi.standaard.schemas import MANIFEST, releases

_STEP = 256 * 1024  # small enough to be hashed before it leaves the processor's own memory


def way_of_judging(limits: Limits) -> str:
    """A hash of what a verdict depends on beside the message."""
    parts = [__version__, repr(limits), *((release.folder / MANIFEST).read_text("utf-8") for release in releases())]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


@dataclass(slots=True)
class _Reading:
    """A file that is being read in this run, or was."""

    state: tuple[int, ...]  # size and times when it was opened: a file that changed meanwhile is not known
    digest: _Digest
    is_whole: bool = False
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class Files:
    """The files of one run: which are known already, and which can be known from now on.

    ``again`` is what the messages of known files came to: per reason of quarantine, and "" for those that are loaded.
    """

    def __init__(self) -> None:
        self.again: Counter[str] = Counter()
        self._known: dict[str, KnownFile] = {}
        self._sizes: set[int] = set()
        self._read: dict[str, _Reading | None] = {}  # by the name in the origin; None: named twice, so not told apart

    def remember(self, known: Iterable[KnownFile]) -> None:
        """These were read whole in earlier runs."""
        self._known = {file.sha256: file for file in known}
        self._sizes = {file.size for file in self._known.values()}

    def passes_over(self, source: str, file: io.FileIO) -> bool:
        """Whether this file is known; otherwise it is going to be read from its start."""
        state = _state(file)
        if state is None:
            return False
        reading = _Reading(state, _Digest(file))
        if state[0] in self._sizes:
            known = self._known.get(reading.digest.sha256())
            if known is not None:
                self.again.update(known.outcomes)
                return True
        self._read[source] = None if source in self._read else reading
        return False

    def ended(self, source: str, file: io.FileIO) -> None:
        """The file has been read to its end."""
        reading = self._read.get(source)
        if reading is not None:
            reading.digest.sha256()
            reading.is_whole = _state(file) == reading.state

    def count(self, sources: Sequence[str]) -> None:
        """One message was read of each of these."""
        if self._read:
            for source, number in Counter(sources).items():
                if (reading := self._read.get(source)) is not None:
                    reading.read += number

    def written(self, quarantined: Iterable[Quarantined]) -> None:
        """What was refused; a fault of a document that was not read whole is that of a place."""
        for item in quarantined:
            reading = self._read.get(item.origin.source)
            if reading is not None:
                reading.refused[item.faults[0].reason.value if item.sha256 else ""] += 1

    def whole(self) -> list[KnownFile]:
        """The files that are known from now on; to be asked when all batches have been committed."""
        found = {}
        for reading in self._read.values():
            if reading and reading.is_whole and reading.read and "" not in reading.refused:
                loaded = reading.read - reading.refused.total()
                outcomes = {**({"": loaded} if loaded else {}), **reading.refused}
                sha256 = reading.digest.sha256()
                found[sha256] = KnownFile(sha256, reading.state[0], outcomes)
        return list(found.values())


def _state(file: io.FileIO) -> tuple[int, ...] | None:
    """What changes when a file is written; None for what is no regular file and can be read only once."""
    found = os.fstat(file.fileno())
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns) if stat.S_ISREG(found.st_mode) else None


class _Digest:
    """SHA-256 of a whole file, worked out by a thread that does not move it while it is being read."""

    def __init__(self, file: io.FileIO) -> None:
        self._digest = hashlib.sha256()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._work_out, args=(os.dup(file.fileno()),), daemon=True)
        self._thread.start()

    def sha256(self) -> str:
        """In hex digits; raises OSError when the file could not be read."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._digest.hexdigest()

    def _work_out(self, file: int) -> None:
        at = 0
        try:
            while read := os.pread(file, _STEP, at):
                self._digest.update(read)
                at += len(read)
        except OSError as error:
            self._error = error
        finally:
            os.close(file)
