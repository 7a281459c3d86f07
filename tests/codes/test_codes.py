"""Codes worked out by hand: what deviates, what it is like, and what a map that merges, splits and renames would do."""

from __future__ import annotations

from datetime import date

import pytest

from keten_kpi.codes import what_if_codes
from keten_kpi.errors import UsageError
from keten_kpi.inzicht import list_codes, read_map, suggested_map, what_if_replaced
from keten_kpi.kpi import Selection, compute
from tests.codes.verkeer import rows, traffic

# Two gemeenten and two aanbieders: 45X01 and 45X02 are merged, 45S01 is split, 45R01 is renamed, 45A04 is national.
TRAFFIC = """
1 JW305 2025-03-03 0384 42420001 A 45X01
1 JW305 2025-03-03 0384 42420001 A 45A04
2 JW305 2025-03-04 0363 42420001 B 45X02
3 JW305 2025-03-05 0384 42420001 C 45S01
4 JW305 2025-03-06 0363 42420001 D 45S01
5 JW305 2025-03-07 0363 42420002 E 45R01
6 JW305 2025-03-10 0363 42420002 F 45A04
7 JW305 2025-03-11 0363 42420002 G 45X01
"""
MAP = """wet,van,naar,categorie,gemeente
Jw,45X01,45A04,45,
Jw,45X02,45A04,45,
Jw,45S01,45A05,,
Jw,45S01,45A04,,0363
Jw,45R01,45R02,,
"""
ALL = Selection()


@pytest.fixture
def con(empty):
    with traffic(empty, TRAFFIC):
        yield empty


