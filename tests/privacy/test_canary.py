"""No value of a person leaves a message: every byte that a run leaves anywhere is searched for marks."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.publish import list_kpis
from tests.privacy.canary import BORN, Marks, Vault, find, marked_messages, unpacked
from tests.verkeer.make import TOP, _envelope

KEY = "c4" * 32


def broken(content: bytes, at: int) -> bytes:
    """The message with one of several faults, so that it is refused, the marks still in it."""
    text = content.decode()
    kinds = (
        lambda: text.replace("Dagtekening>2019-08-01", "Dagtekening>2019-13-01", 1),
        lambda: text.replace("</m:Bericht>", "<m:Extra>ŽqƵ00000kanarie</m:Extra></m:Bericht>"),
        lambda: text[: len(text) * 2 // 3],
        lambda: re.sub(r"(\w+):Bsn>", r"\1:Bsn>\n<!-- ŽqƵ00000kanarie -->X", text, count=1),
        lambda: text.replace("/schema", "/ŽqƵ00000kanarie"),
        lambda: text.replace("?>", "?><!DOCTYPE ŽqƵ00000kanarie>", 1),
        lambda: text.replace("UTF-8", "ISO-8859-1", 1),
        lambda: text.replace("<m:Header>", "<m:Header ŽqƵ00000kanarie='ŽqƵ00000kanarie'>", 1),
    )
    return kinds[at % len(kinds)]().encode()


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> tuple[Path, Marks]:
    """A delivery with marks in valid and refused messages: files, an archive, envelopes."""
    folder = tmp_path_factory.mktemp("levering")
    made, marks = marked_messages()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, content in enumerate(made):
            (folder / f"{at:03}.xml").write_bytes(content)
            (folder / f"{at:03}-fout.xml").write_bytes(broken(content, at))
            (folder / f"{at:03}-envelop.xml").write_bytes(_envelope(broken(content, at + 1)))
            archive.writestr(f"{at:03}.xml", broken(content, at + 3))
    (folder / "rest.zip").write_bytes(packed.getvalue())
    (folder / "stuk.zip").write_bytes(packed.getvalue()[:-4000])
    shutil.copytree(TOP / "voorjaar" / "levering", folder / "voorjaar")
    return folder, marks


def run(folder: Path, *arguments: str, ok: tuple[int, ...] = (0, 3)) -> bytes:
    environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "HOME": str(folder), "KETEN_KPI_KEY": KEY}
    done = subprocess.run(
        [sys.executable, "-m", "keten_kpi", *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode in ok, done.stderr.decode()
    (folder / f"uitvoer-{time.monotonic_ns()}.txt").write_bytes(done.stdout + done.stderr)
    return done.stdout


def assert_no_mark(marks: Marks, vault: Vault) -> int:
    needles = marks.needles()
    searched = 0
    for path in vault.files():
        content = path.read_bytes()
        searched += len(content)
        assert find(needles, content) == [], path.name
        if not path.name.endswith(".wal"):
            for part in unpacked(path):
                assert find(needles, part) == [], path.name
    return searched


def test_the_marks_are_in_the_delivery_and_the_search_finds_them(marked) -> None:
    """The search can fail: it finds every mark in the messages themselves, and in UTF-16."""
    folder, marks = marked
    content = b"".join(path.read_bytes() for path in folder.glob("0*.xml"))
    assert marks.planted > 800
    assert marks.texts | marks.numbers | {BORN} <= set(find(marks.needles(), content))
    assert set(find(marks.needles(), content.decode("utf-8", "ignore").encode("utf-16-le"))) >= marks.numbers


def test_no_mark_is_in_anything_that_any_command_leaves(marked, tmp_path, monkeypatch) -> None:
    folder, marks = marked
    work = tmp_path / "werk"
    (work / "tmp").mkdir(parents=True)
    monkeypatch.chdir(work)
    with Vault(work, tmp_path / "kluis") as vault:
        run(work, "ingest", str(folder), "--db", "k.duckdb", "--audit", "100%")
        run(work, "ingest", str(folder), "--db", "anders.duckdb", "--engine", "libxml2", "--workers", "2", "--json")
        run(work, "ingest", str(folder), "--db", "k.duckdb")
        for form in ("text", "jsonl"):
            run(work, "validate", str(folder), "--format", form)
        for command in READERS:
            told = CliRunner().invoke(app, [*command, "--db", str(work / "k.duckdb")])
            assert told.exit_code in {0, 3}, (command, told.output, told.exception)
            (work / f"uitvoer-{time.monotonic_ns()}.txt").write_bytes(told.output.encode())
    assert len(vault.files()) > 40
    assert assert_no_mark(marks, vault) > 1_000_000


READERS = (
    ("quarantine",),
    ("quarantine", "--json"),
    ("doctor",),
    ("violations", "doorlooptijd-toewijzing", "--all", "--format", "json"),
    *(("violations", kpi.id, "--all", "--out", f"{kpi.id}.parquet") for kpi in list_kpis()),
    ("violations", "productcode-afwijking", "--all", "--out", "gevallen.csv"),
    ("kpi", "doorlooptijd-toewijzing", "--per", "gemeente,aanbieder", "--out", "cijfers.parquet"),
    ("werklijst", "--gemeente", "0384", "--out", "werklijst.csv"),
    ("check", "--gemeente", "0384"),
    ("codelists", "list"),
    ("audit",),
)


def test_no_mark_is_in_what_a_killed_run_leaves(marked, tmp_path) -> None:
    """Without a checkpoint: the WAL of a run that had no time to clear up."""
    folder, marks = marked
    work = tmp_path / "werk"
    (work / "tmp").mkdir(parents=True)
    script = tmp_path / "kort.py"
    script.write_text(
        "import os, signal\nimport keten_kpi.ingest.run as run\nreal = run.load_batch\ncalls = []\n"
        "run.BATCH_MESSAGES = 20\n"
        "def load(*a):\n    real(*a)\n    calls.append(1)\n"
        "    if len(calls) == 6: os.kill(os.getpid(), signal.SIGKILL)\n"
        "run.load_batch = load\nfrom keten_kpi.cli import main\nmain()\n"
    )
    with Vault(work, tmp_path / "kluis") as vault:
        ran = subprocess.run(
            [sys.executable, str(script), "ingest", str(folder), "--db", "k.duckdb", "--workers", "1"],
            cwd=work, env={**os.environ, "KETEN_KPI_KEY": KEY, "TMPDIR": str(work / "tmp")}, check=False,
        )  # fmt: skip
        assert ran.returncode == -signal.SIGKILL
    wal = work / "k.duckdb.wal"
    assert wal.stat().st_size > 10_000
    assert find(marks.needles(), wal.read_bytes()) == []
    assert assert_no_mark(marks, vault) > 10_000
