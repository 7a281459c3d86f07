"""What a gemeente or aanbieder reads each morning: werklijst, check, waarom, and figures that are fair and safe."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from keten_kpi.kpi import list_kpis
from tests.cli.test_commands import golden

DAY = ("--peildatum", "2026-05-08")


def masked(text: str) -> str:
    """The pseudonym follows from a key that every database has its own of."""
    return re.sub(r"\b[0-9a-f]{64}\b", "PSEUDONIEM", text)


def case_of(keten, referentie: str) -> str:
    ran = keten("violations", "doorlooptijd-toewijzing", "--all", "--format", "json", *DAY)
    (found,) = [row["geval_id"] for row in json.loads(ran.out)["rows"] if row["referentie"] == referentie]
    return found


def help_of(keten, command: str) -> str:
    return " ".join(keten(command, "--help").out.split())


def test_the_worklist_of_a_morning(loaded, keten) -> None:
    ran = keten("werklijst", "--gemeente", "0384", *DAY)
    assert (ran.code, ran.err) == (0, "")
    golden("werklijst", ran.out)


def test_a_worklist_of_a_later_day_says_how_old_the_messages_are(loaded, keten) -> None:
    ran = keten("werklijst", "--aanbieder", "42420001", "--peildatum", "2026-06-01", "--limit", "1")
    golden("werklijst_later", ran.out)


def test_an_empty_worklist_says_so(loaded, keten) -> None:
    ran = keten("werklijst", "--gemeente", "0014", *DAY)
    assert ran.code == 0
    assert "Er staat niets open." in ran.out


def test_the_worklist_in_json_and_csv_has_the_columns_of_its_help(loaded, keten) -> None:
    found = json.loads(keten("werklijst", "--gemeente", "0384", "--format", "json", *DAY).out)
    assert list(found) == ["gemeente", "peildatum", "laatste_dag", "aantal", "rows"]
    assert sum(found["aantal"].values()) == len(found["rows"]) == 9
    explained = help_of(keten, "werklijst")
    assert all(column in explained for row in found["rows"] for column in row)
    lines = csv.DictReader(io.StringIO(keten("werklijst", "--gemeente", "0384", "--format", "csv", *DAY).out))
    assert [line["geval_id"] for line in lines] == [row["geval_id"] for row in found["rows"]]


def test_the_help_of_violations_names_the_columns_of_every_kpi(keten) -> None:
    explained = set(re.findall(r"\w+", help_of(keten, "violations")))
    assert not {column for kpi in list_kpis() for column in (*kpi.bewijs, *kpi.soort.bewijs_alle)} - explained


def test_today_is_the_day_of_the_run(loaded, keten) -> None:
    from datetime import date

    before = date.today()  # noqa: DTZ011
    found = json.loads(keten("werklijst", "--gemeente", "0384", "--format", "json").out)
    assert before <= date.fromisoformat(found["peildatum"]) <= date.today()  # noqa: DTZ011  # midnight may pass


def test_one_screen_for_a_gemeente(loaded, keten) -> None:
    ran = keten("check", "--gemeente", "0384", *DAY)
    assert (ran.code, ran.err) == (0, "")
    golden("check", ran.out)


def test_a_norm_that_is_not_met_ends_in_3_and_says_which(loaded, keten) -> None:
    (loaded / "keten.toml").write_text("[check]\ndoorlooptijd-toewijzing = 0.90\nstarttermijn = 0.5\n")
    ran = keten("check", "--gemeente", "0384", "--config", "keten.toml", *DAY)
    assert ran.code == 3
    golden("check_not_met", ran.out)
    again = keten("check", "--gemeente", "0384", "--config", "keten.toml", "--json", *DAY)
    assert again.code == 3
    missed = [norm["kpi"] for norm in json.loads(again.out)["normen"] if norm["is_gehaald"] is False]
    assert missed == ["doorlooptijd-toewijzing"]


def test_norms_that_are_met_end_in_0(loaded, keten) -> None:
    (loaded / "keten.toml").write_text("[check]\ndoorlooptijd-toewijzing = 0.5\n")
    assert keten("check", "--gemeente", "0384", "--config", "keten.toml", *DAY).code == 0


def names_in(document: object) -> set[str]:
    if isinstance(document, dict):
        return set(document) | {name for value in document.values() for name in names_in(value)}
    if isinstance(document, list):
        return {name for value in document for name in names_in(value)}
    return set()


def test_the_check_in_json_has_the_names_of_its_help(loaded, keten) -> None:
    found = json.loads(keten("check", "--aanbieder", "42420001", "--json", *DAY).out)
    assert list(found) == ["aanbieder", "peildatum", "is_gehaald", "normen"]
    explained = help_of(keten, "check")
    assert not [name for name in names_in(found) if name not in explained]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[check]\ndoorlooptijd = 0.9\n", "keten.toml, line 2: there is no norm doorlooptijd."),
        ("[check]\nretourtermijn = 90\n", "keten.toml, line 2: retourtermijn = 90 is no share between 0 and 1."),
        ("[check\n", "keten.toml is no TOML"),
        ("", "keten.toml has no section [check]."),
    ],
)
def test_a_wrong_config_ends_in_2_with_what_and_where(loaded, keten, text, sentence) -> None:
    (loaded / "keten.toml").write_text(text)
    ran = keten("check", "--gemeente", "0384", "--config", "keten.toml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"keten-kpi: {sentence}")
    assert len(ran.err.splitlines()) == 2


def test_the_whole_story_of_a_late_case(loaded, keten) -> None:
    ran = keten("waarom", case_of(keten, "DMN-2"), *DAY)
    assert (ran.code, ran.err) == (0, "")
    golden("waarom", masked(ran.out))


def test_the_story_of_a_case_that_was_refused(loaded, keten) -> None:
    golden("waarom_refused", masked(keten("waarom", case_of(keten, "DMN-6"), *DAY).out))


def test_a_story_of_years_is_cut_on_the_screen_and_whole_in_json(loaded, keten) -> None:
    geval = case_of(keten, "DMN-4")
    late = ("--peildatum", "2028-05-08")
    shown = keten("waarom", geval, *late).out
    whole = json.loads(keten("waarom", geval, "--format", "json", *late).out)
    assert max(len(story["dagen"]) for story in whole["normen"]) > 700
    assert "dagen niet getoond" in shown
    assert len(shown.splitlines()) < 250


def test_the_story_in_json_has_the_names_of_its_help(loaded, keten) -> None:
    found = json.loads(keten("waarom", case_of(keten, "DMN-4"), "--format", "json", *DAY).out)
    explained = help_of(keten, "waarom")
    assert not [name for name in names_in(found) if name not in explained]


def test_the_page_goes_to_a_file_and_names_no_client(loaded, keten) -> None:
    geval = case_of(keten, "DMN-2")
    client = json.loads(keten("waarom", geval, "--format", "json", *DAY).out)["client_id"]
    ran = keten("waarom", geval, "--out", "case.html", *DAY)
    assert (ran.code, ran.out, ran.err) == (0, "", "page written to case.html\n")
    page = (loaded / "case.html").read_text("utf-8")
    assert "Buiten de norm" in page
    assert re.fullmatch(r"[0-9a-f]{64}", client)
    assert client not in page


def test_a_gemeente_beside_the_rest(loaded, keten) -> None:
    ran = keten("kpi", "doorlooptijd-toewijzing", "--vergelijk", "--gemeente", "0384", *DAY)
    assert (ran.code, ran.err) == (0, "")
    golden("kpi_vergelijk", ran.out)


def test_small_counts_are_hidden_on_the_screen_and_null_in_json(loaded, keten) -> None:
    ask = ("kpi", "doorlooptijd-toewijzing", "--per", "gemeente", "--min-aantal", "10", *DAY)
    golden("kpi_min_aantal", keten(*ask).out)
    rows = json.loads(keten(*ask, "--format", "json").out)["rows"]
    assert all(row["binnen_norm"] in (None, 0) for row in rows)
    assert all(set(str(row["onderdrukt"]).split(", ")) <= set(row) for row in rows if row["onderdrukt"])
    assert all(row[name] is None for row in rows if row["onderdrukt"] for name in row["onderdrukt"].split(", "))


def test_without_a_minimum_nothing_is_hidden_and_nothing_says_so(loaded, keten) -> None:
    rows = json.loads(keten("kpi", "doorlooptijd-toewijzing", "--per", "gemeente", "--format", "json", *DAY).out)[
        "rows"
    ]
    assert not any("onderdrukt" in row for row in rows)


def test_an_indeling_names_the_gemeenten_of_today(loaded, keten) -> None:
    ask = ("kpi", "doorlooptijd-toewijzing", "--per", "gemeente", "--format", "json", *DAY)
    assert [row["gemeente"] for row in json.loads(keten(*ask).out)["rows"]] == ["0363", "0384", "1684"]
    now = json.loads(keten(*ask, "--indeling", "2026").out)["rows"]
    assert [row["gemeente"] for row in now] == ["0363", "0384", "1982"]


USAGE = {
    "no party": ["werklijst"],
    "two parties": ["werklijst", "--gemeente", "0384", "--aanbieder", "42420001"],
    "a party that cannot be": ["check", "--gemeente", "Diemen"],
    "a day that is none": ["werklijst", "--gemeente", "0384", "--peildatum", "morgen"],
    "a day outside the calendar": ["werklijst", "--gemeente", "0384", "--peildatum", "2090-01-01"],
    "no config": ["check", "--gemeente", "0384", "--config", "absent.toml"],
    "no case": ["waarom", "x"],
    "a page that is none": ["waarom", "0c5a3b13-b171-27f4-879a-0e59b43e1f4d-1", "--out", "case.pdf"],
    "comparing nobody": ["kpi", "doorlooptijd-toewijzing", "--vergelijk"],
    "comparing per dimension": ["kpi", "doorlooptijd-toewijzing", "--vergelijk", "--gemeente", "0384", "--per", "wet"],
    "a minimum that hides nothing": ["kpi", "doorlooptijd-toewijzing", "--min-aantal", "2"],
    "another indeling": ["kpi", "doorlooptijd-toewijzing", "--indeling", "2020"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
def test_wrong_usage_ends_in_2_with_a_sentence(loaded, keten, arguments) -> None:
    ran = keten(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert "Traceback" not in ran.err
