"""Kills ``ingest`` at random moments: ``python -m tests.robust.kill 300`` tells how many points and which states.

Each attempt is a fork of a process that has imported everything and done nothing, so that hundreds fit in minutes.
"""

from __future__ import annotations

import os
import pickle
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keten_kpi.ingest.run as composition
from keten_kpi.database import connect
from keten_kpi.doctor import examine
from keten_kpi.publish import publish_database, reopen
from tests.pipeline.delivery import contents, messages, pack

BATCH = 10
MESSAGES = 300
KEY = "9b" * 32


@dataclass(frozen=True)
class State:
    """What a kill left: how many messages, whether a WAL, and whether the same command made it whole."""

    messages: int | None  # None: no database yet
    has_wal: bool
    is_whole: bool
    is_complete: bool
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class How:
    """One way to run the command; ``publishes`` with all that comes after loading, as the command does."""

    workers: int = 1
    publishes: bool = True

    def ingest(self, source: str, db: Path) -> None:
        """What the command does, with small batches."""
        composition.BATCH_MESSAGES = BATCH
        engine = composition.EngineKind.AUTO if self.publishes else composition.EngineKind.LIBXML2
        options = composition.Options(engine=engine, workers=self.workers)
        composition.ingest([source], db, options=options, opened=reopen)
        if self.publishes:
            publish_database(db)


def alarm_in_the_first_batch(after: float) -> None:
    """Lets the kernel end this process so long after it starts to write: SIGALRM asks nobody, like SIGKILL."""
    real = composition.load_batch

    def load(*arguments: Any) -> None:
        composition.load_batch = real
        signal.setitimer(signal.ITIMER_REAL, max(after, 0.0001))
        real(*arguments)

    composition.load_batch = load


def tables(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All tables but the record of runs, which tells of the run that was cut short."""
    found = contents(db)
    del found["run"]
    with connect(db) as con:
        for name in ("ontvangst", "quarantaine"):
            found[name] = con.execute(f"SELECT * EXCLUDE (run_nr) FROM beheer.{name} ORDER BY ALL").fetchall()
        found["kenmerk"] = con.execute("SELECT naam FROM beheer.kenmerk ORDER BY 1").fetchall()
    return found


def in_fork(work: Callable[[], object]) -> Any:
    """The result of work done in a process of its own."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.write(write, pickle.dumps(work()))
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    os.waitpid(pid, 0)
    return pickle.loads(told) if told else None  # noqa: S301 - from our own fork


def killed(work: Callable[[], object], after: float) -> bool:
    """Whether the work was killed, with all its processes, before it was done."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        try:
            work()
        finally:
            os._exit(0)
    end = time.monotonic() + after
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.WIFSIGNALED(status)
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def attempt(source: str, db: Path, how: How, kill: Callable[[], bool], expected: str) -> State | None:
    """One kill, and what the same command makes of it; None when the work was done before.

    ``expected`` is the hash of the tables of an undisturbed run.
    """
    if not kill():
        return None
    has_wal = db.with_name(db.name + ".wal").exists()
    found = in_fork(lambda: _look(db))
    again = in_fork(lambda: (how.ingest(source, db), hash_of(tables(db)), examine(db).is_whole)[1:])
    number, whole, faults = found or (None, False, ("the database does not open",))
    return State(number, has_wal, whole, again == (expected, True), faults)


def _look(db: Path) -> tuple[int | None, bool, tuple[str, ...]]:
    if not db.exists():
        return None, True, ()
    with connect(db) as con:
        if not con.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'beheer'").fetchall()[0][0]:
            return None, True, ()
        (number,) = con.execute("SELECT count(*) FROM bron.bericht").fetchall()[0]
    found = examine(db)
    return int(number), found.is_whole, tuple(finding.name for finding in found.findings if finding.wrong)


def hash_of(found: dict[str, list[tuple[Any, ...]]]) -> str:
    import hashlib

    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def kill_many(times: int, folder: Path, seed: int) -> list[State]:
    """So many kills: one in ten over the time of a whole command, the others while it writes."""
    os.environ["KETEN_KPI_KEY"] = KEY
    rng = random.Random(seed)
    source = pack("zip", folder / "in", messages(MESSAGES))
    hashes, lasts = {}, {}
    for how in (How(), How(publishes=False)):
        db = folder / f"heel{len(hashes)}.duckdb"
        start = time.monotonic()
        hashes[how.publishes] = in_fork(lambda how=how, db=db: (how.ingest(source, db), hash_of(tables(db)))[1])
        lasts[how.publishes] = time.monotonic() - start
    states: list[State] = []
    while len(states) < times:
        work = folder / f"{len(states)}"
        work.mkdir(exist_ok=True)
        db = work / "k.duckdb"
        whole = rng.random() < 0.1
        how = How(rng.choice((1, 2)) if whole else 1, publishes=whole)
        after = rng.uniform(0, lasts[whole] * how.workers)

        def kill(how: How = how, db: Path = db, after: float = after, whole: bool = whole) -> bool:
            if whole:
                return killed(lambda: how.ingest(source, db), after)
            return killed(lambda: (alarm_in_the_first_batch(after / 2), how.ingest(source, db)), 60)

        state = attempt(source, db, how, kill, hashes[how.publishes])
        shutil.rmtree(work)
        if state is not None:
            states.append(state)
    return states


def main() -> None:
    times = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        states = kill_many(times, Path(folder), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(f"{len(states)} kills; {sum(s.is_whole for s in states)} left a whole database")  # noqa: T201
    print(f"{sum(s.is_complete for s in states)} ended as an undisturbed run after the same command")  # noqa: T201
    print(f"{sum(s.has_wal for s in states)} left a WAL; messages at the kill:")  # noqa: T201
    print(sorted(Counter(-1 if s.messages is None else s.messages for s in states).items()))  # noqa: T201
    print([s for s in states if not (s.is_whole and s.is_complete)][:5])  # noqa: T201


if __name__ == "__main__":
    main()
