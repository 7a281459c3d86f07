"""All benchmarks, side by side in one run: ``python -m benchmarks`` (`make bench`) writes docs/performance.md.

The growth table stays: it takes an hour, and ``python -m benchmarks.growth FOLDER`` adds to it.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import day, generate, ingest, kpi

TOP = Path(__file__).parents[1]
PAGE = TOP / "docs" / "performance.md"
HEAD = Path(__file__).with_name("performance.head.md")
GROWTH = Path(__file__).with_name("growth.md")
PACKAGES = ("lxml", "xmlschema", "polars", "duckdb", "numpy")


def _start_up(rounds: int) -> str:
    """Seconds until the help stands there, beside a Python that does nothing."""
    commands = {"python -c pass": ["-c", "pass"], "keten-kpi --help": ["-m", "keten_kpi", "--help"]}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds * 2):
        for name, arguments in commands.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            seconds[name].append(time.perf_counter() - started)
    rows = [f"| {name} | {statistics.median(each):.3f} |" for name, each in seconds.items()]
    return "\n".join(["| start-up | seconds |", "|---|---:|", *rows])


def _circumstances() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=TOP, capture_output=True, text=True, check=True
    )
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} at commit {commit.stdout.strip()}: {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, {packages}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=60_000)
    parser.add_argument("--day-messages", type=int, default=day.USUAL, help="of the run that adds one more day")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        left, db = ingest.measure(Path(folder), chosen.messages, chosen.rounds)
        right = kpi.measure(db, chosen.rounds)
    parts = [HEAD.read_text("utf-8").strip(), _circumstances(), "## From message to table", left]
    parts += ["## From table to figure", right, "## A new day", day.measure(chosen.day_messages)]
    parts += ["## Start-up", _start_up(chosen.rounds)]
    made = [generate.measure(messages, 2, "zip", "landelijk") for messages in generate.USUAL]
    parts += ["## Making traffic", "\n".join([generate.HEAD, *made])]
    parts += [GROWTH.read_text("utf-8").strip()]
    PAGE.write_text("\n\n".join(parts) + "\n", "utf-8")


if __name__ == "__main__":
    main()
