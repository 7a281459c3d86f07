"""The left half against its floors, side by side: ``python -m benchmarks.ingest [--messages N] [--rounds R]``.

Every round runs all contenders once, in turn, on the same messages (made by ``keten-kpi generate``: mixed types,
several styles of writing, 1 % invalid); engines do one in so many of them. The table has the median time per message of
all rounds, and the ratio to the floor of its part: above 1 is faster than the floor. Peak memory is that of the largest
process of the run (RSS).

PySpark is no dependency: it takes part when ``BENCH_SPARK_PYTHON`` names a Python that has it (and there is a Java).
"""

from __future__ import annotations

import argparse
import io
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
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
import xmlschema
from lxml import etree

from benchmarks import libxml2, stages
from keten_kpi.ingest.engine import Engine, EngineConfig, EngineKind
from keten_kpi.ingest.pool import THREADS, rarely_collected
from keten_kpi.ingest.reading import CHUNK_MESSAGES
from keten_kpi.ingest.run import known_types
from keten_kpi.pseudoniem import Pseudonymiser
from keten_kpi.standaard.schemas import Berichttype

KEY = "ab" * 32
PER_PROCESS = 2_000  # files that one xmllint is given at once
SLOW, VERY_SLOW = 10, 200  # one message in so many, for what takes so much longer
SPARK = "BENCH_SPARK_PYTHON"
PER_FILE, SPARK_MOST = 5_000, 50_000  # messages: Spark takes ages over small files
ENGINES_MOST = 60_000  # messages: an engine does not grow faster with more
IN_C = "libxml2 in C: parse, validate"
PYSPARK = "PySpark local[2], no validation"
INVALID = (0, 3)  # exit codes of a run in which something was invalid: xmllint 3, keten-kpi 3


@dataclass(frozen=True)
class Taken:
    """What a run took by its own account, and what its start took, which does not count."""

    seconds: float
    processor: float
    start: float


