"""What one more day costs: ``python -m benchmarks.day [--messages N | FOLDER [--keep]]``.

Traffic of ``keten-kpi generate --scenario landelijk`` (that in FOLDER, or N messages that are made for it) is cut by
date of sending: a usual working day near the end, and what was sent before it: the last part of that, more of it, and
all of it. After each of these histories the same day comes in, as with ``refresh``: it is ingested, the stored views
and the cases that are kept are brought up to date, and the dashboard is built; and besides the figures of every KPI per
gemeente are read. A step whose cost grows with the history is not in proportion to the day. Seconds are of the
processor, of all processes together. A national year takes half an hour and 40 GB; with ``--keep`` its table is kept.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from itertools import accumulate
from pathlib import Path

from benchmarks.ingest import KEY
from keten_kpi.dashboard import KETENBUREAU, Bouw, all_counts
from keten_kpi.publish import compute, fingerprint, list_kpis, publish_database, reading
from keten_kpi.source import read_documents
from keten_kpi.stand import bring_up, reading_stand

USUAL = 1_000_000
KEPT = Path(__file__).with_name("day.md")
PARTS = (1 / 8, 1 / 2, 1)  # of the history before the day, the newest messages
SENT = tuple(
    re.compile(rb"<(?:\w+:)?%s(?:\s[^>]*)?>([\d-]+)<" % name) for name in (b"DagtekeningRetour", b"Dagtekening")
)
RUN = """import sys
from pathlib import Path
from keten_kpi.ingest import Options, ingest
from keten_kpi.publish import reopen
ingest([sys.argv[1]], Path(sys.argv[2]), options=Options(workers=int(sys.argv[3])), opened=reopen)"""


@dataclass(frozen=True, slots=True)
class Cut:
    """An archive with what was sent in some days."""

    path: Path
    messages: int


def _messages(folder: Path) -> Iterator[bytes]:
    yield from (document.content or b"" for document in read_documents([str(folder / "berichten")]))


def _sent(content: bytes) -> str:
    """The date of sending.

    Raises:
        ValueError: it is not found: another day would tell of other costs.
    """
    found = next((match for pattern in SENT if (match := pattern.search(content))), None)
    if found is None:
        raise ValueError("a message without a date of sending")
    return found[1].decode("ascii")


def _usual_day(sent: Counter[str]) -> str:
    """The last day on which no less was sent than on a day on average."""
    return max(day for day, many in sent.items() if many * len(sent) >= sent.total())


def _since(sent: Counter[str], day: str) -> list[str]:
    """For each of ``PARTS`` the date since which so large a part was sent of all before the day."""
    before = sorted((date for date in sent if date < day), reverse=True)
    upto = [*accumulate(sent[date] for date in before)]
    return [before[bisect_left(upto, upto[-1] * part)] for part in PARTS]


def cut(folder: Path, out: Path) -> tuple[list[Cut], Cut]:
    """Archives in ``out`` of what was sent before a usual day near the end, the newest first, and one of that day.

    What came later is in none. With each archive of the history those before it are so large a part of it as ``PARTS``
    says; messages of one date are in one archive.
    """
    sent = Counter(map(_sent, _messages(folder)))
    day = _usual_day(sent)
    since = _since(sent, day)
    paths = [*(out / f"voor-die-dag-{at}.tar" for at in range(len(PARTS))), out / "die-dag.tar"]
    written = Counter[int]()
    with ExitStack() as opened:
        archives = [opened.enter_context(tarfile.open(path, "w")) for path in paths]
        for content in _messages(folder):
            if (date := _sent(content)) <= day:
                at = next((at for at, first in enumerate(since) if date >= first), -1) if date < day else -1
                written[at] += 1
                member = tarfile.TarInfo(f"{written[at]}.xml")
                member.size = len(content)
                archives[at].addfile(member, BytesIO(content))
                archives[at].members.clear()  # type: ignore[attr-defined] # else all that was written stays in memory
    *history, on = [Cut(path, written[at]) for at, path in zip((*range(len(PARTS)), -1), paths, strict=True)]
    return history, on


def _processor() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _timed(step: Callable[[], object]) -> float:
    before = _processor()
    step()
    return _processor() - before


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


STEPS: dict[str, Callable[[Path], object]] = {
    "stored views": publish_database,
    "cases and counts, kept": lambda db: bring_up(db, fingerprint(), tellingen=all_counts()),
    "dashboard": _dashboard,
}
BESIDES: dict[str, Callable[[Path], object]] = {"KPIs per gemeente, from these": _kpis}


def _costs(archive: Path, db: Path) -> dict[str, float]:
    """Of each step, when this archive comes in."""
    found = {"ingest": _timed(lambda: _ingest(archive, db))}
    found |= {name: _timed(partial(step, db)) for name, step in STEPS.items()}
    found["refresh"] = sum(found.values())
    return found | {name: _timed(partial(step, db)) for name, step in BESIDES.items()}


def _day_after(db: Path, day: Path, anew: dict[str, float]) -> dict[str, float]:
    """What the day costs after the history in this database, of which a copy is made. Adds what the history costs."""
    with tempfile.TemporaryDirectory(dir=db.parent) as name:
        copy = Path(name) / db.name
        for path in db.parent.glob(f"{db.name}*"):
            shutil.copy2(path, copy.with_name(path.name))
        for step, work in (STEPS | BESIDES).items():
            anew[step] = _timed(partial(work, copy))
        anew["refresh"] = anew["ingest"] + sum(anew[step] for step in STEPS)
        return _costs(day, copy)


def _table(sizes: list[int], costs: list[dict[str, float]], anew: dict[str, float], day: int) -> str:
    times = sizes[-1] / sizes[0]
    heads = [*(f"after {size:,}" for size in sizes), f"growth, after {times:.1f} times as many"]
    heads += [f"all {sizes[-1]:,} anew", "that day's share"]
    told = (
        f"The same day of {day:,} messages after histories of several lengths: seconds of processor. Growth is how "
        "many times as much it costs after the longest as after the shortest; 1.0 is work in proportion to the day."
    )
    lines = [
        told,
        "",
        f"| step | {' | '.join(heads)} |",
        f"|---|{'---:|' * len(heads)}",
    ]
    for step in costs[0]:
        found = [cost[step] for cost in costs]
        values = [*(f"{value:.1f}" for value in found), f"{found[-1] / found[0]:.1f}", f"{anew[step]:.1f}"]
        lines.append(f"| {step} | {' | '.join(values)} | {found[-1] / anew[step]:.1%} |")
    return "\n".join(lines)


def measure(messages: int) -> str:
    """The table of the costs, of a run over generated traffic."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "verkeer"
        command = [sys.executable, "-m", "keten_kpi", "generate", str(folder), "--scenario", "landelijk"]
        command += ["--messages", str(messages), "--workers", "2", "--format", "zip", "--json"]
        subprocess.run(command, check=True, capture_output=True)
        return measure_folder(folder, Path(name))


def measure_folder(folder: Path, work: Path) -> str:
    """The same of traffic that is there; it is cut, and loaded, in ``work``."""
    history, day = cut(folder, work)
    db = work / "gegevens.duckdb"
    anew: dict[str, float] = {"ingest": 0.0}
    sizes, costs = list[int](), list[dict[str, float]]()
    for part in history:
        anew["ingest"] += _timed(partial(_ingest, part.path, db))
        sizes.append(sum(one.messages for one in history[: len(sizes) + 1]))
        costs.append(_day_after(db, day.path, anew))
    return _table(sizes, costs, anew, day.messages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--messages", type=int, default=USUAL)
    parser.add_argument("--keep", action="store_true", help=f"write the table of FOLDER to {KEPT.name}")
    chosen = parser.parse_args()
    if chosen.folder is None:
        print(measure(chosen.messages))
        return
    with tempfile.TemporaryDirectory(dir=chosen.folder) as work:
        found = measure_folder(chosen.folder, Path(work))
    print(found)
    if chosen.keep:
        KEPT.write_text(f"### After a national year\n\n{found}\n\nMeasured on {datetime.now(UTC):%Y-%m-%d}.\n", "utf-8")


if __name__ == "__main__":
    main()
