"""What comes from other rooms is what they say, rounded, and nothing that rests on few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keten_kpi.codes import WatAls, list_codes
from keten_kpi.dashboard.gevallen import PRODUCTCODES, read_cases
from keten_kpi.dashboard.kamers import Kamers, rounded
from keten_kpi.dashboard.tabellen import Tabellen
from keten_kpi.kpi import Selection, compute
from tests.dashboard.conftest import MINIMUM

OWN = "1960"


def test_the_codes_of_a_gemeente_are_those_of_codes_lijst(con) -> None:
    found = [row for row in read_cases(con, PRODUCTCODES, [()]).codes.gemeenten if row["gemeente"] == OWN]
    listed = list_codes(con, Selection(gemeente=OWN))
    names = [listed.columns.index(name) for name in ("wet", "product_code", "regels", "clienten")]
    assert {(row["wet"], row["product_code"], row["regels"], row["clienten"]) for row in found} == {
        tuple(row[at] for at in names) for row in listed.rows
    }


def test_the_codes_of_an_aanbieder_are_those_of_the_kpi(con) -> None:
    truth = {row[0]: row[2] for row in compute(con, "codevariatie", per=("aanbieder",)).rows}
    assert {row["aanbieder"]: row["codes"] for row in read_cases(con, PRODUCTCODES, [()]).codes.aanbieders} == truth


def test_rows_about_few_clients_are_left_out_and_others_are_rounded(con, tabellen) -> None:
    kamers = Kamers(tabellen)
    exact = {(row["aanbieder"]): row["clienten"] for row in read_cases(con, PRODUCTCODES, [()]).codes.aanbieders}
    shown = {row["aanbieder"]: row["clienten"] for row in kamers.aanbieders()}
    assert set(shown) <= {name for name, number in exact.items() if number >= MINIMUM}
    assert 0 < len(shown) < len(exact)
    assert all(number % 5 == 0 and abs(number - exact[name]) <= 2 for name, number in shown.items())


@pytest.mark.parametrize("minimum", [0, MINIMUM])
def test_no_cause_that_is_shown_rests_on_few(con, minimum, tabellen) -> None:
    kamers = Kamers(Tabellen(con, minimum))
    found = [cause for code in tabellen.gemeenten() for cause in kamers.oorzaken(code)]
    assert all(cause.te_laat >= minimum and cause.gevallen >= minimum for cause in found)
    assert found if minimum == 0 else True


def test_pages_tell_of_rounding_only_when_there_is(con, tabellen) -> None:
    assert Kamers(Tabellen(con, 0)).afronding == ""
    assert "5" in Kamers(tabellen).afronding


@given(st.integers(0, 10_000), st.integers(3, 30))
def test_a_rounded_count_is_near_and_never_small(count, minimum) -> None:
    shown = rounded(count, minimum)
    assert (shown is None) == (0 < count < minimum)
    assert shown is None or abs(shown - count) <= 2


@pytest.mark.parametrize(
    ("now", "then", "of", "minimum", "shown"),
    [
        (403, 233, 852, 10, 235 / 850),
        (403, 233, 852, 0, 233 / 852),
        (403, 0, 852, 10, 0.0),
        (403, 9, 852, 10, None),  # few would be left
        (403, 394, 852, 10, None),  # few would change
        (403, 403, 852, 10, None),  # none would
    ],
)
def test_what_would_be_left_of_own_codes_is_of_rounded_counts_and_not_of_few(
    con, monkeypatch, now, then, of, minimum, shown
) -> None:
    kamers = Kamers(Tabellen(con, minimum))
    columns = ("berichten_afwijkend", "berichten_afwijkend_straks", "aandeel_berichten_afwijkend_straks")
    monkeypatch.setattr(Kamers, "wat_als", WatAls(None, 3, columns, [(now, then, then / of)]))
    assert kamers.aandeel_straks() == (pytest.approx(shown) if shown is not None else None)


def test_codes_that_are_left_out_of_a_list_are_never_alone_nor_few_together(con, tabellen) -> None:
    kamers, seen = Kamers(tabellen), 0
    for code in tabellen.gemeenten():
        exact = {(row["wet"], row["product_code"]): row["clienten"] for row in kamers._codes_van.get(code, [])}
        gone = set(exact) - {(row["wet"], row["product_code"]) for row in kamers.code_rijen_van(code)}
        seen += len(gone)
        assert len(gone) != 1 or len(exact) == 1
        assert not gone or len(gone) == len(exact) or sum(exact[name] for name in gone) >= MINIMUM
    assert seen > 10
