"""The worklist holds every open case once, on the list of whoever must act."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from keten_kpi import toets
from keten_kpi.errors import UsageError
from keten_kpi.kpi import Selection, compute, violations
from keten_kpi.toets import Partij, choose_partij, list_work
from keten_kpi.toets.partij import time_norms
from keten_kpi.toets.werklijst import WANNEER, when_due

DIEMEN = Partij("gemeente", "0384")
LAST = date(2026, 5, 8)
THURSDAY = date(2026, 5, 7)


def table(worklist) -> list[dict[str, object]]:
    return [dict(zip(worklist.columns, row, strict=True)) for row in worklist.rows]


@pytest.mark.parametrize(
    ("day", "when"),
    [
        ("2026-05-06", "te_laat"),
        ("2026-05-07", "vandaag"),
        ("2026-05-08", "morgen"),
        ("2026-05-09", "deze_week"),
        ("2026-05-10", "deze_week"),
        ("2026-05-11", "later"),
    ],
)
def test_the_week_ends_on_sunday(day, when) -> None:
    assert when_due(date.fromisoformat(day), THURSDAY) == when


def test_on_sunday_tomorrow_is_another_week_but_still_tomorrow() -> None:
    sunday = date(2026, 5, 10)
    assert when_due(date(2026, 5, 11), sunday) == "morgen"
    assert when_due(date(2026, 5, 12), sunday) == "later"


def test_diemen_sees_what_waits_for_it_the_most_urgent_first(con) -> None:
    rows = table(list_work(con, DIEMEN, peildatum=LAST))
    seen = [(row["wanneer"], row["uiterste_dag"].isoformat(), row["kpi"], row["referentie"]) for row in rows]
    assert seen == [
        ("te_laat", "2026-04-13", "retourtermijn", "F1"),
        ("te_laat", "2026-04-16", "retourtermijn", "C1"),
        ("te_laat", "2026-04-24", "retourtermijn", "A3"),
        ("te_laat", "2026-04-28", "retourtermijn", "A4"),
        ("te_laat", "2026-04-30", "doorlooptijd-toewijzing", "DMN-4"),
        ("later", "2026-05-11", "retourtermijn", "A5"),
        ("later", "2026-05-13", "doorlooptijd-toewijzing", "DMN-5"),
        ("later", "2026-05-13", "reactietermijn-verzoek", "DMN-5"),
        ("later", "2026-06-17", "onderzoekstermijn", "DMN-4"),
    ]


@pytest.mark.parametrize(
    ("day", "when"),
    [("2026-05-11", "deze_week"), ("2026-05-12", "morgen"), ("2026-05-13", "vandaag"), ("2026-05-14", "te_laat")],
)
def test_the_same_case_moves_up_as_days_go_by(con, day, when) -> None:
    rows = table(list_work(con, DIEMEN, peildatum=date.fromisoformat(day)))
    (found,) = [row for row in rows if (row["kpi"], row["referentie"]) == ("reactietermijn-verzoek", "DMN-5")]
    assert found["wanneer"] == when


def test_werkdagen_over_counts_to_the_uiterste_dag_and_is_negative_after_it(con) -> None:
    over = {row["referentie"]: row["werkdagen_over"] for row in table(list_work(con, DIEMEN, peildatum=LAST))}
    assert over["A5"] == 1  # Friday to Monday
    assert over["A4"] == -7  # 28 April to 8 May: Tuesday 5 May does not count


def test_what_was_sent_after_the_day_is_not_known(con) -> None:
    rows = table(list_work(con, DIEMEN, peildatum=date(2026, 4, 7)))
    assert ("doorlooptijd-toewijzing", "DMN-1") in {(row["kpi"], row["referentie"]) for row in rows}
    later = table(list_work(con, DIEMEN, peildatum=date(2026, 4, 8)))
    assert ("doorlooptijd-toewijzing", "DMN-1") not in {(row["kpi"], row["referentie"]) for row in later}


def parties(con) -> list[Partij]:
    """Every gemeente and aanbieder that any message is of."""
    rows = con.execute("SELECT DISTINCT gemeente, aanbieder FROM verkeer.verzending").fetchall()
    found = {Partij("gemeente", gemeente) for gemeente, _ in rows} | {Partij("aanbieder", code) for _, code in rows}
    return sorted(found, key=lambda partij: (partij.soort, partij.code))


@pytest.mark.parametrize("day", [date(2026, 4, 20), LAST, date(2026, 7, 1)])
def test_every_open_case_is_on_exactly_one_list_and_the_lists_hold_nothing_else(con, day) -> None:
    listed = [
        (row["kpi"], row["geval_id"]) for partij in parties(con) for row in table(list_work(con, partij, peildatum=day))
    ]
    expected = Counter()
    for kpi in time_norms():
        cases = violations(con, kpi.id, selection=Selection(peildatum=day), alle=True)
        for row in (dict(zip(cases.columns, row, strict=True)) for row in cases.rows):
            if row["antwoord_dag"] is None and row["toestand"] in {"lopend", "buiten_norm"}:
                expected[kpi.id, row["geval_id"]] += 1
    assert expected
    assert Counter(listed) == expected
    assert max(expected.values()) == 1


def test_the_list_counts_back_to_the_figures(con) -> None:
    """Norms in which only the gemeente must act: all that runs, and what is late without an answer."""
    rows = table(list_work(con, DIEMEN, peildatum=LAST))
    selection = Selection(gemeente="0384", peildatum=LAST)
    for kpi in ("doorlooptijd-toewijzing", "reactietermijn-verzoek", "onderzoekstermijn", "declaratie-antwoordtermijn"):
        figures = compute(con, kpi, selection=selection)
        late = violations(con, kpi, selection=selection)
        unanswered = sum(row[late.columns.index("antwoord_dag")] is None for row in late.rows)
        states = Counter(row["toestand"] for row in rows if row["kpi"] == kpi)
        assert states["lopend"] == figures.rows[0][figures.columns.index("lopend")]
        assert states["buiten_norm"] == unanswered


def test_a_message_waits_for_its_receiver(con) -> None:
    for partij in parties(con):
        for row in table(list_work(con, partij, peildatum=LAST)):
            if row["kpi"] == "retourtermijn":
                sender = "gemeente" if str(row["berichttype"])[-3:] in {"301", "319"} else "aanbieder"
                assert partij.soort != sender


def test_the_numbers_above_the_list_are_those_in_it(con) -> None:
    worklist = list_work(con, DIEMEN, peildatum=LAST)
    assert worklist.aantal == {"te_laat": 5, "vandaag": 0, "morgen": 0, "deze_week": 0, "later": 4}
    assert tuple(worklist.aantal) == WANNEER
    assert sum(worklist.aantal.values()) == len(worklist.rows)


def test_a_wet_narrows_the_list(con) -> None:
    rows = table(list_work(con, DIEMEN, wet="Wmo", peildatum=LAST))
    assert [row["referentie"] for row in rows] == ["C1"]


def test_a_party_without_cases_has_an_empty_list(con) -> None:
    assert list_work(con, Partij("gemeente", "0014"), peildatum=LAST).rows == []


def test_the_last_day_of_sending_tells_how_fresh_the_list_is(con) -> None:
    assert list_work(con, DIEMEN, peildatum=date(2026, 7, 1)).laatste_dag == LAST


def test_nobody_is_named_on_the_list(con) -> None:
    ids = {row[0] for row in con.execute("SELECT lower(hex(client_id)) FROM bron.client").fetchall()}
    text = str(list_work(con, DIEMEN, peildatum=LAST))
    assert ids
    assert not any(client_id in text for client_id in ids)


@pytest.mark.parametrize(("gemeente", "aanbieder"), [(None, None), ("0384", "42420001")])
def test_one_party_must_be_named(gemeente, aanbieder) -> None:
    with pytest.raises(UsageError):
        choose_partij(gemeente, aanbieder)


@pytest.mark.parametrize("partij", [Partij("gemeente", "384"), Partij("aanbieder", "Diemen")])
def test_a_code_that_cannot_be_is_wrong_usage(con, partij) -> None:
    with pytest.raises(UsageError):
        list_work(con, partij, peildatum=LAST)


SQL = Path(toets.__file__).parent


def test_sqlfluff_has_no_complaint_about_this_room() -> None:
    command = [sys.executable, "-m", "sqlfluff", "lint", "--nocolor", str(SQL)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SQL.parents[2])
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", sorted(SQL.glob("*.sql")), ids=lambda file: file.name)
def test_sql_of_this_room_keeps_to_the_house_rules(file) -> None:
    text = file.read_text("utf-8")
    assert text.startswith("-- One row per ")
    code = "\n".join(line for line in text.splitlines() if not line.strip().startswith("--"))
    for word in (r"GROUP BY ALL", r"\bASOF\b", r"\bLIST\(", r"::", r"\bARG_M", r"SELECT \*"):
        assert not re.search(word, code, flags=re.IGNORECASE), word
