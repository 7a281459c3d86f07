"""Codes worked out by hand: what deviates, what it is like, and what a map that merges, splits and renames would do."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from keten_kpi.errors import UsageError
from keten_kpi.inzicht import list_codes, read_map, suggested_map, what_if_codes, what_if_norm, without_small
from keten_kpi.kpi import Selection, compute
from keten_kpi.load import create_tables
from keten_kpi.publish import publish
from tests.spec.voorbeelden import Database, Voorbeeld

HEAD = ("nr", "bericht", "dagtekening", "gemeente", "aanbieder", "client", "code")
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


@pytest.fixture(scope="module")
def con():
    connection = duckdb.connect(":memory:", config={"threads": 1})
    create_tables(connection)
    publish(connection)
    rows = [dict(zip(HEAD, line.split(), strict=True)) for line in TRAFFIC.strip().splitlines()]
    Database(connection).load(Voorbeeld("verkeer", berichten=rows))
    yield connection
    connection.close()


@pytest.fixture
def kaart(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text(MAP, "utf-8")
    return read_map(path)


def rows(found) -> list[dict[str, object]]:
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


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


def test_the_shortlist_is_the_fewest_codes_that_cover_the_share(con) -> None:
    found = list_codes(con, ALL)
    assert [row["aandeel_opgeteld"] for row in rows(found)] == pytest.approx([2 / 6, 4 / 6, 5 / 6, 1])
    assert [found.shortlist(share) for share in (0.3, 0.6, 0.8, 1)] == [1, 2, 3, 4]


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


def test_what_others_see_never_leaves_out_one_row_only(con, kaart) -> None:
    found = what_if_codes(con, ALL, kaart)
    assert [row[0] for row in found.rows] == [None, "42420001", "42420002"]
    assert [row[1] for row in found.rows] == [7, 4, 3]
    assert [row[0] for row in without_small(found, 3).rows] == [None, "42420001", "42420002"]
    assert [row[0] for row in without_small(found, 4).rows] == [None]


@pytest.fixture
def termijn(con):
    """Three requests on Monday 3 March 2025, answered after 5, 6 and 8 werkdagen."""
    con.begin()
    lines = [("11", "JW315", "2025-03-03", "P", "-"), ("12", "JW315", "2025-03-03", "Q", "-"),
             ("13", "JW315", "2025-03-03", "R", "-"), ("14", "JW301", "2025-03-10", "P", "21"),
             ("15", "JW301", "2025-03-11", "Q", "22"), ("16", "JW301", "2025-03-13", "R", "23")]  # fmt: skip
    con.execute("DELETE FROM bron.bericht")
    con.execute("DELETE FROM bron.start_product")
    con.execute("DELETE FROM bron.client")
    head = ("nr", "bericht", "dagtekening", "referentie", "toewijzing")
    Database(con).load(Voorbeeld("termijn", berichten=[dict(zip(head, line, strict=True)) for line in lines]))
    yield con
    con.rollback()


def states(found) -> list[tuple[object, ...]]:
    return [(row["situatie"], row["binnen_norm"], row["buiten_norm"]) for row in rows(found)]


def test_another_norm_is_another_judgement_of_the_same_cases(termijn) -> None:
    found = what_if_norm(termijn, "doorlooptijd-toewijzing", ALL, norm=7)
    assert states(found) == [("nu", 1, 2), ("wat_als", 2, 1)]
    assert states(what_if_norm(termijn, "doorlooptijd-toewijzing", ALL, norm=5)) == [("nu", 1, 2), ("wat_als", 1, 2)]


def test_another_calendar_gives_a_day_more(termijn) -> None:
    found = what_if_norm(termijn, "doorlooptijd-toewijzing", ALL, vrije_dagen=[date(2025, 3, 5)])
    assert states(found) == [("nu", 1, 2), ("wat_als", 2, 1)]


def test_what_if_leaves_the_norm_as_it_was(termijn) -> None:
    what_if_norm(termijn, "doorlooptijd-toewijzing", ALL, norm=100)
    assert rows(compute(termijn, "doorlooptijd-toewijzing"))[0]["buiten_norm"] == 2


def test_a_kpi_without_a_norm_is_refused(termijn) -> None:
    with pytest.raises(UsageError, match="no norm in days"):
        what_if_norm(termijn, "codevariatie", ALL, norm=7)