@pytest.fixture
def kaart(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text(MAP, "utf-8")
    return read_map(path)


def test_the_list_counts_each_deviating_code_and_who_uses_it(con) -> None:
    found = rows(list_codes(con, ALL))
    seen = {row["product_code"]: (row["regels"], row["clienten"], row["gemeenten"], row["aanbieders"]) for row in found}
    assert seen == {"45X01": (2, 2, 2, 2), "45S01": (2, 2, 2, 1), "45X02": (1, 1, 1, 1), "45R01": (1, 1, 1, 1)}


def test_a_selection_counts_its_own_lines_but_all_gemeenten_that_use_the_code(con) -> None:
    found = rows(list_codes(con, Selection(gemeente="0384")))
    assert {row["product_code"]: (row["regels"], row["gemeenten"], row["in_gemeenten"]) for row in found} == {
        "45X01": (1, 2, "0363 0384"),
        "45S01": (1, 2, "0363 0384"),
    }


def test_since_when_is_the_day_of_the_first_message(con) -> None:
    found = {row["product_code"]: (row["eerste_dag"], row["laatste_dag"]) for row in rows(list_codes(con, ALL))}
    assert found["45X01"] == (date(2025, 3, 3), date(2025, 3, 11))


def test_a_code_that_nothing_is_known_of_has_no_suggestion(con) -> None:
    assert {row["zekerheid"] for row in rows(list_codes(con, ALL))} == {"geen"}
    assert suggested_map(list_codes(con, ALL)) == ()


def test_a_code_with_a_description_gets_the_national_code_that_reads_most_like_it(con, tmp_path) -> None:
    (text,) = con.execute(
        "SELECT omschrijving FROM verkeer.productcode WHERE wet = 'Jw' AND code = '45A04' ORDER BY lijstversie DESC"
    ).fetchone()
    path = tmp_path / "o.csv"
    path.write_text(f'wet,code,omschrijving\nJw,45X01,"{text.upper()}."\nJw,45R01,qqq zzz\n', "utf-8")
    listed = list_codes(con, ALL, path)
    found = {row["product_code"]: row for row in rows(listed)}
    assert (found["45X01"]["voorstel_code"], found["45X01"]["zekerheid"]) == ("45A04", "redelijk")
    assert found["45R01"]["zekerheid"] == "laag"
    assert [(row.van, row.naar) for row in suggested_map(listed)] == [("45X01", "45A04")]


def test_a_map_that_merges_splits_and_renames_changes_exactly_what_it_should(con, kaart) -> None:
    pairs = ("codes", "codes_per_gemeente", "regels_afwijkend", "berichten_afwijkend")
    names = ["aanbieder", *(n for pair in pairs for n in (pair, f"{pair}_straks"))]
    seen = [tuple(row[name] for name in names) for row in rows(what_if_codes(con, ALL, kaart))]
    assert seen == [
        (None, 5, 3, 8, 4, 6, 1, 6, 1),
        ("42420001", 4, 2, 5, 3, 4, 0, 4, 0),
        ("42420002", 3, 2, 3, 2, 2, 1, 2, 1),
    ]


def test_the_share_harmonised_is_of_the_lines_that_deviated(con, kaart) -> None:
    shares = {row["aanbieder"]: row["aandeel_geharmoniseerd"] for row in rows(what_if_codes(con, ALL, kaart))}
    assert shares == {None: pytest.approx(5 / 6), "42420001": 1.0, "42420002": 0.5}


def test_without_a_map_nothing_changes_and_the_figures_are_those_of_the_kpi(con) -> None:
    total = rows(what_if_codes(con, ALL, ()))[0]
    kpi = rows(compute(con, "productcode-afwijking"))[0]
    for name in ("regels", "regels_afwijkend", "berichten", "berichten_afwijkend", "aandeel_berichten_afwijkend"):
        assert total[name] == kpi[name]
        if f"{name}_straks" in total:
            assert total[f"{name}_straks"] == kpi[name]


def test_codes_to_maintain_are_those_of_the_kpi_codevariatie(con) -> None:
    found = {row["aanbieder"]: row["codes"] for row in rows(what_if_codes(con, ALL, ()))}
    for aanbieder in ("42420001", "42420002"):
        kpi = rows(compute(con, "codevariatie", selection=Selection(aanbieder=aanbieder)))[0]
        assert found[aanbieder] == kpi["codes"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("wet,van\nJw,45X01\n", "no column naar"),
        ("wet,van,naar\nJW,45X01,45A04\n", "line 2: wet"),
        ("wet,van,naar\nJw,45X01,\n", "line 2: naar"),
        ("wet,van,naar\nJw,45X01,45A04\nJw,45X01,45A05\n", "two things of Jw 45X01"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(tmp_path, text, complaint) -> None:
    path = tmp_path / "map.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=complaint):
        read_map(path)


def test_the_first_suggestions_are_a_map_too(con, tmp_path) -> None:
    (text,) = con.execute(
        "SELECT min(omschrijving) FROM verkeer.productcode WHERE wet = 'Jw' AND code = '45A04'"
    ).fetchone()
    path = tmp_path / "o.csv"
    path.write_text(f'wet,code,omschrijving\nJw,45X01,"{text}"\nJw,45S01,"{text}"\nJw,45X02,qqq zzz\n', "utf-8")
    done = [what_if_replaced(con, ALL, voorstel=number, omschrijvingen=path) for number in (1, 2, 3)]
    assert [(found.vervangingen, rows(found)[0]["regels_afwijkend_straks"]) for found in done] == [
        (1, 4),
        (2, 2),
        (2, 2),
    ]
    unsure = what_if_replaced(con, ALL, voorstel=3, omschrijvingen=path, zekerheden=("redelijk", "hoog", "laag"))
    assert (unsure.vervangingen, rows(unsure)[0]["regels_afwijkend_straks"]) == (3, 1)


# One code in two categories, and one that a gemeente uses in its own way.
SPLIT = """
1 JW305 2025-03-03 0384 42420001 A 45S01 45
2 JW305 2025-03-04 0384 42420001 B 45S01 50
3 JW305 2025-03-05 0363 42420001 C 45S01 45
4 JW305 2025-03-06 0363 42420001 D 45S01 50
5 JW305 2025-03-07 0363 42420002 E 45S01 54
"""


def verdicts(con, tmp_path, text: str) -> list[tuple[object, ...]]:
    """Per message the code that a map gives its line, and the verdict then."""
    from keten_kpi.codes.overzicht import lines_with_code

    path = tmp_path / "split.csv"
    path.write_text(text, "utf-8")
    with traffic(con, SPLIT), lines_with_code(con, ALL, read_map(path)):
        return con.execute("SELECT nieuwe_code, nieuw_oordeel FROM codes_regel ORDER BY dagtekening").fetchall()


def test_a_code_is_split_by_its_category(empty, tmp_path) -> None:
    text = "wet,van,naar,categorie\nJw,45S01,45A04,45\nJw,45S01,50X99,50\n"
    assert verdicts(empty, tmp_path, text) == [
        ("45A04", "landelijk"),
        ("50X99", "afwijkend"),
        ("45A04", "landelijk"),
        ("50X99", "afwijkend"),
        ("45S01", "afwijkend"),
    ]


def test_gemeente_says_more_than_category_and_category_more_than_nothing(empty, tmp_path) -> None:
    text = (
        "wet,van,naar,categorie,gemeente\nJw,45S01,45A01,,\nJw,45S01,45A02,45,\nJw,45S01,45A03,,0363\n"
        "Jw,45S01,45A04,50,0363\n"
    )
    found = [code for code, _ in verdicts(empty, tmp_path, text)]
    assert found == ["45A02", "45A01", "45A03", "45A04", "45A03"]


def test_a_new_code_is_judged_in_its_new_category(empty, tmp_path) -> None:
    """The shipped list of the Jeugdwet is known not to cover category 55: what it says of such a code is nothing."""
    moved = "wet,van,naar,categorie,naar_categorie\nJw,45S01,55Z01,45,55\nJw,45S01,55Z01,50,\n"
    assert verdicts(empty, tmp_path, moved) == [
        ("55Z01", "onbekend"),
        ("55Z01", "afwijkend"),
        ("55Z01", "onbekend"),
        ("55Z01", "afwijkend"),
        ("45S01", "afwijkend"),
    ]


def test_a_map_of_the_other_wet_changes_nothing(empty, tmp_path) -> None:
    assert {code for code, _ in verdicts(empty, tmp_path, "wet,van,naar\nWmo,45S01,45A04\n")} == {"45S01"}


def test_what_becomes_unknown_is_not_harmonised(empty, tmp_path) -> None:
    path = tmp_path / "split.csv"
    path.write_text("wet,van,naar,categorie,naar_categorie\nJw,45S01,55Z01,50,55\nJw,45S01,45A04,45,\n", "utf-8")
    with traffic(empty, SPLIT):
        total = rows(what_if_replaced(empty, ALL, vervang=path))[0]
    assert (total["regels_afwijkend"], total["regels_afwijkend_straks"]) == (5, 1)
    assert total["aandeel_geharmoniseerd"] == pytest.approx(2 / 5)
    assert total["aandeel_berichten_afwijkend_straks"] == pytest.approx(1 / 3)
