"""Whatever the facts forbid is refused, one fault for one mutation, with the right element named."""

from __future__ import annotations

from collections import Counter

import pytest

from keten_kpi.source import Reason
from tests.oracle.facts import all_messages, load
from tests.oracle.generate import maximal_tree, tree_from
from tests.oracle.mutate import Mutant, mutants
from tests.oracle.verdict import verdict

KINDS = {
    "missing", "order", "too often", "unknown element", "namespace", "attribute", "text", "element in a value",
    "too short", "pattern", "too long",
}  # fmt: skip


@pytest.mark.parametrize(("standaard", "release", "message"), all_messages())
def test_every_single_mutation_of_the_fullest_document_is_refused_at_its_element(judge, standaard, release, message):
    facts = load(standaard, release)
    made = list(mutants(facts, message, maximal_tree(facts, message)))
    assert Counter(each.kind for each in made).keys() >= KINDS
    assert [told for each in made if (told := _told_wrong(judge(each.content).faults, each))] == []


def _told_wrong(faults, mutant: Mutant):
    """None when there is one fault, at the right element, with the right names in its sentence."""
    (fault,) = faults or (None,)
    right = (
        fault is not None
        and fault.reason is Reason.INVALID
        and fault.path == mutant.path
        and all(name.lower() in fault.message.lower() for name in mutant.names)
        and fault.line is not None
    )
    return None if right else (mutant.kind, mutant.path, mutant.names, fault)


@pytest.mark.parametrize(("standaard", "release", "message"), [("ijw", "3.2", "JW301"), ("iwmo", "2.3", "WMO303")])
def test_the_oracle_too_refuses_every_mutation(standaard, release, message):
    facts = load(standaard, release)
    for each in mutants(facts, message, maximal_tree(facts, message)):
        assert not verdict(each.content, facts, message), each


def test_official_examples_are_valid_and_their_single_mutations_are_refused_at_their_element(judge, shared):
    examples = sorted((shared / "examples").glob("*/*.xml"))
    assert len(examples) == 16
    for example in examples:
        content, message = example.read_bytes(), example.stem
        facts = load(*example.parent.name.split("-"))
        assert judge(content).faults == (), example
        assert verdict(content, facts, message), example
        tree = tree_from(content, facts, message)
        wrong = [
            told for each in mutants(facts, message, tree) if (told := _told_wrong(judge(each.content).faults, each))
        ]
        assert wrong == [], example
