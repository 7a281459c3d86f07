"""All benchmarks, side by side in one run: ``python -m benchmarks`` (`make bench`) writes docs/performance.md.

Three tables stay, as they take so long: ``python -m benchmarks.growth FOLDER`` and ``python -m benchmarks.differential
--keep`` add a row to theirs, and ``python -m benchmarks.day FOLDER --keep`` writes the third.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import day, generate, goals, ingest, kpi

TOP = Path(__file__).parents[1]
PAGE = TOP / "docs" / "performance.md"
HEAD = Path(__file__).with_name("performance.head.md")
PACKAGES = ("lxml", "xmlschema", "polars", "duckdb", "numpy")


HELP = "keten-kpi --help"


def _start_up(rounds: int) -> dict[str, float]:
    """Seconds until the help stands there, beside a Python that does nothing."""
    commands = {"python -c pass": ["-c", "pass"], HELP: ["-m", "keten_kpi", "--help"]}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds * 2):
        for name, arguments in commands.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(each) for name, each in seconds.items()}


def _circumstances() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=TOP, capture_output=True, text=True, check=True
    )
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} at commit {commit.stdout.strip()}: {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, {packages}."
    )


def _page(chosen: argparse.Namespace) -> Iterator[str]:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        left = ingest.measure(Path(folder), chosen.messages, chosen.rounds)
        right = kpi.measure(left.db, chosen.rounds)
    start = _start_up(chosen.rounds)
    yield HEAD.read_text("utf-8").strip()
    yield _circumstances()
    yield f"## What was to be reached\n\n{goals.table(left.ratios, left.share, start[HELP])}"
    yield f"## From message to table\n\n{left.text}\n\n{left.profile}"
    yield f"## From table to figure\n\n{right}"
    yield f"## A new day\n\n{day.measure(chosen.day_messages)}"
    yield day.KEPT.read_text("utf-8").strip()
    rows = [f"| {name} | {seconds:.3f} |" for name, seconds in start.items()]
    yield "\n".join(["## Start-up\n", "| start-up | seconds |", "|---|---:|", *rows])
    made = [generate.measure(messages, 2, "zip", "landelijk") for messages in generate.USUAL]
    yield "\n".join(["## Making traffic\n", generate.HEAD, *made])
    yield goals.GROWTH.read_text("utf-8").strip()
    yield goals.MUTANTS.read_text("utf-8").strip()
    print(f"All of it took {(time.monotonic() - started) / 60:.0f} minutes.", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=500_000)
    parser.add_argument("--day-messages", type=int, default=day.USUAL, help="of the run that adds one more day")
    parser.add_argument("--rounds", type=int, default=5)
    PAGE.write_text("\n\n".join(_page(parser.parse_args())) + "\n", "utf-8")


if __name__ == "__main__":
    main()
