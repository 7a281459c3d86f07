"""Every element of every message is stored, pseudonymised, or left out with a reason. Nothing else."""

from __future__ import annotations

import json

import pytest

from keten_kpi.errors import KetenError
from keten_kpi.shred import compile as compiling
from keten_kpi.shred.compile import compile_message, matches
from keten_kpi.shred.mapping import load_mapping
from keten_kpi.shred.release import build_release
from keten_kpi.standaard.schemas import Berichttype, releases

TYPES = [kind for release in releases() for kind in release.berichttypes()]
IDS = [f"{kind.code}-{kind.release}" for kind in TYPES]


@pytest.mark.parametrize("kind", TYPES, ids=IDS)
def test_every_leaf_of_every_message_type_is_named_by_the_mapping(kind: Berichttype) -> None:
    assert compile_message(kind.xsd, kind.code).unnamed == ()


@pytest.mark.parametrize("release", releases(), ids=lambda r: f"{r.standaard}-{r.release}")
def test_the_manifest_that_ships_is_what_the_mapping_compiles_to(release, tmp_path) -> None:
    top = release.folder.parents[1]
    for folder in ("gedeeld", release.standaard):
        (tmp_path / folder).mkdir()
        for xsd in (top / folder).glob("*.xsd"):
            (tmp_path / folder / xsd.name).write_bytes(xsd.read_bytes())
    copy = tmp_path / release.standaard / release.release
    copy.mkdir()
    for xsd in release.folder.glob("*.xsd"):
        (copy / xsd.name).write_bytes(xsd.read_bytes())
    build_release(copy)
    assert json.loads((copy / "release.json").read_text("utf-8")) == release.manifest


def test_no_element_is_both_stored_and_left_out() -> None:
    for release in releases():
        for facts in release.berichten.values():
            left_out = {path for paths in facts["niet_opgeslagen"].values() for path in paths}
            assert not left_out & set(facts["kolommen"])


def test_every_reason_for_leaving_out_is_used() -> None:
    used = {why for r in releases() for facts in r.berichten.values() for why in facts["niet_opgeslagen"]}
    assert {item.why for item in load_mapping().left_out} == used


PERSONAL = ("Naam", "Adres", "Telefoon", "Emailadres", "Commentaar", "Relatie", "Contact", "Huis", "Taal", "Verwijzer")


def test_no_column_takes_a_name_an_address_or_free_text() -> None:
    for release in releases():
        for facts in release.berichten.values():
            for path in facts["kolommen"]:
                assert path.endswith("/RetourCodes/RetourCode") or not set(path.split("/")) & set(PERSONAL), path


def test_of_a_person_only_pseudonym_year_of_birth_and_geslacht_are_kept() -> None:
    kept = {
        slot for r in releases() for f in r.berichten.values() for slots in f["kolommen"].values() for slot in slots
    }
    assert {slot for slot in kept if slot.startswith("client.")} == {
        "client.bsn",
        "client.geboortejaar",
        "client.geslacht",
    }
    for release in releases():
        for facts in release.berichten.values():
            for path, slots in facts["kolommen"].items():
                if path.endswith(("/Bsn", "/Geboortedatum/Datum", "/Geslacht")):
                    assert slots
                    assert all(slot.startswith("client.") for slot in slots)


def test_a_required_column_without_an_element_is_found_when_the_schema_is_built(tmp_path) -> None:
    source = next(kind for kind in TYPES if kind.code == "JW315" and kind.release == "3.2")
    folder = tmp_path / "ijw" / "3.2"
    _copy_with(source, folder, "ReferentieAanbieder", "AndereReferentie")
    with pytest.raises(KetenError, match=r"aangevraagd_product\.referentie_aanbieder"):
        compile_message(folder / "jw315.xsd", "JW315")


def test_a_new_element_is_reported_and_not_stored(tmp_path) -> None:
    source = next(kind for kind in TYPES if kind.code == "JW315" and kind.release == "3.2")
    folder = tmp_path / "ijw" / "3.2"
    _copy_with(source, folder, "Raamcontract", "Huiskleur")
    found = compile_message(folder / "jw315.xsd", "JW315")
    assert found.unnamed == ("Client/AangevraagdeProducten/AangevraagdProduct/Huiskleur",)
    assert not any("Huiskleur" in path for path in found.plan["kolommen"])


def test_an_element_that_may_repeat_within_a_row_cannot_fill_a_column(tmp_path) -> None:
    source = next(kind for kind in TYPES if kind.code == "JW315" and kind.release == "3.2")
    folder = tmp_path / "ijw" / "3.2"
    _copy_with(source, folder, 'type="ijw:LDT_Referentie"', 'type="ijw:LDT_Referentie" maxOccurs="2"')
    with pytest.raises(KetenError, match="may repeat"):
        compile_message(folder / "jw315.xsd", "JW315")


def _copy_with(kind: Berichttype, folder, old: str, new: str) -> None:
    top = kind.xsd.parents[2]
    for xsd in [*(top / "gedeeld").glob("*.xsd"), *(top / "ijw").glob("*.xsd"), *kind.xsd.parent.glob("*.xsd")]:
        copy = folder.parents[1] / xsd.relative_to(top)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(
            xsd.read_text("utf-8").replace(old, new) if xsd == kind.xsd else xsd.read_text("utf-8"), "utf-8"
        )


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("**/Commentaar", "Client/Commentaar", True),
        ("**/Commentaar", "Commentaar", True),
        ("**/Relaties/**", "Client/Relaties/Relatie/Naam/Voornamen", True),
        ("**/Relaties/**", "Client/Relaties", False),
        ("Header/XsdVersie/*", "Header/XsdVersie/BerichtXsdVersie", True),
        ("Header/XsdVersie/*", "Header/XsdVersieRetour/BerichtXsdVersie", False),
        ("**/Omvang/Volume", "Client/XOmvang/Volume", False),
    ],
)
def test_patterns_match_whole_elements(pattern: str, path: str, fits: bool) -> None:
    assert matches(pattern, path) is fits


def test_patterns_are_compiled_once() -> None:
    assert compiling._pattern("**/Commentaar") is compiling._pattern("**/Commentaar")
