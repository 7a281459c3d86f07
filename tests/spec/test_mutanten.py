"""Whoever breaks the SQL of a KPI, a kind or a view in one small way, breaks an example."""

from __future__ import annotations

import pytest

from tests.spec.mutation import equivalents, headings, known_killers, survivors, targets

NAMES = {target.name for made in targets().values() for target in made}
EVERY = 3  # asked again: all takes minutes, and is `python -m tests.spec.mutation --all`


def test_of_every_mutant_is_known_which_example_notices_it():
    unknown = NAMES - set(known_killers()) - set(equivalents())
    assert unknown == set(), "run python -m tests.spec.mutation"


@pytest.mark.parametrize("file", targets())
def test_a_mutant_is_noticed_by_an_example(con, file):
    assert survivors(con, file, every=EVERY) == []


def test_mutants_and_examples_that_are_remembered_exist():
    assert set(known_killers()) <= NAMES
    assert set(known_killers().values()) <= headings()


def test_mutants_that_mean_the_same_exist_and_have_a_reason():
    assert set(equivalents()) <= NAMES
    assert all(len(reason.split()) > 3 for reason in equivalents().values())


def test_no_mutant_is_both_noticed_and_the_same():
    assert not set(equivalents()) & set(known_killers())


def test_names_of_mutants_are_their_own():
    assert len(NAMES) == sum(len(made) for made in targets().values()) > 1500
