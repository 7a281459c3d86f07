"""Where the time of ``ingest`` goes, stage by stage: ``python -m benchmarks.stages SOURCE``.

Each stage does its work for all messages at once, on what the stage before it left; microseconds of processor per
message (all threads of this process), the engine warm. What the processes of a pool say to each other comes on top.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from keten_kpi.envelope import Bericht, unwrap
from keten_kpi.ingest.chunk import Outcome, Worker
from keten_kpi.ingest.engine import EngineConfig
from keten_kpi.ingest.pool import rarely_collected
from keten_kpi.ingest.run import known_types
from keten_kpi.load import Batch, Gathering, Portion, known_ids, load_batch, open_run
from keten_kpi.pseudoniem import Pseudonymiser
from keten_kpi.shred.fast import FastReader, Texts, Waiting
from keten_kpi.source import Limits, read_documents

CHUNK, WINDOW, BATCH = 5_000, 20_000, 10  # messages, messages, chunks: as ``ingest`` has them
Made = TypeVar("Made")
Work = list[tuple[bytes, str]]


class Clock:
    """Seconds of processor per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: str, work: Callable[[], Made]) -> Made:
        started = time.process_time()
        made = work()
        self.seconds[stage] = time.process_time() - started
        return made


class Stages:
    """The pipeline of one source, taken apart."""

    def __init__(self, source: Path, key: str) -> None:
        self._source = str(source)
        self._pseudonymiser = Pseudonymiser.from_key(bytes.fromhex(key))
        self._worker = Worker(EngineConfig(self._pseudonymiser, tuple(known_types())))
        self._clock = Clock()

    def measure(self, folder: Path) -> dict[str, float]:
        """Microseconds per message of each stage; the database is made in the folder."""
        with rarely_collected():
            berichten = self._read()
            work = self._hashed(berichten)
            outcomes = self._judged(work)
            self._written(folder / "stages.duckdb", berichten, work, outcomes)
        return {stage: seconds / len(berichten) * 1e6 for stage, seconds in self._clock.seconds.items()}

    def _read(self) -> list[Bericht]:
        documents = self._clock(f"read {Path(self._source).suffix[1:]}", lambda: list(read_documents([self._source])))
        limits = Limits()
        return self._clock("tell envelopes apart", lambda: [b for d in documents for b in unwrap(d, limits)])

    def _hashed(self, berichten: list[Bericht]) -> list[Work]:
        contents = [bericht.content or b"" for bericht in berichten]
        digests = self._clock("hash", lambda: [hashlib.sha256(content).hexdigest() for content in contents])
        pairs = list(zip(contents, digests, strict=True))
        return [pairs[start : start + CHUNK] for start in range(0, len(pairs), CHUNK)]

    def _judged(self, work: list[Work]) -> list[Outcome]:
        for chunk in work:  # so that all patterns are compiled
            self._worker.work(chunk)
        fast = self._worker._engine._fast  # noqa: SLF001 - the pipeline is taken apart here
        if fast is None:
            sys.exit("The fast engine is not there.")
        waiting = self._clock("validate and shred: starts", lambda: [_waiting(fast, chunk) for chunk in work])
        lines = self._clock("validate and shred: patterns", lambda: [fast.take(each) for each in waiting])
        texts = self._clock("validate and shred: columns", lambda: [fast.texts(*each) for each in lines])
        self._clock("frames", lambda: [self._frames(*each) for each in zip(work, texts, strict=True)])
        left = [chunk[place] for chunk, t in zip(work, texts, strict=True) for place in _left(chunk, t)]
        waiting = lines = texts = []
        self._clock(f"libxml2 for the other {len(left):,}", lambda: self._worker.work(left))
        told = self._clock("between processes: to a worker and back", lambda: self._told(work))
        del told
        return [self._worker.work(chunk) for chunk in work]

    def _frames(self, chunk: Work, texts: Texts) -> None:
        portion = Portion(self._pseudonymiser.client_id, [digest[:32] for _, digest in chunk])
        portion.add_texts(texts)
        portion.frames()

    def _told(self, work: list[Work]) -> list[Work]:
        return [pickle.loads(pickle.dumps(chunk)) for chunk in work]  # noqa: S301 - our own

    def _written(self, db: Path, berichten: list[Bericht], work: list[Work], outcomes: list[Outcome]) -> None:
        batches = self._clock("put batches together", lambda: self._batches(berichten, outcomes))
        with open_run(db, self._pseudonymiser.key_id) as (con, run_nr):
            self._clock("write to the database", lambda: [load_batch(con, batch, run_nr) for batch in batches])
            ids = [digest[:32] for chunk in work for _, digest in chunk]
            parts = [ids[start : start + WINDOW] for start in range(0, len(ids), WINDOW)]
            self._clock("look up what is known", lambda: [known_ids(con, part) for part in parts])

    def _batches(self, berichten: list[Bericht], outcomes: list[Outcome]) -> list[Batch]:
        batches, at = [], 0
        for start in range(0, len(outcomes), BATCH):
            gathering = Gathering()
            for outcome in outcomes[start : start + BATCH]:
                gathering.add(outcome.frames)
                part = berichten[at : at + CHUNK]
                at += CHUNK
                receipts = [(b.origin, b.envelope) for place, b in enumerate(part) if place not in outcome.refused]
                gathering.batch.receipts += receipts
            batches.append(gathering.whole())
        return batches


def _waiting(fast: FastReader, chunk: Work) -> Waiting:
    waiting = Waiting()
    for place, (content, _) in enumerate(chunk):
        fast.wait(waiting, place, content)
    return waiting


def _left(chunk: Work, texts: Texts) -> list[int]:
    return sorted(set(range(len(chunk))).difference(texts.taken))


def table(sources: list[Path], key: str, rounds: int = 3) -> str:
    """Per stage the fastest of the rounds, largest first; of the sources after the first only the reading."""
    found: dict[str, float] = {}
    for source in [source for source in sources for _ in range(rounds)]:
        with tempfile.TemporaryDirectory() as folder:
            for stage, micros in Stages(source, key).measure(Path(folder)).items():
                found[stage] = min(micros, found.get(stage, micros))
    read = [f"| {stage} | {micros:.1f} |" for stage, micros in found.items() if stage.startswith("read ")]
    rest = {stage: micros for stage, micros in found.items() if not stage.startswith("read ")}
    rows = [f"| {stage} | {micros:.1f} |" for stage, micros in sorted(rest.items(), key=lambda each: -each[1])]
    return "\n".join(["| stage | µs of processor per message |", "|---|---:|", *read, *rows])


if __name__ == "__main__":
    print(table([Path(path) for path in sys.argv[1:]], "ab" * 32))
