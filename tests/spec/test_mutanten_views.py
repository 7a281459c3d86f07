"""Whoever breaks the SQL of the views in one small way, breaks an example."""

from __future__ import annotations

from tests.spec.mutation import survivors, view_targets


def test_every_mutant_is_noticed_by_an_example(con):
    assert survivors(con, view_targets(con)) == []
