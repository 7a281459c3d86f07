"""What a dashboard reads from counts is what the cases say."""

from __future__ import annotations

from collections import Counter

import pytest

from keten_kpi.dashboard.gevallen import EENHEDEN, read_cases
from keten_kpi.dashboard.tabellen import naast, rows_by_name, samen
from keten_kpi.kpi import compute, list_kpis
from keten_kpi.toets import check_party, choose_partij, list_work

KPIS = list_kpis()
PER = ("gemeente",)


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.id)
def test_every_declared_figure_is_that_of_the_cases(con, kpi) -> None:
    pers = [*dict.fromkeys((*samen(kpi.id), *naast(kpi.id)))]
    found = read_cases(con, kpi.id, pers)
    assert found.tabellen == {per: compute(con, kpi.id, per=per) for per in pers}


@pytest.mark.parametrize("kpi", [kpi for kpi in KPIS if kpi.norm], ids=lambda kpi: kpi.id)
def test_durations_are_of_the_cases_within_and_beyond_the_norm(con, kpi) -> None:
    found = read_cases(con, kpi.id, [PER])
    counted = Counter[str]()
    for duur in found.duren:
        counted[str(duur.gemeente)] += duur.aantal
    judged = {
        str(row["gemeente"]): row["binnen_norm"] + row["buiten_norm"] for row in rows_by_name(found.tabellen[PER])
    }
    is_drawn = found.norm is not None and found.norm.eenheid in EENHEDEN
    assert counted == ({gemeente: number for gemeente, number in judged.items() if number} if is_drawn else {})


def test_causes_and_work_are_those_of_check_and_werklijst(con) -> None:
    found = {kpi.id: read_cases(con, kpi.id, [PER]) for kpi in KPIS if kpi.norm}
    gemeenten = sorted({gemeente for of in found.values() for gemeente in of.oorzaken})[:4]
    explained = 0
    for gemeente in gemeenten:
        partij = choose_partij(gemeente, None)
        check = check_party(con, partij)
        own = {norm.kpi: norm.oorzaken for norm in check.normen if norm.is_eigen_plicht}
        assert {kpi: of.oorzaken[gemeente] for kpi, of in found.items() if of.oorzaken.get(gemeente)} == {
            kpi: causes for kpi, causes in own.items() if causes
        }
        explained += sum(map(len, own.values()))
        assert check.peildatum is not None
        work = list_work(con, partij, peildatum=check.peildatum).aantal
        counted = [of.werk.get(gemeente, {}) for of in found.values()]
        assert work == {name: sum(counts.get(name, 0) for counts in counted) for name in work}
    assert explained > 4
