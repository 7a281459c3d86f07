"""One run of the nightly job, from inbox to dashboard; after a failure yesterday's dashboard stays."""

from __future__ import annotations

import fcntl
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from keten_kpi import __version__
from keten_kpi.dashboard import KETENBUREAU, Bouw, all_counts
from keten_kpi.errors import KetenError
from keten_kpi.ingest import Summary, ingest
from keten_kpi.kpi import Selection, as_of
from keten_kpi.publish import fingerprint, publish_database, reading, reopen
from keten_kpi.refresh.config import Config
from keten_kpi.refresh.inbox import Stamp, archive_files, list_inbox, stamp_files
from keten_kpi.refresh.swap import check_site, let_read, new_version, swap_in
from keten_kpi.report import plain_json, replace_file
from keten_kpi.stand import bring_up, reading_stand


@dataclass(slots=True)
class Outcome:
    """What a run came to. ``result`` is refreshed, unchanged or failed; ``state`` is what the dashboard was made of."""

    result: str = "failed"  # until the end is reached
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    state: str = ""
    error: str | None = "The run did not reach its end."

    @property
    def document(self) -> dict[str, object]:
        """What ``status.json`` holds."""
        return {
            "result": self.result,
            "error": self.error,
            "counts": self.counts,
            "seconds": self.seconds,
            "warnings": self.warnings,
            "versions": {"keten-kpi": __version__, "publication": fingerprint()},
            "state": self.state,
        }


def _logger() -> Any:
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Within it no other run works on this database.

    Raises:
        KetenError: another does already, or the file cannot be made.
    """
    try:
        held = path.open("w", encoding="utf-8")
    except OSError as error:
        raise KetenError(f"{path} cannot be made: {error.strerror}.", "Check the folder of the database.") from None
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KetenError("Another refresh of this database is at work.", "Let it finish.") from None
        yield


@contextmanager
def _timed(outcome: Outcome, log: Any, name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    outcome.seconds[name] = round(time.monotonic() - started, 3)
    log.info(name, seconds=outcome.seconds[name])


def _known_state(status: Path) -> str:
    try:
        return str(json.loads(status.read_text("utf-8")).get("state", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def _peildatum(db: Path) -> str:
    if not db.exists():
        return ""
    with reading(db) as con, as_of(con, Selection()) as day:
        return str(day)


def _inbox(config: Config) -> dict[Path, Stamp]:
    """What is to be read, as it is before it is read; not what was archived, when that lies in the inbox."""
    archive = config.path(config.archive).resolve()
    files = list_inbox(config.top, config.inbox)
    return stamp_files(path for path in files if config.after == "leave" or archive not in path.resolve().parents)


def _state(config: Config, files: Mapping[Path, Stamp]) -> str:
    """What a dashboard depends on: settings, program, the day up to which traffic is known, the database, the inbox.

    The database by its size and time: others write to it too (``forget``, ``ingest``, ``codelists add``).
    """
    db = config.path(config.database)
    parts = [config.model_dump_json(), __version__, fingerprint(), _peildatum(db)]
    parts += [f"{path} {size} {time_ns}" for path, (size, time_ns) in [*stamp_files([db]).items(), *files.items()]]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def refresh(config: Config) -> Outcome:
    """Reads what is new, builds the dashboard beside the old one, checks it, and swaps it in.

    Raises:
        KetenError: another run is at work, or a step failed; ``status.json`` says so, and the old dashboard is whole.
    """
    status, log = config.path(config.status), _logger()
    with _lock(config.path(config.database + ".lock")):
        outcome = Outcome(state=_known_state(status))
        try:
            _run(config, outcome, log)
        except KetenError as error:
            outcome.error = error.message
            log.error("failed", error=error.message)  # noqa: TRY400 - a traceback may hold what a message held
            raise
        finally:
            _write_status(status, outcome)
    return outcome


def _write_status(status: Path, outcome: Outcome) -> None:
    replace_file(status, lambda part: part.write_text(plain_json(outcome.document) + "\n", "utf-8"))


def _run(config: Config, outcome: Outcome, log: Any) -> None:
    files = _inbox(config)
    link = config.path(config.dashboard)
    if outcome.state == _state(config, files) and link.is_symlink() and link.is_dir():
        outcome.result, outcome.error = "unchanged", None
        log.info("unchanged")
        return
    if files:
        with _timed(outcome, log, "ingest"):
            _ingest(config, files, outcome)
    with _timed(outcome, log, "cases"):
        _keep_cases(config, outcome, log)
    with _timed(outcome, log, "build"):
        folder = _build(config, link, outcome)
    check_site(folder)
    let_read(folder)
    swap_in(link, folder)
    log.info("swapped", **outcome.counts)
    if config.after == "move":
        changed = archive_files(files, config.path(config.archive))
        outcome.warnings += [f"{path} changed while it was read; it is read again next time." for path in changed]
        files = {}
    outcome.state, outcome.result, outcome.error = _state(config, files), "refreshed", None


def _ingest(config: Config, files: Iterable[Path], outcome: Outcome) -> None:
    db = config.path(config.database)
    key = config.path(config.key_file) if config.key_file else None
    summary: Summary = ingest([str(path) for path in files], db, key_file=key, opened=reopen)
    publish_database(db)
    outcome.counts |= {
        "read": summary.read,
        "loaded": summary.loaded,
        "duplicate": summary.duplicate,
        "quarantined": summary.quarantined,
    }
    if summary.quarantined:
        many = summary.quarantined
        outcome.warnings.append(
            f"{many:,} document{'s were' if many > 1 else ' was'} quarantined; see `keten-kpi quarantine`."
        )


def _keep_cases(config: Config, outcome: Outcome, log: Any) -> None:
    db = config.path(config.database)
    with reading(db):  # published, and its stored views are of now
        pass
    stand = bring_up(db, fingerprint(), tellingen=all_counts())
    outcome.counts["cases_changed"] = sum(max(change.weg, change.bij) for change in stand.wijzigingen)
    log.info(stand.wijze, **({"reason": stand.reden} if stand.reden else {}))
    if stand.fout:
        outcome.warnings.append(
            f"The cases that were kept could not be mended ({stand.reden}) and were made anew; nothing is lost."
        )


def _build(config: Config, link: Path, outcome: Outcome) -> Path:
    folder = new_version(link)
    db = config.path(config.database)
    with reading(db) as con, reading_stand(con, db):
        bouw = Bouw(con, config.min_aantal)
        if config.editions == "ketenbureau":
            sites = [bouw.build(folder, KETENBUREAU)]
        else:
            folder.mkdir()
            sites = [bouw.build(folder / one.map, one) for one in bouw.edities]
    outcome.counts["pages"] = sum(site.paginas for site in sites)
    return folder
