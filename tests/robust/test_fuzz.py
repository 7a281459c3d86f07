"""Whatever comes in, nothing crashes or hangs, nobody sees a traceback, and every document is counted once.

More than the suite has time for: ``python -m tests.robust.test_fuzz 300`` goes on for so many seconds.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from keten_kpi.database import connect
from keten_kpi.doctor import examine
from keten_kpi.envelope import Bericht, unwrap
from keten_kpi.ingest import Options, ingest, known_types
from keten_kpi.ingest.engine import Engine, EngineConfig, EngineKind
from keten_kpi.pseudoniem import Pseudonymiser
from keten_kpi.source import Limits, Origin, read_documents
from keten_kpi.validate import Validator
from tests.robust.fuzz import CORPUS, SEEDS, documents, packed

PATIENCE = 20  # seconds of the processor for one document: not a measurement, an end to what hangs
WAITING = 600  # seconds on the clock: a busy machine is no hang
PORTION = 400  # documents that go through `ingest` together in a long run
KEY = b"f" * 32
FEW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def no_hang() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TimeoutError

    before = {sign: signal.signal(sign, ring) for sign in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    signal.alarm(WAITING)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        for sign, handler in before.items():
            signal.signal(sign, handler)


class Judges:
    """The validator, the reference engine and the fast one, which has seen every seed before."""

    def __init__(self) -> None:
        types = tuple(known_types())
        self.pseudonymiser = Pseudonymiser.from_key(KEY)
        self.validator = Validator(types)
        self.fast = Engine(EngineConfig(self.pseudonymiser, types))
        self.reference = Engine(EngineConfig(self.pseudonymiser, types, EngineKind.LIBXML2))
        self.fast.judge([(content, hashlib.sha256(content).hexdigest()) for content in SEEDS])

    def check(self, content: bytes) -> str:
        """Judges one document in all ways; returns the verdict."""
        with no_hang():
            verdict = self.validator.judge(Bericht(Origin("x"), content))
            work = [(content, hashlib.sha256(content).hexdigest())]
            ours, found = self.fast.judge(work)
            theirs, faults = self.reference.judge(work)
        fast, reference = found.get(0), faults.get(0)
        assert (fast is None) == (reference is None), "the fast engine judges as libxml2 does"
        assert fast is not None or ours.rows() == theirs.rows()
        assert (verdict.root is None) == bool(verdict.faults)
        if verdict.root is None:
            assert reference is not None
        for fault in verdict.faults:
            assert fault.message
            assert "Traceback" not in fault.message
        return "valid" if reference is None else reference.faults[0].reason.value


@pytest.fixture(scope="module")
def judges() -> Judges:
    return Judges()


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.bin")), ids=lambda path: path.stem)
def test_what_once_broke_something_is_judged(judges, path) -> None:
    judges.check(path.read_bytes())


@FEW
@given(content=documents())
def test_any_document_gets_one_verdict_from_both_engines(judges, content) -> None:
    judges.check(content)


def found_in(content: bytes, folder: Path) -> list[Bericht]:
    """All that a file of these bytes holds; each is a message or a fault."""
    path = folder / "x"
    path.write_bytes(content)
    limits = Limits(document_bytes=1 << 20, archive_bytes=1 << 24)
    with no_hang():
        found = [b for document in read_documents([str(path)], limits=limits) for b in unwrap(document, limits)]
    assert all((bericht.content is None) != (bericht.fault is None) for bericht in found)
    return found


@FEW
@given(content=packed())
def test_any_packing_gives_messages_or_faults(judges, content, tmp_path_factory) -> None:
    for bericht in found_in(content, tmp_path_factory.getbasetemp()):
        if bericht.content is not None:
            judges.check(bericht.content)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents=st.lists(packed(), min_size=1, max_size=12))
def test_read_is_loaded_and_duplicate_and_quarantined_on_everything(contents, tmp_path_factory) -> None:
    ingest_all(contents, tmp_path_factory.mktemp("fuzz"))


def ingest_all(contents: list[bytes], folder: Path) -> int:
    """Ingests all twice, and the first once more; what was read adds up. Returns how many documents were read."""
    (folder / "in").mkdir()
    os.environ["KETEN_KPI_KEY"] = KEY.hex()
    for at, content in enumerate([*contents, contents[0]]):
        (folder / "in" / f"{at:04}").write_bytes(content)
    db = folder / "k.duckdb"
    first = ingest([str(folder / "in")], db, options=Options(audit=1.0))
    again = ingest([str(folder / "in")], db)
    assert first.read == first.loaded + first.duplicate + first.quarantined
    assert (again.read, again.loaded, again.quarantined) == (first.read, 0, first.quarantined)
    assert examine(db).is_whole
    with connect(db) as con:
        assert con.execute("SELECT count(*) FROM bron.bericht").fetchall() == [(first.loaded,)]
    return first.read


def main(seconds: float) -> None:
    """Goes on for so long; what breaks is kept in the corpus as it was made smallest."""
    import shutil
    import tempfile

    judges, seen, end = Judges(), Counter[str](), time.monotonic() + seconds
    folder, portion = Path(tempfile.mkdtemp()), []

    @settings(
        max_examples=10_000_000,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(content=packed())
    def run(content: bytes) -> None:
        if time.monotonic() > end:
            raise KeyboardInterrupt
        (folder / "last").write_bytes(content)
        for bericht in found_in(content, folder):
            seen[judges.check(bericht.content) if bericht.content is not None else bericht.fault.reason.value] += 1
        portion.append(content)
        if len(portion) == PORTION:
            work = folder / "ingest"
            work.mkdir()
            seen["ingested"] += ingest_all(portion, work)
            shutil.rmtree(work)
            portion.clear()

    try:
        run()
    except KeyboardInterrupt:
        pass
    except BaseException:
        kept = CORPUS / f"{hashlib.sha256((folder / 'last').read_bytes()).hexdigest()[:12]}.bin"
        kept.write_bytes((folder / "last").read_bytes())
        print(f"broke; kept as {kept.name}")  # noqa: T201
        raise
    finally:
        judged = seen.total() - seen["ingested"]
        print(f"{judged:,} documents in {seconds:.0f} s: {dict(seen.most_common())}")  # noqa: T201


if __name__ == "__main__":
    main(float(sys.argv[1]))
