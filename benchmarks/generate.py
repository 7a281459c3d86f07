"""How fast `generate` is and how much memory it takes: ``python benchmarks/generate.py [MESSAGES...] [--workers N]``.

Each run is a process tree of its own. Peak memory is the highest sum over that tree, sampled ten times a second: of a
process what it has to itself plus what it shares (PSS), so that shared pages count once.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

MIB = 1024 * 1024
USUAL = (200_000, 1_000_000)


def _children(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return []
    return [pid, *(grandchild for child in found for grandchild in _children(int(child)))]


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


class Peaks(threading.Thread):
    """Samples the memory of a process tree until it ends: the highest sum, and the highest of each process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self._process = process
        self.sum = 0
        self.bytes: dict[int, int] = {process.pid: 0}

    def run(self) -> None:
        while self._process.poll() is None:
            now = {pid: _pss(pid) for pid in _children(self._process.pid)}
            self.sum = max(self.sum, sum(now.values()))
            self.bytes.update({pid: max(self.bytes.get(pid, 0), each) for pid, each in now.items()})
            time.sleep(0.1)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measure(messages: int, workers: int, form: str, scenario: str) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = [
            sys.executable, "-m", "keten_kpi", "generate", str(out), "--scenario", scenario,
            "--messages", str(messages), "--workers", str(workers), "--format", form, "--json",
        ]  # fmt: skip
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        peak = Peaks(process)
        peak.start()
        text, _ = process.communicate()
        seconds = time.monotonic() - started
        peak.join()
        made = json.loads(text)
        packed, truth = _size(out / "berichten") / MIB, _size(out / "truth") / MIB
    return (
        f"| {scenario} | {form} | {workers} | {made['files']:,} | {seconds:.0f} | {made['files'] / seconds:,.0f} | "
        f"{peak.sum / MIB:,.0f} | {made['bytes'] / MIB:,.0f} | {packed:,.0f} | {truth:,.0f} |"
    )


HEAD = (
    "| scenario | format | workers | messages | s | messages/s | peak MiB | MiB | packed MiB | truth MiB |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", nargs="*", type=int, default=list(USUAL))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--format", default="zip")
    parser.add_argument("--scenario", default="landelijk")
    arguments = parser.parse_args()
    print(HEAD)
    for messages in arguments.messages:
        print(measure(messages, arguments.workers, arguments.format, arguments.scenario), flush=True)


if __name__ == "__main__":
    main()
