"""The built wheel works elsewhere, without the sources: schemas, lists, SQL and KPIs travel inside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.verkeer.make import TOP

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The wheel, unpacked as an installer would."""
    made = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(made / "site")
    return made / "site"


def run(site: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_package_that_runs_is_the_wheel(site, tmp_path) -> None:
    code = "import keten_kpi, keten_kpi.standaard.schemas as s; print(keten_kpi.__file__); print(s.package_schemas())"
    places = run(site, tmp_path, "-c", code).stdout.splitlines()
    assert all(Path(place).is_relative_to(site) for place in places)


def test_the_wheel_does_the_main_job(site, tmp_path) -> None:
    shutil.copytree(TOP / "voorjaar" / "levering", tmp_path / "levering")
    loaded = run(site, tmp_path, "-m", "keten_kpi", "ingest", "levering", "--json")
    assert loaded.returncode == 3, loaded.stderr
    assert json.loads(loaded.stdout)["loaded"] == 31
    shown = run(site, tmp_path, "-m", "keten_kpi", "kpi", "doorlooptijd-toewijzing", "--format", "json")
    assert json.loads(shown.stdout)["rows"][0]["buiten_norm"] == 4


def test_every_data_file_of_the_package_is_in_the_wheel(site) -> None:
    source = CHECKOUT / "src"
    data = [p for p in source.rglob("*") if p.suffix in {".sql", ".toml", ".csv", ".md", ".json", ".typed"}]
    assert data
    missing = [p.relative_to(source) for p in data if not (site / p.relative_to(source)).is_file()]
    assert missing == []
    for schema in (CHECKOUT / "schemas").rglob("*.xsd"):
        assert (site / "keten_kpi" / "schemas" / schema.relative_to(CHECKOUT / "schemas")).is_file()
