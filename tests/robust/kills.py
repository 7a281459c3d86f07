"""Kills ``refresh`` and ``ingest`` with SIGKILL from outside: ``python -m tests.robust.kills refresh --times 300``.

Half of the moments lie evenly over the time of an undisturbed run. The others lie in a phase that is drawn first, so
that the short ones (swap, archive) get their share: the run tells through a pipe that a phase starts, and dies so much
later. Each run is a fork of a process that has imported everything and done nothing; with it die, or live on for a
moment, the worker processes it started.

Each command runs in several ways that take turns: ``refresh`` leaves its inbox or moves it, and builds one edition or
all; ``ingest`` has one process or two.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import keten_kpi.ingest.run as composition
import keten_kpi.publish as publication
import keten_kpi.refresh.run as nightly
from keten_kpi.database import connect
from keten_kpi.doctor import examine
from keten_kpi.refresh import read_config, refresh
from tests.pipeline.delivery import messages, pack
from tests.robust.kill import KEY, hash_of, in_fork, tables
from tests.stand.vergelijken import differences
from tests.verkeer.make import TOP

Way = tuple[str, str, int]  # after, editions, min_aantal
CONFIG = '[refresh]\ninbox = ["inbox"]\nafter = "{}"\neditions = "{}"\nmin_aantal = {}\n'
WAYS = (("move", "ketenbureau", 0), ("leave", "ketenbureau", 0), ("move", "all", 0), ("leave", "all", 10))
PATIENCE = 300  # seconds for one run: an end to what hangs


@dataclass(frozen=True)
class Kill:
    """One kill, and what was found: ``wrong`` is empty when all was as it should be."""

    way: str
    phase: str
    after: float
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """A command to kill. ``phases`` are the functions that start one: module, name, phase."""

    way: str
    run: Callable[[Path], object]
    phases: tuple[tuple[Any, str, str], ...]
    state: Callable[[Path], dict[str, object]]  # of an undisturbed run, to be equal
    look: Callable[[Path, Path, dict[str, object]], list[str]]  # what is wrong right after the kill


@dataclass
class Timed:
    """The marks of a run: when each phase started, in seconds."""

    marks: list[tuple[float, str]] = field(default_factory=list)
    seconds: float = 0.0

    def lengths(self) -> dict[str, float]:
        """The length of each phase, to the start of the next."""
        ends = [start for start, _ in self.marks[1:]] + [self.seconds]
        return {name: max(end - start, 0.0005) for (start, name), end in zip(self.marks, ends, strict=True)}


def _mark(pipe: int, module: Any, name: str, phase: str) -> None:
    real = getattr(module, name)

    def marked(*arguments: Any, **options: Any) -> Any:
        os.write(pipe, f"{phase}\n".encode())
        return real(*arguments, **options)

    setattr(module, name, marked)


def _start(job: Job, folder: Path) -> tuple[int, int]:
    """A fork that runs the job: its number and the pipe on which it tells the phases."""
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return pid, read
    code = 1
    try:
        os.close(read)
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        for module, name, phase in job.phases:
            _mark(write, module, name, phase)
        job.run(folder)
        code = 0
    finally:
        os._exit(code)


def _end(pid: int, pipe: int) -> bool:
    """Whether the run was killed. Its workers may live a moment longer, also while the same command runs again."""
    _, status = os.waitpid(pid, 0)
    os.close(pipe)
    return os.WIFSIGNALED(status)


def _until(pipe: int, wanted: str | None, seconds: float) -> str:
    """Reads phases until the one wanted starts, or for so long; returns the last."""
    last, text, end = "start", "", time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        ready, _, _ = select.select([pipe], [], [], left)
        told = os.read(pipe, 4096).decode() if ready else ""
        if ready and not told:
            return last
        text += told
        names = text.split("\n")[:-1]
        last = names[-1] if names else last
        if wanted is not None and wanted in names:
            return last
    return last


def time_run(job: Job, folder: Path) -> Timed:
    """An undisturbed run."""
    timed, begin = Timed(), time.monotonic()
    pid, pipe = _start(job, folder)
    text = ""
    while told := os.read(pipe, 4096).decode():
        timed.marks += [(time.monotonic() - begin, name) for name in told.split("\n") if name]
        text += told
    timed.seconds = time.monotonic() - begin
    os.close(pipe)
    _, status = os.waitpid(pid, 0)
    assert status == 0, f"the undisturbed run ended with {status}"
    return timed


def kill_once(job: Job, folder: Path, timed: Timed, rng: random.Random) -> tuple[str, float] | None:
    """Kills a run in the folder: in which phase, and after how long; None when it had ended before."""
    lengths = timed.lengths()
    wanted = rng.choice(list(lengths)) if rng.random() < 0.5 else None
    after = rng.uniform(0, lengths[wanted] if wanted else timed.seconds)
    begin = time.monotonic()
    pid, pipe = _start(job, folder)
    phase = _until(pipe, wanted, PATIENCE if wanted else after)
    if wanted:
        later = _until(pipe, None, after)
        phase = wanted if later == "start" else later
    with contextlib.suppress(ProcessLookupError):
        if rng.random() < 0.5:
            os.killpg(pid, signal.SIGKILL)  # with all that it started
        else:
            os.kill(pid, signal.SIGKILL)  # its workers find out
    after = time.monotonic() - begin
    return (phase, after) if _end(pid, pipe) else None


def kill_many(job: Job, start: Path, work: Path, times: int, rng: random.Random, until: float) -> list[Kill]:
    """So many kills, or fewer when the time is up, each in a fresh copy of ``start``.

    What they leave is compared with what an undisturbed run does.
    """
    folder = work / "night"  # always the same: the database holds where a message came from
    shutil.copytree(start, folder, symlinks=True)
    timed = time_run(job, folder)
    expected = in_fork(lambda: job.state(folder))
    shutil.rmtree(folder)
    kills: list[Kill] = []
    while len(kills) < times and time.monotonic() < until:
        shutil.copytree(start, folder, symlinks=True)
        if (killed := kill_once(job, folder, timed, rng)) is not None:
            wrong = in_fork(lambda: job.look(folder, start, expected))
            again = in_fork(lambda: (_silent(), job.run(folder), job.state(folder))[2])
            found = ["what was left cannot be read"] if wrong is None else wrong
            kills.append(Kill(job.way, *killed, tuple(found + _differences(expected, again))))
        shutil.rmtree(folder)
    return kills


def _silent() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _differences(expected: dict[str, object], found: dict[str, object] | None) -> list[str]:
    if found is None:
        return ["the same command again failed"]
    return [f"then {name} differs" for name in expected if found[name] != expected[name]]


def files(folder: Path) -> dict[str, str]:
    """The hash of each file in a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def database_faults(db: Path) -> list[str]:
    """What is wrong with a database; one that is not there is no fault."""
    if not db.exists():
        return []
    with connect(db) as con:
        if not con.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'beheer'").fetchall()[0][0]:
            return []  # killed before the first table
    return [f"the database: {finding.name}" for finding in examine(db).findings if finding.wrong]


