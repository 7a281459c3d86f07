"""A user adds a release and a newer code list without touching Python."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from keten_kpi.standaard.schemas import package_schemas
from tests.verkeer.pen import Lijn, Vraag, m315


@pytest.fixture
def schemas_home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setitem(os.environ, "KETEN_KPI_SCHEMAS", str(tmp_path / "added"))
    return tmp_path / "added"


def publish_release(folder: Path, old: str, new: str) -> None:
    """Official-looking XSDs of a release: one folder, every base type in the basisschema's folder."""
    for part in ("gedeeld", "ijw"):
        shutil.copytree(package_schemas() / part, folder / part)
    shutil.rmtree(folder / "ijw" / "2.3")
    (folder / "ijw" / "3.2" / "release.json").unlink()
    for xsd in (folder / "ijw" / "3.2").glob("*.xsd"):
        xsd.write_text(xsd.read_text("utf-8").replace(old, new), "utf-8")


def test_an_added_release_is_validated_and_loaded(tmp_path, keten, schemas_home) -> None:
    publish_release(tmp_path / "xsd", "ijw/3_2/", "ijw/3_9/")
    added = keten("schemas", "add", "xsd")
    assert added.code == 0, added.err
    assert "ijw 3.9: 14 message types" in added.out
    message = m315(Lijn(), "A1", "2026-04-01", [Vraag("R1")]).replace(b"/ijw/3_2/", b"/ijw/3_9/")
    (tmp_path / "new.xml").write_bytes(message)
    assert json.loads(keten("validate", "new.xml", "--format", "jsonl").out)["release"] == "3.9"
    assert json.loads(keten("ingest", "new.xml", "--json").out)["per_release"] == {"ijw 3.9": 1}
    known = json.loads(keten("schemas", "list", "--json").out)
    assert ("ijw", "3.9") in {(row["standaard"], row["release"]) for row in known}


def test_adding_a_release_twice_leaves_one(tmp_path, keten, schemas_home) -> None:
    publish_release(tmp_path / "xsd", "ijw/3_2/", "ijw/3_9/")
    assert [keten("schemas", "add", "xsd").code for _ in range(2)] == [0, 0]
    assert sum(row["release"] == "3.9" for row in json.loads(keten("schemas", "list", "--json").out)) == 1


def test_a_release_that_ships_cannot_be_replaced(tmp_path, keten, schemas_home) -> None:
    publish_release(tmp_path / "xsd", "ijw/3_2/", "ijw/3_2/")
    ran = keten("schemas", "add", "xsd")
    assert ran.code == 2
    assert "ships with keten-kpi" in ran.err


def test_what_the_mapping_does_not_name_is_reported_when_the_release_is_added(tmp_path, keten, schemas_home) -> None:
    publish_release(tmp_path / "xsd", "ijw/3_2/", "ijw/3_9/")
    xsd = tmp_path / "xsd" / "ijw" / "3.2" / "jw315.xsd"
    xsd.write_text(xsd.read_text("utf-8").replace('name="Raamcontract"', 'name="Huiskleur"'), "utf-8")
    ran = keten("schemas", "add", "xsd")
    assert "not stored, because the mapping does not name it: JW315 " in ran.out
    assert "Huiskleur" in ran.out


def test_a_release_that_lacks_what_every_figure_needs_is_refused_and_leaves_nothing(
    tmp_path, keten, schemas_home
) -> None:
    publish_release(tmp_path / "xsd", "ijw/3_2/", "ijw/3_9/")
    xsd = tmp_path / "xsd" / "ijw" / "3.2" / "jw315.xsd"
    xsd.write_text(xsd.read_text("utf-8").replace('name="ReferentieAanbieder"', 'name="Ref"'), "utf-8")
    ran = keten("schemas", "add", "xsd")
    assert ran.code == 1
    assert "aangevraagd_product.referentie_aanbieder" in ran.err
    assert list(schemas_home.rglob("*.xsd")) == []


def test_a_schema_that_refers_to_what_is_not_there_is_refused(tmp_path, keten, schemas_home) -> None:
    publish_release(tmp_path / "xsd", "ijw/3_2/", "ijw/3_9/")
    (tmp_path / "xsd" / "ijw" / "3.2" / "basisschema.xsd").unlink()
    ran = keten("schemas", "add", "xsd")
    assert ran.code == 1
    assert "basisschema.xsd, which is not beside it" in ran.err


def test_a_newer_code_list_judges_without_ingesting_again(work, keten) -> None:
    keten("ingest", "levering/los")
    ask = ("kpi", "productcode-afwijking", "--wet", "Jw", "--format", "json")
    before = json.loads(keten(*ask).out)["rows"][0]
    (work / "JZ21 2026-01.csv").write_text(
        "Productcode;Productomschrijving;Productcategorie\n"
        "45A04;Jeugdhulp;45\n45Z99;Nieuw landelijk;45\n43A11;X;43\n54001;Y;54\n",
        "utf-8",
    )
    added = keten("codelists", "add", "JZ21 2026-01.csv", "--vintage", "2026-01")
    assert added.code == 0, added.err
    after = json.loads(keten(*ask).out)["rows"][0]
    assert before["berichten_onbekend"] > after["berichten_onbekend"] == 0
    assert before["berichten_afwijkend"] > after["berichten_afwijkend"] == 0
    vintages = {(row["codelijst"], row["lijstversie"]) for row in json.loads(keten("codelists", "list", "--json").out)}
    assert ("JZ21", "2026-01") in vintages


def test_without_a_database_the_lists_that_ship_are_shown_as_a_new_database_shows_them(work, keten) -> None:
    shipped = keten("codelists", "list", "--json")
    assert not (work / "keten.duckdb").exists()
    one = keten("ingest", "levering/los")
    assert one.code == 0
    assert json.loads(shipped.out) == json.loads(keten("codelists", "list", "--json").out)
    assert keten("codelists", "list", "--db", "elders.duckdb").code == 2
