"""What no schema judges: no XML, unsafe XML, unknown types and releases, and messages that came with a fault."""

from __future__ import annotations

import dataclasses
import shutil

import pytest

from keten_kpi.envelope import Bericht
from keten_kpi.errors import KetenError
from keten_kpi.source import Fault, Origin, Reason
from keten_kpi.standaard.schemas import Berichttype, package_schemas
from keten_kpi.validate import Validator
from tests.oracle.facts import load
from tests.oracle.generate import maximal, minimal

FACTS = load("ijw", "3.2")
NOT_WELL = "The document is not well-formed XML"
JW301 = minimal(FACTS, "JW301")


def test_fault_that_a_message_came_with_is_its_verdict(validator):
    fault = Fault(Reason.TOO_LARGE, "The file is larger than 64 MB")
    verdict = validator.judge(Bericht(Origin("groot.xml"), fault=fault))
    assert (verdict.valid, verdict.faults, verdict.berichttype, verdict.root) == (False, (fault,), None, None)


def test_valid_message_comes_with_its_type_and_tree(judge):
    verdict = judge(JW301)
    assert verdict.valid
    assert (verdict.berichttype.code, verdict.berichttype.wet) == ("JW301", "Jw")
    assert verdict.root.tag == "{http://www.istandaarden.nl/ijw/3_2/jw301/schema}Bericht"


def test_invalid_message_comes_with_its_type_and_without_a_tree(judge):
    verdict = judge(JW301.replace(b"999900006", b"99990000"))
    assert not verdict.valid
    assert (verdict.berichttype.code, verdict.root) == ("JW301", None)


def test_tree_of_a_valid_message_has_whole_values_whatever_stands_between(judge):
    odd = b"9999<!-- niet te zien -->000<?ook niet?><![CDATA[0]]>&#54;"
    root = judge(JW301.replace(b"999900006", odd)).root
    (bsn,) = root.iter("{*}Bsn")
    assert bsn.text == "999900006"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_message_in_another_encoding_is_valid(judge, encoding):
    text = maximal(FACTS, "JW301").decode()
    declared = {"utf-8-sig": "UTF-8"}.get(encoding, encoding)
    assert judge(text.replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)).valid


def test_schema_location_that_the_sender_gives_is_not_followed(judge, tmp_path):
    (tmp_path / "eigen.xsd").write_text("<geen schema", "utf-8")
    hint = f'xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="urn:eigen {tmp_path}/eigen.xsd"'
    assert judge(JW301.replace(b"<m:Bericht ", f"<m:Bericht {hint} ".encode())).valid


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        (b"", None, "The file is empty"),
        (b" \r\n\t", None, "The file is empty"),
        (
            b"010436010100                    \r\n0299",
            None,
            "The file is not XML; it looks like the flat EI format (lines of fixed length) of old releases",
        ),
        (b'{"bericht": "JW301"}', None, "The file is not XML: it has no element at all"),
        (b"<!DOCTYPE html>\n<html><p>Storing</html>", None, "The file is a web page (HTML), not XML"),
        (b"<html>\n<br></html>", None, "The file is a web page (HTML), not XML"),
        (b"tekst <b/>", 1, f"{NOT_WELL}: it does not begin with an element"),
        (b"<a>\n<b>\n</a>", 3, f"{NOT_WELL}: an end tag does not fit the start tag"),
        (b"<a>\n<b>", 2, f"{NOT_WELL}: it ends before its elements are closed"),
        (b"<a/>\n<b/>", 2, f"{NOT_WELL}: something follows after the end of the root element"),
        (b"<a>\n\xe9</a>", 2, f"{NOT_WELL}: it has bytes that do not fit its encoding"),
        (b"<a>&jansen;</a>", 1, f"{NOT_WELL}: it uses an entity that is not declared"),
        (b"<jansen:a/>", 1, f"{NOT_WELL}: it uses a prefix that no namespace is declared for"),
        (b"<a>\n\n\x01</a>", 3, f"{NOT_WELL}: it has a character that XML does not allow"),
        (b"<a>1 < 2</a>", 1, f"{NOT_WELL}: a < or & stands where a name must follow"),
        (b'<a b="1" b="2"/>', 1, f"{NOT_WELL}: an element has the same attribute twice"),
        (
            b"<a>" * 300,
            1,
            f"{NOT_WELL}: a text is longer, or elements are nested deeper, than is safe to read",
        ),
    ],
)
def test_what_is_not_xml_is_told_with_the_line_of_its_first_error(only_fault, content, line, sentence):
    assert only_fault(content) == Fault(Reason.NOT_XML, sentence, line=line)


