"""A key makes pseudonyms that only it makes, and another one for each organisation."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.database import connect
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.ingest import Options, ingest
from keten_kpi.pseudoniem import Pseudonymiser, find_key
from tests.verkeer.pen import BSN, Lijn, Vraag, m315

KEY = bytes(range(32))


def test_a_pseudonym_is_hmac_sha_256_under_a_derived_key() -> None:
    derived = hmac.new(KEY, b"keten-kpi/client/v1", hashlib.sha256).digest()
    expected = hmac.new(derived, b"999900006", hashlib.sha256).digest()
    assert Pseudonymiser.from_key(KEY).client_id("999900006") == expected


@given(
    st.binary(min_size=32, max_size=64), st.lists(st.text("09azAZ", min_size=1, max_size=6), max_size=6, unique=True)
)
def test_no_two_organisations_share_a_pseudonym_or_a_key_id(key, codes) -> None:
    made = [Pseudonymiser.from_key(key, code) for code in [None, *codes]]
    assert len({each.client_id("999900006") for each in made}) == len(made)
    assert len({each.key_id for each in made}) == len(made)


def test_the_databases_of_two_organisations_cannot_be_joined_on_client(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", KEY.hex())
    (tmp_path / "a.xml").write_bytes(m315(Lijn(), "A1", "2026-04-01", [Vraag("R1")]))
    found = []
    for name, code in (("a", "0384"), ("b", "0363"), ("c", "0384"), ("d", None)):
        ingest([str(tmp_path / "a.xml")], tmp_path / f"{name}.duckdb", options=Options(organisatie=code))
        with connect(tmp_path / f"{name}.duckdb") as con:
            found.append(con.execute("SELECT client_id FROM bron.client").fetchall())
    assert found[0] == found[2]
    assert len({str(each) for each in found}) == 3
    with pytest.raises(KetenError, match="another key"):
        ingest([str(tmp_path / "a.xml")], tmp_path / "a.duckdb", options=Options(organisatie="0363"))


@pytest.mark.parametrize("code", ["", "a/b", "0384 ", "../x"])
def test_an_organisation_is_a_code(tmp_path, code) -> None:
    with pytest.raises(UsageError, match="no code"):
        find_key(tmp_path / "k.duckdb", None, code)
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_in_no_file_but_its_own(tmp_path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xml").write_bytes(m315(Lijn(), "A1", "2026-04-01", [Vraag("R1")]))
    ran = subprocess.run(
        [sys.executable, "-m", "keten_kpi", "ingest", "in"], cwd=tmp_path, capture_output=True, check=True
    )
    key = (tmp_path / "keten.duckdb.key").read_bytes().strip()
    assert len(key) == 64
    derived = hmac.digest(bytes.fromhex(key.decode()), b"keten-kpi/client/v1", "sha256")
    written = (tmp_path / "keten.duckdb").read_bytes() + ran.stdout + ran.stderr
    for secret in (key, bytes.fromhex(key.decode()), derived, derived.hex().encode(), key.decode().encode("utf-16-le")):
        assert secret not in written
    assert BSN[0].encode() not in written


def test_a_key_is_made_for_its_owner_only_and_never_written_over(tmp_path) -> None:
    path = tmp_path / "nieuw.key"
    assert CliRunner().invoke(app, ["key", "make", str(path)]).exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    told = CliRunner().invoke(app, ["key", "make", str(path)]).exception
    assert isinstance(told, KetenError)
    assert path.read_bytes() == before


def test_rotation_is_refused_and_told_how(tmp_path) -> None:
    told = CliRunner().invoke(app, ["key", "rotate", "--db", str(tmp_path / "k.duckdb")]).exception
    assert isinstance(told, KetenError)
    assert "cannot be rotated" in told.message
    assert "--key-file new.key" in told.advice


def test_a_key_is_told_to_be_that_of_a_database_or_not(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", KEY.hex())
    (tmp_path / "a.xml").write_bytes(m315(Lijn(), "A1", "2026-04-01", [Vraag("R1")]))
    db = str(tmp_path / "k.duckdb")
    assert (
        CliRunner().invoke(app, ["ingest", str(tmp_path / "a.xml"), "--db", db, "--organisatie", "0384"]).exit_code == 0
    )
    assert CliRunner().invoke(app, ["key", "check", "--db", db, "--organisatie", "0384"]).exit_code == 0
    assert isinstance(CliRunner().invoke(app, ["key", "check", "--db", db]).exception, KetenError)
    monkeypatch.setenv("KETEN_KPI_KEY", secrets.token_hex(32))
    told = CliRunner().invoke(app, ["key", "check", "--db", db, "--organisatie", "0384"]).exception
    assert isinstance(told, KetenError)
