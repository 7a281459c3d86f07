"""The notebooks run from their first cell to their last on generated traffic, and are kept without output."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from keten_kpi.publish import reading

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
CHARTS = {"pilot": 4, "gemeente": 3}
CALLS = {"pilot": 5, "gemeente": 4}  # that ask figures


@pytest.fixture(scope="module")
def traffic(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("verkeer")
    for arguments in (
        ("generate", "pilot", "--scenario", "pilot", "--seed", "1", "--messages", "2000"),
        ("ingest", "pilot/berichten", "--db", "keten.duckdb"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "keten_kpi", *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode in {0, 3}, done.stderr
    return folder / "keten.duckdb"


@pytest.fixture
def run(traffic, monkeypatch, tmp_path):
    def executed(path: Path) -> nbformat.NotebookNode:
        with reading(traffic) as con:
            query = (
                "SELECT gemeente FROM verkeer.aangevraagd_product GROUP BY gemeente ORDER BY count(*) DESC, gemeente"
            )
            (gemeente,) = con.execute(query).fetchone()
        monkeypatch.setenv("KETEN_KPI_DB", str(traffic))
        monkeypatch.setenv("GEMEENTE", gemeente)
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
        return notebook

    return executed


def outputs(notebook) -> list[dict[str, object]]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_there_are_two_notebooks() -> None:
    assert {path.stem for path in NOTEBOOKS} == set(CHARTS)


@pytest.mark.filterwarnings("ignore")  # of jupyter and its event loop, not of ours
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs_and_shows_its_charts(run, path) -> None:
    found = outputs(run(path))
    assert not [output for output in found if output.output_type == "error"]
    svgs = [output.data["image/svg+xml"] for output in found if "image/svg+xml" in output.get("data", {})]
    assert len(svgs) == CHARTS[path.stem]
    assert all("<path" in svg for svg in svgs)
    assert not [output for output in found if output.get("name") == "stderr"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_is_kept_without_output(path) -> None:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_question_has_a_query_a_picture_and_a_conclusion(path) -> None:
    text = "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"])
    sections = text.split("\n## ")[1:]
    assert sections
    for section in sections:
        assert (
            section.index("**Vraag.**")
            < section.index("keten.")
            < section.index("alt.Chart")
            < section.index("**Conclusie.**")
        )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_figure_of_a_notebook_minds_small_numbers(path) -> None:
    code = "\n".join(
        "".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"
    )
    calls = re.findall(r"keten\.(?:kpi|codes|korte_lijst|wat_als|wat_als_norm)\([^)]*\)?[^)]*\)", code)
    assert len(calls) == CALLS[path.stem]
    assert not [call for call in calls if "min_aantal=MIN_AANTAL" not in call]
