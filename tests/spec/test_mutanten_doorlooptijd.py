"""Whoever breaks the SQL of doorlooptijd-toewijzing in one small way, breaks an example."""

from __future__ import annotations

from tests.spec.mutation import kpi_targets, survivors


def test_every_mutant_is_noticed_by_an_example(con):
    assert survivors(con, kpi_targets("doorlooptijd-toewijzing")) == []
