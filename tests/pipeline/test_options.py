"""What may be typed for engine, audit and workers, and what the summary says of them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from keten_kpi.cli.commands.ingest import audit_share, worker_count
from keten_kpi.errors import UsageError
from tests.pipeline.delivery import messages, pack


@pytest.mark.parametrize(
    ("text", "share"), [("1%", 0.01), ("0.01", 0.01), ("0", 0), ("100%", 1), ("1", 1), ("0.5%", 0.005)]
)
def test_an_audit_is_a_share(text: str, share: float) -> None:
    assert audit_share(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["101%", "-1", "2", "some", "", "%", "nan"])
def test_what_is_no_share_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="no share"):
        audit_share(text)


@pytest.mark.parametrize(("text", "number"), [("auto", None), ("1", 1), ("8", 8)])
def test_workers_are_a_number_or_auto(text: str, number: int | None) -> None:
    assert worker_count(text) == number


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", ""])
def test_what_is_no_number_of_workers_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="number of processes"):
        worker_count(text)


def test_the_summary_tells_which_way_messages_went(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", "ab" * 32)
    source = pack("zip", tmp_path / "in", messages(900))
    command = [sys.executable, "-m", "keten_kpi", "ingest", source, "--db", str(tmp_path / "k.duckdb")]
    done = subprocess.run(
        [*command, "--audit", "100%", "--workers", "1", "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    found = json.loads(done.stdout)
    assert found["engine"]["audited"] == found["engine"]["fast"] > 100
    assert found["workers"] == 1
    again = subprocess.run([*command, "--engine", "libxml2"], capture_output=True, text=True, check=False)
    assert again.returncode == 3, again.stderr
    assert "Judged by the fast engine 0 (0 of them audited)" in again.stdout
