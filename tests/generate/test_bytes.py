"""Valid, reproducible, and packed as asked."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from keten_kpi.errors import UsageError
from keten_kpi.generate import generate, parse_rates
from keten_kpi.generate.style import STYLES
from keten_kpi.ingest import judge

SCENARIOS = [("pilot", 3000), ("gemeente", 4000), ("landelijk", 3000)]


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize(("scenario", "messages"), SCENARIOS)
def test_every_message_is_valid_by_its_schema(tmp_path, scenario, messages):
    made = generate(tmp_path / "out", scenario=scenario, messages=messages)
    verdicts = list(judge([str(tmp_path / "out" / "berichten")]))
    assert [fault.message for verdict in verdicts for fault in verdict.faults] == []
    assert Counter(verdict.berichttype.code for verdict in verdicts) == made.per_type
    assert len(verdicts) == made.files == made.count
    assert abs(made.files - messages) < 0.15 * messages


@pytest.mark.parametrize("form", ["files", "zip", "tar.zst"])
def test_same_seed_gives_the_same_bytes_whatever_the_number_of_workers(tmp_path, form):
    for workers in (1, 2):
        generate(
            tmp_path / str(workers),
            scenario="gemeente",
            messages=2500,
            form=form,
            rates=parse_rates(""),
            workers=workers,
        )
    first, second = (_hashes(tmp_path / str(workers)) for workers in (1, 2))
    assert len(first) > 20
    assert first == second


def test_another_seed_gives_other_messages(tmp_path):
    for seed in (1, 2):
        generate(tmp_path / str(seed), scenario="gemeente", messages=500, seed=seed, form="files")
    contents = [set(_hashes(tmp_path / str(seed) / "berichten").values()) for seed in (1, 2)]
    assert not contents[0] & contents[1]


def test_faults_leave_the_rest_of_the_traffic_as_it_was(tmp_path):
    generate(tmp_path / "clean", scenario="pilot", messages=1500, form="files")
    generate(tmp_path / "faulty", scenario="pilot", messages=1500, form="files", rates=parse_rates("invalid=0.1"))
    clean, faulty = (set(_hashes(tmp_path / name / "berichten").values()) for name in ("clean", "faulty"))
    assert len(clean) == len(faulty)
    assert 0.8 * len(clean) < len(clean & faulty) < 0.97 * len(clean)


def test_packing_changes_no_message(tmp_path):
    digests = []
    for form in ("files", "zip", "tar.zst"):
        generate(tmp_path / form, scenario="gemeente", messages=800, form=form)
        verdicts = judge([str(tmp_path / form / "berichten")])
        digests.append({hashlib.sha256(verdict.bericht.content).hexdigest() for verdict in verdicts})
    assert digests[0] == digests[1] == digests[2]


def test_an_archive_holds_no_more_than_the_stated_size(tmp_path):
    limit = 300_000
    generate(tmp_path / "out", scenario="gemeente", messages=1500, part_bytes=limit)
    sizes = []
    for path in (tmp_path / "out" / "berichten").glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            sizes.append(sum(member.file_size for member in archive.infolist()))
    assert len(sizes) > 8
    assert max(sizes) <= limit


def test_senders_write_in_different_ways(tmp_path):
    generate(tmp_path / "out", scenario="gemeente", messages=1500, form="files")
    heads = {path.read_bytes()[:60].split(b"Bericht")[0] for path in (tmp_path / "out" / "berichten").rglob("*.xml")}
    assert len(heads) == len(STYLES)
    texts = [path.read_bytes() for path in (tmp_path / "out" / "berichten").rglob("*.xml")]
    assert any(b"\r\n" in text for text in texts)
    assert any(b"\n" not in text[60:-1] for text in texts)


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something"):
        generate(tmp_path, scenario="pilot", messages=100)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_scenario_or_format_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no scenario"):
        generate(tmp_path / "out", scenario="atlantis")
    with pytest.raises(UsageError, match="no format"):
        generate(tmp_path / "out", scenario="pilot", form="rar")
    assert not (tmp_path / "out").exists()


def test_a_run_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("keten_kpi.generate.make.write_sheets", fail)
    with pytest.raises(Exception, match="cannot be written"):
        generate(tmp_path / "out", scenario="pilot", messages=200)
    assert not (tmp_path / "out").exists()
