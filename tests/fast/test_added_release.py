"""A release that a user adds gets the fast engine from its manifest; what cannot be told in it goes to libxml2."""

from __future__ import annotations

import shutil

import pytest

from keten_kpi.shred.release import build_release
from keten_kpi.standaard.schemas import Release, package_schemas
from tests.fast.engines import Engines
from tests.verkeer.pen import Lijn, Vraag, m315

BEFORE = '<xs:element name="ReferentieAanbieder"'
CHOICE = '<xs:choice minOccurs="0"><xs:element name="Kies" type="ijw:LDT_Datum"/></xs:choice>'
CODE = '<xs:pattern value="446"/>'
CHANGES = {
    "nothing": ("", "", True),
    "a choice": (BEFORE, CHOICE + BEFORE, False),
    "an unknown facet": (CODE, f'{CODE}<xs:whiteSpace value="preserve"/>', False),
    "a default": ('name="Raamcontract" type', 'name="Raamcontract" default="1" type', False),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_added_release_is_fast_as_far_as_it_is_understood(tmp_path, change: str) -> None:
    old, new, is_fast = CHANGES[change]
    top = package_schemas()
    for folder in ("gedeeld", "ijw"):
        shutil.copytree(top / folder, tmp_path / folder)
    folder = tmp_path / "ijw" / "3.2"
    for xsd in folder.glob("*.xsd"):
        if xsd.name not in ("jw315.xsd", "basisschema.xsd"):
            xsd.unlink()
        else:
            text = xsd.read_text("utf-8").replace("/ijw/3_2/", "/ijw/3_9/")
            xsd.write_text(text.replace(old, new) if xsd.name == "jw315.xsd" and old else text, "utf-8")
            assert xsd.name != "jw315.xsd" or not old or new in xsd.read_text("utf-8")
    build_release(folder)
    engines = Engines([Release(folder)])
    message = m315(Lijn(), "A1", "2026-04-01", [Vraag("R1")]).replace(b"/ijw/3_2/", b"/ijw/3_9/")
    assert engines.learn(message)
    assert engines.check(message) is is_fast
