"""The schemas say what the facts say: told apart, declared the same, smallest and fullest documents accepted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keten_kpi.standaard.schemas import package_schemas
from keten_kpi.validate.structure import Group, Leaf, Structure
from tests.oracle import facts as fact_files
from tests.oracle.facts import all_messages, definition, load, namespaces, occurrence, steps
from tests.oracle.generate import maximal_tree, minimal_tree, write
from tests.oracle.mutate import STYLES
from tests.oracle.verdict import verdict

every_message = pytest.mark.parametrize(("standaard", "release", "message"), all_messages())


def test_facts_are_those_that_were_handed_over(shared):
    for standaard, release in fact_files.RELEASES:
        name = f"{standaard}-{release}.json"
        assert json.loads((fact_files.FOLDER / name).read_text("utf-8")) == json.loads(
            (shared / name).read_text("utf-8")
        )


def test_every_message_type_of_the_facts_has_a_schema_and_no_other(berichttypes):
    known = {(each.standaard, each.release, each.code): each.namespace for each in berichttypes}
    assert known == {(s, r, m): namespaces(load(s, r), m)[0] for s, r, m in all_messages()}
    assert len(known) == 48


@every_message
def test_schema_declares_what_the_facts_declare(standaard, release, message):
    facts = load(standaard, release)
    structure = Structure(package_schemas() / standaard / release / f"{message.lower()}.xsd")
    said = facts["messages"][message]
    own, _ = namespaces(facts, message)
    root = structure.root(f"{{{own}}}{said['root_element']}")
    assert _declared(structure, root) == _stated(facts, message, said["root_type"])


def _declared(structure: Structure, content: Leaf | Group | None) -> Any:
    if isinstance(content, Group):
        return [(p.tag, p.least, p.most, _declared(structure, structure.child(p))) for p in content.parts]
    assert content is not None
    return content.builtin, sorted(content.patterns), list(content.codes), dict(content.bounds)


def _stated(facts: fact_files.Facts, message: str, kind: str | dict[str, Any]) -> Any:
    content, namespace = definition(facts, message, kind)
    if "sequence" in content:
        return [
            (f"{{{namespace}}}{name}", *occurrence(occurs), _stated(facts, message, child))
            for name, child, occurs in content["sequence"]
        ]
    found = steps(facts, message, kind)
    merged = {facet: value for step in reversed(found) for facet, value in step.items()}
    bounds = {facet: value for facet, value in merged.items() if facet not in {"base", "pattern", "enumeration"}}
    patterns = sorted("|".join(step["pattern"]) for step in found if "pattern" in step)
    return found[-1]["base"], patterns, merged.get("enumeration", []), bounds


@every_message
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("tree", [minimal_tree, maximal_tree])
def test_smallest_and_fullest_document_is_valid_and_of_its_type(judge, standaard, release, message, style, tree):
    facts = load(standaard, release)
    content = write(tree(facts, message), style).content
    verdict_here = judge(content)
    assert verdict_here.faults == ()
    found = verdict_here.berichttype
    assert (found.standaard, found.release, found.code) == (standaard, release, message)
    assert verdict(content, facts, message)
