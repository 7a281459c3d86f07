"""One process or several, one engine or the other: the same tables, number by number."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from itertools import accumulate

import polars as pl
import pytest

from keten_kpi.envelope import Bericht
from keten_kpi.errors import KetenError
from keten_kpi.ingest import EngineKind, Options, ingest, pool, run, slots
from keten_kpi.ingest.chunk import Places, Tray
from keten_kpi.ingest.reading import Chunker, Pending
from keten_kpi.load import Batch, Quarantined
from keten_kpi.source import Fault, Origin, Reason, Stretch
from tests.pipeline.delivery import contents, messages, pack

READ = messages(600)


@pytest.fixture(autouse=True)
def key(monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", "ab" * 32)


@pytest.fixture
def small(monkeypatch) -> None:
    """Chunks and batches so small that there are many."""
    monkeypatch.setattr("keten_kpi.ingest.reading.CHUNK_MESSAGES", 40)
    monkeypatch.setattr("keten_kpi.ingest.reading.BLOCK_MESSAGES", 9)
    monkeypatch.setattr(run, "BATCH_MESSAGES", 150)


def taken(tmp_path, name: str, source: str, **options) -> tuple[object, object]:
    db = tmp_path / f"{name}.duckdb"
    summary = ingest([source], db, options=Options(**options))
    assert summary.read == summary.loaded + summary.duplicate + summary.quarantined
    return summary, contents(db)


@pytest.mark.usefixtures("small")
def test_two_workers_give_the_tables_that_one_process_gives(tmp_path) -> None:
    source = pack("zip", tmp_path / "in", READ)
    one, expected = taken(tmp_path, "one", source, workers=1)
    two, found = taken(tmp_path, "two", source, workers=2)
    assert found == expected
    assert (one.read, one.loaded, one.duplicate, one.quarantined) == (
        two.read,
        two.loaded,
        two.duplicate,
        two.quarantined,
    )
    assert one.per_afzender == two.per_afzender
    assert min(one.loaded, one.duplicate, one.quarantined) > 5


def test_of_three_processes_one_reads_and_writes_and_two_judge(tmp_path, monkeypatch) -> None:
    judging = []
    start = pool._Remote.__init__

    def counted(self, *given: object) -> None:
        judging.append(self)
        start(self, *given)

    monkeypatch.setattr(pool._Remote, "__init__", counted)
    summary, _ = taken(tmp_path, "three", pack("tar", tmp_path / "in", READ[:100]), workers=3)
    assert (summary.workers, len(judging)) == (3, 2)


@pytest.mark.usefixtures("small")
def test_libxml2_alone_gives_the_tables_that_the_fast_engine_gives(tmp_path) -> None:
    source = pack("tar", tmp_path / "in", READ)
    fast, found = taken(tmp_path, "auto", source, workers=1)
    slow, expected = taken(tmp_path, "libxml2", source, workers=1, engine=EngineKind.LIBXML2)
    assert found == expected
    assert slow.engine["fast"] == 0
    assert fast.engine["fast"] > 0.8 * fast.loaded


@pytest.mark.parametrize("kind", ["folder", "tar", "tar.gz", "tar.zst"])
def test_any_packing_gives_the_same_messages_with_two_workers(tmp_path, kind: str) -> None:
    _, expected = taken(tmp_path, "zip", pack("zip", tmp_path / "in", READ[:200]), workers=1)
    _, found = taken(tmp_path, "other", pack(kind, tmp_path / "other", READ[:200]), workers=2)
    for table in ("bericht", "toegewezen_product", "aangevraagd_product", "prestatie", "retourcode", "client"):
        assert found[table] == expected[table]


@pytest.mark.usefixtures("small")
def test_many_messages_are_shared_with_other_processes(tmp_path, monkeypatch) -> None:
    source = pack("zip", tmp_path / "in", READ)
    _, expected = taken(tmp_path, "one", source, workers=1)
    monkeypatch.setattr(run, "ALONE", 200)
    monkeypatch.setattr(run, "cores", lambda: 2)
    summary, found = taken(tmp_path, "auto", source)
    assert summary.workers == 2
    assert found == expected


@pytest.mark.usefixtures("small")
def test_a_repeat_goes_the_way_of_the_first_in_whatever_batch_it_comes(tmp_path) -> None:
    valid, broken = READ[0], READ[0].replace(b"<m:Geslacht>2<", b"<m:Geslacht>7<")
    source = pack("tar", tmp_path / "in", [valid, broken, *READ[:300], broken, valid, *READ[300:], valid, broken])
    summary, tables = taken(tmp_path, "two", source, workers=2)
    first, _ = taken(tmp_path, "first", pack("tar", tmp_path / "first", READ), workers=1)
    assert summary.loaded == first.loaded
    assert summary.duplicate == first.duplicate + 3
    assert summary.quarantined == first.quarantined + 3
    assert len([row for row in tables["quarantaine"] if row[5] == "ongeldig" and row[8].endswith("Geslacht")]) == 1


def test_second_delivery_is_told_by_its_ids_and_not_judged_again(tmp_path) -> None:
    source = pack("zip", tmp_path / "in", READ)
    first, _ = taken(tmp_path, "k", source, workers=1)
    second, _ = taken(tmp_path, "k", source, workers=1)
    assert (second.loaded, second.duplicate) == (0, first.loaded + first.duplicate)
    assert second.engine["fast"] == 0
    assert 0 < second.engine["libxml2"] <= second.quarantined  # what was refused is judged again


def stretch(*contents: bytes) -> Stretch:
    ends = list(accumulate(map(len, contents)))
    return Stretch(Origin("a.tar"), b"".join(contents), [f"{e.decode()}.xml" for e in contents], [0, *ends[:-1]], ends)


def test_chunks_hold_at_most_so_many_documents_whether_they_come_one_by_one_or_in_stretches() -> None:
    each = [Bericht(Origin(str(at)), str(at).encode()) for at in range(20)]
    together = stretch(*(str(at).encode() for at in range(20, 39)))
    chunks = list(Chunker(lambda _: set(), Pending(), 7).chunks([*each, together, Bericht(Origin("39"), b"39")]))
    assert [chunk.read for chunk in chunks] == [7, 7, 7, 7, 7, 5]
    assert [content for chunk in chunks for content in chunk.tray.contents()] == [str(at).encode() for at in range(40)]
    names = [str(origin) for chunk in chunks for origin, _ in chunk.receipts]
    assert names == [str(at) if at < 20 or at == 39 else f"a.tar!/{at}.xml" for at in range(40)]


def test_a_chunk_is_full_when_it_holds_so_many_bytes(monkeypatch) -> None:
    monkeypatch.setattr("keten_kpi.ingest.reading.CHUNK_BYTES", 4)
    found = [stretch(b"1", b"22"), stretch(b"333"), Bericht(Origin("b"), b"4444"), Bericht(Origin("c"), b"5")]
    monkeypatch.setattr("keten_kpi.ingest.reading.BLOCK_MESSAGES", 1)
    assert [chunk.read for chunk in Chunker(lambda _: set(), Pending(), 10).chunks(found)] == [3, 1, 1]


def test_what_is_to_be_judged_keeps_its_own_content_among_what_is_known_repeated_or_unreadable(monkeypatch) -> None:
    monkeypatch.setattr("keten_kpi.ingest.reading.BLOCK_MESSAGES", 4)
    contents = [None if at % 5 == 0 else str(at % 17).encode() * at for at in range(60)]
    digests = [hashlib.sha256(content or b"").hexdigest() for content in contents]
    known = {digests[at][:32] for at in (7, 8, 31)}
    refused = Quarantined(Origin("before"), digests[33], None, (Fault(Reason.INVALID, "Why."),))
    pending = Pending(digests={digests[32], digests[33]}, refused={digests[33]: refused})
    chunks = list(
        Chunker(known.intersection, pending, 20).chunks(
            Bericht(Origin(str(at)), content) for at, content in enumerate(contents)
        )
    )
    receipts = [int(origin.source) for chunk in chunks for origin, _ in chunk.receipts]
    new = [at for at in range(60) if at % 5 and at not in (7, 8, 31, 32, 33)]
    assert receipts == new
    assert [content for chunk in chunks for content in chunk.tray.contents()] == [contents[at] for at in new]
    assert [digest for chunk in chunks for digest in chunk.digests] == [digests[at] for at in new]
    assert [len(chunk.quarantined) for chunk in chunks] == [4, 5, 4]
    assert chunks[1].quarantined[-1] == replace(refused, origin=Origin("33"))
    assert [chunk.duplicate for chunk in chunks] == [2, 2, 0]


def test_when_nothing_known_comes_another_process_hashes_what_it_judges() -> None:
    found = [Bericht(Origin(str(at)), str(at).encode()) for at in range(9)]
    for tray, hashed in (Tray, [True, True, True]), (lambda: Tray(memoryview(bytearray(99))), [True, False, False]):
        chunks = Chunker(lambda _: set(), Pending(), 3, tray).chunks(found)
        assert [chunk.digests is not None for chunk in chunks] == hashed


def test_a_process_that_judges_does_not_load_duckdb() -> None:
    code = "import sys, keten_kpi.ingest.pool; print('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_an_audit_of_everything_finds_no_difference(tmp_path) -> None:
    summary, _ = taken(tmp_path, "k", pack("zip", tmp_path / "in", READ), workers=1, audit=1.0)
    assert summary.engine["audited"] == summary.engine["fast"] > 0


def test_an_audit_catches_an_engine_that_accepts_too_much_and_nothing_of_the_batch_is_loaded(
    tmp_path, monkeypatch
) -> None:
    real = "keten_kpi.shred.fast.program.value_pattern"
    monkeypatch.setattr(real, lambda _: "[^<]*+")
    broken = READ[0].replace(b"<m:Geslacht>2<", b"<m:Geslacht>7<")
    source = pack("tar", tmp_path / "in", [READ[0], broken])
    with pytest.raises(KetenError, match=r"refuses, the message with SHA-256 [0-9a-f]{64}"):
        taken(tmp_path, "k", source, workers=1, audit=1.0)
    assert contents(tmp_path / "k.duckdb")["bericht"] == []


def test_an_audit_catches_an_engine_that_reads_other_rows(tmp_path, monkeypatch) -> None:
    from keten_kpi.shred.fast import program

    monkeypatch.setattr(program, "_CLIENT_PLACES", {"bsn": 0, "geboortejaar": 1, "geslacht": 0})
    source = pack("tar", tmp_path / "in", [READ[0], READ[3]])
    with pytest.raises(KetenError, match="read other rows"):
        taken(tmp_path, "k", source, workers=1, audit=1.0)


def test_what_was_judged_is_known_until_it_is_committed() -> None:
    item = Quarantined(Origin("a.xml"), "x", None, ())
    pending = Pending()
    assert pending.judged(["a", "x", "b"]) == []
    pending.refused["x"] = item
    assert pending.judged(["c", "x", "c", "a", "d"]) == [1, 2, 3]
    pending.committed(["a", "b"])
    assert pending.judged(["b", "x", "a"]) == [1]
    pending.committed(["x"])
    assert pending.refused == {}
    assert pending.judged(["x"]) == []


def test_a_chunk_too_large_for_a_slot_goes_through_the_pipe_and_gives_the_same(tmp_path, monkeypatch) -> None:
    source = pack("tar", tmp_path / "in", READ[:200])
    real, limit, used = Tray.put, 10**9, set()

    def put(self: Tray, contents: bytes, places: Places) -> None:
        used.add(self.slot)
        self._room = None if self.size + len(contents) > limit else self._room
        real(self, contents, places)

    monkeypatch.setattr("keten_kpi.ingest.reading.BLOCK_MESSAGES", 3)
    monkeypatch.setattr(run, "BATCH_MESSAGES", 40)
    monkeypatch.setattr(Tray, "put", put)
    _, found = taken(tmp_path, "slots", source, workers=2)
    limit = 4096
    _, by_both_ways = taken(tmp_path, "both", source, workers=2)
    limit = 0
    _, by_the_pipe = taken(tmp_path, "pipe", source, workers=2)
    assert used == {0, 1, 2}
    assert by_the_pipe == by_both_ways == found


def test_trays_keep_contents_apart_in_memory_that_others_have_as_well(monkeypatch) -> None:
    monkeypatch.setattr(slots, "SIZE", 8)
    two = slots.Slots(2)
    trays = [Tray(two.room(0), 0), Tray(two.room(1), 1), Tray()]
    for tray in trays:
        tray.put(b"abcd", ([0, 1], [1, 4]))
    trays[0].put(b"efgh", ([1], [3]))
    trays[1].put(b"56789", ([0], [5]))
    trays[1].put(b"z", ([0], [1]))
    assert [(tray.size, tray.sizes, tray.rest) for tray in trays] == [
        (8, [4, 4], []),
        (10, [4], [b"56789", b"z"]),
        (4, [], [b"abcd"]),
    ]
    assert list(two.take(0, trays[0].sizes, trays[0].places)) == [b"a", b"bcd", b"fg"]
    assert list(two.take(1, trays[1].sizes, trays[1].places)) == [b"a", b"bcd"]
    assert trays[2].contents() == [b"a", b"bcd"]
    two.close()
    two.close()


def test_without_memory_to_share_all_goes_through_the_pipe(tmp_path, monkeypatch) -> None:
    def refused(_: str) -> int:
        raise OSError

    source = pack("tar", tmp_path / "in", READ[:60])
    _, found = taken(tmp_path, "slots", source, workers=2)
    monkeypatch.setattr(slots.os, "memfd_create", refused)
    assert slots.Slots(2).room(0) is None
    assert taken(tmp_path, "pipe", source, workers=2)[1] == found


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_found_to_be_known_when_it_is_written_is_a_duplicate_as_if_it_had_been_found_before(
    tmp_path, monkeypatch, workers: int
) -> None:
    """New messages first, so that those after them are judged unasked; of these a third is in the database."""
    before = pack("tar", tmp_path / "before", READ[::3])
    after = pack("zip", tmp_path / "after", [*READ[1:300:3], *READ])
    ingest([before], tmp_path / "asked.duckdb", options=Options(workers=1))
    asked, expected = taken(tmp_path, "asked", after, workers=1)  # one chunk: all is asked
    ingest([before], tmp_path / "unasked.duckdb", options=Options(workers=1))
    dropped = []

    def drop(self: Batch, known: set[str]) -> None:
        dropped.extend(known)
        real(self, known)

    real = Batch.drop
    monkeypatch.setattr(Batch, "drop", drop)
    monkeypatch.setattr("keten_kpi.ingest.reading.CHUNK_MESSAGES", 10)
    monkeypatch.setattr(run, "PART_MESSAGES", 50)
    monkeypatch.setattr(run, "BATCH_MESSAGES", 150)
    unasked, found = taken(tmp_path, "unasked", after, workers=workers)
    assert found == expected
    counts = ("read", "loaded", "duplicate", "quarantined", "per_type", "per_release", "per_afzender", "per_reden")
    assert [getattr(unasked, name) for name in counts] == [getattr(asked, name) for name in counts]
    assert len(dropped) > 5


def test_a_batch_drops_messages_with_their_lines_and_clients_of_nobody_else() -> None:
    batch = Batch(
        tables={
            "bericht": pl.DataFrame({"bericht_nr": [0, 1, 2], "bericht_id": ["a", "b", "c"]}),
            "antwoord": pl.DataFrame({"bericht_nr": [0, 1, 1, 2], "client_nr": [0, 1, 0, None]}),
            "client": pl.DataFrame({"client_nr": [0, 1], "client_id": [b"x", b"y"]}),
        },
        receipts=[(Origin(name), None) for name in "abc"],
        quarantined=[Quarantined(Origin(name), sha256, None, ()) for name, sha256 in (("d", "d" * 64), ("e", None))],
        duplicate=4,
    )
    read = batch.read
    batch.drop({"b", "d" * 32})
    assert batch.tables["bericht"].rows() == [(0, "a"), (1, "c")]
    assert batch.tables["antwoord"].rows() == [(0, 0), (1, None)]
    assert batch.tables["client"].rows() == [(0, b"x")]
    assert [origin.source for origin, _ in batch.receipts] == ["a", "c"]
    assert [item.origin.source for item in batch.quarantined] == ["e"]
    assert (batch.duplicate, batch.read) == (6, read)
