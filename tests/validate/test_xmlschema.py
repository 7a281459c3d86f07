"""lxml and xmlschema, two engines that know nothing of each other, agree but for known differences."""

from __future__ import annotations

from functools import cache

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keten_kpi.standaard.schemas import package_schemas
from tests.oracle.differences import KNOWN, SHOWN
from tests.oracle.facts import all_messages, load, steps
from tests.oracle.generate import maximal_tree, minimal_tree, write
from tests.oracle.mutate import mutants, random_mutant
from tests.oracle.verdict import verdict

every_message = pytest.mark.parametrize(("standaard", "release", "message"), all_messages())


@cache
def schema(standaard: str, release: str, message: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(package_schemas() / standaard / release / f"{message.lower()}.xsd"))


def accepts(which: tuple[str, str, str], content: bytes) -> bool | None:
    """What xmlschema says; None when it fails."""
    try:
        return schema(*which).is_valid(content.decode())
    except OverflowError:
        return None


@every_message
def test_engines_agree_on_the_smallest_the_fullest_and_one_mutant_of_each_kind(judge, standaard, release, message):
    facts, which = load(standaard, release), (standaard, release, message)
    fullest = maximal_tree(facts, message)
    for tree in (minimal_tree(facts, message), fullest):
        content = write(tree).content
        assert accepts(which, content)
        assert judge(content).valid
    for mutant in {each.kind: each for each in mutants(facts, message, fullest)}.values():
        assert accepts(which, mutant.content) is False, mutant
        assert not judge(mutant.content).valid, mutant


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), which=st.sampled_from(all_messages()[::6]))
def test_engines_agree_on_random_mutants_but_for_known_differences(judge, data, which):
    standaard, release, message = which
    facts = load(standaard, release)
    content = data.draw(random_mutant(facts, message))
    valid = judge(content).valid
    if accepts(which, content) != valid:
        assert _may_differ(content), content


def _may_differ(content: bytes) -> bool:
    """Whether any value in the document, taken as any built-in type, is of a known difference."""
    root = xmlschema.XMLResource(content.decode()).root
    values = [element.text or "" for element in root.iter()]
    return any(
        known(builtin, v) for known in KNOWN.values() for builtin in ("string", "integer", "date") for v in values
    )


@pytest.mark.parametrize("name", KNOWN)
def test_known_difference_is_still_there_and_libxml2_is_right(judge, name):
    kind, value, is_valid = SHOWN[name]
    facts, which = load("ijw", "2.3"), ("ijw", "2.3", "JW301")
    tree = maximal_tree(facts, "JW301", lambda _, each: value if each == kind else None)
    content = write(tree).content
    assert KNOWN[name](steps(facts, "JW301", kind)[-1]["base"], value)
    assert judge(content).valid is is_valid
    assert verdict(content, facts, "JW301") is is_valid
    assert accepts(which, content) is not is_valid