def test_truncated_message_is_not_xml(only_fault):
    fault = only_fault(JW301[:-40])
    assert (fault.reason, fault.line) == (Reason.NOT_XML, JW301[:-40].count(b"\n") + 1)


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE Bericht>",
        b'<!DOCTYPE Bericht SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE Bericht [<!ENTITY wie SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE Bericht [<!ENTITY a "b">',
        b'<!DOCTYPE B [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "'
        + b"&a;" * 999
        + b'"><!ENTITY c "'
        + b"&b;" * 999
        + b'">]>',
    ],
)
def test_any_doctype_is_refused(only_fault, doctype):
    head, _, body = JW301.partition(b"\n")
    fault = only_fault(head + b"\n" + doctype + b"\n" + body)
    assert fault.reason is Reason.DOCTYPE


RELEASES = "known are the releases iJw 2.3, iJw 3.2, iWmo 2.3, iWmo 3.2"
TYPES = "JW301, JW302, JW305, JW306, JW307, JW308, JW315, JW316, JW317, JW318, JW319, JW320, JW323, JW325"


@pytest.mark.parametrize(
    ("old", "new", "reason", "sentence"),
    [
        ("/3_2/jw301", "/3_1/jw301", Reason.UNKNOWN_RELEASE, f"The document is a JW301 of iJw 3.1; {RELEASES}"),
        (
            "ijw/3_2/jw301",
            "iwmo/2_1/wmo301",
            Reason.UNKNOWN_RELEASE,
            f"The document is a WMO301 of iWmo 2.1; {RELEASES}",
        ),
        (
            "/3_2/jw301",
            "/3_2/jw303",
            Reason.UNKNOWN_TYPE,
            f"The document is a JW303 of iJw 3.2, a type that this release does not have; known are {TYPES}",
        ),
        (
            "http://www.istandaarden.nl/ijw/3_2/jw301/schema",
            "urn:jansen",
            Reason.UNKNOWN_TYPE,
            f"The document is in a namespace that is not of iJw or iWmo; {RELEASES}",
        ),
        (
            "/3_2/jw301",
            "/999900006/jw301",
            Reason.UNKNOWN_TYPE,
            f"The document is in a namespace that is not of iJw or iWmo; {RELEASES}",
        ),
        (
            "m:Bericht",
            "m:Jansen",
            Reason.UNKNOWN_TYPE,
            "The root of a JW301 is Bericht, but this document has an element that the standard does not have",
        ),
        ("m:Bericht", "m:Client", Reason.UNKNOWN_TYPE, "The root of a JW301 is Bericht, but this document has Client"),
    ],
)
def test_document_that_no_schema_is_at_hand_for_is_told_by_what_it_is(only_fault, old, new, reason, sentence):
    fault = only_fault(JW301.replace(old.encode(), new.encode()))
    assert fault == Fault(reason, sentence, line=2)


def test_document_without_namespace_is_of_an_unknown_type(only_fault):
    assert only_fault(b"<Bericht/>") == Fault(
        Reason.UNKNOWN_TYPE, f"The document is in no namespace; {RELEASES}", line=1
    )


def test_schema_is_read_once_and_only_when_its_first_message_comes(berichttypes, tmp_path):
    copy = tmp_path / "schemas"
    shutil.copytree(package_schemas(), copy)
    mine = next(each for each in berichttypes if (each.code, each.release) == ("JW301", "3.2"))
    validator = Validator([dataclasses.replace(mine, xsd=copy / "ijw/3.2/jw301.xsd")])
    assert validator.judge(Bericht(Origin("eerste"), JW301)).valid
    shutil.rmtree(copy)
    assert validator.judge(Bericht(Origin("tweede"), JW301)).valid


def test_schema_that_cannot_be_read_fails_with_advice_and_only_for_its_own_messages(berichttypes, tmp_path):
    mine = next(each for each in berichttypes if (each.code, each.release) == ("JW301", "3.2"))
    broken = tmp_path / "jw999.xsd"
    broken.write_text("<geen schema", "utf-8")
    other = Berichttype("JW999", "ijw", "9.9", "http://www.istandaarden.nl/ijw/9_9/jw999/schema", "Bericht", broken)
    validator = Validator([mine, other])
    assert validator.judge(Bericht(Origin("a"), JW301)).valid
    with pytest.raises(KetenError, match="The schema of JW999") as raised:
        validator.judge(Bericht(Origin("b"), f'<Bericht xmlns="{other.namespace}"/>'.encode()))
    assert "schemas add" in raised.value.advice


def test_faults_of_one_message_do_not_linger_in_the_next(judge):
    wrong = JW301.replace(b"999900006", b"1")
    assert [len(judge(each).faults) for each in (wrong, JW301, b"<a>", wrong, b"<a", JW301)] == [1, 0, 1, 1, 1, 0]
