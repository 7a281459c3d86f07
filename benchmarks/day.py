"""What one more day costs: ``python -m benchmarks.day [--messages N]``.

Traffic of ``keten-kpi generate --scenario landelijk`` is cut by date of sending: all before a usual working day near
the end, and that day. Each is ingested into the same database; after each the stored views and the cases that are kept
are brought up to date, the figures of every KPI per gemeente are read from those, and the dashboard is built, as
``refresh`` does. Seconds of processor are of all processes together.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ingest import KEY
from keten_kpi.dashboard import KETENBUREAU, Bouw, all_counts
from keten_kpi.database import stand_path
from keten_kpi.publish import compute, fingerprint, list_kpis, publish_database, reading
from keten_kpi.stand import bring_up, reading_stand

USUAL = 1_000_000
SENT = (re.compile(rb"<[^/>]*DagtekeningRetour>([\d-]+)"), re.compile(rb"<[^/>]*:?Dagtekening>([\d-]+)"))
RUN = """import sys
from pathlib import Path
from keten_kpi.ingest import Options, ingest
from keten_kpi.publish import reopen
ingest([sys.argv[1]], Path(sys.argv[2]), options=Options(workers=int(sys.argv[3])), opened=reopen)"""


@dataclass(frozen=True)
class Cost:
    """Of one run: how many messages, and seconds (on the clock, of the processor) per step."""

    messages: int
    steps: dict[str, tuple[float, float]]


def _messages(folder: Path) -> Iterator[tuple[str, bytes]]:
    for archive in sorted((folder / "berichten").glob("*.zip")):
        with zipfile.ZipFile(archive) as members:
            yield from ((f"{archive.stem}-{name}", members.read(name)) for name in members.namelist())


def _sent(content: bytes) -> str:
    """The date of sending; a message without one is of the first day."""
    found = next((match for pattern in SENT if (match := pattern.search(content))), None)
    return found[1].decode("ascii") if found else ""


def _usual_day(folder: Path) -> str:
    """The last day on which no less was sent than on a day on average."""
    sent = Counter(_sent(content) for _, content in _messages(folder))
    return max(day for day, many in sent.items() if many * len(sent) >= sum(sent.values()))


def cut(folder: Path) -> tuple[Path, Path]:
    """Two archives: what was sent before a usual day near the end, and on it. What came later is in neither."""
    day = _usual_day(folder)
    before, on = folder / "tot-die-dag.zip", folder / "die-dag.zip"
    with zipfile.ZipFile(before, "w") as history, zipfile.ZipFile(on, "w") as today:
        for name, content in _messages(folder):
            if (sent := _sent(content)) <= day:
                (today if sent == day else history).writestr(name, content)
    return before, on


def _processor() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _timed(step: Callable[[], object]) -> tuple[float, float]:
    clock, busy = time.perf_counter(), _processor()
    step()
    return time.perf_counter() - clock, _processor() - busy


def _ingest(archive: Path, db: Path) -> None:
    environment = {**os.environ, "KETEN_KPI_KEY": KEY}
    subprocess.run([sys.executable, "-c", RUN, str(archive), str(db), "2"], check=True, env=environment)


def _kpis(db: Path) -> None:
    with reading(db) as con, reading_stand(con, db):
        for kpi in list_kpis():
            compute(con, kpi.id, per=["gemeente"])


def _dashboard(db: Path) -> None:
    with reading(db) as con, reading_stand(con, db):
        Bouw(con, 10).build(db.with_name("dashboard"), KETENBUREAU)


def _run(archive: Path, db: Path) -> Cost:
    with zipfile.ZipFile(archive) as members:
        number = len(members.namelist())
    steps = {
        "ingest": lambda: _ingest(archive, db),
        "stored views": lambda: publish_database(db),
        "cases, kept": lambda: bring_up(db, fingerprint(), tellingen=all_counts()),
        "KPIs per gemeente, from these": lambda: _kpis(db),
        "dashboard": lambda: _dashboard(db),
    }
    return Cost(number, {name: _timed(step) for name, step in steps.items()})


def _table(history: Cost, today: Cost) -> str:
    lines = [
        f"One more day of {today.messages:,} messages on {history.messages:,}: seconds, and seconds of processor.",
        "",
        "| step | all but that day | processor | that day | processor | share of the first time |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, (clock, busy) in history.steps.items():
        later, later_busy = today.steps[name]
        lines.append(
            f"| {name} | {clock:.1f} | {busy:.1f} | {later:.1f} | {later_busy:.1f} | {later_busy / busy:.1%} |"
        )
    return "\n".join([*lines, "", f"That day is {today.messages / history.messages:.1%} of the messages before it."])


def measure(messages: int) -> str:
    """The table of the costs, of a run over generated traffic."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "verkeer"
        command = [sys.executable, "-m", "keten_kpi", "generate", str(folder), "--scenario", "landelijk"]
        command += ["--messages", str(messages), "--workers", "2", "--format", "zip", "--json"]
        subprocess.run(command, check=True, capture_output=True)
        before, on = cut(folder)
        db = Path(name) / "gegevens.duckdb"
        table = _table(_run(before, db), _run(on, db))
        size, kept = (file.stat().st_size / 1e6 for file in (db, stand_path(db)))
        return f"{table} The database takes {size:,.0f} MB, the cases that are kept {kept:,.0f} MB."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=USUAL)
    print(measure(parser.parse_args().messages))


if __name__ == "__main__":
    main()