# refresh


def run_refresh(folder: Path) -> None:
    refresh(read_config(folder / "keten.toml"))


def refresh_state(folder: Path) -> dict[str, object]:
    """All that a night leaves: the pages, the database, the inbox, the archive, and nothing else."""
    status = json.loads((folder / "status.json").read_text("utf-8"))
    versions = list((folder / "dashboard.versions").iterdir())
    left = [path.name for path in folder.rglob("*") if path.suffix == ".part" or ".nieuw-" in path.name]
    return {
        "dashboard": files(folder / "dashboard"),
        "database": hash_of(tables(folder / "keten.duckdb")),
        "cases": differences(folder / "keten.duckdb"),
        "inbox": files(folder / "inbox"),
        "archive": sorted(files(folder / "archive").items()),
        "status": (status["error"], status["result"] in {"refreshed", "unchanged"}),
        "rubbish": sorted([*left, *(path.name for path in folder.glob(".dashboard.*"))]),
        "versions": len(versions) <= 2,
        "doctor": examine(folder / "keten.duckdb").is_whole,
    }


def look_after_refresh(folder: Path, start: Path, expected: dict[str, object]) -> list[str]:
    """The dashboard is yesterday's or today's, whole; the database opens and is whole; no file of the inbox is lost."""
    wrong = database_faults(folder / "keten.duckdb")
    if files(folder / "dashboard") not in (files(start / "dashboard"), expected["dashboard"]):
        wrong.append("the dashboard is neither the old nor the new one")
    else:
        nightly.check_site(folder / "dashboard")
    kept = Counter([*files(folder / "inbox").values(), *files(folder / "archive").values()])
    lost = Counter([*files(start / "inbox").values(), *files(start / "archive").values()]) - kept
    return wrong + [f"{len(lost)} files of the inbox are lost"] * bool(lost)


