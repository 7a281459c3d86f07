"""What a kind of KPI promises beyond the KPIs that there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from keten_kpi.kpi.catalogue import case_select, find_kpi, read_soort
from tests.kpi.traffic import FIRST, Line, Message, load

CASES = """-- One row per message of a kind.
SELECT
    CAST(bericht_id AS VARCHAR) AS geval_id
    , wet
    , gemeente
    , aanbieder
    , release
    , berichttype
    , identificatie AS referentie
    , dagtekening AS start_dag
    , CAST(NULL AS DATE) AS antwoord_dag
    , CAST(NULL AS VARCHAR) AS koppeling
    , bericht_id AS start_bericht_id
    , CAST(NULL AS UUID) AS antwoord_bericht_id
    , 'niet_meetbaar' AS uitzondering
    , CAST(NULL AS VARCHAR) AS reden_telt_niet
FROM verkeer.bericht
WHERE soort = '319'
"""


def test_a_new_time_norm_is_only_its_cases_and_its_row_in_the_norms(con):
    kpi = replace(find_kpi("doorlooptijd-toewijzing"), id="retourtermijn", gevallen=CASES)
    message = Message(1, "Wmo", "319", "3.2", "0384", "01234567", "b", date(2024, 6, 3), (Line(referentie="a"),))
    con.begin()
    load(con, [message])
    keuze = f"SELECT *, 1 AS aantal, 'alles' AS groep FROM ({case_select(kpi)}) AS geval"
    case = con.execute(f"SELECT uiterste_dag, toestand FROM ({keuze}) AS geval").fetchall()
    figures = con.execute(f"WITH keuze AS ({keuze}) SELECT * FROM ({read_soort('tijdnorm').cijfers}) AS cijfer")
    found = dict(zip([column[0] for column in figures.description], figures.fetchone(), strict=True))
    con.rollback()
    assert case == [(date(2024, 6, 6), "niet_meetbaar")]  # 3 werkdagen
    assert {name for name, value in found.items() if value == 1} == {"niet_meetbaar"}
    assert found["binnen_norm"] == found["buiten_norm"] == found["lopend"] == 0


def test_answer_to_a_declaratie_refuses_prestaties_and_not_the_message(con):
    con.begin()
    for number, soort in enumerate(("JW323", "JW325"), start=1):
        con.execute(
            "INSERT INTO bron.bericht (bericht_nr, bericht_id, wet, berichttype, release, "
            "afzender, ontvanger, identificatie, dagtekening) "
            "VALUES (?, uuid(), 'Jw', ?, '3.2', ?, ?, 'D1', ?)",
            [number, soort, *(("01234567", "0384") if soort == "JW323" else ("0384", "01234567")), FIRST],
        )
    con.execute(
        "INSERT INTO bron.retourcode (bericht_nr, regel_nr, niveau, niveau_nr, code) "
        "VALUES (2, 1, 'Prestatie', 1, '9321')"
    )
    refused = con.execute("SELECT berichttype, is_afgekeurd FROM verkeer.bericht ORDER BY berichttype").fetchall()
    con.rollback()
    assert refused == [("JW323", False), ("JW325", False)]


def test_signals_name_conflicts_and_dates_in_the_future(con):
    def request(number, day):
        return Message(number, "Jw", "315", "3.2", "0384", "01234567", "zelfde", day, (Line(referentie="a"),))

    con.begin()
    load(
        con,
        [
            request(1, date(2024, 6, 3)),
            request(2, date(2024, 6, 4)),
            replace(request(3, date(2099, 1, 1)), identificatie="later"),
        ],
    )
    found = con.execute(
        "SELECT signaal, CAST(bericht_id AS VARCHAR), CAST(geldend_bericht_id AS VARCHAR) "
        "FROM verkeer.signaal ORDER BY signaal"
    ).fetchall()
    con.rollback()
    ids = [str(request(number, FIRST).bericht_id) for number in (1, 2, 3)]
    assert found == [("conflict", ids[1], ids[0]), ("datum_in_toekomst", ids[2], None)]


def test_first_dagtekening_of_a_toewijzing_is_within_wet_gemeente_and_number(con):
    def grant(number, wet, gemeente, nummer, day):
        line = Line(nummer=nummer, toewijzingsdatum=FIRST)
        return Message(number, wet, "301", "3.2", gemeente, "01234567", f"b{number}", date(2024, 6, day), (line,))

    con.begin()
    load(
        con,
        [
            grant(1, "Jw", "0384", 1, 10),
            grant(2, "Jw", "0384", 1, 12),
            grant(3, "Wmo", "0384", 1, 8),
            grant(4, "Jw", "0363", 1, 7),
            grant(5, "Jw", "0384", 2, 9),
            grant(6, "Jw", "0384", None, 5),
        ],
    )
    found = con.execute(
        "SELECT wet, gemeente, toewijzing_nummer, eerste_dagtekening FROM verkeer.toewijzing ORDER BY ALL"
    ).fetchall()
    con.rollback()
    assert found == [
        ("Jw", "0363", 1, date(2024, 6, 7)),
        ("Jw", "0384", 1, date(2024, 6, 10)),
        ("Jw", "0384", 2, date(2024, 6, 9)),
        ("Wmo", "0384", 1, date(2024, 6, 8)),
    ]


def test_a_code_may_refuse_in_one_wet_only(con):
    def answered(number, wet):
        heen = Message(number, wet, "315", "3.2", "0384", "01234567", "b", FIRST, (Line(referentie="a"),))
        return [heen, replace(heen, id=number + 10, lines=(), retour="r", retour_dag=FIRST, codes=("9347",))]

    con.begin()
    con.execute("UPDATE verkeer.retourcode SET is_weigering = FALSE WHERE wet = 'Wmo' AND code = '9347'")
    load(con, [*answered(1, "Jw"), *answered(2, "Wmo")])
    found = con.execute("SELECT wet, is_afgekeurd FROM verkeer.bericht WHERE soort = '315' ORDER BY wet").fetchall()
    con.rollback()
    assert found == [("Jw", True), ("Wmo", False)]
