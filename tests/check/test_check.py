"""One party beside the country: its figures are those of the KPIs, its causes are worked by hand, its demands alarm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keten_kpi.errors import UsageError
from keten_kpi.kpi import Selection, compute, violations
from keten_kpi.toets import Partij, check_party, norm_ids, read_config
from keten_kpi.toets.check import months_until
from keten_kpi.toets.oorzaak import Geval, largest_causes

LAST = date(2026, 5, 8)
DIEMEN = Partij("gemeente", "0384")
STATES = ("binnen_norm", "buiten_norm", "lopend")


def by_duty(found) -> dict[tuple[str, bool], object]:
    return {(norm.kpi, norm.is_eigen_plicht): norm for norm in found.normen}


def figure(con, kpi, selection) -> dict[str, object]:
    result = compute(con, kpi, selection=selection)
    return dict(zip(result.columns, result.rows[0], strict=True))


@pytest.mark.parametrize("partij", [DIEMEN, Partij("gemeente", "1684"), Partij("aanbieder", "42420001")])
def test_own_figures_are_those_of_the_kpi_and_with_the_rest_they_are_all(con, partij) -> None:
    found = check_party(con, partij, peildatum=LAST)
    for kpi in {norm.kpi for norm in found.normen}:
        rows = [norm for norm in found.normen if norm.kpi == kpi]
        own = figure(con, kpi, Selection(**{partij.soort: partij.code}, peildatum=LAST))
        all_ = figure(con, kpi, Selection(peildatum=LAST))
        for state in STATES:
            assert sum(getattr(norm.eigen, state) for norm in rows) == own[state]
            assert sum(getattr(norm.eigen, state) + getattr(norm.elders, state) for norm in rows) == all_[state]


def test_share_and_interval_are_those_of_the_kpi(con) -> None:
    norm = by_duty(check_party(con, DIEMEN, peildatum=LAST))["doorlooptijd-toewijzing", True]
    own = figure(con, norm.kpi, Selection(gemeente="0384", peildatum=LAST))
    for name in ("aandeel_binnen_norm", "aandeel_binnen_norm_laag", "aandeel_binnen_norm_hoog"):
        assert getattr(norm.eigen, name) == pytest.approx(own[name], abs=1e-12)


def test_both_sides_of_the_table_see_themselves(con) -> None:
    gemeente = by_duty(check_party(con, DIEMEN, peildatum=LAST))
    aanbieder = by_duty(check_party(con, Partij("aanbieder", "42420001"), peildatum=LAST))
    assert ("doorlooptijd-toewijzing", True) in gemeente
    assert ("starttermijn", False) in gemeente
    assert ("doorlooptijd-toewijzing", False) in aanbieder
    assert ("starttermijn", True) in aanbieder
    assert {("retourtermijn", True), ("retourtermijn", False)} <= set(gemeente) & set(aanbieder)


def test_own_duties_come_first(con) -> None:
    duties = [norm.is_eigen_plicht for norm in check_party(con, DIEMEN, peildatum=LAST).normen]
    assert duties == sorted(duties, reverse=True)


def test_what_one_side_owes_the_other_is_owed(con) -> None:
    """The retour that a gemeente must send on a 315 is one that its aanbieders wait for."""
    norm = by_duty(check_party(con, DIEMEN, peildatum=LAST))["retourtermijn", True]
    late = violations(con, "retourtermijn", selection=Selection(gemeente="0384", peildatum=LAST), alle=True)
    rows = [dict(zip(late.columns, row, strict=True)) for row in late.rows]
    sent_by_aanbieder = [row for row in rows if row["toestand"] == "buiten_norm" and row["antwoord_dag"] is None]
    assert norm.eigen.buiten_norm <= sum(row["toestand"] == "buiten_norm" for row in rows)
    assert sent_by_aanbieder


@pytest.mark.parametrize(
    ("day", "first", "last"), [("2026-05-08", "2025-12", "2026-05"), ("2026-12-31", "2026-07", "2026-12")]
)
def test_the_trend_is_six_months_up_to_that_of_the_peildatum(day, first, last) -> None:
    months = months_until(date.fromisoformat(day))
    assert (len(months), months[0], months[-1]) == (6, first, last)


def test_the_trend_adds_up_to_the_figures_per_month_and_says_what_may_still_change(con) -> None:
    norm = by_duty(check_party(con, DIEMEN, peildatum=LAST))["doorlooptijd-toewijzing", True]
    result = compute(con, norm.kpi, per=("maand",), selection=Selection(gemeente="0384", peildatum=LAST))
    per_month = {row[0]: row[result.columns.index("binnen_norm")] for row in result.rows}
    assert {month.maand: month.stand.binnen_norm for month in norm.maanden if month.maand in per_month} == per_month
    assert {month.maand for month in norm.maanden if month.is_voorlopig} == {"2026-05"}


def test_a_wet_narrows_both_sides(con) -> None:
    norm = by_duty(check_party(con, DIEMEN, wet="Wmo", peildatum=LAST))["reactietermijn-verzoek", True]
    every = figure(con, norm.kpi, Selection(wet="Wmo", peildatum=LAST))
    assert norm.eigen.binnen_norm + norm.elders.binnen_norm == every["binnen_norm"]


def test_a_party_without_cases_has_figures_of_the_rest_only(con) -> None:
    for norm in check_party(con, Partij("gemeente", "0014"), peildatum=LAST).normen:
        assert norm.eigen.aandeel_binnen_norm is None
        assert norm.oorzaken == ()


def test_nobody_is_named(con) -> None:
    ids = {row[0] for row in con.execute("SELECT lower(hex(client_id)) FROM bron.client").fetchall()}
    text = str(check_party(con, DIEMEN, peildatum=LAST).as_dict())
    assert not any(client_id in text for client_id in ids)


MONDAY, FRIDAY = date(2026, 5, 4), date(2026, 5, 8)


def cases(late: int, in_time: int, **traits) -> list[Geval]:
    """So many late and in time that are alike."""
    alike = {"start_dag": MONDAY, "tegenpartij": "A", "product_categorie": "45", **traits}
    return [Geval("buiten_norm", aantal=late, **alike), Geval("binnen_norm", aantal=in_time, **alike)]


def test_a_cause_is_measured_by_the_late_cases_it_has_more_than_the_others_would() -> None:
    """Aanbieder B is late in 20 of 40; the others in 10 of 100, which would make 4 of 40: 16 more."""
    found = largest_causes([*cases(10, 90), *cases(20, 20, tegenpartij="B")], "aanbieder")
    assert [(cause.soort, cause.waarde, cause.buiten_norm, cause.aantal, cause.extra) for cause in found] == [
        ("aanbieder", "B", 20, 40, pytest.approx(16))
    ]
    assert (found[0].aandeel_buiten, found[0].aandeel_buiten_overig) == (0.5, 0.1)
    assert found[0].verschil == "hoger"


def test_a_small_group_with_a_high_share_comes_after_a_large_one_with_more_late_cases() -> None:
    traffic = [*cases(10, 190), *cases(30, 70, tegenpartij="B"), *cases(3, 0, tegenpartij="C")]
    assert [cause.waarde for cause in largest_causes(traffic, "aanbieder")] == ["B", "C"]


def test_one_late_case_of_two_may_be_chance() -> None:
    (found,) = largest_causes([*cases(1, 9), *cases(1, 1, tegenpartij="B")], "aanbieder")
    assert found.verschil == "geen verschil"


def test_what_all_cases_share_explains_nothing() -> None:
    assert largest_causes(cases(10, 10), "aanbieder") == ()


def test_without_late_cases_there_is_no_cause() -> None:
    assert largest_causes([*cases(0, 10), *cases(0, 5, tegenpartij="B")], "aanbieder") == ()


def test_weekday_and_end_of_month_are_causes() -> None:
    end = date(2026, 4, 30)  # a Thursday
    found = largest_causes([*cases(1, 99), *cases(10, 10, start_dag=end)], "aanbieder")
    assert {(cause.soort, cause.waarde) for cause in found} == {
        ("weekdag", "donderdag"),
        ("maandeinde", "laatste 5 dagen van de maand"),
    }


@pytest.mark.parametrize(
    ("day", "is_end"), [("2026-04-25", False), ("2026-04-26", True), ("2026-02-24", True), ("2024-02-24", False)]
)
def test_the_end_of_a_month_is_its_last_five_days(day, is_end) -> None:
    found = largest_causes([*cases(0, 90), *cases(10, 0, start_dag=date.fromisoformat(day))], "aanbieder")
    assert ("maandeinde" in {cause.soort for cause in found}) is is_end


def test_product_category_is_a_cause_and_an_unknown_one_is_not() -> None:
    traffic = [*cases(1, 99), *cases(10, 10, product_categorie="54"), *cases(10, 10, product_categorie=None)]
    assert [(cause.soort, cause.waarde) for cause in largest_causes(traffic, "aanbieder")] == [
        ("productcategorie", "54")
    ]


def test_at_most_three_causes_and_running_cases_are_none() -> None:
    traffic = [*cases(1, 99), *(case for place in "BCDE" for case in cases(5, 5, tegenpartij=place))]
    assert len(largest_causes(traffic, "aanbieder")) == 3
    running = [Geval("lopend", FRIDAY, "B", "45", 50)]
    assert largest_causes([*cases(10, 90), *running], "aanbieder") == ()


def test_the_product_category_of_a_case_is_that_of_its_line_or_its_message(con) -> None:
    causes = {
        (norm.kpi, cause.waarde): cause
        for norm in check_party(con, DIEMEN, peildatum=LAST).normen
        for cause in norm.oorzaken
        if cause.soort == "productcategorie"
    }
    assert causes["doorlooptijd-toewijzing", "54"].buiten_norm == 1  # DMN-4, which asked for 54001


def test_a_norm_is_met_from_the_asked_share_on(con) -> None:
    share = figure(con, "doorlooptijd-toewijzing", Selection(gemeente="0384", peildatum=LAST))["aandeel_binnen_norm"]
    for asked, met in ((share, True), (share + 1e-9, False)):
        found = check_party(con, DIEMEN, peildatum=LAST, eisen={"doorlooptijd-toewijzing": asked})
        assert by_duty(found)["doorlooptijd-toewijzing", True].is_gehaald is met
        assert found.is_gehaald is met


def test_a_demand_is_on_what_the_party_must_do_itself(con) -> None:
    norms = by_duty(check_party(con, DIEMEN, peildatum=LAST, eisen={"retourtermijn": 1.0}))
    assert norms["retourtermijn", True].is_gehaald is False
    assert norms["retourtermijn", False].eis is None


def test_of_a_norm_that_only_the_other_side_must_meet_the_demand_is_on_that(con) -> None:
    norms = by_duty(check_party(con, DIEMEN, peildatum=LAST, eisen={"starttermijn": 0.5}))
    assert norms["starttermijn", False].is_gehaald is True


def test_without_judged_cases_a_norm_is_neither_met_nor_missed(con) -> None:
    found = check_party(con, DIEMEN, peildatum=LAST, eisen={"onderzoekstermijn": 1.0})
    assert by_duty(found)["onderzoekstermijn", True].is_gehaald is None
    assert found.is_gehaald


def config(folder: Path, text: str) -> Path:
    path = folder / "keten.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_config_asks_a_share_per_norm_and_leaves_other_sections_alone(tmp_path) -> None:
    text = '[check]\n"doorlooptijd-toewijzing" = 0.90\nretourtermijn = 1\n\n[elders]\nretourtermijn = "x"\n'
    assert read_config(config(tmp_path, text), norm_ids()) == {"doorlooptijd-toewijzing": 0.9, "retourtermijn": 1.0}


WRONG = {
    "no toml": ("[check\n", "is no TOML", ""),
    "no section": ("[checks]\n", "no section [check]", "doorlooptijd-toewijzing = 0.90"),
    "a section that is a value": ("check = 1\n", "no section [check]", ""),
    "unknown norm": (
        "[check]\n\ndoorlooptijd = 0.9\n",
        "line 3: there is no norm doorlooptijd",
        "doorlooptijd-toewijzing",
    ),
    "unlike any norm": ("[check]\nxyz = 0.9\n", "line 2: there is no norm xyz", "Choose from"),
    "a percentage": ("[check]\nretourtermijn = 90\n", "line 2: retourtermijn = 90", "Did you mean 0.9?"),
    "zero": ("[check]\nretourtermijn = 0\n", "line 2", "0.90"),
    "negative": ("[check]\nretourtermijn = -0.5\n", "line 2", ""),
    "not a number": ("[check]\nretourtermijn = nan\n", "line 2", ""),
    "text": ('[check]\nretourtermijn = "0.9"\n', "line 2: retourtermijn is no number", "0.90"),
    "true": ("[check]\nretourtermijn = true\n", "line 2: retourtermijn is no number", ""),
    "the same key elsewhere": ("[a]\nxyz = 1\n[check]\nxyz = 0.9\n", "line 4", ""),
}


@pytest.mark.parametrize(("text", "what", "advice"), WRONG.values(), ids=WRONG)
def test_a_wrong_config_says_what_is_wrong_and_where(tmp_path, text, what, advice) -> None:
    with pytest.raises(UsageError) as raised:
        read_config(config(tmp_path, text), norm_ids())
    assert "keten.toml" in raised.value.message
    assert what in raised.value.message
    assert advice in raised.value.advice


def test_a_config_that_is_not_there_or_no_text_is_wrong_usage(tmp_path) -> None:
    with pytest.raises(UsageError):
        read_config(tmp_path / "absent.toml", norm_ids())
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe[check]")
    with pytest.raises(UsageError):
        read_config(tmp_path / "x.toml", norm_ids())
