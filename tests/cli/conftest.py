"""Runs the command line as a user does: a process of its own, in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
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


@pytest.fixture
def keten(tmp_path: Path) -> Callable[..., Ran]:
    def run(*arguments: str, stdin: bytes | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "keten_kpi", *arguments],
            cwd=tmp_path,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
