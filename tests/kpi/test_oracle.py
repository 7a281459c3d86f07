"""The SQL says of random traffic what plain Python says, in whatever order the messages arrived."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keten_kpi.publish import DIMENSIONS, Selection, compute, list_kpis, violations
from tests.kpi.oracle import Case, judge
from tests.kpi.traffic import FIRST, Line, Message, load, traffic

CAREFUL = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KPI = "doorlooptijd-toewijzing"
peildata = st.integers(0, 60).map(lambda number: FIRST + timedelta(days=number))


@contextmanager
def database(con, messages):
    con.begin()
    try:
        load(con, messages)
        yield
    finally:
        con.rollback()


def sql_cases(con, peildatum) -> list[Case]:
    result = violations(con, KPI, selection=Selection(peildatum=peildatum), alle=True)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return [
        Case(
            geval_id=row["geval_id"],
            uiterste_dag=row["uiterste_dag"],
            antwoord_dag=row["antwoord_dag"],
            antwoord=UUID(row["antwoord_bericht_id"]).int if row["antwoord_bericht_id"] else None,
            werkdagen=row["werkdagen"],
            te_laat=row["werkdagen_te_laat"],
            toestand=row["toestand"],
            koppeling=row["koppeling"],
        )
        for row in rows
    ]


def by_id(cases: list[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: case.geval_id)


@settings(CAREFUL, max_examples=50)
@given(messages=traffic(), peildatum=peildata)
def test_sql_and_plain_python_judge_every_case_alike(con, messages, peildatum):
    with database(con, messages):
        assert by_id(sql_cases(con, peildatum)) == by_id(judge(messages, peildatum))


@st.composite
def brackets(draw) -> list[Message]:
    """Requests and allocations without reference of one client: many on few days."""
    found = []
    for number in range(draw(st.integers(2, 16))):
        soort = draw(st.sampled_from(["315", "301"]))
        day = FIRST + timedelta(days=draw(st.integers(0, 4)))
        line = Line(
            referentie=f"r{number}" if soort == "315" else None,
            nummer=number,
            code=draw(st.sampled_from(["45A04", None])),
        )
        found.append(Message(number, "Jw", soort, "2.3", "0384", "01234567", f"b{number}", day, (line,)))
    return found


@settings(CAREFUL, max_examples=30)
@given(messages=brackets())
def test_lines_without_reference_close_the_latest_open_request_as_brackets_do(con, messages):
    peildatum = FIRST + timedelta(days=60)
    with database(con, messages):
        assert by_id(sql_cases(con, peildatum)) == by_id(judge(messages, peildatum))


@settings(CAREFUL, max_examples=8)
@given(data=st.data(), messages=traffic(), peildatum=peildata)
def test_any_order_of_arrival_gives_the_same_figures_and_cases(con, data, messages, peildatum):
    selection = Selection(peildatum=peildatum)

    def results():
        return [
            (
                compute(con, kpi.id, per=DIMENSIONS, selection=selection).rows,
                violations(con, kpi.id, selection=selection, alle=True).rows,
            )
            for kpi in list_kpis()
        ]

    with database(con, messages):
        expected = results()
    with database(con, data.draw(st.permutations(messages))):
        assert results() == expected


@settings(CAREFUL, max_examples=15)
@given(messages=traffic(), peildatum=peildata, dimension=st.sampled_from(["gemeente", "aanbieder", "wet"]))
def test_every_figure_can_be_counted_back_from_its_cases(con, messages, peildatum, dimension):
    selection = Selection(peildatum=peildatum)
    with database(con, messages):
        figures = compute(con, KPI, per=(dimension,), selection=selection)
        broken = violations(con, KPI, selection=selection)
        cases = violations(con, KPI, selection=selection, alle=True)
    states = Counter((row[cases.columns.index(dimension)], row[cases.columns.index("toestand")]) for row in cases.rows)
    late = Counter(row[broken.columns.index(dimension)] for row in broken.rows)
    for row in figures.rows:
        figure = dict(zip(figures.columns, row, strict=True))
        group = figure[dimension]
        assert figure["buiten_norm"] == late[group]
        assert figure["afgewezen"] == states[group, "afgewezen"] + states[group, "afgewezen_met_vervolg"]
        for state in ("binnen_norm", "buiten_norm", "lopend", "onbruikbaar", "afgewezen_met_vervolg"):
            assert figure[state] == states[group, state]
    assert sum(late.values()) == sum(row[figures.columns.index("buiten_norm")] for row in figures.rows)


@pytest.mark.parametrize("gemeente", ["0384", "0363"])
def test_a_selection_leaves_the_same_cases_as_the_group(con, gemeente):
    messages = [
        Message(number, "Jw", "315", "3.2", code, "01234567", f"b{number}", FIRST, (Line(referentie="a"),))
        for number, code in enumerate(["0384", "0384", "0363"], start=1)
    ]
    with database(con, messages):
        total = compute(con, KPI, selection=Selection(gemeente=gemeente))
        groups = compute(con, KPI, per=("gemeente",))
    assert [(gemeente, *row) for row in total.rows] == [row for row in groups.rows if row[0] == gemeente]


@settings(CAREFUL, max_examples=20)
@given(messages=traffic())
def test_withdrawn_toewijzingen_are_those_whose_version_that_holds_is_a_withdrawal(con, messages):
    key = "wet, gemeente, toewijzing_nummer"
    with database(con, messages):
        rare = con.execute(f"SELECT {key} FROM verkeer.ingetrokken_toewijzing ORDER BY ALL").fetchall()
        whole = con.execute(f"SELECT {key} FROM verkeer.toewijzing WHERE is_ingetrokken ORDER BY ALL").fetchall()
    assert rare == whole
