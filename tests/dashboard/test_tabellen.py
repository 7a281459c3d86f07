"""What is declared as published together, and what a reader that knows its own cases is told of a histogram."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keten_kpi.dashboard import gevallen
from keten_kpi.dashboard.blok import Tabel
from keten_kpi.dashboard.cijfers import Cijfers, merge_bars, merge_beside
from keten_kpi.dashboard.editie import KETENBUREAU
from keten_kpi.dashboard.gevallen import Duur
from keten_kpi.dashboard.paginas.delen import BINNEN, every_month, trend
from keten_kpi.dashboard.tabellen import Row, Tabellen, samen
from keten_kpi.disclosure.system import Rules, is_acyclic, widen
from keten_kpi.kpi import bewaard, compute, find_kpi, list_kpis, make_counts
from keten_kpi.report import csv_text
from tests.dashboard.conftest import MINIMUM

ABOVE = Rules(above={"gemeente": ("jeugdregio", {})})


@pytest.mark.parametrize("kpi", list_kpis(), ids=lambda kpi: kpi.id)
def test_declared_tables_tell_no_more_than_their_sums(kpi) -> None:
    pers = samen(kpi.id)
    assert len(set(pers)) == len(pers)
    assert is_acyclic({widen(per, ABOVE) for per in pers})


@pytest.mark.parametrize("kpi", list_kpis(), ids=lambda kpi: kpi.id)
def test_a_count_adds_up_over_the_declared_tables_as_its_kind_says(con, kpi, tabellen) -> None:
    """Else protecting them would stop with a fault."""
    cijfers = Cijfers(con, KETENBUREAU, MINIMUM, tabellen)
    for per in samen(kpi.id):
        assert len(cijfers.tabel(kpi.id, *per).rows) == len(compute(con, kpi.id, per=per).rows)


def test_a_table_that_is_not_declared_is_a_fault(con, tabellen) -> None:
    with pytest.raises(KeyError):
        Cijfers(con, KETENBUREAU, MINIMUM, tabellen).tabel("starttermijn", "release")


CASES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), max_size=20)


@given(CASES, st.integers(3, 20))
def test_bars_for_who_knows_its_own_cases_hold_enough_others_and_cut_no_bar(cases, minimum) -> None:
    found = {duration: (own, others) for duration, own, others in cases if own + others}
    counts = [(duration, sum(found[duration])) for duration in sorted(found)]
    bars = merge_bars(counts, minimum, "binnen_norm")
    own = [Duur("0384", duration, "binnen_norm", number) for duration, (number, _) in found.items()]
    merged = merge_beside(bars, own, minimum)
    assert sum(bar.aantal for bar in merged) == sum(bar.aantal for bar in bars)
    assert {(bar.van, bar.tot) for bar in merged} <= {(a.van, b.tot) for a in bars for b in bars}
    others = [bar.aantal - sum(duur.aantal for duur in own if bar.holds(duur)) for bar in merged]
    assert len(merged) < 2 or all(number >= minimum for number in others)


def test_the_cases_of_one_kpi_are_kept_while_they_are_counted_and_in_the_end_nothing(con, monkeypatch) -> None:
    kept: list[set[str]] = []

    def spy(*asked):
        make_counts(*asked)
        kept.append(bewaard._tables(con))

    monkeypatch.setattr(gevallen, "make_counts", spy)
    tables = Tabellen(con, MINIMUM)
    for kpi in ("stoptermijn", "starttermijn"):
        assert tables.exact(kpi, ()).rows == compute(con, kpi).rows
    assert len(kept) > 6
    assert {len(names) for names in kept} == {1}
    assert len(set().union(*kept)) == 2
    assert con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall() == []


def test_a_page_shows_the_first_rows_of_a_long_table_and_says_where_the_others_are() -> None:
    rows: list[tuple[object, ...]] = [(f"{at:08}", at) for at in range(1234)]
    long = Tabel("lang", "Een lange tabel", ("aanbieder", "codes"), rows, ("aanbieder", "codes"))
    assert [regel[0].tekst for regel in long.regels] == [f"{at:08}" for at in range(500)]
    assert long.rest == "Hier staan de eerste 500 van 1.234 rijen; het csv-bestand heeft ze alle."
    assert csv_text(long).count("\n") == 1235
    assert not replace(long, rows=rows[:500]).rest


def test_a_month_without_cases_has_a_place_of_its_own_in_a_trend() -> None:
    rows: list[Row] = [{"maand": "2019-11", "aandeel": 0.5}, {"maand": "2020-02", "aandeel": 0.6}]
    assert [row["maand"] for row in every_month(rows)] == ["2019-11", "2019-12", "2020-01", "2020-02"]
    assert [row.get("aandeel") for row in every_month(rows)] == [0.5, None, None, 0.6]


@pytest.mark.parametrize(
    ("kpi", "last"),
    [
        ("doorlooptijd-toewijzing", "2020-01"),  # 5 werkdagen
        ("declaratietermijn", "2019-12"),  # a calendar month
        ("declaratie-antwoordtermijn", "2019-12"),  # differs from message to message
        ("woonplaatsbeginseltermijn", "2020-01"),  # 14 days
        ("productcode-afwijking", "2020-02"),  # no term
    ],
)
def test_a_month_counts_in_a_head_when_each_case_of_it_had_its_term(con, tabellen, kpi, last) -> None:
    """Of a month that has not, those on time are known before those that are late."""
    cijfers = Cijfers(con, KETENBUREAU, MINIMUM, tabellen)
    assert str(cijfers.peildatum) == "2020-02-28"
    months = ["2019-11", "2019-12", "2020-01", "2020-02"]
    assert [month for month in months if cijfers.is_af(find_kpi(kpi), month)][-1] == last


def test_a_trend_begins_where_the_traffic_begins_and_its_table_has_all_months(con) -> None:
    """A start of before the first message is only known when it is late: such months would show a rise that is none."""
    cijfers = Cijfers(con, KETENBUREAU, 0)
    first = str(con.execute("SELECT strftime(MIN(verzend_dag), '%Y-%m') FROM verkeer.bericht").fetchone()[0])
    (block,) = trend(cijfers, find_kpi("starttermijn"), BINNEN)
    months = [str(row[0]) for row in block.tabel.rows]
    before = [month for month in months if month < first]
    assert before
    assert not [month for month in before if f"{month}:" in block.beeld]
    assert all(f"{month}:" in block.beeld for month in months if month >= first)
    assert any("staan alleen in de tabel" in words for words in block.tekst)
