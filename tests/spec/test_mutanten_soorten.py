"""Whoever breaks the SQL of a kind of KPI in one small way, breaks an example of a KPI of that kind."""

from __future__ import annotations

from tests.spec.mutation import kind_targets, survivors


def test_every_mutant_is_noticed_by_an_example(con):
    assert survivors(con, kind_targets()) == []
