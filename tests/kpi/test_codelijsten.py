"""Lists of product codes come in as published, whatever their headers are called that year."""

from __future__ import annotations

from datetime import date

import duckdb
import openpyxl
import pytest

from keten_kpi.errors import KetenError, UsageError
from keten_kpi.load import create_tables
from keten_kpi.publish import add_codelist, codelists, publish
from keten_kpi.standaard.productcodelijst import Lacune, read_productcodelijst


@pytest.fixture
def published():
    connection = duckdb.connect(":memory:")
    create_tables(connection)
    publish(connection)
    yield connection
    connection.close()


def write(folder, text, name="codes-2026-01.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def write_xlsx(folder, rows, name="codes-2026-01.xlsx", sheet="Productcodes"):
    book = openpyxl.Workbook()
    book.active.title = "Toelichting"
    book.active.append(["Over deze lijst"])
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    path = folder / name
    book.save(path)
    return path


@pytest.mark.parametrize(
    "header",
    [
        "productcode;omschrijving;productcategorie;uitvoeringsvariant",
        "Code;Productomschrijving;Categorie;Variant",
        "Product code;Omschrijving product;Categoriecode;Uitvoeringsvariant",
        "code,omschrijving,categorie,uitvoeringsvariant",
        "PRODUCTCODE\tOMSCHRIJVING\tPRODUCTCATEGORIE\tUITVOERINGSVARIANT",
    ],
)
def test_columns_are_recognised_by_their_header(tmp_path, header):
    separator = next(mark for mark in ";,\t" if mark in header)
    path = write(tmp_path, f"{header}\n" + separator.join(["45A04", "Ambulant", "45", "inspanningsgericht"]) + "\n")
    code, *rest = read_productcodelijst(path).codes
    assert not rest
    assert (code.code, code.omschrijving, code.categorie, code.uitvoeringsvariant) == (
        "45A04",
        "Ambulant",
        "45",
        "inspanningsgericht",
    )


def test_dates_are_read_in_dutch_and_iso_order(tmp_path):
    text = "code;categorie;ingangsdatum;geldig tot\n45A04;45;01-02-2025;2025-12-31\n45A05;45;;\n"
    first, second = read_productcodelijst(write(tmp_path, text)).codes
    assert (first.geldig_van, first.geldig_tot) == (date(2025, 2, 1), date(2025, 12, 31))
    assert (second.geldig_van, second.geldig_tot) == (None, None)


def test_latin_1_is_read_too(tmp_path):
    path = write(tmp_path, "code;categorie;omschrijving\n45A04;45;Cliënt\n", encoding="latin-1")
    assert read_productcodelijst(path).codes[0].omschrijving == "Cliënt"


def test_xlsx_with_titles_above_the_header_and_numbers_as_codes(tmp_path):
    rows = [
        ["Codelijst JZ21"],
        [],
        ["Productcode", "Productomschrijving", "Productcategorie", "Begin", "Eind"],
        [54001, "Basis ggz", 54, date(2026, 1, 1), None],
        ["54A01", "Specialistisch", "54 Jeugd-ggz", None, None],
        [None, "kopje", None, None, None],
        ["Bron: iStandaarden"],
    ]
    lijst = read_productcodelijst(write_xlsx(tmp_path, rows))
    assert [(code.code, code.categorie, code.geldig_van) for code in lijst.codes] == [
        ("54001", "54", date(2026, 1, 1)),
        ("54A01", "54", None),
    ]


@pytest.mark.parametrize(("categories", "wet"), [(("45", "55"), "Jw"), (("01", "18"), "Wmo"), (("1", "2"), "Wmo")])
def test_wet_is_told_from_the_categories(tmp_path, categories, wet):
    rows = "".join(f"X{number};{categorie}\n" for number, categorie in enumerate(categories))
    lijst = read_productcodelijst(write(tmp_path, f"code;categorie\n{rows}"))
    assert lijst.wet == wet
    assert lijst.codelijst == {"Jw": "JZ21", "Wmo": "WMO021"}[wet]


def test_categories_of_two_wetten_ask_for_the_wet(tmp_path):
    path = write(tmp_path, "code;categorie\n45A04;45\n02A03;02\n")
    with pytest.raises(UsageError) as raised:
        read_productcodelijst(path)
    assert "--wet" in raised.value.advice


@pytest.mark.parametrize(
    ("name", "version", "day"),
    [
        ("JZ21 2025-02.csv", "2025-02", date(2025, 2, 1)),
        ("productcodes_20260115.csv", "2026-01-15", date(2026, 1, 15)),
        ("lijst-05-01-2022.csv", "2022-01-05", date(2022, 1, 5)),
    ],
)
def test_vintage_is_told_from_the_name(tmp_path, name, version, day):
    lijst = read_productcodelijst(write(tmp_path, "code;categorie\n45A04;45\n", name))
    assert (lijst.lijstversie, lijst.lijst_dag) == (version, day)


def test_name_without_a_date_asks_for_the_vintage(tmp_path):
    path = write(tmp_path, "code;categorie\n45A04;45\n", "codes.csv")
    with pytest.raises(UsageError) as raised:
        read_productcodelijst(path)
    assert "--lijstversie" in raised.value.advice
    assert read_productcodelijst(path, lijstversie="2026").lijst_dag == date(2026, 1, 1)


@pytest.mark.parametrize("version", ["2026-13", "januari", "2026-1", ""])
def test_vintage_that_is_no_date_is_refused(tmp_path, version):
    path = write(tmp_path, "code;categorie\n45A04;45\n", "codes.csv")
    with pytest.raises(UsageError):
        read_productcodelijst(path, lijstversie=version)


def test_error_names_file_sheet_and_the_headers_found_and_expected(tmp_path):
    path = write_xlsx(tmp_path, [["Titel"], ["Nummer", "Naam", "Categorie"], ["1", "a", "45"]])
    with pytest.raises(KetenError) as raised:
        read_productcodelijst(path)
    assert str(path) in raised.value.message
    assert "sheet Productcodes: Nummer, Naam, Categorie" in raised.value.message
    assert "productcode" in raised.value.advice
    assert "productcategorie" in raised.value.advice


def test_row_that_is_no_code_is_named(tmp_path):
    path = write(tmp_path, "code;categorie\n45A04;45\nveel te lang;45\n")
    with pytest.raises(KetenError) as raised:
        read_productcodelijst(path)
    assert "row 3" in raised.value.message


def test_date_that_is_none_is_named(tmp_path):
    path = write(tmp_path, "code;categorie;begin\n45A04;45;ooit\n")
    with pytest.raises(KetenError) as raised:
        read_productcodelijst(path)
    assert "row 2" in raised.value.message


@pytest.mark.parametrize("content", ["", "\n\n", "code;categorie\n"])
def test_file_without_codes_is_refused(tmp_path, content):
    with pytest.raises(KetenError):
        read_productcodelijst(write(tmp_path, content))


def test_file_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError):
        read_productcodelijst(tmp_path / "2026-01.csv")


