"""A large file that comes again is known by its bytes, and nothing that should be read is passed over."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from keten_kpi.database import connect
from keten_kpi.errors import KetenError
from keten_kpi.forget import Before, forget
from keten_kpi.ingest import Options, Summary, ingest, run
from keten_kpi.ingest.known import Files
from keten_kpi.publish import publish
from keten_kpi.source import Limits
from tests.pipeline.delivery import contents, messages, pack
from tests.verkeer.pen import Lijn, Vraag, m315

READ = messages(200)
CLEAN = [m315(Lijn(), f"A{at}", "2026-04-01", [Vraag(f"R{at}")]) for at in range(20)]


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", "ab" * 32)
    monkeypatch.setattr("keten_kpi.source.kinds.file.SMALL", 100)


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The files that were read rather than passed over."""
    found: list[str] = []
    real = Files.passes_over

    def passes_over(self, source, file) -> bool:
        passed = real(self, source, file)
        if not passed:
            found.append(Path(source).name)
        return passed

    monkeypatch.setattr(Files, "passes_over", passes_over)
    return found


def take(db: Path, *sources: object, **options) -> Summary:
    summary = ingest([str(source) for source in sources], db, options=Options(workers=1), **options)
    assert summary.read == summary.loaded + summary.duplicate + summary.quarantined
    with connect(db) as con:
        counted = con.execute(
            """SELECT aantal_gelezen, aantal_geladen, aantal_dubbel, aantal_in_quarantaine
            FROM beheer.run WHERE run_nr = ?""",
            [summary.run_nr],
        ).fetchall()
    assert counted == [(summary.read, summary.loaded, summary.duplicate, summary.quarantined)]
    return summary


def rows(db: Path) -> dict[str, list[tuple[object, ...]]]:
    return {name: found for name, found in contents(db).items() if name not in {"run", "gelezen_bestand"}}


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_a_known_archive_is_not_unpacked_and_counts_as_it_did_when_it_was(tmp_path, opened, monkeypatch, kind) -> None:
    source, db = pack(kind, tmp_path / "in", READ), tmp_path / "k.duckdb"
    first = take(db, source)
    before = rows(db)
    opened.clear()
    second = take(db, source)
    assert opened == []
    assert rows(db) == before
    monkeypatch.setattr(Files, "passes_over", lambda *_: False)  # the long way
    third = take(db, source)
    assert (second.read, second.duplicate, second.quarantined) == (third.read, third.duplicate, third.quarantined)
    assert second.per_reden == third.per_reden == first.per_reden
    assert first.quarantined > 2


def test_a_file_is_known_under_any_name_and_beside_others(tmp_path, opened) -> None:
    source, db = Path(pack("zip", tmp_path / "in", READ)), tmp_path / "k.duckdb"
    take(db, source)
    copy, new = tmp_path / "copy.zip", Path(pack("tar", tmp_path / "new", CLEAN))
    shutil.copyfile(source, copy)
    opened.clear()
    summary = take(db, copy, new)
    assert opened == [new.name]
    assert (summary.read, summary.loaded) == (len(READ) + len(CLEAN), len(CLEAN))


def test_a_file_with_another_byte_of_the_same_size_is_read(tmp_path, opened) -> None:
    source, db = Path(pack("tar", tmp_path / "in", CLEAN)), tmp_path / "k.duckdb"
    take(db, source)
    source.write_bytes(source.read_bytes().replace(b">R7<", b">Q7<"))
    opened.clear()
    assert take(db, source).loaded == 1
    assert opened == [source.name]


def test_a_file_named_twice_in_one_run_is_read_and_never_counted_double_afterwards(tmp_path, opened) -> None:
    source, db = pack("zip", tmp_path / "in", CLEAN), tmp_path / "k.duckdb"
    assert take(db, source, source).duplicate == len(CLEAN)
    opened.clear()
    assert take(db, source).duplicate == len(CLEAN)
    assert take(db, source).duplicate == len(CLEAN)
    assert len(opened) == 1


def test_two_equal_files_in_one_run_are_known_as_one(tmp_path, opened) -> None:
    source, db = Path(pack("zip", tmp_path / "in", CLEAN)), tmp_path / "k.duckdb"
    shutil.copyfile(source, source.with_name("copy.zip"))
    assert take(db, source.parent).duplicate == len(CLEAN)
    opened.clear()
    assert take(db, source.parent).duplicate == 2 * len(CLEAN)
    assert opened == []


