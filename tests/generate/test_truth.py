"""The product finds what the answer sheet says: every figure, every row, every case."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from keten_kpi import publish
from tests.generate.sheets import SHEETS, Sheet, differences

# bsn and code wrong more often than usual: they change which messages belong together
FAULTS = (
    "duplicate=0.03,conflict=0.03,disorder=0.05,missing-retour=0.1,invalid=0.02,bsn=0.03,code=0.03,version=0.01,"
    "truncated=0.01,encoding=0.03,envelope=0.05,nested-zip=0.02,future=0.02"
)
RUNS = [
    ("pilot", 5000, None),
    ("pilot", 5000, FAULTS),
    ("gemeente", 5000, None),
    ("gemeente", 5000, FAULTS),
    ("landelijk", 4000, FAULTS),
]


@pytest.mark.parametrize(("scenario", "messages", "faults"), RUNS)
@pytest.mark.parametrize("sheet", SHEETS, ids=Sheet.__str__)
def test_every_figure_of_every_row_is_what_the_truth_says(run, scenario, messages, faults, sheet):
    traffic = run(scenario, messages, faults)
    with traffic.reading() as con:
        assert list(differences(con, sheet, traffic.truth(sheet.file))) == []


def test_every_kpi_has_a_sheet_and_every_sheet_is_compared(run):
    assert {sheet.kpi for sheet in SHEETS} == {kpi.id for kpi in publish.list_kpis()}
    assert {sheet.file for sheet in SHEETS} == {file.stem for file in (run(*RUNS[0]).out / "truth").glob("*.csv")}


def test_a_sheet_that_is_wrong_by_one_is_noticed(run):
    traffic = run(*RUNS[0])
    (sheet,) = [sheet for sheet in SHEETS if str(sheet) == "ketenvolledigheid"]
    first, *rest = traffic.truth(sheet.file)
    wrong = first | {"volledig": str(int(first["volledig"]) + 1)}
    with traffic.reading() as con:
        assert len(list(differences(con, sheet, [wrong, *rest]))) == 1
        assert len(list(differences(con, sheet, rest))) == 1


@pytest.mark.parametrize(("scenario", "messages", "faults"), RUNS)
def test_every_request_lands_in_the_state_that_the_truth_names(run, scenario, messages, faults):
    traffic = run(scenario, messages, faults)
    names = ("wet", "gemeente", "aanbieder", "referentie", "start_dag", "uiterste_dag", "antwoord_dag", "toestand")
    with traffic.reading() as con:
        result = publish.violations(con, "doorlooptijd-toewijzing", alle=True)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    found = Counter(tuple(str(row[name] or "") for name in names) for row in rows if row["reden_telt_niet"] is None)
    truth = Counter(tuple(row[name] for name in names) for row in traffic.truth("gevallen/doorlooptijd-toewijzing"))
    assert found == truth
    assert len({key[-1] for key in truth}) >= 3


@pytest.mark.parametrize(("scenario", "messages", "faults"), RUNS)
def test_every_product_line_gets_the_verdict_that_the_truth_names(run, scenario, messages, faults):
    traffic = run(scenario, messages, faults)
    names = (
        "wet",
        "gemeente",
        "aanbieder",
        "berichttype",
        "toewijzing_nummer",
        "product_categorie",
        "product_code",
        "oordeel",
    )
    with traffic.reading() as con:
        result = publish.violations(con, "productcode-afwijking", alle=True)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    found = Counter(_text(row, names) for row in rows)  # lines without a code too
    truth = Counter(_text(row, names) for row in traffic.truth("gevallen/productcode-afwijking"))
    assert found == truth


def _text(row, names):
    return tuple("" if row[name] is None else str(row[name]) for name in names)


@pytest.mark.parametrize("seed", [2, 3])
def test_another_seed_agrees_as_well(run, seed):
    traffic = run("gemeente", 3000, FAULTS, seed)
    with traffic.reading() as con:
        found = {str(sheet): list(differences(con, sheet, traffic.truth(sheet.file))) for sheet in SHEETS}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_pilot_deviates_as_the_0_measurement_did(run):
    """53 % of all, 57 % Jw, 47 % Wmo: the whole pilot comes within two points, toewijzingen are mostly late."""
    traffic = run("pilot", 24000)
    for wet, published in (("Jw", 57), ("Wmo", 47), (None, 53)):
        with traffic.reading() as con:
            result = publish.compute(con, "productcode-afwijking", selection=publish.Selection(wet=wet))
        share = result.rows[0][result.columns.index("aandeel_berichten_afwijkend")]
        assert abs(100 * share - published) < 2
    with traffic.reading() as con:
        result = publish.compute(con, "doorlooptijd-toewijzing", per=("wet",))
    shares = [row[result.columns.index("aandeel_binnen_norm")] for row in result.rows]
    assert len(shares) == 2
    assert max(shares) < 0.5


def test_peildatum_is_the_last_day_of_the_scenario(run):
    traffic = run("pilot", 5000, FAULTS)
    with traffic.reading() as con:
        result = publish.compute(con, "doorlooptijd-toewijzing")
    assert result.peildatum == date(2020, 2, 28)


def test_no_sheet_is_empty_where_its_release_has_such_cases(run):
    """Release 3.2 knows every case there is but the woonplaatsbeginsel, which takes luck in so few messages."""
    traffic = run("gemeente", 5000)
    sheets = [path.stem for path in (traffic.out / "truth").glob("*.csv")]
    assert len(sheets) == 19
    assert [name for name in sheets if not traffic.truth(name)] in ([], ["woonplaatsbeginseltermijn"])
