"""The example delivery in a published database, as `keten-kpi ingest` makes it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.publish import reading
from tests.verkeer.make import TOP

if TYPE_CHECKING:
    from keten_kpi.database import Connection


@contextmanager
def voorjaar(folder: Path) -> Iterator[Connection]:
    """The delivery, copied to ``folder/levering`` and loaded from there under relative names."""
    shutil.copytree(TOP / "voorjaar" / "levering", folder / "levering")
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert CliRunner().invoke(app, ["ingest", "levering"]).exit_code == 3
    finally:
        os.chdir(before)
    with reading(folder / "keten.duckdb") as con:
        yield con
