"""Every example on every KPI's page is true."""

from __future__ import annotations

import pytest

from keten_kpi.kpi import list_kpis
from tests.spec.run import differences, loaded
from tests.spec.voorbeelden import read_voorbeelden

EXAMPLES = [(kpi, example) for kpi in list_kpis() for example in read_voorbeelden(kpi.voorbeelden)]


@pytest.mark.parametrize(("kpi", "example"), EXAMPLES, ids=[f"{kpi.id}: {example.kop}" for kpi, example in EXAMPLES])
def test_example_is_true(con, kpi, example):
    with loaded(con, example):
        assert list(differences(con, kpi, example)) == []


@pytest.mark.parametrize("kpi", list_kpis(), ids=lambda kpi: kpi.id)
def test_every_kpi_has_examples(kpi):
    assert len(read_voorbeelden(kpi.voorbeelden)) >= 5


def test_headings_are_sentences_that_occur_once():
    for kpi in list_kpis():
        headings = [example.kop for example in read_voorbeelden(kpi.voorbeelden)]
        assert len(set(headings)) == len(headings)
        assert all(len(heading.split()) >= 4 for heading in headings)