@dataclass
class Contender:
    """``run`` returns the peak memory in MiB of its largest process, when it has processes of its own."""

    name: str
    part: str  # whose floor it is compared with
    run: Callable[[], int | Taken | None]
    every: float = 1  # does one in so many messages: for what takes a thousand times as long
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)  # seconds of all its processes, whatever else ran meanwhile
    starts: list[float] = field(default_factory=list)
    peak: int = 0

    def measure(self) -> None:
        started, busy = time.perf_counter(), _busy()
        told = self.run()
        taken = told if isinstance(told, Taken) else Taken(time.perf_counter() - started, _busy() - busy, 0)
        self.seconds.append(taken.seconds)
        self.processor.append(taken.processor)
        self.starts.append(taken.start)
        if isinstance(told, int):
            self.peak = max(self.peak, told)


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
        self.kinds: list[tuple[bytes, Berichttype]] = []
        self.types = self._sort()
        self.step = max(1, len(self.contents) // ENGINES_MOST)
        self.sample = self.contents[:: self.step]
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
                self.kinds.append((content, kind))
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
        self()

    def __call__(self) -> int:
        return _children([sys.executable, "-m", "benchmarks.one_ingest", str(self._traffic.zip), str(self.db), "1"])


def validate_only(traffic: Traffic) -> None:
    """lxml: parse and validate, with the schema of each type compiled once."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    schemas = {f"{{{k.namespace}}}{k.root}": etree.XMLSchema(etree.parse(str(k.xsd))) for k in traffic.types}
    for content in traffic.sample:
        root = etree.fromstring(content, parser)
        schemas[root.tag].validate(root)


def walk(traffic: Traffic) -> None:
    """lxml: parse, validate, and one pass over the tree in the order of the document: the text of every leaf."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    schemas = {f"{{{k.namespace}}}{k.root}": etree.XMLSchema(etree.parse(str(k.xsd))) for k in traffic.types}
    for content in traffic.sample:
        root = etree.fromstring(content, parser)
        if schemas[root.tag].validate(root):
            [(element.tag, element.text) for element in root.iter() if not len(element)]


def pandas_read(traffic: Traffic) -> None:
    """pandas: read_xml with every leaf as text; it does not validate."""
    for content in traffic.sample[::VERY_SLOW]:
        pd.read_xml(io.BytesIO(content), xpath="//*", dtype=str)


class Spark:
    """PySpark local[2] on the messages whose root has no prefix, as its reader wants them, in a few large files."""

    def __init__(self, traffic: Traffic, python: str) -> None:
        self._python = python
        self._folder = traffic.top / "spark"
        self._folder.mkdir()
        plain = [content for content in traffic.contents if b"<Bericht" in content[:200]]
        plain = plain[:: max(1, len(plain) // SPARK_MOST)]
        self.every = len(traffic.contents) / len(plain)
        for start in range(0, len(plain), PER_FILE):
            bare = (content[content.index(b"<Bericht") :] for content in plain[start : start + PER_FILE])
            (self._folder / f"{start}.xml").write_bytes(b"<berichten>" + b"\n".join(bare) + b"</berichten>")

    def __call__(self) -> Taken:
        script = Path(__file__).with_name("spark_xml.py")
        done = subprocess.run([self._python, script, self._folder], check=True, capture_output=True, text=True)
        _, seconds, processor, start = map(float, done.stdout.split())
        return Taken(seconds, processor, start)


def findtext(traffic: Traffic) -> None:
    """lxml: parse, validate, and look up every leaf by its path, as one writes it first."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    schemas = {f"{{{k.namespace}}}{k.root}": etree.XMLSchema(etree.parse(str(k.xsd))) for k in traffic.types}
    paths: dict[str, list[str]] = {}
    for content in traffic.sample[::SLOW]:
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
        self._contents = traffic.sample[::VERY_SLOW]
        self._schemas = {f"{{{k.namespace}}}{k.root}": xmlschema.XMLSchema10(str(k.xsd)) for k in traffic.types}

    def __call__(self) -> None:
        for content in self._contents:
            root = etree.fromstring(content)
            self._schemas[root.tag].is_valid(root)


STAGES = """### Where the time goes

Per message, in one process with a warm engine, the fastest of three. With two processes both cores are busy but for
the first second and the last half; a run takes more than this table, for three threads on two cores have cold caches,
and the process that reads and writes has work for one and a half. What would be next: the checks of tar headers and
of envelopes, 2 of the 3 microseconds that reading a tar takes beside unpacking; frames that come back sorted;
processes that start before Polars has been imported; patterns of a style that are made from those of another, for
learning all that occur takes a third of a second; and for a national year a smaller key of each message, for looking
up reads 16 bytes of all."""


class Warm:
    """A warm engine in a process of its own, with one thread for Polars as a worker has: it has seen every start.

    ``shred`` validates and shreds, as many messages at a time as ``ingest``; ``frames`` also puts the rows into typed
    columns, as a worker does.
    """

    def __init__(self, traffic: Traffic, kind: EngineKind) -> None:
        self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_warm_up, initargs=(traffic.sample, kind))
        with mock.patch.dict(os.environ, {THREADS: "1"}):
            self.shred()

    def frames(self) -> Taken:
        return self._pool.submit(_judge_sample, frames=True).result()

    def shred(self) -> Taken:
        return self._pool.submit(_judge_sample, frames=False).result()


_warm: dict[str, Any] = {}  # what the process of a warm engine has


def _warm_up(sample: list[bytes], kind: EngineKind) -> None:
    pseudonymiser = Pseudonymiser.from_key(bytes.fromhex(KEY))
    _warm["engine"] = Engine(EngineConfig(pseudonymiser, tuple(known_types()), kind))
    _warm["sample"] = sample


def _judge_sample(*, frames: bool) -> Taken:
    started, busy, sample = time.perf_counter(), time.process_time(), _warm["sample"]
    with rarely_collected():
        for start in range(0, len(sample), CHUNK_MESSAGES):
            chunk = [(content, "0" * 64) for content in sample[start : start + CHUNK_MESSAGES]]
            portion, _ = _warm["engine"].judge(chunk)
            if frames:
                portion.frames()
    return Taken(time.perf_counter() - started, time.process_time() - busy, 0)


def contenders(traffic: Traffic) -> list[Contender]:
    fast, slow, step = Warm(traffic, EngineKind.AUTO), Warm(traffic, EngineKind.LIBXML2), traffic.step
    found = [
        Contender("lxml: parse, validate", "engine", lambda: validate_only(traffic), step),
        Contender("lxml: parse, validate, walk", "engine", lambda: walk(traffic), step),
        Contender("lxml: parse, validate, findtext", "engine", lambda: findtext(traffic), step * SLOW),
        Contender("xmlschema: is_valid", "engine", OnlyXmlschema(traffic), step * VERY_SLOW),
        Contender("pandas: read_xml, no validation", "engine", lambda: pandas_read(traffic), step * VERY_SLOW),
        Contender("engine libxml2: validate, shred", "engine", slow.shred, step),
        Contender("engine libxml2: validate, shred, frames", "engine", slow.frames, step),
        Contender("engine fast: validate, shred", "engine", fast.shred, step),
        Contender("engine fast: validate, shred, frames", "engine", fast.frames, step),
        Contender("xmllint, 1 process", "one", lambda: xmllint(traffic, 1)),
        Contender("xargs -P2 xmllint", "two", lambda: xmllint(traffic, 2)),
    ]
    for name in ("zip", "tar", "folder"):
        source = getattr(traffic, name)
        found += [
            Contender(f"ingest {name}, 1 process", "one", lambda s=source: keten(traffic, s, "1")),
            Contender(f"ingest {name}, 2 workers", "two", lambda s=source: keten(traffic, s, "2")),
        ]
    return [*found, Contender("ingest zip again, all known", "again", Again(traffic)), *_if_there(traffic)]


def _if_there(traffic: Traffic) -> Iterator[Contender]:
    """What needs something that a machine may lack; says so when it does."""
    library = libxml2.find()
    if library is None:
        print("libxml2 in C is left out: this machine has no libxml2.so", file=sys.stderr)
    else:
        messages = [(content, kind.xsd) for content, kind in traffic.kinds[:: traffic.step]]
        yield Contender(IN_C, "engine", libxml2.Validating(library, messages), traffic.step)
    python = os.environ.get(SPARK)
    if python is None or shutil.which("java") is None:
        print(f"PySpark is left out: {SPARK} names no Python that has it, or there is no Java", file=sys.stderr)
    else:
        spark = Spark(traffic, python)
        yield Contender(PYSPARK, "two", spark, spark.every)


RATIOS = {  # of whom against whom
    "libxml2": ("engine fast: validate, shred", IN_C),
    "walk": ("engine fast: validate, shred", "lxml: parse, validate, walk"),
    "two": ("ingest tar, 2 workers", "xargs -P2 xmllint"),
    "one": ("ingest tar, 1 process", "xmllint, 1 process"),
    "spark": ("ingest tar, 2 workers", PYSPARK),
    "known": ("ingest zip again, all known", "ingest zip, 1 process"),
}


def ratios(found: list[Contender]) -> dict[str, str]:
    """How many times as fast: by the clock, and by processor time."""
    by_name = {each.name: each for each in found}
    told = {}
    for what, (ours, theirs) in RATIOS.items():
        if theirs in by_name:
            one, floor = by_name[ours], by_name[theirs]
            clock = statistics.median(floor.seconds) * floor.every / statistics.median(one.seconds) / one.every
            busy = statistics.median(floor.processor) * floor.every / statistics.median(one.processor) / one.every
            told[what] = f"{clock:.2f} times, by processor {busy:.2f} times"
    return told


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


@dataclass(frozen=True)
class Measured:
    """What goes into the page; ``db`` holds the same messages."""

    text: str
    profile: str
    ratios: dict[str, str]
    share: float  # of the database in the raw XML
    db: Path


def measure(top: Path, messages: int, rounds: int) -> Measured:
    """Makes traffic in the folder, and runs all contenders on it."""
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
    text = table(found, len(traffic.contents), rounds, size)
    text += "".join(
        f"\n\n{each.name}: besides, it takes {statistics.median(each.starts):.0f} s to start and to infer its schema."
        for each in found
        if any(each.starts)
    )
    profile = stages.table([traffic.tar, traffic.zip], KEY)
    share = known.stat().st_size / (size * len(traffic.contents))
    return Measured(text, f"{STAGES}\n\n{profile}", ratios(found), share, known)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), chosen.messages, chosen.rounds)
    print(found.text, *(f"{what}: {ratio}" for what, ratio in found.ratios.items()), found.profile, sep="\n\n")


if __name__ == "__main__":
    main()
