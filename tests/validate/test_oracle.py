"""The compiled schemas and the interpreter of the facts give the same verdict on whatever is made up."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.oracle.facts import all_messages, load, steps
from tests.oracle.generate import Node, maximal_tree, random_document, write
from tests.oracle.mutate import ODD_VALUES, STYLES, random_mutant
from tests.oracle.verdict import problems, value_problems, verdict

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
messages = st.sampled_from(all_messages())


@settings(calm, max_examples=150)
@given(data=st.data(), which=messages, style=st.sampled_from(STYLES))
def test_random_documents_made_from_the_facts_are_valid(judge, data, which, style):
    standaard, release, message = which
    facts = load(standaard, release)
    content = write(data.draw(random_document(facts, message)), style).content
    assert verdict(content, facts, message)
    assert judge(content).faults == ()


@settings(calm, max_examples=300)
@given(data=st.data(), which=messages)
def test_schema_and_facts_agree_on_random_mutants(judge, data, which):
    standaard, release, message = which
    facts = load(standaard, release)
    content = data.draw(random_mutant(facts, message))
    expected = verdict(content, facts, message)
    event("valid" if expected else "invalid")
    assert judge(content).valid == expected, problems(content, facts, message)


@pytest.mark.parametrize(("standaard", "release", "message"), [("ijw", "3.2", "JW301"), ("iwmo", "2.3", "WMO303")])
def test_schema_and_facts_agree_on_every_odd_value_in_every_leaf(judge, standaard, release, message):
    facts = load(standaard, release)
    root = maximal_tree(facts, message)
    written = write(root)
    for leaf in _one_leaf_per_type(root):
        for value in ODD_VALUES:
            expected = value_problems(value, steps(facts, message, leaf.kind)) == []
            assert judge(written.with_text(leaf, value)).valid == expected, (leaf.path, value)


def _one_leaf_per_type(root: Node) -> list[Node]:
    return list({str(node.kind): node for node in root.walk() if node.text is not None}.values())


@pytest.mark.parametrize(
    ("builtin", "value", "is_right"),
    [
        ("date", "2000-02-29", True),
        ("date", "1900-02-29", False),
        ("date", "-0001-02-29", False),
        ("date", "-0005-02-28", True),
        ("date", "0000-01-01", False),
        ("date", "12020-01-01", True),
        ("date", "02020-01-01", False),
        ("date", "\t2020-01-01 ", True),
        ("date", "2020-01-01+14:00", True),
        ("date", "2020-01-01+14:01", False),
        ("time", "24:00:00.00", True),
        ("time", "24:00:00.01", False),
        ("time", "23:59:60", False),
        ("integer", " +07 ", True),
        ("integer", "7.0", False),
    ],
)
def test_oracle_knows_the_lexical_forms_of_xsd(builtin, value, is_right):
    assert (value_problems(value, [{"base": builtin}]) == []) is is_right
