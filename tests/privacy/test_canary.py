"""No value of a person leaves a message: every byte that a run leaves anywhere is searched for marks."""

from __future__ import annotations

import io
import json
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
from keten_kpi.database import connect
from keten_kpi.publish import list_kpis
from tests.privacy.canary import BORN, Marks, Onlooker, Vault, find, marked_messages, unpacked
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


def run(folder: Path, *arguments: str, ok: tuple[int, ...] = (0, 3), key: str | None = KEY) -> Onlooker:
    """Runs a command as a batch job does; what it says lies in a file, and what a bystander saw is returned."""
    environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "HOME": str(folder)}
    if key:
        environment["KETEN_KPI_KEY"] = key
    started = subprocess.Popen(
        [sys.executable, "-m", "keten_kpi", *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    with Onlooker(started.pid) as seen:
        told, _ = started.communicate(timeout=600)
    assert started.returncode in ok, told.decode()
    (folder / f"uitvoer-{time.monotonic_ns()}.txt").write_bytes(told)
    return seen


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
        for command in (*READERS, *for_one_aanbieder(work / "k.duckdb")):
            told = CliRunner().invoke(app, [*command, "--db", str(work / "k.duckdb")])
            assert told.exit_code in {0, 3}, (command, told.output, told.exception)
            (work / f"uitvoer-{time.monotonic_ns()}.txt").write_bytes(told.output.encode())
    assert len(vault.files()) > 150
    assert assert_no_mark(marks, vault) > 1_000_000


def test_no_mark_is_in_what_the_nightly_job_leaves_says_or_shows_of_itself(marked, tmp_path) -> None:
    """Pages of every edition, status, log lines, temporary files, and command line and environment of each process."""
    folder, marks = marked
    work = tmp_path / "werk"
    (work / "tmp").mkdir(parents=True)
    (work / "keten.toml").write_text(
        f'[refresh]\ninbox = ["{folder}"]\nkey_file = "sleutel"\nmin_aantal = 0\n', "utf-8"
    )
    (work / "sleutel").write_text(KEY, "utf-8")
    with Vault(work, tmp_path / "kluis") as vault:
        job = run(work, "refresh", "--config", "keten.toml", key=None)
        two = ("--db", "w.duckdb", "--workers", "2", "--key-file", "sleutel")
        workers = run(work, "ingest", str(folder), *two, key=None)
    assert len(workers.command_lines) >= 3, "the workers were seen"
    for told in job.command_lines | job.environments | workers.command_lines | workers.environments:
        assert find(marks.needles(), told) == []
        assert not holds_key(told)
    names = {path.name.partition("-")[2] for path in vault.files()}
    assert {"index.html", "verantwoording.html", "status.json", "keten.duckdb"} <= names
    assert_no_mark(marks, vault)
    assert [path.name for path in vault.files() if holds_key(path.read_bytes())] == [
        path.name for path in vault.files() if path.name.endswith("-sleutel")
    ]


def holds_key(content: bytes) -> bool:
    return KEY.encode() in content or bytes.fromhex(KEY) in content or KEY.encode("utf-16-le") in content


def for_one_aanbieder(db: Path) -> list[tuple[str, ...]]:
    """Commands that need a party or a case that is in the database."""
    with connect(db) as con:
        (aanbieder,), *_ = con.execute("SELECT max(aanbieder) FROM verkeer.declaratie").fetchall()
    cases = json.loads(
        CliRunner()
        .invoke(app, ["violations", "doorlooptijd-toewijzing", "--all", "--format", "json", "--db", str(db)])
        .stdout
    )["rows"]
    return [
        *(("waarom", cases[0]["geval_id"], "--format", form) for form in ("text", "json")),
        ("waarom", cases[0]["geval_id"], "--out", "waarom.html"),
        *(
            ("verantwoording", "--aanbieder", aanbieder, "--jaar", jaar, "--verschillen", *more)
            for jaar in ("2019", "2026")
            for more in ((), ("--out", f"v{jaar}.xlsx"), ("--format", "json"))
        ),
    ]


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
    *(("kpi", kpi.id, "--format", "json") for kpi in list_kpis()),
    ("codes", "lijst"),
    ("codes", "wat-als", "--norm", "3", "--min-aantal", "0"),
    *(("export", "eventlog", "--format", form, "--out", f"log.{form}") for form in ("ocel2", "xes", "csv")),
    ("dashboard", "build", "sites", "--alle-gemeenten", "--min-aantal", "0"),
    ("audit",),
    ("audit", "--json"),
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
