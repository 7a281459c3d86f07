"""The story of a case agrees with its verdict, its days with its werkdagen, its paths with the message itself."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.errors import UsageError
from keten_kpi.kpi import Selection, violations
from keten_kpi.publish import reading
from keten_kpi.report import story_page, write_story
from keten_kpi.toets import explain_case
from keten_kpi.toets.dagen import judge_days
from keten_kpi.toets.oordeel import Stand, verdict, what_would_change
from keten_kpi.toets.paden import column_path, line_path, line_table
from keten_kpi.toets.partij import time_norms
from tests.kpi.oracle import is_werkdag
from tests.verkeer.make import TOP
from tests.verkeer.pen import BSN, Lijn, Toegewezen, Vraag, m301, m305, m315

LAST = date(2026, 5, 8)


@pytest.fixture(scope="module")
def cases(con) -> list[dict[str, object]]:
    """Every case of every time norm, with the id of its KPI."""
    found = []
    for kpi in time_norms():
        result = violations(con, kpi.id, selection=Selection(peildatum=LAST), alle=True)
        found += [{"kpi": kpi.id, **dict(zip(result.columns, row, strict=True))} for row in result.rows]
    return found


@pytest.fixture(scope="module")
def stories(con, cases):
    """Every case with its story under its norm."""
    told = {case["geval_id"]: explain_case(con, case["geval_id"], peildatum=LAST) for case in cases}
    return [
        (case, next(story for story in told[case["geval_id"]].normen if story.kpi == case["kpi"])) for case in cases
    ]


def case_of(cases, kpi: str, referentie: str) -> str:
    (found,) = [case["geval_id"] for case in cases if (case["kpi"], case["referentie"]) == (kpi, referentie)]
    return found


def test_every_case_of_every_norm_has_a_story_that_says_the_same(stories) -> None:
    count = 0
    for case, story in stories:
        count += 1
        for name in ("toestand", "reden_telt_niet", "start_dag", "uiterste_dag", "antwoord_dag", "koppeling"):
            assert story.geval[name] == case[name], (case["kpi"], name)
    assert count > 40


def test_the_days_that_count_are_the_werkdagen_of_the_case(stories) -> None:
    checked = 0
    for case, story in stories:
        number = {day.dag: day.nummer for day in story.dagen}
        if case["antwoord_dag"] and case["antwoord_dag"] >= case["start_dag"] and story.regel.eenheid == "werkdagen":
            counted = [day for day in story.dagen if day.telt and day.dag <= case["antwoord_dag"]]
            assert len(counted) == case["werkdagen"]
            checked += 1
        if story.regel.eenheid != "kalendermaanden" and case["toestand"]:
            assert number[case["uiterste_dag"]] == story.regel.waarde
    assert checked > 20


def test_every_day_is_there_once_in_order_and_only_werkdagen_count(stories) -> None:
    for case, story in stories:
        days = [day.dag for day in story.dagen]
        assert days[0] == case["start_dag"]
        assert days == [days[0] + timedelta(days=place) for place in range(len(days))]
        if story.regel.eenheid == "werkdagen":
            assert all(day.telt == is_werkdag(day.dag) for day in story.dagen[1:])
        assert not story.dagen[0].telt


def test_the_start_and_the_end_of_the_clock_are_marked_where_they_are(stories) -> None:
    for case, story in stories:
        marks = {mark: day.dag for day in story.dagen for mark in day.mijlpalen}
        assert marks["begin"] == case["start_dag"]
        assert marks.get("antwoord") == case["antwoord_dag"]
        assert marks["uiterste dag"] == case["uiterste_dag"]


def test_one_date_starts_the_clock_and_it_is_the_start_day(stories) -> None:
    for case, story in stories:
        begins = [point.dag for point in story.klok if point.wat == "begin" and point.telt]
        assert begins == [case["start_dag"]]
        assert [point.dag for point in story.klok if point.wat == "einde"] == (
            [case["antwoord_dag"]] if case["antwoord_dag"] else []
        )


def text_at(file: Path, path: str, line: int | None) -> list[str]:
    """What stands at a path without namespaces; of a line the one with that number."""
    root = etree.parse(file).getroot()
    steps = "/" + "/".join(f"*[local-name()='{step}']" for step in path.strip("/").split("/"))
    found = root.xpath(steps)
    return [found[line - 1].text] if line else [element.text for element in found]


def test_the_paths_lead_to_the_dates_in_the_message(stories) -> None:
    checked = 0
    for _, story in stories:
        source = {bericht.bericht_id: bericht for bericht in story.berichten}
        for point in story.klok:
            bericht = source[point.bericht_id]
            file = TOP / "voorjaar" / bericht.bron
            if bericht.lid is None and "los" in file.parts:
                line = (
                    bericht.regel_nr
                    if bericht.regel_element and point.element.startswith(bericht.regel_element)
                    else None
                )
                assert point.dag.isoformat() in text_at(file, point.element, line)
                checked += 1
    assert checked > 40


def test_lines_are_where_the_story_says(stories) -> None:
    checked = 0
    for _, story in stories:
        for bericht in story.berichten:
            file = TOP / "voorjaar" / bericht.bron
            if bericht.regel_element and bericht.lid is None and "los" in file.parts:
                assert len(text_at(file, bericht.regel_element, None)) >= bericht.regel_nr
                checked += 1
    assert checked > 20


def test_a_message_from_an_archive_names_its_member(con, cases) -> None:
    told = explain_case(con, case_of(cases, "reactietermijn-verzoek", "WM-1"), peildatum=LAST)
    members = {(bericht.bron, bericht.lid) for story in told.normen for bericht in story.berichten}
    assert ("levering/elders.zip", "WMO315-C1.xml") in members


def test_a_case_that_falls_under_several_norms_is_told_for_each(con, cases) -> None:
    told = explain_case(con, case_of(cases, "doorlooptijd-toewijzing", "DMN-4"), peildatum=LAST)
    assert [story.kpi for story in told.normen] == [
        "doorlooptijd-toewijzing",
        "onderzoekstermijn",
        "reactietermijn-verzoek",
    ]
    assert [story.geval["toestand"] for story in told.normen] == ["buiten_norm", "lopend", "binnen_norm"]


def test_the_messages_are_those_of_the_case_with_their_retours_in_order(con, cases) -> None:
    told = explain_case(con, case_of(cases, "doorlooptijd-toewijzing", "DMN-2"), peildatum=LAST)
    story = told.normen[0]
    assert [(bericht.rol, bericht.berichttype, bericht.identificatie) for bericht in story.berichten] == [
        ("begin", "JW315", "A2"),
        ("retour", "JW316", "A2"),
        ("antwoord", "JW301", "G2"),
        ("retour", "JW302", "G2"),
    ]


def test_a_number_of_a_toewijzing_is_no_reference_of_a_request(tmp_path) -> None:
    """A case of the starttermijn is about toewijzing 100; a request that happens to be called 100 has no part in it."""
    line = Lijn()
    messages = {
        "315": m315(line, "A1", "2026-04-01", [Vraag("100")]),
        "301": m301(line, "G1", "2026-04-02", [Toegewezen("100")]),
        "305": m305(line, "A2", "2026-04-03", "100", "2026-04-02"),
    }
    for name, message in messages.items():
        (tmp_path / f"{name}.xml").write_bytes(message)
    files = [str(tmp_path / f"{name}.xml") for name in messages]
    assert CliRunner().invoke(app, ["ingest", *files, "--db", str(tmp_path / "x.duckdb")]).exit_code == 0
    with reading(tmp_path / "x.duckdb") as con:
        found = violations(con, "starttermijn", alle=True)
        (case,) = found.rows
        told = explain_case(con, case[found.columns.index("geval_id")])
    assert [(bericht.rol, bericht.berichttype) for bericht in told.normen[0].berichten] == [("beide", "JW305")]


def test_an_earlier_peildatum_tells_what_was_known_then(con, cases) -> None:
    geval = case_of(cases, "doorlooptijd-toewijzing", "DMN-2")
    (story,) = [
        s for s in explain_case(con, geval, peildatum=date(2026, 4, 28)).normen if s.kpi == "doorlooptijd-toewijzing"
    ]
    assert story.geval["toestand"] == "lopend"
    assert {bericht.berichttype for bericht in story.berichten} == {"JW315", "JW316"}


@pytest.mark.parametrize(
    "geval", ["", "x", "0c5a3b13-b171-27f4-879a-0e59b43e1f4d-99", "00000000-0000-0000-0000-000000000000-1"]
)
def test_a_case_that_does_not_exist_is_wrong_usage(con, geval) -> None:
    with pytest.raises(UsageError) as raised:
        explain_case(con, geval, peildatum=LAST)
    assert "violations" in raised.value.advice


def row(day: str, number: int, feast: str | None = None):
    when = date.fromisoformat(day)
    return (when, when.weekday() < 5 and feast is None, number, feast)


EASTER = [
    row("2026-04-02", 10),
    row("2026-04-03", 10, "Goede vrijdag"),
    row("2026-04-04", 10),
    row("2026-04-05", 10),
    row("2026-04-06", 10, "Tweede paasdag"),
    row("2026-04-07", 11),
]


def test_a_weekend_and_a_feast_day_do_not_count_and_say_so() -> None:
    days = judge_days(EASTER, "werkdagen", {"begin": date(2026, 4, 2)})
    assert [(day.telt, day.nummer, day.reden) for day in days] == [
        (False, None, "de begindag telt niet mee"),
        (False, None, "Goede vrijdag"),
        (False, None, "zaterdag"),
        (False, None, "zondag"),
        (False, None, "Tweede paasdag"),
        (True, 1, "werkdag"),
    ]


def test_a_feast_day_on_a_saturday_is_both() -> None:
    rows = [row("2025-04-25", 10), row("2025-04-26", 10, "Koningsdag")]
    assert judge_days(rows, "werkdagen", {})[1].reden == "zaterdag, Koningsdag"


def test_in_a_term_of_days_every_day_but_the_first_counts() -> None:
    assert [day.nummer for day in judge_days(EASTER, "dagen", {})] == [None, 1, 2, 3, 4, 5]


def test_in_a_term_up_to_a_date_days_have_no_number() -> None:
    assert {day.nummer for day in judge_days(EASTER, "kalendermaanden", {})} == {None}


def stand(**changed) -> Stand:
    facts = {
        "toestand": "buiten_norm",
        "reden_telt_niet": None,
        "start_dag": date(2026, 4, 20),
        "uiterste_dag": date(2026, 4, 28),
        "antwoord_dag": date(2026, 4, 29),
        "peildatum": LAST,
        "bronnen": ("OP274", "OP286"),
    }
    return Stand(**{**facts, **changed})


VERDICTS = {
    "late": (
        {},
        "Buiten de norm: het antwoord is van woensdag 29 april 2026, de uiterste dag was dinsdag 28 april 2026.",
        "Met een antwoord op of voor dinsdag 28 april 2026 was het binnen de norm geweest.",
    ),
    "in time": (
        {"toestand": "binnen_norm", "antwoord_dag": date(2026, 4, 28)},
        "Binnen de norm: het antwoord is van dinsdag 28 april 2026, de uiterste dag was dinsdag 28 april 2026.",
        "Met een antwoord van na dinsdag 28 april 2026 was het buiten de norm geweest.",
    ),
    "never answered": (
        {"antwoord_dag": None},
        "Buiten de norm: op vrijdag 8 mei 2026 is er nog geen antwoord, de uiterste dag was dinsdag 28 april 2026.",
        "Een antwoord van nu stopt de klok, maar verandert het oordeel niet meer.",
    ),
    "still running": (
        {"toestand": "lopend", "antwoord_dag": None, "uiterste_dag": date(2026, 5, 13)},
        "Lopend: op vrijdag 8 mei 2026 is er nog geen antwoord, en dat kan nog tot en met woensdag 13 mei 2026.",
        "zonder is het vanaf donderdag 14 mei 2026 buiten de norm.",
    ),
    "refused": (
        {"toestand": "afgewezen"},
        "Geen doorlooptijd: het verzoek is op woensdag 29 april 2026 definitief afgewezen.",
        "Met een toewijzing (301)",
    ),
    "refused and followed": (
        {"toestand": "afgewezen_met_vervolg"},
        "daarna kwam een toewijzing zonder referentie",
        "Met een toewijzing (301)",
    ),
    "not measurable": ({"toestand": "niet_meetbaar"}, "Niet meetbaar", "staat er niet in"),
    "answered before it began": (
        {"toestand": "onbruikbaar", "antwoord_dag": date(2026, 4, 1)},
        "Onbruikbaar: het antwoord is van voor het begin.",
        "een datum die wel kan",
    ),
    "outside the calendar": (
        {"toestand": "onbruikbaar", "uiterste_dag": None, "antwoord_dag": None},
        "Onbruikbaar: een van de dagen ligt buiten de kalender.",
        "een datum die wel kan",
    ),
    "does not count": (
        {"toestand": None, "reden_telt_niet": "verzoek_afgekeurd"},
        "Telt niet mee: het verzoek is in zijn retourbericht afgekeurd en geldt als niet verzonden (OP286).",
        "is een nieuw geval met een eigen klok",
    ),
    "does not count for another reason": (
        {"toestand": None, "reden_telt_niet": "regel_ingetrokken"},
        "Telt niet mee: regel ingetrokken.",
        "is een nieuw geval",
    ),
}


@pytest.mark.parametrize(("facts", "sentence", "change"), VERDICTS.values(), ids=VERDICTS)
def test_the_verdict_is_a_sentence_and_so_is_what_would_change_it(facts, sentence, change) -> None:
    assert sentence in verdict(stand(**facts))
    assert change in " ".join(what_would_change(stand(**facts)))


def test_a_refusal_changes_the_verdict_only_where_the_rule_is_the_norms_own() -> None:
    assert "OP286" in " ".join(what_would_change(stand()))
    assert "OP286" not in " ".join(what_would_change(stand(bronnen=("OP090",))))


def test_a_message_that_is_its_own_answer_cannot_have_been_answered_earlier() -> None:
    assert "ingelezen" in " ".join(what_would_change(stand()))
    assert "ingelezen" not in " ".join(what_would_change(stand(is_eigen_antwoord=True)))


def test_every_state_of_every_case_has_a_sentence(stories) -> None:
    assert all(story.oordeel.endswith(".") and story.verandering for _, story in stories)


@pytest.mark.parametrize(
    ("berichttype", "release", "table", "line", "column", "path"),
    [
        ("JW315", "3.2", "aangevraagd_product", "/Bericht/Client/AangevraagdeProducten/AangevraagdProduct",
         "bericht.dagtekening", "/Bericht/Header/BerichtIdentificatie/Dagtekening"),
        ("WMO303", "2.3", "declaratie", None, "bericht.dagtekening",
         "/Bericht/Header/DeclaratieFactuurIdentificatie/FactuurDagtekening"),
        ("JW317", "3.2", "verzoek_wijziging", "/Bericht/Client/Verzoek", "bericht.dagtekening_retour", None),
        ("JW323", "3.2", "declaratie", "/Bericht/Declaratie", "declaratie.periode_einddatum",
         "/Bericht/Declaratie/DeclaratiePeriode/Einddatum"),
        ("JW316", "3.2", None, None, "bericht.dagtekening_retour", "/Bericht/Header/DagtekeningRetour"),
        ("JW999", "9.9", None, None, "bericht.dagtekening", None),
    ],
)  # fmt: skip
def test_paths_come_from_the_mapping_of_the_release(berichttype, release, table, line, column, path) -> None:
    assert line_table(berichttype, release) == table
    assert line_path(berichttype, release) == line
    assert column_path(berichttype, release, column) == path


@pytest.fixture
def told(con, cases):
    return explain_case(con, case_of(cases, "doorlooptijd-toewijzing", "DMN-4"), peildatum=LAST)


def test_the_screen_has_the_pseudonym_and_the_page_names_no_client(con, told) -> None:
    assert told.client_id
    assert told.as_dict()["client_id"] == told.client_id
    page = story_page(told)
    ids = {row[0] for row in con.execute("SELECT lower(hex(client_id)) FROM bron.client").fetchall()}
    assert told.client_id in ids
    assert not any(client_id in page.lower() for client_id in ids)
    assert not any(bsn in page for bsn in BSN)


def test_the_page_loads_nothing_and_runs_nothing(told) -> None:
    page = story_page(told)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"content=\"default-src 'none'; style-src 'sha256-{allowed}'\"" in page
    for word in (
        "<script",
        "<link",
        "<img",
        "<iframe",
        "http://",
        "https://",
        "url(",
        "@import",
        "style=",
        "onclick",
        "<form",
    ):
        assert word not in page, word


def test_what_a_message_holds_is_text_on_the_page(told) -> None:
    from dataclasses import replace

    story = told.normen[0]
    evil = replace(told, normen=(replace(story, geval={**story.geval, "referentie": "<script>alert(1)</script>&'\""}),))
    page = story_page(evil)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page


def test_the_page_is_well_formed_dutch_and_has_headings_captions_and_scopes(told) -> None:
    page = story_page(told)
    root = etree.HTML(page)
    assert root.get("lang") == "nl"
    assert len(root.xpath("//h1")) == 1
    assert [int(heading.tag[1]) for heading in root.xpath("//h1|//h2|//h3")] == sorted_outline(root)
    assert root.xpath("//table")
    assert len(root.xpath("//table/caption")) == len(root.xpath("//table"))
    assert not root.xpath("//th[not(@scope)]")
    assert root.xpath("//title/text()")
    assert root.xpath("//main")
    labels = root.xpath("//section/@aria-labelledby")
    assert len(labels) == 3
    assert all(root.xpath(f"//*[@id='{label}']") for label in labels)


def sorted_outline(root) -> list[int]:
    """The levels of the headings, none of which may skip one."""
    levels = [int(heading.tag[1]) for heading in root.xpath("//h1|//h2|//h3")]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    return levels


def test_the_page_has_every_day_and_every_message(told) -> None:
    root = etree.HTML(story_page(told))
    days = sum(len(story.dagen) for story in told.normen)
    messages = sum(len(story.berichten) for story in told.normen)
    assert len(root.xpath("//table[caption='De dagen']/tbody/tr")) == days
    assert len(root.xpath("//table[caption='De berichten']/tbody/tr")) == messages


def test_the_same_case_gives_the_same_page(told, tmp_path) -> None:
    for name in ("a.html", "b.html"):
        write_story(told, tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_a_page_in_a_folder_that_is_not_there_is_wrong_usage(told, tmp_path) -> None:
    with pytest.raises(UsageError):
        write_story(told, tmp_path / "absent" / "a.html")
