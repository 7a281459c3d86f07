"""Messages in which every value of a person is marked, and the search for any mark in all that a run leaves."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import struct
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

from keten_kpi.standaard.schemas import releases
from tests.oracle.facts import all_messages, load, steps
from tests.oracle.generate import Node, longest, maximal_tree, write
from tests.oracle.verdict import value_problems

BORN = "1913-07-29"  # in no message that is not ours; of it only the year may be kept
STARTS = ("ŽqƵ", "ŽÑÞ")
SHORTEST = 4  # characters that a mark needs to be found by nothing else


@dataclass
class Marks:
    """The marks that were planted; ``skipped`` leaves hold too little to be told from chance: codes, counts, dates."""

    texts: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    planted: int = 0
    skipped: int = 0

    def text(self, most: int) -> str:
        return f"ŽqƵ{self.planted:05}kanarie"[:most] if most > SHORTEST else "ŽqƵþ"

    def number(self, length: int) -> str:
        return f"{976_310_000 + self.planted:0{length}}"[-length:]

    def plant(self, mark: str) -> None:
        self.planted += 1
        if mark != BORN:
            (self.numbers if mark.isdigit() else self.texts).add(mark)

    def needles(self) -> dict[bytes, str]:
        """Every mark in every form that is searched for, with the mark."""
        found = {}
        for mark in self.texts | self.numbers | {*_born()}:
            for encoding in _ENCODINGS:
                found[mark.encode(encoding)] = mark
        for mark in self.numbers:
            found[struct.pack("<q", int(mark))] = f"{mark} as a number"
            for name in ("md5", "sha256"):
                plain = hashlib.new(name, mark.encode())
                found[plain.digest()] = found[plain.hexdigest().encode()] = f"{name} of {mark} without a key"
        return {needle: mark for needle, mark in found.items() if len(needle) >= SHORTEST}


def _born() -> tuple[str, ...]:
    """The birth date as it may be written."""
    return (BORN, BORN.replace("-", ""), "-".join(reversed(BORN.split("-"))))


@cache
def _stored() -> dict[tuple[str, str], frozenset[str]]:
    """Per message type the leaves whose value a column may hold as it is."""
    return {
        (release.release, code): frozenset(
            path for path, slots in facts["kolommen"].items() if not all(slot.startswith("client.") for slot in slots)
        )
        for release in releases()
        for code, facts in release.berichten.items()
    }


def marked_messages() -> tuple[list[bytes], Marks]:
    """The fullest valid message of each of the 48 types, marked."""
    marks = Marks()
    made = []
    for standaard, release, message in all_messages():
        facts = load(standaard, release)
        root = maximal_tree(facts, message)
        for node in root.walk():
            path = re.sub(r"\[\d+\]", "", node.path).removeprefix("/Bericht/")
            if node.text is not None and path not in _stored()[release, message]:
                _mark(node, steps(facts, message, node.kind), marks)
        made.append(write(root).content)
    return made, marks


def _mark(node: Node, restrictions: list[dict[str, object]], marks: Marks) -> None:
    for made in _candidates(node, restrictions, marks):
        if not value_problems(made, restrictions):
            node.text = made
            marks.plant(made)
            return
    marks.skipped += 1


def _candidates(node: Node, restrictions: list[dict[str, object]], marks: Marks) -> Iterator[str]:
    if node.name == "Datum" and "Geboortedatum" in node.path:
        yield BORN
    if restrictions[0].get("enumeration") or restrictions[-1]["base"] != "string":
        return
    patterns = [each for step in restrictions for each in step.get("pattern", [])]
    most = longest(restrictions) or 40
    if "([a-zA-ZÀ-ỳ])+" in patterns:
        yield "ŽÑÞÝÆØ"[:most]
    elif any(pattern.startswith("[0-9]") for pattern in patterns) and most >= 8:
        yield marks.number(min(most, 9))
    elif most >= SHORTEST:
        yield marks.text(most)


class Vault:
    """Keeps every file that appears below a folder, also one that is gone a moment later: by a second link to it."""

    def __init__(self, folder: Path, vault: Path) -> None:
        self._folder, self._vault = folder, vault
        self._stop = threading.Event()
        self._seen: set[str] = set()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._vault.mkdir()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._keep()

    def _watch(self) -> None:
        while not self._stop.wait(0.005):
            self._keep()

    def _keep(self) -> None:
        for top, _, names in os.walk(self._folder):
            for name in names:
                try:
                    path = Path(top, name)
                    kept = f"{path.stat(follow_symlinks=False).st_ino}-{name}"  # a file may take another name
                    if kept not in self._seen:
                        (self._vault / kept).hardlink_to(path)
                        self._seen.add(kept)
                except OSError:
                    continue  # gone before it could be kept: the next round is 5 ms away

    def files(self) -> list[Path]:
        return sorted(self._vault.iterdir())


class Onlooker:
    """Keeps the command line and the environment of every process of a session, as another user of the machine (the
    first) or the same one (the second) could read them.
    """

    def __init__(self, leader: int) -> None:
        self._leader = leader
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.command_lines: set[bytes] = set()
        self.environments: set[bytes] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            for place in Path("/proc").glob("[0-9]*"):
                try:
                    if os.getsid(int(place.name)) == self._leader:
                        self.command_lines.add((place / "cmdline").read_bytes())
                        self.environments.add((place / "environ").read_bytes())
                except OSError:
                    continue  # it ended


_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
_STARTS = re.compile(
    b"|".join(re.escape(start.encode(encoding)) for start in (*STARTS, "97631", *_born()) for encoding in _ENCODINGS)
)


def find(needles: dict[bytes, str], content: bytes) -> list[str]:
    """The marks that the content holds. How every mark starts is looked for first: there are thousands."""
    if _STARTS.search(content):
        return [mark for needle, mark in needles.items() if needle in content]
    return [mark for needle, mark in needles.items() if " " in mark and needle in content]


def unpacked(path: Path) -> Iterator[bytes]:
    """What a database or Parquet file holds, value by value, as text: on disk it may be packed."""
    import polars as pl

    from keten_kpi.database import connect

    head = path.read_bytes()[:12]
    if head[:2] == b"PK":
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif head[:2] == b"\x1f\x8b":
        yield gzip.decompress(path.read_bytes())
    elif head[:4] == b"PAR1":
        yield pl.read_parquet(path).cast(pl.String, strict=False).write_csv().encode()
    elif head[8:12] == b"DUCK":
        with connect(path) as con:
            tables = con.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
            for schema, table in tables:
                rows = con.execute(f'SELECT CAST(t AS VARCHAR) FROM {schema}."{table}" AS t').fetchall()
                yield "\n".join(str(row[0]) for row in rows).encode()