def test_file_that_only_starts_as_xlsx_is_refused(tmp_path):
    path = tmp_path / "2026-01.xlsx"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(KetenError):
        read_productcodelijst(path)


def test_added_list_survives_publishing_again(tmp_path, published):
    add_codelist(published, write(tmp_path, "code;categorie\n45A04;45\n54001;54\n"))
    before = codelists(published)
    publish(published)
    assert codelists(published) == before
    assert ("54001",) in published.execute("SELECT code FROM verkeer.productcode WHERE is_toegevoegd").fetchall()
    assert [row["lijstversie"] for row in before if row["wet"] == "Jw"] == ["2025-02", "2026-01"]


def test_added_list_is_complete_and_says_so(tmp_path, published):
    add_codelist(published, write(tmp_path, "code;categorie\n45A04;45\n"))
    dekking = {row["lijstversie"]: row["dekking"] for row in codelists(published)}
    assert dekking["2026-01"] == "volledig"
    assert "vijf cijfers" in dekking["2025-02"]


def test_added_list_may_have_lacunes(tmp_path, published):
    lacunes = [Lacune(categorie="55", uitleg="categorie 55")]
    add_codelist(published, write(tmp_path, "code;categorie\n45A04;45\n"), lacunes=lacunes)
    assert {row["lijstversie"]: row["dekking"] for row in codelists(published)}["2026-01"] == "zonder categorie 55"


def test_same_vintage_replaces_the_shipped_one(tmp_path, published):
    path = write(tmp_path, "code;categorie\n45A04;45\n54001;54\n", "codes.csv")
    add_codelist(published, path, lijstversie="2025-02")
    publish(published)
    rows = [row for row in codelists(published) if row["wet"] == "Jw"]
    assert [(row["lijstversie"], row["aantal_codes"], row["is_toegevoegd"]) for row in rows] == [("2025-02", 2, True)]
    assert published.execute("SELECT count(*) FROM verkeer.codelijst_lacune").fetchone() == (0,)


def test_adding_twice_is_adding_once(tmp_path, published):
    path = write(tmp_path, "code;categorie\n45A04;45\n")
    add_codelist(published, path)
    add_codelist(published, path)
    assert published.execute("SELECT count(*) FROM verkeer.productcode WHERE is_toegevoegd").fetchone() == (1,)


def test_database_that_was_not_published_takes_no_list(tmp_path):
    connection = duckdb.connect(":memory:")
    create_tables(connection)
    with pytest.raises(KetenError):
        add_codelist(connection, write(tmp_path, "code;categorie\n45A04;45\n"))
    connection.close()
