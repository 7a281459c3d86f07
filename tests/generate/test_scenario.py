"""Scenarios are data: every number with its basis, every name known."""

from __future__ import annotations

import tomllib

import pytest

from keten_kpi.errors import KetenError, UsageError
from keten_kpi.generate import list_scenarios, load_scenario
from keten_kpi.generate.agenda import agenda
from keten_kpi.generate.scenario import FOLDER, _kansen, read_bases


def test_there_are_three_scenarios():
    assert list_scenarios() == ("gemeente", "landelijk", "pilot")


@pytest.mark.parametrize("name", list_scenarios())
def test_every_number_says_whether_it_is_calibrated_or_assumed(name):
    bases = read_bases(name)
    assert len(bases) > 90
    assert all(basis == "assumed" or basis.startswith(("assumed: ", "calibrated: ")) for _, _, basis in bases)
    assert any(basis.startswith("calibrated: kalibratie_landelijk.csv") for _, _, basis in bases)


@pytest.mark.parametrize("name", list_scenarios())
def test_a_scenario_ends_on_a_werkdag(name):
    """Its last day is the peildatum: a message must be sent on it."""
    assert agenda().is_werkdag(load_scenario(name).tot)


def test_the_whole_country_is_342_gemeenten_and_thousands_of_aanbieders():
    scenario = load_scenario("landelijk")
    assert len({gemeente.code for gemeente in scenario.gemeenten}) == 342
    assert scenario.aanbieders > 1000


def test_a_number_without_basis_is_an_error():
    tables = tomllib.loads(FOLDER.joinpath("pilot.toml").read_text("utf-8"))["kansen"]
    tables["beide"]["retour"] = 0.5
    with pytest.raises(KetenError, match="retour has no basis"):
        _kansen(tables, "pilot")


def test_a_name_that_nobody_knows_is_an_error():
    tables = tomllib.loads(FOLDER.joinpath("pilot.toml").read_text("utf-8"))["kansen"]
    tables["beide"]["retoer"] = [0.5, "assumed"]
    with pytest.raises(KetenError, match="retoer"):
        _kansen(tables, "pilot")


def test_a_scenario_that_is_not_there_is_refused():
    with pytest.raises(UsageError, match="no scenario"):
        load_scenario("../pilot")
