"""The command as a user runs it: a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.fixture
def keten(tmp_path):
    def run(*arguments):
        command = [sys.executable, "-m", "keten_kpi", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, text=True)

    return run


def test_it_says_what_it_made_and_that_it_is_synthetic(keten, tmp_path):
    done = keten("generate", "pilot", "--messages", "600", "--faults", "duplicate=0.1")
    assert done.returncode == 0, done.stderr
    assert "synthetic" in done.stdout
    assert "duplicate" in done.stdout
    assert "keten-kpi ingest pilot/berichten" in done.stdout
    manifest = json.loads((tmp_path / "pilot" / "truth" / "manifest.json").read_text("utf-8"))
    assert manifest["scenario"] == "pilot"
    assert manifest["faults_asked"] == {"duplicate": 0.1}
    assert f"{manifest['files']:,} files" in done.stdout


def test_json_is_the_manifest(keten, tmp_path):
    done = keten("generate", "out", "--scenario", "gemeente", "--messages", "300", "--json", "--faults", "usual")
    assert json.loads(done.stdout) == json.loads((tmp_path / "out" / "truth" / "manifest.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Where should it go?"),
        (("out", "--scenario", "atlantis"), "There is no scenario atlantis."),
        (("out", "--format", "rar"), "There is no format rar."),
        (("out", "--faults", "fire"), "There is no fault fire."),
        ((".",), "holds something already"),
    ],
)
def test_what_it_cannot_mean_is_said_in_a_sentence_and_ends_in_2(keten, tmp_path, arguments, sentence):
    (tmp_path / "mine.txt").write_text("mine")
    done = keten("generate", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_page_of_the_pilot_says_that_it_is_synthetic_and_shows_what_was_found(keten):
    done = keten("generate", "--report")
    assert done.returncode == 0, done.stderr
    assert "synthetisch" in done.stdout.split("|")[0]
    rows = [line.split("|")[1:-1] for line in done.stdout.splitlines() if line.startswith(("| alle", "| Jw", "| Wmo"))]
    published = [int(row[1].strip(" %")) for row in rows]
    assert published == [53, 57, 47]
    found = [float(row[2].strip(" %").replace(",", ".")) for row in rows]
    assert all(abs(one - other) < 2 for one, other in zip(published, found, strict=True))
