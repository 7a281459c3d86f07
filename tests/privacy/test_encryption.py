"""Never plaintext by accident: who asks for an encrypted database gets none."""

from __future__ import annotations

import duckdb
import pytest
from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.errors import KetenError
from tests.verkeer.pen import Lijn, Vraag, m315


def test_encryption_is_refused_before_anything_is_made(tmp_path) -> None:
    (tmp_path / "a.xml").write_bytes(m315(Lijn(), "A1", "2026-04-01", [Vraag("R1")]))
    ran = CliRunner().invoke(app, ["ingest", str(tmp_path / "a.xml"), "--db", str(tmp_path / "k.duckdb"), "--encrypt"])
    assert isinstance(ran.exception, KetenError)
    assert "cannot write an encrypted database safely" in ran.exception.message
    assert [path.name for path in tmp_path.iterdir()] == ["a.xml"]


def test_the_installed_duckdb_cannot_write_an_encrypted_file(tmp_path) -> None:
    """When this fails DuckDB can: decision 0011 says what to build then."""
    attach = f"ATTACH '{tmp_path / 'geheim.duckdb'}' AS geheim (ENCRYPTION_KEY 'sleutel')"
    with duckdb.connect() as con, pytest.raises(duckdb.Error, match="crypto"):
        con.execute(f"{attach}; CREATE TABLE geheim.t (i INTEGER)")
