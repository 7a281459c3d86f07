"""A worker that dies and a run that is stopped leave a database that the same command completes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from keten_kpi.errors import KetenError
from keten_kpi.ingest import Options, ingest, pool
from tests.pipeline.delivery import contents, messages, pack

READ = messages(400)


@pytest.fixture(autouse=True)
def key(monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", "cd" * 32)


def test_a_killed_worker_is_reported_with_what_it_was_working_on_and_nothing_is_lost(tmp_path, monkeypatch) -> None:
    source = pack("zip", tmp_path / "in", READ)
    db = tmp_path / "k.duckdb"
    real = pool.Processes.submit

    def kills_first(self, chunk):
        ticket = real(self, chunk)
        for remote in self._remotes:
            os.kill(remote._process.pid, signal.SIGKILL)
        return ticket

    monkeypatch.setattr(pool.Processes, "submit", kills_first)
    with pytest.raises(KetenError, match=r"A worker process ended by signal SIGKILL while working on") as told:
        ingest([source], db, options=Options(workers=2))
    assert "999900" not in str(told.value)
    assert contents(db)["bericht"] == []
    monkeypatch.undo()
    monkeypatch.setenv("KETEN_KPI_KEY", "cd" * 32)
    summary = ingest([source], db, options=Options(workers=1))
    assert summary.loaded == len(contents(db)["bericht"]) > 0


def test_the_place_that_a_dead_worker_reached_is_named() -> None:
    from keten_kpi.ingest.chunk import Chunk
    from keten_kpi.source import Origin

    chunk = Chunk(receipts=[(Origin("a.zip", "1.xml"), None), (Origin("a.zip", "2.xml"), None)])
    assert "SIGSEGV while working on a.zip!/2.xml" in pool._lost(-signal.SIGSEGV, chunk, 1).message


def test_a_fault_in_a_worker_says_where_and_never_what(tmp_path) -> None:
    class Fails:
        def work(self, _, __, at):
            at(1)
            raise ValueError("999900006")

    class Place:
        value = 1

    answer = pool._answer(Fails(), [], None, lambda _: None, Place())
    assert answer[0] == "failed"
    assert "ValueError at test_stops.py" in answer[1]
    assert "999900006" not in str(answer)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_in_1_with_a_sentence_and_the_same_command_completes(tmp_path, workers: str) -> None:
    many = messages(30_000)
    source = pack("tar", tmp_path / "in", many)
    db, begun = tmp_path / "k.duckdb", tmp_path / "begun"
    code = (
        "import signal, time\nimport keten_kpi.ingest.run as run; run.BATCH_MESSAGES = 2000\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # who runs the tests may have been deaf to it
        "signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])\n"
        "real = run.load_batch\n"
        "def load(*given):\n    real(*given)\n"
        f"    open({str(begun)!r}, 'w').close()\n    time.sleep(0.2)\n"  # however fast the run is, it lasts a while
        "run.load_batch = load\n"
        "from keten_kpi.cli import main\n"
        "if __name__ == '__main__':\n    main()\n"
    )
    script = tmp_path / "kort.py"
    script.write_text(code)
    command = [sys.executable, str(script), "ingest", source, "--db", str(db), "--workers", workers, "--json"]
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and started.poll() is None and not begun.exists():
        time.sleep(0.02)
    os.killpg(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert started.returncode == 1, (out, err)
    assert "Stopped by Ctrl-C" in err
    assert "Traceback" not in err
    left = contents(db)
    assert len(left["bericht"]) < 29_000
    (counts,) = left["run"]
    assert counts[3] == counts[4] + counts[5] + counts[6]
    assert counts[4] == len(left["bericht"]) == len(left["ontvangst"])
    assert ingest([source], db, options=Options(workers=1)).read == len(many)
    whole = tmp_path / "whole.duckdb"
    ingest([source], whole, options=Options(workers=1))
    found, expected = contents(db), contents(whole)
    for table in ("bericht", "toegewezen_product", "aangevraagd_product", "prestatie", "retourcode", "client"):
        assert found[table] == expected[table]
