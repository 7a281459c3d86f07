"""Nothing that a sender wrote reaches a fault: no value, no made-up name, whatever is broken."""

from __future__ import annotations

import dataclasses
import re
import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keten_kpi.source import Fault
from tests.oracle.facts import all_messages, load
from tests.oracle.generate import maximal, maximal_tree, write
from tests.oracle.mutate import mutants

MARK = "Zqx"  # in no element name, code or sentence of ours
SOME = [("ijw", "3.2", "JW301"), ("ijw", "2.3", "JW303"), ("iwmo", "3.2", "WMO323"), ("iwmo", "2.3", "WMO302")]


def told(fault: Fault) -> str:
    """All that a fault says."""
    return " ".join(str(value) for value in dataclasses.astuple(fault))


@pytest.mark.parametrize(("standaard", "release", "message"), all_messages())
def test_no_value_is_told_when_every_leaf_is_wrong(judge, standaard, release, message):
    content = maximal(load(standaard, release), message, lambda path, kind: f"{MARK} {path} {kind} \n{MARK}" * 20)
    faults = judge(content).faults
    assert faults
    assert not [each for each in faults if MARK in told(each) or MARK.lower() in told(each).lower()]


@pytest.mark.parametrize(("standaard", "release", "message"), SOME)
def test_no_value_is_told_when_one_leaf_is_wrong(judge, standaard, release, message):
    facts = load(standaard, release)
    root = maximal_tree(facts, message)
    for leaf in [node for node in root.walk() if node.text is not None]:
        kept, leaf.text = leaf.text, f"{MARK}\n" * 80
        for fault in judge(write(root).content).faults:
            assert MARK not in told(fault)
        leaf.text = kept


@pytest.mark.parametrize(("standaard", "release", "message"), SOME)
def test_no_name_or_value_of_the_sender_is_told_whatever_is_broken(judge, standaard, release, message):
    facts = load(standaard, release)
    marks = {"m:Verzonnen": f"m:{MARK}", ">tekst": f">{MARK}", ' soort="x"': f' {MARK}="{MARK}"'}
    for mutant in mutants(facts, message, maximal_tree(facts, message)):
        content = mutant.content.decode()
        for old, new in marks.items():
            content = content.replace(old, new)
        for fault in judge(content.encode()).faults:
            assert MARK not in told(fault), mutant.kind


@pytest.mark.parametrize(
    "change",
    [
        ("<m:Client>", f"<m:{MARK}><m:Client>"),
        ("</m:Client>", f"</m:{MARK}>"),
        ("<m:Client>", f"<{MARK}:Client>"),
        ("<m:Client>", f"<m:Client>&{MARK};"),
        ("<m:Client>", f"<m:Client {MARK}={MARK}>"),
        ("<m:Client>", f"<m:Client {MARK}='a' {MARK}='b'>"),
        ("<m:Client>", f"<m:Client><![CDATA[{MARK}"),
        ("<m:Client>", f"<m:Client><!-- {MARK} -- {MARK} -->"),
        ("<m:Client>", f"<m:Client><?{MARK} {MARK}?><m:x/>"),
        ("<m:Client>", f"<m:Client>{MARK}\x01"),
        ("<m:Client>", f'<m:Client xmlns:x="urn:{MARK}" x:{MARK}="{MARK}">'),
        ("<m:Client>", f'<m:Client xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="{MARK}">'),
        ("<m:Client>", f'<m:Client xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:{MARK}="{MARK}">'),
        ("m:Bericht", f"m:{MARK}"),
        ("/3_2/jw301/schema", f"/3_2/jw301/{MARK}"),
        ('encoding="UTF-8"', f'encoding="{MARK}"'),
        ("?>", f"?><!DOCTYPE {MARK} [<!ENTITY {MARK} '{MARK}'>]>"),
        ("?>", f"?><!DOCTYPE {MARK} [<!ENTITY {MARK}"),
        ("<?xml", f"{MARK}<?xml"),
    ],
)
def test_nothing_of_the_sender_is_told_of_broken_xml(judge, change):
    text = maximal(load("ijw", "3.2"), "JW301").decode()
    assert change[0] in text
    faults = judge(text.replace(*change).encode()).faults
    assert faults
    assert not [each for each in faults if MARK in told(each)]


@settings(max_examples=200, deadline=None)
@given(value=st.text(string.ascii_letters + string.digits + "éß. ", min_size=6, max_size=60))
def test_two_values_of_one_shape_are_told_alike(judge, value):
    """What is told depends on the shape alone, so that nobody can tell one person's value from another's."""
    assume(not value.endswith("Z"))  # after a date it is a time zone, which is told
    alike = "".join("7" if each in string.digits else "q" if each.isalpha() else each for each in value)
    assert judge(_with(value)).faults == judge(_with(alike)).faults != ()


def _with(value: str) -> bytes:
    """A message with ``value`` in a number, a code, a name, a date, a whole number and the BerichtCode."""
    text = maximal(load("ijw", "3.2"), "JW301").decode()
    for name in ("Bsn", "Geslacht", "Achternaam", "Dagtekening", "Volume", "BerichtCode", "BerichtVersie"):
        text = re.sub(f"(:{name}>)[^<]*", rf"\g<1>{value}", text)
    return text.encode()
