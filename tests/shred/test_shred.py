"""A small message in, the expected rows out."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from keten_kpi.shred import Client, NotStorableError, Rows, Shredder
from keten_kpi.standaard.schemas import releases
from tests.verkeer.pen import BSN, Geleverd, Lijn, Toegewezen, Vraag, m301, m307, m315, m319, m323, m325, retour

PLANS = {(r.standaard, r.release, code): plan for r in releases() for code, plan in r.berichten.items()}


def shred(lijn: Lijn, nummer: str, message: bytes) -> Rows:
    plan = PLANS[lijn.standaard, lijn.release, lijn.code(nummer)]
    return Shredder(plan, lambda bsn: f"pseudonym of {BSN.index(bsn)}".encode()).shred(etree.fromstring(message))


JW, WMO, OLD = Lijn(), Lijn(wet="Wmo"), Lijn(release="2.3")
FIRST = Client(b"pseudonym of 0", 2012, "2")


def test_a_315_gives_one_row_per_requested_product() -> None:
    rows = shred(JW, "315", m315(JW, "A1", "2026-04-01", [Vraag("R1"), Vraag("R2", None)]))
    assert rows.bericht[:7] == ("446", "42420001", "0384", None, None, "A1", date(2026, 4, 1))
    first, second = rows.lines["aangevraagd_product"]
    assert (first.regel_nr, first.client, first.values) == (1, FIRST, ("R1", "45", "45A04", date(2026, 4, 1), None))
    assert (second.regel_nr, second.values) == (2, ("R2", None, None, date(2026, 4, 1), None))


@pytest.mark.parametrize("lijn", [JW, WMO, OLD], ids=lambda x: f"{x.wet}-{x.release}")
def test_a_301_gives_the_same_row_in_every_release(lijn: Lijn) -> None:
    code = "02A03" if lijn.wet == "Wmo" else "45A04"
    message = m301(lijn, "G1", "2026-04-01", [Toegewezen("17", "R1", code, tijd="24:00:00", reden="04")])
    (row,) = shred(lijn, "301", message).lines["toegewezen_product"]
    day = date(2026, 4, 1)
    assert row.values == (17, "R1", code[:2], code, day, "00:00:00", day, None, "04", None)


def test_a_credit_is_negative_and_a_debit_positive() -> None:
    regels = [Geleverd("P1", "1", centen=12_500), Geleverd("P2", "1", centen=2_500, dc="C", vorig="P0")]
    rows = shred(JW, "323", m323(JW, "A1", "2026-05-01", "2026-04", regels))
    assert [row.values[0] for row in rows.lines["prestatie"]] == ["P1", "P2"]
    assert [row.values[-1] for row in rows.lines["prestatie"]] == [12_500, -2_500]
    assert rows.lines["declaratie"][0].values[-1] == 10_000


def test_a_323_has_no_year_of_birth_and_no_geslacht() -> None:
    rows = shred(JW, "323", m323(JW, "A1", "2026-05-01", "2026-04", [Geleverd("P1", "1")]))
    assert rows.lines["prestatie"][0].client == Client(b"pseudonym of 0", None, None)


def test_retourcodes_stand_at_the_level_that_carries_them() -> None:
    g = Geleverd("P1", "1")
    rows = shred(JW, "325", m325(JW, "G1", "2026-05-05", "2026-04", ("A1", "2026-05-01"), 25_000, [(g, "9321")]))
    found = [(r.niveau, r.niveau_nr, r.values[0]) for r in rows.lines["retourcode"]]
    assert found == [
        ("Header", 1, "0200"),
        ("Prestatie", 1, "9321"),
        ("Client", 1, "0200"),
        ("DeclaratieAntwoord", 1, "0200"),
    ]
    assert rows.lines["afgekeurde_prestatie"][0].regel_nr == 1


def test_a_retour_keeps_its_own_number_and_date_beside_those_of_its_message() -> None:
    rows = shred(JW, "316", retour(JW, "316", "A1", "2026-04-01", "2026-04-03", "0001"))
    assert rows.bericht[5:9] == ("A1", date(2026, 4, 1), "RA1", date(2026, 4, 3))
    assert [r.values for r in rows.lines["retourcode"]] == [("0001",)]


def test_a_319_has_no_client() -> None:
    rows = shred(JW, "319", m319(JW, "G1", "2026-04-01", "R1"))
    assert rows.lines["antwoord"][0].client is None
    assert rows.lines["antwoord"][0].values == ("R1", "1", "3", None)


def test_each_stop_keeps_its_own_dates() -> None:
    (row,) = shred(JW, "307", m307(JW, "A1", "2026-05-01", "1", "2026-04-01", "2026-04-30")).lines["stop_product"]
    assert row.values[4:7] == (date(2026, 4, 1), date(2026, 4, 30), "31")


def test_comments_and_processing_instructions_are_no_part_of_a_value() -> None:
    message = m315(JW, "A1", "2026-04-01", [Vraag("R1")]).replace(b">R1<", b">R<!-- x --><?y z?>1<")
    message = message.replace(b"<m:Header>", b"<!-- before --><m:Header><?pi?>")
    assert shred(JW, "315", message).lines["aangevraagd_product"][0].values[0] == "R1"


def test_white_space_around_a_date_and_a_number_is_dropped_and_in_a_text_kept() -> None:
    message = m301(JW, "G1", "2026-04-01", [Toegewezen("17", " R 1 ")])
    message = message.replace(b">17<", b">\n 017 <").replace(b":Ingangsdatum>2026", b":Ingangsdatum>\t2026")
    (row,) = shred(JW, "301", message).lines["toegewezen_product"]
    assert (row.values[0], row.values[1], row.values[6]) == (17, " R 1 ", date(2026, 4, 1))


@pytest.mark.parametrize("odd", ["-0044-03-15", "12026-04-01"])
def test_a_date_that_no_column_can_hold_is_refused_without_showing_it(odd: str) -> None:
    message = m315(JW, "A1", "2026-04-01", [Vraag("R1", ingang=odd)])
    with pytest.raises(NotStorableError) as error:
        shred(JW, "315", message)
    assert odd not in str(error.value)
