"""What a national dashboard of two years costs: ``python -m benchmarks.dashboard [--messages N] [--db FILE]``.

Traffic of ``keten-kpi generate --scenario landelijk``, with a second year added to its days. Each build is a process of
its own. With ``--min-aantal 0`` nothing is hidden, so that pages are as large as they get.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from keten_kpi.generate import generate, scenario
from keten_kpi.ingest import ingest
from keten_kpi.publish import publish_database

CHROMIUM = "/usr/bin/chromium"
LAST_DAY = re.compile(r"^tot = \d{4}-.*$", re.MULTILINE)
USUAL = 100_000
BUILDS = {
    "the edition of the Ketenbureau": (),
    "the same, nothing hidden": ("--min-aantal", "0"),
    "all editions": ("--alle-gemeenten",),
}
RUN = "import sys; from keten_kpi.cli import main; sys.argv[0] = 'keten-kpi'; main()"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True)
class Cost:
    """Of one build: seconds of the processor, the most memory, pages and bytes, the largest page."""

    seconds: float
    memory_mb: int
    pages: int
    megabytes: float
    largest: Path


def two_years(folder: Path, messages: int) -> Path:
    """A database of the country from April 2023 to March 2025."""
    scenarios = folder / "scenarios"
    scenarios.mkdir()
    text = Path(str(scenario.FOLDER.joinpath("landelijk.toml"))).read_text("utf-8")
    (scenarios / "landelijk.toml").write_text(LAST_DAY.sub("tot = 2025-03-28", text, count=1), "utf-8")
    scenario.FOLDER = scenarios
    generate(folder / "x", scenario="landelijk", messages=messages)
    db = folder / "keten.duckdb"
    ingest([str(folder / "x" / "berichten")], db)
    publish_database(db)
    return db


def build(db: Path, out: Path, *chosen: str) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    run = f"import atexit\natexit.register(lambda: exec({told!r}))\n{RUN}"
    command = [sys.executable, "-c", run, "dashboard", "build", str(out), "--db", str(db), *chosen]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    pages = sorted(out.rglob("*.html"), key=lambda path: path.stat().st_size)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return Cost(seconds, int(said.split()[-1]) // 1024, len(pages), size / 1e6, pages[-1])


def first_paint(page: Path) -> float:
    """Milliseconds until something stands on the page, read from the disk."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page()
        opened.goto(page.resolve().as_uri())
        found = float(opened.evaluate(PAINT))
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=USUAL)
    parser.add_argument("--db", type=Path, help="a database that is there already")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db = chosen.db or two_years(folder, chosen.messages)
        print("| | seconds of processor | memory | pages | MB | largest page | first paint of it |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for what, options in BUILDS.items():
            cost = build(db, folder / "uit", *options)
            page = f"{cost.largest.name}, {cost.largest.stat().st_size / 1000:,.0f} kB"
            paint = f"{first_paint(cost.largest):,.0f} ms" if Path(CHROMIUM).exists() else "-"
            print(f"| {what} | {cost.seconds:,.0f} | {cost.memory_mb:,} MB | {cost.pages:,} | {cost.megabytes:,.0f} "
                  f"| {page} | {paint} |", flush=True)  # fmt: skip
            shutil.rmtree(folder / "uit")


if __name__ == "__main__":
    main()
