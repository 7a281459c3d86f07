"""iJw and iWmo are twins: their schemas differ in what is declared here and in nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from keten_kpi.standaard.schemas import package_schemas
from keten_kpi.validate.structure import Group, Leaf, Structure
from tests.oracle.facts import load

NUMBERS = [(release, code[-3:]) for release in ("2.3", "3.2") for code in load("ijw", release)["messages"]]
# Elements that only iJw has: who has parental authority, and the answer that another gemeente is responsible.
ONLY_IN_IJW = {
    "315": {"GezagsdragerBekend"},
    "316": {"GezagsdragerBekend"},
    "319": {"Woonplaatsbeginsel", "Woonplaatsbeginsel/Gemeente"},
    "320": {
        "Woonplaatsbeginsel",
        "Woonplaatsbeginsel/Gemeente",
        "Woonplaatsbeginsel/RetourCodes",
        "Woonplaatsbeginsel/RetourCodes/RetourCode",
    },
}
# Elements whose type differs: the code of the message, and the two code lists that each standard has of its own.
OTHER_TYPE = {"BerichtCode", "Categorie", "ProductCategorie", "RedenBeeindiging"}
OWN_BASE_TYPES = {"LDT_ProductCategorie", "LDT_RedenBeeindiging"}


def _schema(standaard: str, release: str, message: str) -> dict[str, Any]:
    """Every element of a message type by its path: how often it may stand, and the facets of its value."""
    structure = Structure(package_schemas() / standaard / release / f"{message.lower()}.xsd")
    namespace = load(standaard, release)["messages"][message]["target_namespace"]
    return dict(_elements(structure, structure.root(f"{{{namespace}}}Bericht"), ""))


def _elements(structure: Structure, content: Leaf | Group | None, above: str) -> Iterator[tuple[str, Any]]:
    for part in content.parts if isinstance(content, Group) else ():
        child = structure.child(part)
        path = f"{above}/{part.name}"
        yield path, (part.least, part.most, child if isinstance(child, Leaf) else None)
        yield from _elements(structure, child, path)


@pytest.mark.parametrize(("release", "number"), NUMBERS)
def test_message_schemas_differ_only_where_it_is_declared(release, number):
    jw, wmo = _schema("ijw", release, f"JW{number}"), _schema("iwmo", release, f"WMO{number}")
    assert list(wmo) == [path for path in jw if path in wmo]
    extra = {path for path in jw if path not in wmo}
    assert {name for path in extra for name in ONLY_IN_IJW.get(number, ()) if path.endswith(f"/{name}")} == set(
        ONLY_IN_IJW.get(number, ())
    )
    assert all(any(path.endswith(f"/{name}") for name in ONLY_IN_IJW.get(number, ())) for path in extra)
    other = {path.rpartition("/")[2] for path in wmo if jw[path] != wmo[path]}
    assert {"BerichtCode"} <= other <= OTHER_TYPE


@pytest.mark.parametrize(("release", "number"), NUMBERS)
def test_twins_have_their_own_namespace_and_code(release, number):
    jw, wmo = load("ijw", release)["messages"][f"JW{number}"], load("iwmo", release)["messages"][f"WMO{number}"]
    assert jw["target_namespace"].replace("ijw", "iwmo").replace("jw3", "wmo3") == wmo["target_namespace"]


@pytest.mark.parametrize("release", ["2.3", "3.2"])
def test_base_types_differ_only_in_categorie_and_reden_beeindiging(release):
    jw, wmo = load("ijw", release)["base_types"], load("iwmo", release)["base_types"]
    assert jw.keys() == wmo.keys()
    assert {name for name in jw if jw[name] != wmo[name]} == OWN_BASE_TYPES


def test_files_of_one_standard_hold_only_the_base_types_that_differ():
    for standaard in ("ijw", "iwmo"):
        top = package_schemas() / standaard
        for path in (top / f"{standaard}.xsd", *top.glob("*/basisschema.xsd")):
            named = {line.split('"')[1] for line in path.read_text("utf-8").splitlines() if 'Type name="' in line}
            assert named <= OWN_BASE_TYPES, path
