"""Every time norm: the SQL says of thousands of random cases what plain Python says, in whatever order they arrived."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keten_kpi.kpi import as_of
from keten_kpi.publish import Selection, compute, list_kpis, violations
from keten_kpi.report import json_text
from tests.kpi.oracle_normen import NORMS, Case, know
from tests.kpi.traffic_alle import DAYS, FIRST, Message, load, make_traffic

CAREFUL = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TIME_NORMS = sorted(kpi.id for kpi in list_kpis() if kpi.soort.naam == "tijdnorm" and kpi.id in NORMS)
SEEDS = range(16)
SAME = (
    "referentie_aanbieder", "verzoek_antwoord", "toewijzing_nummer", "toewijzingsdatum", "toewijzingstijd", "client",
)  # fmt: skip
TRAFFIC, LAST = make_traffic(77, 150), FIRST + timedelta(days=DAYS // 2)


@contextmanager
def database(con, *portions):
    con.begin()
    try:
        first_nr = 1
        for messages in portions:
            load(con, messages, first_nr)
            first_nr += len(messages)
        yield
    finally:
        con.rollback()


def sql_cases(con, kpi, peildatum) -> list[Case]:
    result = violations(con, kpi, selection=Selection(peildatum=peildatum), alle=True)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return [
        Case(
            geval_id=row["geval_id"],
            start_dag=row["start_dag"],
            uiterste_dag=row["uiterste_dag"],
            antwoord_dag=row["antwoord_dag"],
            antwoord=UUID(row["antwoord_bericht_id"]).int if row["antwoord_bericht_id"] else None,
            werkdagen=row["werkdagen"],
            toestand=row["toestand"],
        )
        for row in rows
    ]


def by_id(cases) -> list[Case]:
    return sorted(cases, key=lambda case: case.geval_id)


def peildatum_of(seed):
    return FIRST + timedelta(days=Random(seed).choice([DAYS // 2, DAYS, DAYS + 30]))


@pytest.fixture(scope="module")
def judged(con):
    """Of every seed and norm: the cases by SQL and by hand."""
    found = {}
    for seed in SEEDS:
        messages, peildatum = make_traffic(seed, 300), peildatum_of(seed)
        with database(con, messages):
            for kpi in TIME_NORMS:
                found[kpi, seed] = by_id(sql_cases(con, kpi, peildatum)), by_id(NORMS[kpi](know(messages, peildatum)))
    return found


@pytest.mark.parametrize("kpi", TIME_NORMS)
def test_sql_and_plain_python_judge_every_case_alike(judged, kpi):
    for seed in SEEDS:
        found, expected = judged[kpi, seed]
        assert [pair for pair in zip(found, expected, strict=False) if pair[0] != pair[1]][:1] == []
        assert len(found) == len(expected)


def test_thousands_of_cases_in_every_state_were_judged(judged):
    states = Counter((kpi, case.toestand) for (kpi, _), (cases, _) in judged.items() for case in cases)
    assert sum(states.values()) > 5000
    for kpi in TIME_NORMS:
        assert states[kpi, "binnen_norm"] > 10
        assert states[kpi, "buiten_norm"] > 10
        assert states[kpi, "onbruikbaar"] > 0
    assert states["stoptermijn", "niet_meetbaar"] > 10
    assert all(states[kpi, "lopend"] for kpi in ("retourtermijn", "reactietermijn-verzoek", "onderzoekstermijn"))


def outcomes(con, peildatum) -> str:
    """Everything that the KPIs say, as the bytes that leave the program."""
    selection = Selection(peildatum=peildatum)
    parts = []
    for kpi in list_kpis():
        per = ("gemeente", "maand", *kpi.eigen_dimensies)
        parts.append(json_text(compute(con, kpi.id, per=per, selection=selection)))
        parts.append(json_text(violations(con, kpi.id, selection=selection, alle=True)))
    return "\n".join(parts)


@pytest.fixture(scope="module")
def expected(con):
    """What the KPIs say of one traffic in the order in which it was made."""
    with database(con, TRAFFIC):
        return outcomes(con, LAST)


@settings(CAREFUL, max_examples=4)
@given(order=st.randoms(use_true_random=False), portions=st.integers(2, 5))
def test_any_order_and_any_portions_give_the_same_bytes(con, expected, order, portions):
    shuffled = order.sample(TRAFFIC, len(TRAFFIC))
    with database(con, *(shuffled[part::portions] for part in range(portions))):
        assert outcomes(con, LAST) == expected


def turn_rows(con) -> None:
    """The same rows with the last first, which no figure may notice."""
    tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'bron'").fetchall()
    for (name,) in tables:
        con.execute(f"CREATE TEMP TABLE omgekeerd AS SELECT * FROM bron.{name} ORDER BY rowid DESC")
        con.execute(f"DELETE FROM bron.{name}")
        con.execute(f"INSERT INTO bron.{name} FROM omgekeerd")
        con.execute("DROP TABLE omgekeerd")


def crowd(messages: list[Message]) -> list[Message]:
    """All lines of a message are about one reference, number and client, and differ in the rest."""

    def alike(lines):
        first = {key: lines[0][key] for key in SAME if key in lines[0]}
        return [line | first for line in lines]

    return [
        replace(message, rows={table: alike(lines) if lines else lines for table, lines in message.rows.items()})
        for message in messages
    ]


def cases_of_all(con) -> dict[str, Counter[tuple[object, ...]]]:
    with as_of(con, Selection()):
        return {kpi.id: Counter(con.execute(f"SELECT * FROM {kpi.view}").fetchall()) for kpi in list_kpis()}


@pytest.mark.parametrize("seed", [1, 2])
def test_no_case_depends_on_the_order_in_which_a_table_has_its_rows(con, seed):
    with database(con, crowd(make_traffic(seed, 400))):
        before = cases_of_all(con)
        turn_rows(con)
        assert cases_of_all(con) == before
