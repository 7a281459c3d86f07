"""A small pilot in a database, made as its user makes it."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from keten_kpi.cli import app

MESSAGES = 3000


def make_pilot(folder: Path, seed: int) -> Path:
    """Generates a pilot in the folder and loads it; returns the database."""
    run, db = CliRunner().invoke, folder / "pilot.duckdb"
    asked = ["--scenario", "pilot", "--seed", str(seed), "--messages", str(MESSAGES)]
    made = run(app, ["generate", str(folder / "x"), *asked])
    assert made.exit_code == 0, made.output
    loaded = run(app, ["ingest", str(folder / "x" / "berichten"), "--db", str(db), "--workers", "1"])
    assert loaded.exit_code in {0, 3}, loaded.output
    return db