PHASES = (
    (nightly, "ingest", "ingest"),
    (nightly, "publish_database", "stores"),
    (nightly, "_keep_cases", "cases"),
    (nightly, "_build", "build"),
    (nightly, "check_site", "check"),
    (nightly, "swap_in", "swap"),
    (nightly, "archive_files", "archive"),
    (nightly, "_write_status", "status"),
)


def refresh_job(way: Way) -> Job:
    after, editions, _ = way
    return Job(f"{after} {editions}", run_refresh, PHASES, refresh_state, look_after_refresh)


def refresh_start(folder: Path, way: Way) -> Path:
    """Yesterday: a dashboard of half of a delivery; in the inbox lie the rest and a zip of small messages."""
    start = folder / "start"
    start.mkdir(parents=True)
    (start / "keten.toml").write_text(CONFIG.format(*way), "utf-8")
    delivery = sorted(path for path in (TOP / "voorjaar" / "levering").rglob("*") if path.is_file())
    (start / "inbox").mkdir()
    for number, path in enumerate(delivery[::2]):
        shutil.copy(path, start / "inbox" / f"{number}-{path.name}")
    in_fork(lambda: (_silent(), run_refresh(start)))
    for number, path in enumerate(delivery[1::2]):
        shutil.copy(path, start / "inbox" / f"{number}-{path.name}")
    pack("zip", start / "inbox", messages(120))
    return start


# ingest


def ingest_job(workers: int) -> Job:
    def run(folder: Path) -> None:
        composition.BATCH_MESSAGES = 10
        options = composition.Options(workers=workers)
        composition.ingest([str(folder / "in")], folder / "k.duckdb", options=options, opened=publication.reopen)
        publication.publish_database(folder / "k.duckdb")

    def state(folder: Path) -> dict[str, object]:
        db = folder / "k.duckdb"
        return {"database": hash_of(tables(db)), "doctor": examine(db).is_whole, "inbox": files(folder / "in")}

    def look(folder: Path, start: Path, _: dict[str, object]) -> list[str]:
        return database_faults(folder / "k.duckdb")

    phases = ((composition, "load_batch", "write"), (publication, "publish_database", "publish"))
    return Job(f"{workers} process{'es' * (workers > 1)}", run, phases, state, look)


def ingest_start(folder: Path) -> Path:
    start = folder / "start"
    start.mkdir()
    pack("zip", start / "in", messages(300))
    return start


def report(kills: Iterable[Kill]) -> bool:
    """Prints the figures; whether nothing was wrong."""
    found = list(kills)
    bad = [kill for kill in found if kill.wrong]
    for way in dict.fromkeys(kill.way for kill in found):
        phases = Counter(kill.phase for kill in found if kill.way == way)
        print(f"{way}: {phases.total()} kills: {dict(phases.most_common())}")  # noqa: T201
    print(f"{len(found) - len(bad)} of {len(found)} left all whole and ended as an undisturbed run")  # noqa: T201
    for kill in bad[:20]:
        print(kill)  # noqa: T201
    return not bad


def jobs(name: str, folder: Path) -> list[tuple[Job, Callable[[], Path]]]:
    """The ways to run a command, each with what makes the folder that it starts from."""
    if name == "refresh":
        return [(refresh_job(way), partial(refresh_start, folder / str(at), way)) for at, way in enumerate(WAYS)]
    start = ingest_start(folder)
    return [(ingest_job(workers), lambda: start) for workers in (1, 2)]


def kill_job(name: str, times: int, folder: Path, seed: int, minutes: float = 60) -> list[Kill]:
    """Kills of a command, as many of each way to run it; of a few ways when there are to be fewer kills than ways."""
    os.environ["KETEN_KPI_KEY"] = KEY
    rng, begin = random.Random(seed), time.monotonic()
    ways = jobs(name, folder)
    ways = rng.sample(ways, min(times, len(ways)))
    kills: list[Kill] = []
    for at, (job, make_start) in enumerate(ways, start=1):
        wanted, end = times * at // len(ways) - len(kills), begin + 60 * minutes * at / len(ways)
        kills += kill_many(job, make_start(), folder, wanted, rng, end)
    return kills


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=["refresh", "ingest"])
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=60, help="end after so long, with fewer")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 100_000)
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        whole = report(kill_job(chosen.job, chosen.times, Path(folder), chosen.seed, chosen.minutes))
    sys.exit(not whole)


if __name__ == "__main__":
    main()
