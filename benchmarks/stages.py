"""Where the time of ``ingest`` goes, stage by stage: ``python -m benchmarks.stages SOURCE``.

Each stage does its work for all messages at once, on what the stage before it left; microseconds of processor per
message (all threads of this process), the engine warm. What two processes take more than one comes on top.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from keten_kpi.envelope import Bericht, unwrap_all
from keten_kpi.ingest.chunk import Chunk, Outcome, Worker
from keten_kpi.ingest.engine import EngineConfig, Work
from keten_kpi.ingest.pool import rarely_collected
from keten_kpi.ingest.reading import Chunker, Pending
from keten_kpi.ingest.run import BATCH_MESSAGES, PART_MESSAGES, known_types
from keten_kpi.load import Batch, Gathering, Portion, known_ids, load_batch, open_run
from keten_kpi.pseudoniem import Pseudonymiser
from keten_kpi.shred.fast import FastReader, Texts, Waiting
from keten_kpi.source import Limits, Stretch, read_sources

Made = TypeVar("Made")


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
            chunks = self._chunks(self._read())
            outcomes = self._judged(chunks)
            self._written(folder / "stages.duckdb", chunks, outcomes)
        messages = sum(chunk.read for chunk in chunks)
        return {stage: seconds / messages * 1e6 for stage, seconds in self._clock.seconds.items()}

    def _read(self) -> list[Bericht | Stretch]:
        found = self._clock(f"read {Path(self._source).suffix[1:]}", lambda: list(read_sources([self._source])))
        limits = Limits()
        return self._clock("tell envelopes apart", lambda: list(unwrap_all(found, limits)))

    def _chunks(self, berichten: list[Bericht | Stretch]) -> list[Chunk]:
        chunker = Chunker(lambda _: set(), Pending(look_ahead=False), PART_MESSAGES)
        return self._clock("hash, and put chunks together", lambda: list(chunker.chunks(berichten)))

    def _judged(self, chunks: list[Chunk]) -> list[Outcome]:
        contents = self._clock("take messages out of chunks", lambda: [chunk.tray.contents() for chunk in chunks])
        work = [list(zip(each, chunk.digests or (), strict=True)) for each, chunk in zip(contents, chunks, strict=True)]
        for each in contents:  # so that all patterns are compiled
            self._worker.work(each)
        fast = self._worker._engine._fast  # noqa: SLF001 - the pipeline is taken apart here
        if fast is None:
            sys.exit("The fast engine is not there.")
        waiting = self._clock("validate and shred: starts", lambda: [_waiting(fast, chunk) for chunk in work])
        lines = self._clock("validate and shred: patterns", lambda: [fast.take(each) for each in waiting])
        texts = self._clock("validate and shred: columns", lambda: [fast.texts(*each) for each in lines])
        self._clock("frames", lambda: [self._frames(*each) for each in zip(work, texts, strict=True)])
        left = [chunk[place][0] for chunk, t in zip(work, texts, strict=True) for place in _left(chunk, t)]
        waiting = lines = texts = []
        self._clock(f"libxml2 for the other {len(left):,}", lambda: self._worker.work(left))
        outcomes = [self._worker.work(each) for each in contents]
        self._clock("between processes: back from a worker", lambda: [_sent(outcome) for outcome in outcomes])
        return outcomes

    def _frames(self, chunk: Work, texts: Texts) -> None:
        portion = Portion(self._pseudonymiser.client_id, [digest[:32] for _, digest in chunk])
        portion.add_texts(texts)
        portion.frames()

    def _written(self, db: Path, chunks: list[Chunk], outcomes: list[Outcome]) -> None:
        batches = self._clock("put batches together", lambda: self._batches(chunks, outcomes))
        with open_run(db, self._pseudonymiser.key_id) as (con, run_nr):
            self._clock("write to the database", lambda: [load_batch(con, batch, run_nr) for batch in batches])
            ids = [batch.ids() for batch in batches]
            self._clock("look up what is known", lambda: [known_ids(con, each) for each in ids])

    def _batches(self, chunks: list[Chunk], outcomes: list[Outcome]) -> list[Batch]:
        batches, gathering = [], Gathering()
        for chunk, outcome in zip(chunks, outcomes, strict=True):
            gathering.add(outcome.frames)
            receipts = [receipt for place, receipt in enumerate(chunk.receipts) if place not in outcome.refused]
            gathering.batch.receipts += receipts
            if gathering.batch.read >= PART_MESSAGES:
                batches.append(gathering.whole())
                gathering = Gathering()
        batches.append(gathering.whole())
        parts = BATCH_MESSAGES // PART_MESSAGES
        for at, batch in enumerate(batches):
            batch.begins, batch.ends = at % parts == 0, at % parts == parts - 1 or batch is batches[-1]
        return batches


def _sent(outcome: Outcome) -> Outcome:
    sent: Outcome = pickle.loads(pickle.dumps(outcome))  # noqa: S301 - our own
    return sent


def _waiting(fast: FastReader, chunk: Work) -> Waiting:
    waiting = Waiting()
    deque(fast.wait(waiting, (content for content, _ in chunk)), maxlen=0)
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
