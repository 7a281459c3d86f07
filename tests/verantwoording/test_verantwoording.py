"""An account worked out by hand: euros add up to the cent, and what does not add up is exactly what was planted."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
import polars as pl
import pytest

from keten_kpi.errors import UsageError
from keten_kpi.inzicht import account_for, protect_account
from keten_kpi.report import csv_text, json_text, write_file, write_workbook
from tests.published import published
from tests.verantwoording.boek import Boek, P

AANBIEDER = "42420001"
REFUSED = "9321"


@pytest.fixture(scope="module")
def empty():
    with published() as connection:
        yield connection


@pytest.fixture
def boek(empty):
    empty.begin()
    yield Boek(empty)
    empty.rollback()


def euros(found, **wanted) -> list[tuple[str, ...]]:
    """Of the rows with these values: declared, credited, refused, unanswered, granted."""
    names = ("gedeclareerd_euro", "gecrediteerd_euro", "afgekeurd_euro", "onbeantwoord_euro", "toegekend_euro")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    kept = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return [tuple(str(row[name]) for name in names) for row in kept]


def column(found, name: str) -> list[object]:
    at = found.columns.index(name)
    return [row[at] for row in found.rows]


def differences(found) -> list[tuple[object, ...]]:
    """soort, identificatie, referentie, expected and found euros."""
    at = [found.verschillen.columns.index(n) for n in ("soort", "identificatie", "referentie_nummer", "verwacht_euro",
                                                       "gevonden_euro")]  # fmt: skip
    return [tuple(str(row[i]) if row[i] is not None else None for i in at) for row in found.verschillen.rows]


def account(boek: Boek, **options):
    return account_for(boek.con, AANBIEDER, 2025, **options)


def test_a_declaratie_granted_in_full_has_no_difference(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 10_001), P("b", 99, client="B"))
    boek.antwoord("1", 10_100, 10_100)
    found = account(boek)
    assert euros(found) == [("101.00", "0.00", "0.00", "0.00", "101.00")]
    assert (column(found, "clienten"), column(found, "prestaties")) == ([2], [2])
    assert differences(found) == []


def test_a_refused_prestatie_that_is_sent_again_counts_as_declared_twice_and_granted_once(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 12_345), P("b", 5_000))
    boek.antwoord("1", 17_345, 5_000, (P("a", 12_345), REFUSED, None))
    boek.declaratie("2", P("a", 12_345), op="2025-05-05")
    boek.antwoord("2", 12_345, 12_345, op="2025-05-09")
    found = account(boek)
    assert euros(found) == [("296.90", "0.00", "123.45", "0.00", "173.45")]
    assert column(found, "volume") == [Decimal("30.00")]
    assert column(found, "volume_toegekend") == [Decimal("20.00")]
    assert differences(found) == []


def test_what_costs_nothing_counts_in_the_volume_that_was_granted_unless_it_was_refused(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 0, volume=3), P("b", 0, volume=4), P("c", 100, volume=5))
    boek.antwoord("1", 100, 100, (P("b", 0), REFUSED, None))
    boek.declaratie("2", P("d", 0, volume=6))
    found = account(boek)
    assert column(found, "volume") == [Decimal("18.00")]
    assert column(found, "volume_toegekend") == [Decimal("8.00")]
    assert euros(found) == [("1.00", "0.00", "0.00", "0.00", "1.00")]


def test_a_credit_takes_off_what_it_withdraws_in_euros_and_in_volume(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 12_345), P("b", 5_000, volume=4))
    boek.antwoord("1", 17_345, 17_345)
    boek.declaratie("2", P("c", -12_345, vorig="a"), P("d", 10_000, volume=8), op="2025-05-05")
    boek.antwoord("2", -2_345, -2_345, op="2025-05-09")
    found = account(boek)
    assert euros(found) == [("273.45", "-123.45", "0.00", "0.00", "150.00")]
    assert column(found, "volume_toegekend") == [Decimal("12.00")]
    assert differences(found) == []


def test_a_credit_may_withdraw_care_of_another_year_and_counts_in_its_own(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 4_000, eind="2024-12-31"), op="2025-01-05")
    boek.antwoord("1", 4_000, 4_000)
    boek.declaratie("2", P("c", -4_000, vorig="a", eind="2025-01-31"))
    boek.antwoord("2", -4_000, -4_000)
    found = account(boek)
    assert euros(found) == [("0.00", "-40.00", "0.00", "0.00", "-40.00")]
    assert differences(found) == []


def test_a_credit_of_nothing_and_one_of_another_amount_are_listed(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 4_000))
    boek.antwoord("1", 4_000, 4_000)
    boek.declaratie("2", P("c", -3_900, vorig="a"), P("d", -100, vorig="zzz"), op="2025-05-05")
    boek.antwoord("2", -4_000, -4_000, op="2025-05-09")
    assert differences(account(boek)) == [
        ("credit_ander_bedrag", "2", "c", "-40.00", "-39.00"),
        ("credit_zonder_debet", "2", "d", None, "-1.00"),
    ]


def test_a_credit_of_what_was_refused_has_no_debet(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 4_000))
    boek.antwoord("1", 4_000, 0, (P("a", 4_000), REFUSED, None))
    boek.declaratie("2", P("c", -4_000, vorig="a"), op="2025-05-05")
    boek.antwoord("2", -4_000, -4_000, op="2025-05-09")
    assert differences(account(boek)) == [("credit_zonder_debet", "2", "c", None, "-40.00")]


def test_a_325_that_never_came_leaves_the_amount_unanswered(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 4_000), P("b", -1_000, vorig="x"))
    found = account(boek)
    assert euros(found) == [("40.00", "-10.00", "0.00", "30.00", "0.00")]
    assert ("declaratie_zonder_antwoord", "1", None, "30.00", None) in differences(found)


def test_an_answer_after_the_peildatum_is_not_known_yet(boek) -> None:
    from datetime import date

    boek.toewijzing(1)
    boek.declaratie("1", P("a", 4_000))
    boek.antwoord("1", 4_000, 4_000)
    assert euros(account(boek, peildatum=date(2025, 4, 9))) == [("40.00", "0.00", "0.00", "40.00", "0.00")]
    assert euros(account(boek, peildatum=date(2025, 4, 10))) == [("40.00", "0.00", "0.00", "0.00", "40.00")]


def test_of_unit_83_the_volume_is_cents_and_becomes_euros(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 12_345, eenheid="83", volume=12_345), P("b", 1_000, volume=10))
    boek.antwoord("1", 13_345, 13_345)
    found = account(boek)
    assert dict(zip(column(found, "eenheid"), column(found, "volume"), strict=True)) == {
        "04": Decimal("10.00"),
        "83": Decimal("123.45"),
    }


def test_release_23_and_32_stand_in_one_account_and_a_304_may_grant_a_part(boek) -> None:
    boek.toewijzing(1, "02A03", wet="WMO")
    boek.toewijzing(2)
    boek.declaratie("1", P("a", 10_000, code="02A03"), P("b", 5_000, code="02A03"), soort="WMO303")
    boek.antwoord("1", 15_000, 12_500, (P("a", 10_000, code="02A03"), "9321", 7_500), soort="WMO304")
    boek.declaratie("2", P("c", 3_000, toewijzing=2))
    boek.antwoord("2", 3_000, 3_000)
    found = account(boek)
    assert euros(found, wet="Wmo") == [("150.00", "0.00", "25.00", "0.00", "125.00")]
    assert euros(found, wet="Jw") == [("30.00", "0.00", "0.00", "0.00", "30.00")]
    assert differences(found) == []


def test_totals_that_differ_are_listed_with_what_they_should_have_been(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 10_000), totaal=10_001)
    boek.antwoord("1", 10_000, 9_000)
    assert differences(account(boek)) == [
        ("antwoordtotaal", "1", None, "100.01", "100.00"),
        ("declaratietotaal", "1", None, "100.00", "100.01"),
        ("toekenningstotaal", "1", None, "100.00", "90.00"),
    ]


def test_an_answer_to_nothing_a_second_answer_and_a_refusal_of_nothing_are_listed(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 10_000))
    boek.antwoord("1", 10_000, 10_000, (P("zz", 500), REFUSED, None))
    boek.antwoord("1", 10_000, 0, op="2025-04-20")
    boek.antwoord("9", 700, 700)
    assert differences(account(boek)) == [
        ("afkeuring_zonder_prestatie", "1", "zz", None, "5.00"),
        ("antwoord_zonder_declaratie", "9", None, None, "7.00"),
        ("tweede_antwoord", "1", None, None, "0.00"),
    ]


def test_a_prestatie_in_the_code_of_another_gemeente_is_told_from_one_in_another_code(boek) -> None:
    boek.toewijzing(1)
    boek.toewijzing(7, "45XYZ", gemeente="0363")
    boek.toewijzing(8, "45A05", gemeente="0384")
    boek.declaratie("1", P("a", 100, code="45XYZ"), P("b", 200, code="45A05"), P("c", 300, toewijzing=99), P("d", 400))
    boek.antwoord("1", 1_000, 1_000)
    found = account(boek)
    assert differences(found) == [
        ("andere_productcode", "1", "b", None, "2.00"),
        ("code_van_andere_gemeente", "1", "a", None, "1.00"),
        ("toewijzing_onbekend", "1", "c", None, "3.00"),
    ]
    assert euros(found, product_code="45XYZ") == [("1.00", "0.00", "0.00", "0.00", "1.00")]


def test_one_reference_granted_twice_is_listed_once(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 10_000))
    boek.antwoord("1", 10_000, 10_000)
    boek.declaratie("2", P("a", 10_000), op="2025-05-05")
    boek.antwoord("2", 10_000, 10_000, op="2025-05-09")
    assert differences(account(boek)) == [("dubbel_toegekend", "2", "a", "0.00", "100.00")]


def test_one_prestatie_withdrawn_twice_is_listed_once(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 4_000))
    boek.antwoord("1", 4_000, 4_000)
    boek.declaratie("2", P("b", -4_000, vorig="a"), P("c", -4_000, vorig="a"), op="2025-05-05")
    boek.antwoord("2", -8_000, -8_000, op="2025-05-09")
    assert differences(account(boek)) == [("dubbel_gecrediteerd", "2", "c", "0.00", "-40.00")]


def test_a_credit_that_was_refused_and_sent_again_is_no_second_credit(boek) -> None:
    boek.toewijzing(1)
    boek.declaratie("1", P("a", 4_000))
    boek.antwoord("1", 4_000, 4_000)
    boek.declaratie("2", P("b", -4_000, vorig="a"), op="2025-05-05")
    boek.antwoord("2", -4_000, 0, (P("b", -4_000), REFUSED, None), op="2025-05-09")
    boek.declaratie("3", P("c", -4_000, vorig="a"), op="2025-06-05")
    boek.antwoord("3", -4_000, -4_000, op="2025-06-09")
    assert differences(account(boek)) == []


def test_the_account_holds_one_aanbieder_one_year_and_if_asked_one_gemeente(boek) -> None:
    boek.declaratie("1", P("a", 100))
    boek.declaratie("2", P("b", 200), gemeente="0363")
    boek.declaratie("3", P("c", 400, eind="2024-12-31"))
    boek.aanbieder = "42420002"
    boek.declaratie("1", P("d", 800))
    assert account(boek).totaal["gedeclareerd_euro"] == Decimal("3.00")
    assert account(boek, gemeente="0363").totaal["gedeclareerd_euro"] == Decimal("2.00")
    assert account(boek, wet="Wmo").rows == []
    assert account_for(boek.con, AANBIEDER, 2024).totaal["gedeclareerd_euro"] == Decimal("4.00")


def test_declared_and_credited_is_granted_refused_and_unanswered_to_the_cent(boek) -> None:
    boek.declaratie("1", *(P(f"r{n}", 3_333 * n + 1, client=f"C{n}") for n in range(1, 40)))
    boek.antwoord("1", 1, 1, (P("r7", 23_332), REFUSED, None))
    boek.declaratie("2", P("x", -10_007, vorig="r3"), P("y", 1))
    total = account(boek).totaal
    assert total["gedeclareerd_euro"] + total["gecrediteerd_euro"] == (
        total["toegekend_euro"] + total["afgekeurd_euro"] + total["onbeantwoord_euro"]
    )
    assert total["afgekeurd_euro"] == Decimal("233.32")


def test_years_and_codes_that_cannot_be_are_refused(boek) -> None:
    with pytest.raises(UsageError, match="year 1999"):
        account_for(boek.con, AANBIEDER, 1999)
    with pytest.raises(UsageError, match="no AGB code"):
        account_for(boek.con, "12", 2025)


def test_what_others_see_has_no_rows_about_few_clients_no_totals_and_no_differences(boek) -> None:
    for number in range(30):
        boek.declaratie(f"1{number}", P("a", 100, client=f"C{number}"))
        boek.declaratie(f"2{number}", P("a", 100, client=f"C{number}", code="45A05"), gemeente="0363")
    for number in range(12):
        boek.declaratie(f"4{number}", P("a", 100, client=f"C{number}"), gemeente="0363")
        boek.declaratie(f"5{number}", P("a", 100, client=f"C{number}", code="45A05"))
    for gemeente in ("0384", "0363"):
        boek.declaratie("3" + gemeente, P("b", 700, client="C1", code="45A06"), gemeente=gemeente)
    seen = protect_account(account(boek), 10)
    small = [row for row in seen.rows if row[3] == "45A06"]
    assert small
    assert all(value is None for row in small for value in row[5:-1])
    assert "totaal" not in json_text(seen)
    assert seen.verschillen is None


def test_csv_has_two_decimals_and_leading_zeros(boek) -> None:
    boek.declaratie("1", P("a", 450))
    (row,) = csv.DictReader(io.StringIO(csv_text(account(boek))))
    assert (row["gemeente"], row["eenheid"], row["gedeclareerd_euro"], row["afgekeurd_euro"]) == (
        "0384", "04", "4.50", "0.00",
    )  # fmt: skip


def test_the_workbook_has_amounts_as_numbers_and_codes_as_text(boek, tmp_path) -> None:
    boek.declaratie("1", P("a", 123_456))
    found = account(boek)
    write_workbook({"verantwoording": found, "verschillen": found.verschillen}, tmp_path / "v.xlsx")
    book = openpyxl.load_workbook(tmp_path / "v.xlsx")
    assert book.sheetnames == ["verantwoording", "verschillen"]
    head, row = book["verantwoording"].iter_rows()
    cells = {name.value: cell for name, cell in zip(head, row, strict=True)}
    assert (cells["gemeente"].value, cells["eenheid"].value) == ("0384", "04")
    assert cells["gedeclareerd_euro"].value == 1234.56
    assert cells["gedeclareerd_euro"].number_format == "#,##0.00"
    assert book["verschillen"].max_row == 1 + len(found.verschillen.rows)


def test_parquet_keeps_amounts_exact(boek, tmp_path) -> None:
    boek.declaratie("1", P("a", 10))
    write_file(account(boek), tmp_path / "v.parquet", "parquet")
    assert pl.read_parquet(tmp_path / "v.parquet")["gedeclareerd_euro"].to_list() == [Decimal("0.10")]
