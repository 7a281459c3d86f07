"""The lists beside the mutants are about mutants that there are."""

from __future__ import annotations

from tests.spec.mutation import all_targets, equivalents, known_killers


def test_mutants_that_mean_the_same_exist_and_have_a_reason(con):
    names = {target.name for target in all_targets(con)}
    assert set(equivalents()) <= names
    assert all(len(reason.split()) > 3 for reason in equivalents().values())


def test_no_mutant_is_both_noticed_and_the_same():
    assert not set(equivalents()) & set(known_killers())


def test_names_of_mutants_are_their_own(con):
    names = [target.name for target in all_targets(con)]
    assert len(set(names)) == len(names) > 500
