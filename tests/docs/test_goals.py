"""The table of what was to be reached says what was measured, and what was not."""

from __future__ import annotations

from benchmarks import goals

HEAD = (
    "| messages | peak MiB, main | worker | database / XML | all KPIs s | doorlooptijd s | date |\n"
    "|---|---|---|---|---|---|---|\n"
)
RATIOS = {"two": "0.9 times", "one": "0.8 times", "known": "28 times"}


def written(tmp_path, monkeypatch, rows: str) -> dict[str, str]:
    (tmp_path / "growth.md").write_text(f"## Growth\n\n{HEAD}{rows}", "utf-8")
    monkeypatch.setattr(goals, "GROWTH", tmp_path / "growth.md")
    lines = goals.table(RATIOS, 0.051, 0.13).splitlines()[2:]
    return {cells[0]: cells[3] for cells in (line.strip("| ").split(" | ") for line in lines)}


def test_figures_of_a_year_are_those_of_the_latest_run_of_the_largest_size(tmp_path, monkeypatch) -> None:
    before = "| 1,000 | 300 | 50 | 5.0% | 4 | 0.2 | monday |\n| 9,000 | 900 | 120 | 4% | 9 | 1 | monday |"
    latest = "| 1,000 | 400 | 100 | 5.0% | 4 | 0.2 | friday |\n| 9,000 | 420 | 110 | 3.4% | 8 | 0.9 | friday |"
    found = written(tmp_path, monkeypatch, f"{before}\n{latest}\n")
    assert found["peak memory main / worker"] == "420 / 110 MiB at 9,000"
    assert found["growth of that memory"] == "+5% / +10% from 1,000 to 9,000"
    assert found["database / raw XML"] == "5.1% here, 3.4% at 9,000"
    assert found["all KPIs on a national year"] == "8 s at 9,000"


def test_what_was_not_measured_is_said_so(tmp_path, monkeypatch) -> None:
    found = written(tmp_path, monkeypatch, "| 9,000 | 900 |  | 4% | 9 | 1 | monday |")
    assert found["peak memory main / worker"] == found["growth of that memory"] == goals.NOT
    assert found["ingest, 2 workers, against PySpark without validation"] == goals.NOT
    assert found["ingest of a tar, 1 process, against one xmllint"] == "0.8 times"
