"""Killed at any moment, a database opens, holds no half message, and the same command ends as if nothing happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from keten_kpi.ingest import pool
from tests.pipeline.delivery import messages, pack


def test_a_run_killed_at_random_moments_is_completed_by_the_same_command(tmp_path) -> None:
    """A few of the hundreds: ``python -m tests.robust.kill 300`` tries more, in the writing of a batch mostly."""
    _in_own_process(
        "from tests.robust.kill import kill_many; states = kill_many(5, Path(sys.argv[1]), seed=int(sys.argv[2]))\n"
        "assert all(state.is_whole and state.is_complete for state in states), states",
        tmp_path,
    )


@pytest.mark.parametrize(("job", "times"), [("refresh", 3), ("ingest", 4)])
def test_a_command_killed_from_outside_leaves_all_whole_and_is_completed_by_itself(job, times, tmp_path) -> None:
    """A few of the hundreds: ``python -m tests.robust.kills refresh --times 300`` tries more."""
    _in_own_process(
        f"from tests.robust.kills import kill_job, report\n"
        f"assert report(kill_job({job!r}, {times}, Path(sys.argv[1]), int(sys.argv[2])))",
        tmp_path,
    )


def _in_own_process(code: str, folder: Path) -> None:
    """Runs code that forks, away from the threads of the tests; what goes wrong tells the seed."""
    seed = str(time.time_ns() % 10_000)
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys\nfrom pathlib import Path\n{code}", str(folder), seed],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode == 0, (seed, ran.stdout, ran.stderr)


def test_workers_of_a_killed_run_end_by_themselves_and_without_a_word(tmp_path) -> None:
    source = pack("tar", tmp_path / "in", messages(4000))
    started = subprocess.Popen(
        [sys.executable, "-m", "keten_kpi", "ingest", source, "--db", str(tmp_path / "k.duckdb"), "--workers", "2"],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while len(_group(started.pid)) < 4 and time.monotonic() < deadline:  # itself, two workers, a tracker
        time.sleep(0.05)
    time.sleep(2)
    os.kill(started.pid, signal.SIGKILL)
    started.wait()
    _, told = started.communicate(timeout=60)  # ends when the last process has let go of it
    while _group(started.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _group(started.pid) == []
    assert b"Traceback" not in told


def _group(leader: int) -> list[int]:
    """The processes in the session of this one, itself included."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(place.name)) == leader:
                found.append(int(place.name))
        except ProcessLookupError:
            continue
    return found


def test_a_worker_that_nobody_waits_for_any_more_ends_without_an_error(monkeypatch) -> None:
    class Pipe:
        def recv(self) -> tuple[None, list[int], list[int], list[str]]:
            return None, [], [], []

        def recv_bytes(self) -> bytes:
            return b""

        def send(self, *_: object) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(pool, "Worker", lambda _: None)
    monkeypatch.setattr(pool.signal, "signal", lambda *_: None)
    assert pool._serve(Pipe(), None, SimpleNamespace(value=0), None) is None
