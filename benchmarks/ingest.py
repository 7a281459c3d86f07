"""The left half against its floors, side by side: ``python -m benchmarks.ingest [--messages N] [--rounds R]``.

Every round runs all contenders once, in turn, on the same messages (made by ``keten-kpi generate``: mixed types,
several styles of writing, 1 % invalid). The table has the median time per message of all rounds, and the ratio to the
floor of its part: above 1 is faster than the floor. Peak memory is that of the largest process of the run (RSS).
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import xmlschema
from lxml import etree

from keten_kpi.ingest.engine import Engine, EngineConfig, EngineKind
from keten_kpi.ingest.run import known_types
from keten_kpi.load import Portion
from keten_kpi.pseudoniem import Pseudonymiser
from keten_kpi.standaard.schemas import Berichttype

KEY = "ab" * 32
PER_PROCESS = 2_000  # files that one xmllint is given at once
SLOW, VERY_SLOW = 10, 200  # one message in so many, for what takes so much longer
INVALID = (0, 3)  # exit codes of a run in which something was invalid: xmllint 3, keten-kpi 3


@dataclass
class Contender:
    name: str
    part: str  # whose floor it is compared with
    run: Callable[[], int | None]  # peak memory in MiB of its largest process, when it has processes of its own
    every: int = 1  # does one in so many messages: for what takes a thousand times as long
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)  # seconds of all its processes, whatever else ran meanwhile
    peak: int = 0

    def measure(self) -> None:
        started, busy = time.perf_counter(), _busy()
        peak = self.run()
        self.seconds.append(time.perf_counter() - started)
        self.processor.append(_busy() - busy)
        self.peak = max(self.peak, peak or 0)


def _busy() -> float:
    return sum(os.times()[:4])


class Traffic:
    """The same messages as a folder per type (what xmllint wants), as one folder, a zip and a tar."""

    def __init__(self, top: Path, number: int) -> None:
        self.top = top
        self._generate(number)
        self.contents = [content for _, content in self._members()]
        self.folder, self.zip, self.tar = top / "folder", top / "all.zip", top / "all.tar"
        self.jobs = top / "jobs.txt"
        self.types = self._sort()
        subprocess.run(["tar", "cf", self.tar, "-C", self.folder, "."], check=True)
        with zipfile.ZipFile(self.zip, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._members():
                archive.writestr(name, content)

    def _generate(self, number: int) -> None:
        options = ["--scenario", "landelijk", "--messages", str(number), "--faults", "invalid=0.01", "--format", "zip"]
        command = [sys.executable, "-m", "keten_kpi", "generate", str(self.top / "made"), *options]
        subprocess.run(command, check=True, capture_output=True)

    def _members(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted((self.top / "made" / "berichten").glob("*.zip")):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path.stem}-{name.replace('/', '-')}", archive.read(name)

    def _sort(self) -> list[Berichttype]:
        """Writes jobs of one schema and a list of files each: xmllint takes one schema at a time."""
        self.folder.mkdir()
        known = {kind.namespace.encode(): kind for kind in known_types()}
        lists: dict[Berichttype, list[str]] = {}
        for name, content in self._members():
            (self.folder / name).write_bytes(content)
            kind = next((kind for namespace, kind in known.items() if b'"' + namespace + b'"' in content[:800]), None)
            if kind:
                lists.setdefault(kind, []).append(str(self.folder / name))
        jobs = []
        for kind, names in lists.items():
            for start in range(0, len(names), PER_PROCESS):
                part = self.top / f"{kind.code}-{kind.release}-{start}.txt"
                part.write_text("\n".join(names[start : start + PER_PROCESS]))
                jobs += [str(kind.xsd), str(part)]
        self.jobs.write_text("\n".join(jobs))
        return list(lists)


def _children(command: list[str], **options: object) -> int:
    """Runs a command; the largest resident size of its processes in MiB."""
    before = {**os.environ, "KETEN_KPI_KEY": KEY}
    code = (
        "import resource,subprocess,sys;"
        "r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024, r.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], check=True, capture_output=True, text=True, env=before, **options
    )
    peak, returned = map(int, done.stdout.split())
    if returned not in INVALID:
        raise RuntimeError(f"{command} ended with {returned}")
    return peak


def xmllint(traffic: Traffic, processes: int) -> None:
    """Validates all files and no more; so many per process that its start does not count."""
    lint = 'xargs -a "$1" xmllint --noout --schema "$0" >/dev/null 2>&1; true'
    command = ["xargs", "-a", traffic.jobs, f"-P{processes}", "-n", "2", "sh", "-c", lint]
    subprocess.run(command, check=True)


def keten(traffic: Traffic, source: Path, *options: str) -> int:
    """``keten-kpi ingest`` into a new database."""
    with tempfile.TemporaryDirectory(dir=traffic.top) as folder:
        db = str(Path(folder) / "bench.duckdb")
        return _children([sys.executable, "-m", "benchmarks.one_ingest", str(source), db, *options])


class Again:
    """``keten-kpi ingest`` of a zip that is in the database already."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self.db = traffic.top / "known.duckdb"

    def __call__(self) -> int:
        if not self.db.exists():
            self._run()
        return self._run()

    def _run(self) -> int:
        return _children([sys.executable, "-m", "benchmarks.one_ingest", str(self._traffic.zip), str(self.db), "1"])


