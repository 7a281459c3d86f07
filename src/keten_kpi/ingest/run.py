"""The left half in one line: source, envelope, validate, shred, load."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keten_kpi.database import stand_path
from keten_kpi.envelope import Bericht, unwrap, unwrap_all
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.ingest.chunk import Chunk, Tray
from keten_kpi.ingest.engine import EngineConfig, EngineKind
from keten_kpi.ingest.known import Files, way_of_judging
from keten_kpi.ingest.pool import Here, Processes, Ticket, cores, rarely_collected
from keten_kpi.ingest.reading import Chunker, Pending
from keten_kpi.ingest.summary import Progress, Summary
from keten_kpi.ingest.writing import Sizes, Writer
from keten_kpi.load import Batch, keep_files, known_files, known_ids, load_batch, open_run
from keten_kpi.pseudoniem import find_key, key_path
from keten_kpi.source import Limits, Stretch, read_documents, read_sources
from keten_kpi.standaard.schemas import Berichttype, releases
from keten_kpi.validate import Validator, Verdict

if TYPE_CHECKING:
    from keten_kpi.database import Connection

PART_MESSAGES = 48_000  # written together: each time the ids of all that are there are read; larger costs memory
BATCH_MESSAGES = 144_000  # committed together: DuckDB stores 122,880 rows together, and fewer of them twice
ALONE = 25_000  # messages that one process takes on before starting others, which costs a second, pays


@dataclass(frozen=True, slots=True)
class Options:
    """How to ingest.

    ``workers`` None: this process alone, and as many as there are processors when many messages come. Of several
    processes this one reads and writes, and the others judge. ``organisatie`` derives a key of its own from the key.
    """

    engine: EngineKind = EngineKind.AUTO
    audit: float = 0.0
    workers: int | None = None
    organisatie: str | None = None


def known_types() -> list[Berichttype]:
    """Every message type that a schema is at hand for."""
    return [kind for release in releases() for kind in release.berichttypes()]


def judge(paths: Sequence[str], limits: Limits | None = None) -> Iterator[Verdict]:
    """The verdict on every message in these sources; loads nothing.

    Args:
        paths: files, folders, archives, or ``-`` for standard input.
        limits: bounds on what is read.
    """
    bounds = limits or Limits()
    validator = Validator(known_types())
    documents = read_documents(paths, limits=bounds)
    return (validator.judge(bericht) for each in documents for bericht in unwrap(each, bounds))


def _berichten(
    paths: Sequence[str], limits: Limits, skip: Iterable[Path] = (), files: Files | None = None
) -> Iterator[Bericht | Stretch]:
    # checks the paths now, before anything is made
    found = read_sources(paths, limits=limits, skip=tuple(skip), files=files)
    return unwrap_all(found, limits)


def _own_files(db: Path, key_file: Path | None) -> set[Path]:
    """The database and what belongs to it: never a delivery, also when it lies in the folder that is read."""
    names = {db, db.with_name(db.name + ".wal"), key_path(db), stand_path(db)} | ({key_file} if key_file else set())
    return {name.resolve() for name in names}


def ingest(  # noqa: PLR0913 - one keyword for each thing that a caller may choose
    paths: Sequence[str],
    db: Path,
    *,
    key_file: Path | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda _: None,
    options: Options = Options(),
    opened: Callable[[Connection], None] = lambda _: None,
) -> Summary:
    """Reads, validates, shreds and loads every message of these sources into the database.

    Args:
        paths: files, folders, archives, or ``-`` for standard input.
        db: the DuckDB file; made when it is not there.
        key_file: file with the pseudonymisation key; else ``KETEN_KPI_KEY``, else the file beside the database.
        limits: bounds on what is read.
        progress: called after each committed batch.
        options: engine, audit, workers and organisation.
        opened: called when the database, its layout and its key are found to be good, before anything is loaded.

    Raises:
        UsageError: a path does not exist.
        KetenError: the database or its key cannot be used, an audit failed, a worker died, or Ctrl-C was pressed;
            nothing half-done is left.
    """
    if not paths:
        raise UsageError("There is nothing to read.", "Name a file, a folder, an archive, or - for standard input.")
    started, bounds, files = time.monotonic(), limits or Limits(), Files()
    berichten = _berichten(paths, bounds, _own_files(db, key_file), files)
    key = find_key(db, key_file, options.organisatie)
    config = EngineConfig(key.pseudonymiser, tuple(known_types()), options.engine, options.audit)
    first = options.workers or 1
    summary = Summary(database=str(db), workers=first, key_made=str(key.path) if key.made else None)
    try:
        # the processes start while DuckDB does
        with (
            rarely_collected(),
            closing(_pool(config, first)) as pool,
            open_run(db, key.pseudonymiser.key_id) as (con, summary.run_nr),
        ):
            opened(con)
            judged = way_of_judging(bounds)
            files.remember(known_files(con, judged))
            later = cores() if options.workers is None else 1
            _Pipeline(con, pool, config, summary, progress).run(berichten, files, later)
            keep_files(con, files.whole(), judged)
    except KeyboardInterrupt:
        raise KetenError(
            "Stopped by Ctrl-C; the last batch is not in the database, the ones before it are.",
            "The same command again skips what is known and loads the rest.",
        ) from None
    summary.seconds = time.monotonic() - started
    return summary


def _pool(config: EngineConfig, processes: int) -> Here | Processes:
    return Processes(config, processes) if processes > 1 else Here(config)


class _Pipeline:
    """Reads and hands out chunks, and merges their outcomes in the order in which they were read."""

    def __init__(
        self, con: Connection, pool: Here | Processes, config: EngineConfig, summary: Summary, progress: Progress
    ) -> None:
        cursor = con.cursor()  # looks up what is known while a batch is being written
        self._pending = pending = Pending()
        sizes = Sizes(min(PART_MESSAGES, BATCH_MESSAGES), BATCH_MESSAGES)
        self._chunker = Chunker(lambda ids: known_ids(cursor, ids), pending, sizes.part, self._tray)
        self._writer = Writer(
            self._load,
            pending,
            summary,
            progress,
            sizes,
        )
        self._con = con
        self._config = config
        self._summary = summary
        self._pool = pool
        self._flight: deque[tuple[Chunk, Ticket]] = deque()

    def run(self, berichten: Iterable[Bericht | Stretch], files: Files, later: int) -> None:
        """Reads to the end; ``later`` is how many processes to go on with when many messages come."""
        self._pending.files = files
        try:
            taken = 0
            for chunk in self._chunker.chunks(berichten):
                taken += len(chunk.receipts)
                self._flight.append((chunk, self._pool.submit(chunk)))
                self._merge(self._pool.depth)
                if taken >= ALONE and later > 1:
                    self._grow(later)
                    later = 1
            self._merge(0)
            self._writer.finish()
        finally:
            self._pool.close()
            self._writer.close()

    def _tray(self) -> Tray:
        return self._pool.tray()  # of the pool that there is then

    def _load(self, batch: Batch) -> set[str]:
        ids = batch.ids()
        known = known_ids(self._con, ids) if ids else set[str]()
        if known:
            batch.drop(known)
        load_batch(self._con, batch, self._summary.run_nr)
        return known

    def _merge(self, most: int) -> None:
        """Merges what is ready, and waits until no more than ``most`` chunks are in flight."""
        while self._flight and (len(self._flight) > most or self._flight[0][1].is_ready()):
            chunk, ticket = self._flight.popleft()
            self._writer.merge(chunk, ticket.outcome())

    def _grow(self, processes: int) -> None:
        """Many messages: from here on other processes judge them."""
        self._pool = _pool(self._config, processes)
        self._summary.workers = processes
