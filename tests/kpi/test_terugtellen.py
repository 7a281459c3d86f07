"""Counting back: for every KPI and every row of it, the cases behind the row, counted, equal it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from statistics import mean, median

import pytest

from keten_kpi.publish import Selection, compute, list_kpis, violations
from tests.kpi.traffic_alle import DAYS, FIRST, load, make_traffic

PEILDATUM = FIRST + timedelta(days=DAYS)
GROUPS = [(), ("gemeente", "maand"), ("aanbieder", "wet")]
TIJDNORM = ("binnen_norm", "buiten_norm", "lopend", "niet_meetbaar", "onbruikbaar", "afgewezen_met_vervolg")


@contextmanager
def database(con, seed):
    con.begin()
    try:
        load(con, make_traffic(seed, 150))
        yield
    finally:
        con.rollback()


@pytest.fixture(scope="module", params=[101, 102])
def filled(con, request):
    with database(con, request.param):
        yield con


@pytest.fixture(scope="module")
def evidence(filled):
    """The evidence of each KPI, read once; with the month of each case."""

    @cache
    def cases(kpi, *, alle=True):
        rows = rows_of(violations(filled, kpi.id, selection=Selection(peildatum=PEILDATUM), alle=alle))
        return [row | {"maand": str(row["start_dag"])[:7]} for row in rows]

    return cases


def rows_of(result):
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def within(cases, row, per):
    return [case for case in cases if all(case[name] == row[name] for name in per)]


def kpis(*kinds):
    return [kpi for kpi in list_kpis() if kpi.soort.naam in kinds]


def table(con, kpi, per):
    return rows_of(compute(con, kpi.id, per=per, selection=Selection(peildatum=PEILDATUM)))


@pytest.mark.parametrize("kpi", kpis("tijdnorm"), ids=lambda kpi: kpi.id)
@pytest.mark.parametrize("per", GROUPS, ids=str)
def test_states_of_a_time_norm_are_its_cases(filled, evidence, kpi, per):
    cases, late = evidence(kpi), evidence(kpi, alle=False)
    rows = table(filled, kpi, per)
    for row in rows:
        mine = [case for case in within(cases, row, per) if case["reden_telt_niet"] is None]
        for state in (name for name in TIJDNORM if name in row):
            assert row[state] == sum(case["toestand"] == state for case in mine)
        assert row["buiten_norm"] == len(within(late, row, per))
        done = [case for case in mine if case["antwoord_dag"] and case["toestand"] in {"binnen_norm", "buiten_norm"}]
        assert row["mediaan_werkdagen"] == (median(case["werkdagen"] for case in done) if done else None)
        if "mediaan_dagen" in row:
            assert row["mediaan_dagen"] == (median(case["dagen"] for case in done) if done else None)
    assert sum(row["buiten_norm"] for row in rows) == len(late)


@pytest.mark.parametrize("kpi", kpis("aandeel"), ids=lambda kpi: kpi.id)
@pytest.mark.parametrize("per", GROUPS, ids=str)
@pytest.mark.parametrize("divided", [False, True], ids=["whole", "divided"])
def test_outcomes_of_a_share_are_its_cases(filled, evidence, kpi, per, divided):
    if divided and not kpi.eigen_dimensies:
        return
    own = kpi.eigen_dimensies if divided else ()
    cases = [case for case in evidence(kpi) if case["reden_telt_niet"] is None]
    for row in table(filled, kpi, (*per, *own)):
        whole = [case for case in within(cases, row, per) if case["volgnr"] == 1]
        mine = within(cases, row, (*per, *own)) if divided else whole
        total = row[kpi.invulling.geheel]
        assert total == len(whole) == len({case["geval_id"] for case in whole})
        for outcome in kpi.invulling.uitkomsten:
            found = [case for case in mine if case["uitkomst"] == outcome]
            assert row[outcome] == len(found) == len({case["geval_id"] for case in found})
            assert row[f"aandeel_{outcome}"] == (len(found) / total if total else None)
            if f"euro_{outcome}" in row:
                assert row[f"euro_{outcome}"] == sum(case["centen"] for case in found) / 100
        if f"euro_{kpi.invulling.geheel}" in row:
            assert row[f"euro_{kpi.invulling.geheel}"] == sum(case["centen"] for case in whole) / 100


@pytest.mark.parametrize("kpi", kpis("aandeel"), ids=lambda kpi: kpi.id)
def test_evidence_of_a_share_is_the_cases_that_it_points_at(filled, evidence, kpi):
    (row,) = table(filled, kpi, ())
    firsts = [case for case in evidence(kpi, alle=False) if case["volgnr"] == 1]
    assert len(firsts) == sum(row[outcome] for outcome in kpi.invulling.aandacht) > 0


@pytest.mark.parametrize("per", [*GROUPS, ("berichttype",), ("soort", "maand")], ids=str)
def test_volume_is_its_messages(filled, evidence, per):
    (kpi,) = kpis("telling")
    cases = evidence(kpi)
    for row in table(filled, kpi, per):
        mine = within(cases, row, per)
        assert row["berichten"] == len(mine)
        assert row["gemeenten"] == len({case["gemeente"] for case in mine})
        assert row["aanbieders"] == len({case["aanbieder"] for case in mine})


@pytest.mark.parametrize("per", GROUPS, ids=str)
def test_variation_is_its_lines(filled, evidence, per):
    (kpi,) = kpis("codevariatie")
    cases = evidence(kpi)
    for row in table(filled, kpi, per):
        mine = within(cases, row, per)
        pairs = {(case["wet"], case["gemeente"], case["product_code"]) for case in mine}
        own = {(c["wet"], c["gemeente"], c["product_code"]) for c in mine if c["is_eigen_code"]}
        assert (row["regels"], row["paren"], row["paren_eigen_code"]) == (len(mine), len(pairs), len(own))
        assert row["codes"] == len({(wet, code) for wet, _, code in pairs})
        aanbieders = {case["aanbieder"] for case in mine}
        assert row["aanbieders"] == len(aanbieders)
        counts = [len({(c["wet"], c["product_code"]) for c in mine if c["aanbieder"] == name}) for name in aanbieders]
        assert row["gemiddeld_codes_per_aanbieder"] == pytest.approx(mean(counts))
        assert row["mediaan_codes_per_aanbieder"] == median(counts)
        assert row["regels_regiocode"] == sum(case["is_regiocode"] is True for case in mine)
        assert row["regels_vergelijkbaar"] == sum(case["is_regiocode"] is not None for case in mine)


def test_mean_overlap_is_that_of_the_pairs_of_gemeenten(filled):
    (kpi,) = kpis("codevariatie")
    pairs = filled.execute("SELECT wet, overlap FROM verkeer.code_overlap").fetchall()
    assert pairs
    peil = filled.execute("SELECT peildatum FROM verkeer.peildatum").fetchone()[0]
    rows = rows_of(compute(filled, kpi.id, per=("wet",), selection=Selection(peildatum=peil)))
    for row in rows:
        assert row["gemiddelde_overlap"] == pytest.approx(mean(overlap for wet, overlap in pairs if wet == row["wet"]))
    assert (
        pytest.approx(mean(overlap for _, overlap in pairs))
        == rows_of(compute(filled, kpi.id))[0]["gemiddelde_overlap"]
    )


@pytest.mark.parametrize("per", GROUPS, ids=str)
def test_lines_of_productcode_afwijking_are_its_cases(filled, evidence, per):
    (kpi,) = kpis("productcode")
    cases = evidence(kpi)
    for row in table(filled, kpi, per):
        mine = within(cases, row, per)
        verdicts = [case["oordeel"] for case in mine]
        assert row["regels"] == sum(verdict is not None for verdict in verdicts)
        assert row["regels_zonder_code"] == verdicts.count(None)
        assert row["regels_afwijkend"] == verdicts.count("afwijkend")
        assert row["regels_onbekend"] == verdicts.count("onbekend")
        assert row["berichten"] == len({case["bericht_id"] for case in mine if case["oordeel"]})


def test_every_kind_is_counted_back_here():
    assert {kpi.soort.naam for kpi in list_kpis()} == {"tijdnorm", "aandeel", "telling", "codevariatie", "productcode"}