def validate_only(traffic: Traffic) -> None:
    """lxml: parse and validate, with the schema of each type compiled once."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    schemas = {f"{{{k.namespace}}}{k.root}": etree.XMLSchema(etree.parse(str(k.xsd))) for k in traffic.types}
    for content in traffic.contents:
        root = etree.fromstring(content, parser)
        schemas[root.tag].validate(root)


def findtext(traffic: Traffic) -> None:
    """lxml: parse, validate, and look up every leaf by its path, as one writes it first."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    schemas = {f"{{{k.namespace}}}{k.root}": etree.XMLSchema(etree.parse(str(k.xsd))) for k in traffic.types}
    paths: dict[str, list[str]] = {}
    for content in traffic.contents[::SLOW]:
        root = etree.fromstring(content, parser)
        schemas[root.tag].validate(root)
        if root.tag not in paths:
            tree = root.getroottree()
            paths[root.tag] = [tree.getelementpath(leaf) for leaf in root.iter() if len(leaf) == 0]
        for path in paths[root.tag]:
            root.findtext(path)


class OnlyXmlschema:
    """xmlschema: is_valid, with the schema of each type built once; it is the slow and thorough one."""

    def __init__(self, traffic: Traffic) -> None:
        self._contents = traffic.contents[::VERY_SLOW]
        self._schemas = {f"{{{k.namespace}}}{k.root}": xmlschema.XMLSchema10(str(k.xsd)) for k in traffic.types}

    def __call__(self) -> None:
        for content in self._contents:
            root = etree.fromstring(content)
            self._schemas[root.tag].is_valid(root)


class Warm:
    """An engine that has seen every start, as in a run of millions."""

    def __init__(self, traffic: Traffic, kind: EngineKind) -> None:
        self._contents = traffic.contents
        self._pseudonymiser = Pseudonymiser.from_key(bytes.fromhex(KEY))
        self._engine = Engine(EngineConfig(self._pseudonymiser, tuple(known_types()), kind))
        self()

    def __call__(self) -> None:
        """Validate and shred into columns, as a worker does: typed frames per 2,500 messages."""
        for start in range(0, len(self._contents), 2_500):
            portion = Portion(self._pseudonymiser.client_id)
            for content in self._contents[start : start + 2_500]:
                self._engine.process(content, "0" * 64, portion)
            portion.frames()


def contenders(traffic: Traffic) -> list[Contender]:
    fast, slow = Warm(traffic, EngineKind.AUTO), Warm(traffic, EngineKind.LIBXML2)
    found = [
        Contender("lxml: parse, validate", "engine", lambda: validate_only(traffic)),
        Contender("lxml: parse, validate, findtext", "engine", lambda: findtext(traffic), SLOW),
        Contender("xmlschema: is_valid", "engine", OnlyXmlschema(traffic), VERY_SLOW),
        Contender("engine libxml2: validate, shred, frames", "engine", slow),
        Contender("engine fast: validate, shred, frames", "engine", fast),
        Contender("xmllint, 1 process", "one", lambda: xmllint(traffic, 1)),
        Contender("xargs -P2 xmllint", "two", lambda: xmllint(traffic, 2)),
    ]
    for name in ("zip", "tar", "folder"):
        source = getattr(traffic, name)
        found += [
            Contender(f"ingest {name}, 1 process", "one", lambda s=source: keten(traffic, s, "1")),
            Contender(f"ingest {name}, 2 workers", "two", lambda s=source: keten(traffic, s, "2")),
        ]
    return [*found, Contender("ingest zip again, all known", "again", Again(traffic))]


def table(found: list[Contender], number: int, rounds: int, size: float) -> str:
    floors = {
        "engine": "lxml: parse, validate",
        "one": "xmllint, 1 process",
        "two": "xargs -P2 xmllint",
        "again": "ingest zip, 1 process",
    }
    median = {each.name: statistics.median(each.seconds) * each.every for each in found}
    made = f"{number:,} messages of {size:,.0f} bytes on average; median of {rounds} rounds, interleaved"
    machine = f"Python {platform.python_version()}, lxml {etree.__version__}, {os.cpu_count()} cores"
    lines = [
        f"{made}; {machine}, {datetime.now(UTC):%Y-%m-%d}.",
        "",
        "| what | µs per message | times its floor | spread | µs of processor | times its floor | peak MiB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    busy = {each.name: statistics.median(each.processor) * each.every for each in found}
    for each in found:
        one, floor = median[each.name], floors[each.part]
        spread = f"{min(each.seconds) * each.every / one:.2f}-{max(each.seconds) * each.every / one:.2f}"
        cells = [each.name, f"{one / number * 1e6:.1f}", f"{median[floor] / one:.2f}", spread]
        cells += [f"{busy[each.name] / number * 1e6:.1f}", f"{busy[floor] / busy[each.name]:.2f}", str(each.peak or "")]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def measure(top: Path, messages: int, rounds: int) -> tuple[str, Path]:
    """The table, and a database with the same messages."""
    if shutil.which("xmllint") is None:
        sys.exit("xmllint is the floor: apt-get install libxml2-utils")
    traffic = Traffic(top, messages)
    found = contenders(traffic)
    for number in range(rounds):
        for each in found:
            each.measure()
            print(f"round {number + 1}: {each.name} {each.seconds[-1]:.1f} s", file=sys.stderr)
    size = statistics.mean(map(len, traffic.contents))
    known = top / "known.duckdb"
    share = known.stat().st_size / (size * len(traffic.contents))
    text = table(found, len(traffic.contents), rounds, size)
    return f"{text}\n\nThe database takes {share:.1%} of the raw XML.", known


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(measure(Path(folder), chosen.messages, chosen.rounds)[0])


if __name__ == "__main__":
    main()