def test_a_file_that_cannot_be_read_to_its_end_is_never_known(tmp_path, opened) -> None:
    source, db = Path(pack("tar", tmp_path / "in", CLEAN)), tmp_path / "k.duckdb"
    source.write_bytes(source.read_bytes()[:-12_000])
    assert take(db, source).quarantined == 1
    opened.clear()
    assert take(db, source).quarantined == 1
    assert opened == [source.name]


def test_a_file_that_changed_while_it_was_read_is_not_known(tmp_path, opened, monkeypatch) -> None:
    source, db = Path(pack("tar", tmp_path / "in", CLEAN)), tmp_path / "k.duckdb"
    real = Files.ended

    def ended(self, name, file) -> None:
        os.utime(source)
        real(self, name, file)

    monkeypatch.setattr(Files, "ended", ended)
    take(db, source)
    opened.clear()
    take(db, source)
    assert opened == [source.name]


def test_what_lacked_a_schema_is_read_again_when_there_is_one(tmp_path, opened, monkeypatch) -> None:
    source, db = pack("zip", tmp_path / "in", CLEAN), tmp_path / "k.duckdb"
    with monkeypatch.context() as without:
        real = run.releases
        for place in ("keten_kpi.ingest.run", "keten_kpi.ingest.known"):
            without.setattr(f"{place}.releases", lambda: [r for r in real() if r.release != Lijn().release])
        assert take(db, source).per_reden == {"onbekende_release": len(CLEAN)}
        assert take(db, source).per_reden == {"onbekende_release": len(CLEAN)}
        assert len(opened) == 1
    assert take(db, source).loaded == len(CLEAN)
    assert len(opened) == 2


def test_under_other_limits_a_file_is_read_again(tmp_path, opened) -> None:
    source, db = pack("zip", tmp_path / "in", CLEAN), tmp_path / "k.duckdb"
    take(db, source)
    opened.clear()
    assert take(db, source, limits=Limits(document_bytes=10)).per_reden == {"te_groot": len(CLEAN)}
    assert len(opened) == 1


def test_a_run_that_was_stopped_leaves_no_file_known(tmp_path, opened, monkeypatch) -> None:
    source, db = pack("zip", tmp_path / "in", READ), tmp_path / "k.duckdb"
    monkeypatch.setattr("keten_kpi.ingest.reading.CHUNK_MESSAGES", 10)
    with monkeypatch.context() as broken:
        broken.setattr(run, "BATCH_MESSAGES", 20)
        calls: list[int] = []

        def stop(_: object) -> None:
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt

        with pytest.raises(KetenError, match="Ctrl-C"):
            take(db, source, progress=stop)
    opened.clear()
    summary = take(db, source)
    assert len(opened) == 1
    assert min(summary.loaded, summary.duplicate) > 20


def test_a_database_from_before_files_were_known_learns_to_know_them(tmp_path, opened) -> None:
    source, db = pack("zip", tmp_path / "in", CLEAN), tmp_path / "k.duckdb"
    take(db, source)
    with connect(db, write=True) as con:
        con.execute("DROP TABLE beheer.gelezen_bestand")
    assert take(db, source).duplicate == len(CLEAN)
    opened.clear()
    assert take(db, source).duplicate == len(CLEAN)
    assert opened == []


def test_standard_input_and_pipes_are_always_read(tmp_path, opened) -> None:
    import threading

    source, db = Path(pack("tar", tmp_path / "in", CLEAN)), tmp_path / "k.duckdb"
    take(db, source)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    thread = threading.Thread(target=lambda: pipe.write_bytes(source.read_bytes()))
    thread.start()
    assert take(db, pipe).duplicate == len(CLEAN)
    thread.join()


def test_what_was_forgotten_comes_back_with_a_file_that_was_known(tmp_path, opened) -> None:
    source, db = pack("zip", tmp_path / "in", CLEAN), tmp_path / "k.duckdb"
    take(db, source)
    forget(db, Before(date(2027, 1, 1)), publish)
    with connect(db) as con:
        assert con.execute("SELECT count(*) FROM beheer.gelezen_bestand").fetchall() == [(0,)]
    opened.clear()
    assert take(db, source).loaded == len(CLEAN)
    assert len(opened) == 1
