"""How time, memory and file grow: ``python -m benchmarks.growth FOLDER [--parts N]`` adds a row to the growth table.

FOLDER holds archives as ``keten-kpi generate`` makes them (``landelijk``, tar.zst); N of them are ingested with 2
workers into a new database, and every KPI is asked per gemeente, once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.ingest import KEY
from keten_kpi.publish import compute, list_kpis, reading

TABLE = Path(__file__).with_name("growth.md")
HEADLINE = "doorlooptijd-toewijzing"
CODE = """import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_maxrss // 1024, used.ru_utime + used.ru_stime, json.loads(done.stdout)]))"""


def _ingest(archives: list[Path], db: Path) -> tuple[int, float, dict[str, int]]:
    """Peak MiB of its largest process, seconds of processor, and the summary."""
    command = [sys.executable, "-m", "keten_kpi", "ingest", *map(str, archives), "--db", str(db), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", CODE, *command, "--workers", "2"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "KETEN_KPI_KEY": KEY},
    )
    peak, busy, summary = json.loads(done.stdout)
    return peak, busy, summary


def _kpis(db: Path) -> dict[str, float]:
    found = {}
    with reading(db) as con:
        for kpi in list_kpis():
            started = time.perf_counter()
            compute(con, kpi.id, per=["gemeente"])
            found[kpi.id] = time.perf_counter() - started
    return found


def row(archives: list[Path], db: Path) -> str:
    """One row of the table."""
    started = time.perf_counter()
    peak, busy, summary = _ingest(archives, db)
    took = time.perf_counter() - started
    read, size = summary["read"], db.stat().st_size
    seconds = _kpis(db)
    cells = [f"{read:,}", f"{sum(each.stat().st_size for each in archives) / 1e9:.2f}", f"{took:.0f}"]
    cells += [
        f"{took / read * 1e6:.1f}",
        f"{busy / read * 1e6:.1f}",
        str(peak),
        f"{size / 1e6:.0f}",
        f"{size / read:.0f}",
    ]
    cells += [f"{seconds[HEADLINE]:.1f}", f"{sum(seconds.values()):.0f}", f"{datetime.now(UTC):%Y-%m-%d}"]
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
