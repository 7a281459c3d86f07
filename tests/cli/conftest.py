"""Runs the command line as a user does: a process of its own, in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.verkeer.make import TOP


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with the example delivery in ``levering``."""
    shutil.copytree(TOP / "voorjaar" / "levering", tmp_path / "levering")
    return tmp_path


def run_in(folder: Path, *arguments: str, stdin: bytes | None = None) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "keten_kpi", *arguments],
        cwd=folder,
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def keten(tmp_path: Path) -> Callable[..., Ran]:
    return partial(run_in, tmp_path)


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ingested")
    shutil.copytree(TOP / "voorjaar" / "levering", folder / "levering")
    assert run_in(folder, "ingest", "levering").code == 3
    return folder


@pytest.fixture
def loaded(tmp_path: Path, ingested: Path) -> Path:
    """A folder with the example delivery and the database that `ingest` made of it."""
    shutil.copytree(ingested, tmp_path, dirs_exist_ok=True)
    return tmp_path
