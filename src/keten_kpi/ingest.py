"""The left half in one line: source, envelope, validate, shred, load."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from keten_kpi.envelope import Bericht, unwrap
from keten_kpi.errors import UsageError
from keten_kpi.load import Batch, Quarantined, Shredded, known_ids, load_batch, open_run
from keten_kpi.pseudoniem import Pseudonymiser, find_key, key_path
from keten_kpi.shred import NotStorableError, Shredder
from keten_kpi.source import Fault, Limits, Reason, read_documents
from keten_kpi.standaard.schemas import Berichttype, releases
from keten_kpi.validate import Validator, Verdict

BATCH_MESSAGES = 10_000
BATCH_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)
class Summary:
    """What one run came to. ``read`` = loaded + duplicate + quarantined, always."""

    database: str = ""
    run_nr: int = 0
    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    quarantined: int = 0
    per_type: Counter[str] = field(default_factory=Counter)  # loaded messages
    per_release: Counter[str] = field(default_factory=Counter)  # loaded messages, "ijw 3.2"
    per_afzender: Counter[str] = field(default_factory=Counter)  # loaded messages, by who really sent them
    per_reden: Counter[str] = field(default_factory=Counter)  # quarantined
    seconds: float = 0.0
    key_made: str | None = None  # path of the key file when this run made it

    def add(self, batch: Batch) -> None:
        self.read += batch.read
        self.loaded += len(batch.shredded)
        self.duplicate += batch.duplicate
        self.quarantined += len(batch.quarantined)
        for message in batch.shredded:
            kind = message.berichttype
            self.per_type[kind.code] += 1
            self.per_release[f"{kind.standaard} {kind.release}"] += 1
            self.per_afzender[_sender(message)] += 1
        self.per_reden.update(item.faults[0].reason.value for item in batch.quarantined)


Progress = Callable[[Summary], None]


def _sender(message: Shredded) -> str:
    """Who sent it: of a retour the header is that of the heenbericht; a 303 or 304 names gemeente and aanbieder."""
    _, afzender, ontvanger, gemeente, aanbieder, *_ = message.rows.bericht
    if message.berichttype.is_retour:
        return str(ontvanger)
    return str(afzender or (gemeente if message.berichttype.nummer == "304" else aanbieder))


class _Shredders:
    """One shredder per message type, made when its first message comes."""

    def __init__(self, pseudonymiser: Pseudonymiser) -> None:
        self._plans = {(r.standaard, r.release, code): plan for r in releases() for code, plan in r.berichten.items()}
        self._pseudonymiser = pseudonymiser
        self._made: dict[Berichttype, Shredder] = {}

    def of(self, kind: Berichttype) -> Shredder:
        if kind not in self._made:
            plan = self._plans[kind.standaard, kind.release, kind.code]
            self._made[kind] = Shredder(plan, self._pseudonymiser.client_id)
        return self._made[kind]


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
    return (validator.judge(bericht) for bericht in _berichten(paths, bounds))


def _berichten(paths: Sequence[str], limits: Limits, skip: Iterable[Path] = ()) -> Iterator[Bericht]:
    documents = read_documents(paths, limits=limits, skip=tuple(skip))  # checks the paths now, before anything is made
    return (bericht for document in documents for bericht in unwrap(document, limits))


def _chunks(berichten: Iterable[Bericht]) -> Iterator[list[Bericht]]:
    chunk: list[Bericht] = []
    size = 0
    for bericht in berichten:
        chunk.append(bericht)
        size += len(bericht.content or b"")
        if len(chunk) >= BATCH_MESSAGES or size >= BATCH_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _digest(bericht: Bericht) -> str | None:
    return None if bericht.content is None else hashlib.sha256(bericht.content).hexdigest()


def _first_of_each(
    chunk: list[Bericht], known: Callable[[set[str]], set[str]]
) -> tuple[list[tuple[Bericht, str | None]], int]:
    """The messages whose content is new, in order, and how many were not.

    Content that was quarantined is judged again each time it comes: a schema may have been added since.
    """
    digests = [_digest(bericht) for bericht in chunk]
    seen = known({digest[:32] for digest in digests if digest})
    new: list[tuple[Bericht, str | None]] = []
    for bericht, digest in zip(chunk, digests, strict=True):
        if digest is None or digest[:32] not in seen:
            new.append((bericht, digest))
    return new, len(chunk) - len(new)


class _Worker:
    """Judges and shreds one chunk; holds what is made once per process."""

    def __init__(self, pseudonymiser: Pseudonymiser) -> None:
        self._validator = Validator(known_types())
        self._shredders = _Shredders(pseudonymiser)

    def process(self, chunk: list[tuple[Bericht, str | None]], duplicate: int) -> Batch:
        batch = Batch(duplicate=duplicate)
        loaded: set[str] = set()
        for bericht, digest in chunk:
            if digest in loaded:
                batch.duplicate += 1
                continue
            item = self._one(bericht, digest)
            if isinstance(item, Quarantined):
                batch.quarantined.append(item)
            else:
                batch.shredded.append(item)
                loaded.add(str(digest))
        return batch

    def _one(self, bericht: Bericht, digest: str | None) -> Shredded | Quarantined:
        verdict = self._validator.judge(bericht)
        kind = verdict.berichttype
        if kind is None or verdict.root is None:
            return Quarantined(bericht.origin, digest, kind, verdict.faults)
        try:
            rows = self._shredders.of(kind).shred(verdict.root)
        except NotStorableError as error:
            fault = Fault(Reason.NOT_STORABLE, f"The message is valid, but holds {error}; no table can keep that.")
            return Quarantined(bericht.origin, digest, kind, (fault,))
        return Shredded(str(digest)[:32], kind, rows, bericht.origin, bericht.envelope)


def _own_files(db: Path, key_file: Path | None) -> set[Path]:
    """The database and what belongs to it: never a delivery, also when it lies in the folder that is read."""
    names = {db, db.with_name(db.name + ".wal"), key_path(db)} | ({key_file} if key_file else set())
    return {name.resolve() for name in names}


def ingest(
    paths: Sequence[str],
    db: Path,
    *,
    key_file: Path | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda _: None,
) -> Summary:
    """Reads, validates, shreds and loads every message of these sources into the database.

    Args:
        paths: files, folders, archives, or ``-`` for standard input.
        db: the DuckDB file; made when it is not there.
        key_file: file with the pseudonymisation key; else ``KETEN_KPI_KEY``, else the file beside the database.
        limits: bounds on what is read.
        progress: called after each committed batch.

    Raises:
        UsageError: a path does not exist.
        KetenError: the database or its key cannot be used; nothing half-done is left.
    """
    if not paths:
        raise UsageError("There is nothing to read.", "Name a file, a folder, an archive, or - for standard input.")
    started = time.monotonic()
    bounds = limits or Limits()
    berichten = _berichten(paths, bounds, _own_files(db, key_file))
    key = find_key(db, key_file)
    summary = Summary(database=str(db), key_made=str(key.path) if key.made else None)
    worker = _Worker(key.pseudonymiser)
    with open_run(db, key.pseudonymiser.key_id) as (con, summary.run_nr):
        for chunk in _chunks(berichten):
            new, duplicate = _first_of_each(chunk, lambda ids: known_ids(con, ids))
            batch = worker.process(new, duplicate)
            load_batch(con, batch, summary.run_nr)
            summary.add(batch)
            summary.seconds = time.monotonic() - started
            progress(summary)
    summary.seconds = time.monotonic() - started
    return summary
