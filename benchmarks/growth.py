"""How time, memory and file grow: ``python -m benchmarks.growth FOLDER [--parts N]`` adds a row to the growth table.

FOLDER holds archives as ``keten-kpi generate`` makes them (``landelijk``, tar.zst); N of them are ingested with 2
workers into a new database, and every KPI is asked per gemeente, once. Memory is sampled ten times a second: of a
process what it has to itself plus its part of what it shares (PSS), of the main one and of the largest worker.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.generate import MIB, Peaks
from benchmarks.goals import GROWTH as TABLE
from benchmarks.ingest import KEY
from keten_kpi.database import connect
from keten_kpi.publish import compute, list_kpis, reading
from keten_kpi.source import read_documents
from keten_kpi.views import store_views

HEADLINE = "doorlooptijd-toewijzing"


@dataclass(frozen=True)
class Run:
    """One ingest: its summary, seconds of processor, and peak bytes of the main process and of the largest worker."""

    summary: dict[str, int]
    busy: float
    main: int
    worker: int


def _ingest(archives: list[Path], db: Path) -> Run:
    command = [sys.executable, "-m", "keten_kpi", "ingest", *map(str, archives), "--db", str(db), "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        [*command, "--workers", "2"], stdout=subprocess.PIPE, text=True, env={**os.environ, "KETEN_KPI_KEY": KEY}
    )
    peaks = Peaks(process)
    peaks.start()
    text, _ = process.communicate()
    peaks.join()
    if process.returncode not in (0, 3):
        raise SystemExit(process.returncode)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    main = peaks.bytes.pop(process.pid)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(json.loads(text), busy, main, max(peaks.bytes.values(), default=0))


def _store(db: Path) -> float:
    """Seconds to make the stored views from all messages."""
    with connect(db, write=True) as con:
        con.begin()
        started = time.perf_counter()
        store_views(con)
        took = time.perf_counter() - started
        con.rollback()
    return took


def _kpis(db: Path) -> dict[str, float]:
    found = {}
    with reading(db) as con:
        for kpi in list_kpis():
            started = time.perf_counter()
            compute(con, kpi.id, per=["gemeente"])
            found[kpi.id] = time.perf_counter() - started
    return found


def _xml(archives: list[Path]) -> int:
    """Bytes of all messages in the archives."""
    return sum(len(document.content or b"") for document in read_documents([str(each) for each in archives]))


def row(archives: list[Path], db: Path) -> str:
    """One row of the table."""
    started = time.perf_counter()
    run = _ingest(archives, db)
    took = time.perf_counter() - started
    read, size = run.summary["read"], db.stat().st_size
    seconds = _kpis(db)
    cells = [
        f"{read:,}",
        f"{sum(each.stat().st_size for each in archives) / 1e9:.2f}",
        f"{took:.0f}",
        f"{took / read * 1e6:.1f}",
        f"{run.busy / read * 1e6:.1f}",
        f"{run.main // MIB}",
        f"{run.worker // MIB}",
        f"{size / 1e6:.0f}",
        f"{size / read:.0f}",
        f"{size / _xml(archives):.1%}",
        f"{_store(db):.1f}",
        f"{seconds[HEADLINE]:.1f}",
        f"{sum(seconds.values()):.0f}",
        f"{datetime.now(UTC):%Y-%m-%d}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", type=int)
    chosen = parser.parse_args()
    archives = sorted(chosen.folder.glob("*.tar.zst"))[: chosen.parts]
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        found = row(archives, Path(folder) / "growth.duckdb")
    print(found)
    TABLE.write_text(TABLE.read_text("utf-8").rstrip() + "\n" + found + "\n", "utf-8")


if __name__ == "__main__":
    main()
