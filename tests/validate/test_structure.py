"""Schema files as others write them: other prefixes, references, inline types, extensions, and what is not known."""

from __future__ import annotations

import pytest

from keten_kpi.envelope import Bericht
from keten_kpi.source import Origin
from keten_kpi.standaard.schemas import Berichttype
from keten_kpi.validate import Validator
from keten_kpi.validate.structure import Group, Leaf, Structure

NS = "http://www.istandaarden.nl/ijw/9_9/jw301/schema"
BASE = "http://www.istandaarden.nl/ijw/9_9/basisschema/schema"
MESSAGE = f"""<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:t="{NS}" xmlns:b="{BASE}"
  targetNamespace="{NS}" elementFormDefault="qualified">
  <import namespace="{BASE}" schemaLocation="basis/los.xsd"/>
  <annotation><documentation>als gepubliceerd</documentation></annotation>
  <element name="Bericht">
    <complexType>
      <sequence>
        <annotation><documentation>de kop</documentation></annotation>
        <element ref="t:Kop"/>
        <element name="Los" form="unqualified" type="integer" minOccurs="0"/>
        <element name="Code" maxOccurs="3">
          <simpleType><restriction base="b:Kort"><enumeration value="a"/></restriction></simpleType>
        </element>
        {{more}}
      </sequence>
    </complexType>
  </element>
  <element name="Kop" type="b:Kort"/>
</schema>"""
LOOSE = f"""<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="{BASE}">
  <x:include schemaLocation="kameleon.xsd"/>
</x:schema>"""
CHAMELEON = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
  <xs:simpleType name="Kort"><xs:restriction base="Lang"><xs:maxLength value="2"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Lang">
    <xs:restriction base="xs:string"><xs:maxLength value="9"/><xs:pattern value="[a-z]+"/></xs:restriction>
  </xs:simpleType>
</xs:schema>"""


@pytest.fixture
def write(tmp_path):
    def _write(more=""):
        (tmp_path / "basis").mkdir(exist_ok=True)
        (tmp_path / "basis/los.xsd").write_text(LOOSE, "utf-8")
        (tmp_path / "basis/kameleon.xsd").write_text(CHAMELEON, "utf-8")
        (tmp_path / "jw301.xsd").write_text(MESSAGE.format(more=more), "utf-8")
        return tmp_path / "jw301.xsd"

    return _write


def test_reads_references_inline_types_and_schemas_that_take_the_namespace_of_their_includer(write):
    structure = Structure(write())
    root = structure.root(f"{{{NS}}}Bericht")
    assert isinstance(root, Group)
    assert [(part.tag, part.least, part.most) for part in root.parts] == [
        (f"{{{NS}}}Kop", 1, 1),
        ("Los", 0, 1),
        (f"{{{NS}}}Code", 1, 3),
    ]
    kort = Leaf("string", ("[a-z]+",), (), {"maxLength": "2"})
    assert [structure.child(part) for part in root.parts] == [
        kort,
        Leaf("integer", (), (), {}),
        Leaf("string", ("[a-z]+",), ("a",), {"maxLength": "2"}),
    ]
    assert set(structure.names()) == {"Bericht", "Kop", "Los", "Code"}


def test_what_these_standards_do_not_use_is_told_as_not_known(write):
    choice = '<choice><element name="A" type="string"/><element name="B" type="string"/></choice>'
    assert Structure(write(choice)).root(f"{{{NS}}}Bericht") is None


@pytest.mark.parametrize(
    ("more", "body", "path", "sentence"),
    [
        (
            "",
            "<Kop>abc</Kop><Code>a</Code>",
            "/Bericht/Kop",
            "Kop must be at most 2 characters that match the pattern [a-z]+, but is a text of 3 characters",
        ),
        ("", "<Kop>ab</Kop><Code>b</Code>", "/Bericht/Code", "Code must be a, but is a text of 1 character"),
        (
            "",
            "<Kop>a</Kop>" + "<Code>a</Code>" * 4,
            "/Bericht/Code[4]",
            "Code stands more than 3 times in Bericht, which is not allowed",
        ),
        (
            '<choice><element name="A" type="string"/></choice>',
            "<Kop>a</Kop><Code>a</Code>",
            "/Bericht",
            "Bericht stands or ends where the schema does not allow it",
        ),
    ],
)
def test_release_that_a_user_adds_is_explained_too(write, more, body, path, sentence):
    validator = Validator([Berichttype("JW301", "ijw", "9.9", NS, "Bericht", write(more))])
    (fault,) = validator.judge(Bericht(Origin("a"), f'<Bericht xmlns="{NS}">{body}</Bericht>'.encode())).faults
    assert (fault.path, fault.message) == (path, sentence)
