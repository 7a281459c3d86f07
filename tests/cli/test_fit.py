"""A table on a narrow screen: no line is wider, no figure or code is cut, and what does not fit is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keten_kpi.cli.fit import SEAMS, break_heading, break_value, fit
from tests.cli.terminal import drawn

HEADINGS = st.sampled_from(["wet", "gemeente", "aandeel berichten afwijkend", "start dag", "uitkomst", "regels"])
VALUES = st.from_regex(r"[a-z]{1,8}(_[a-z]{1,8}){0,3}|[0-9]{1,9},[0-9]{2}|[0-9]{1,3} %|-", fullmatch=True)
TABLES = st.lists(st.tuples(HEADINGS, st.lists(VALUES, min_size=2, max_size=2)), min_size=1, max_size=9)
COMMANDS = {
    "kpi": ("kpi", "doorlooptijd-toewijzing", "--per", "gemeente"),
    "vergelijk": ("kpi", "doorlooptijd-toewijzing", "--gemeente", "0384", "--vergelijk"),
    "declaraties": ("kpi", "afkeur-declaraties", "--per", "wet,gemeente"),
    "list": ("kpi", "--list"),
    "violations": ("violations", "doorlooptijd-toewijzing"),
    "all": ("violations", "productcode-afwijking", "--all"),
    "codes": ("codes", "lijst", "--min-aantal", "0"),
    "wat-als": ("codes", "wat-als", "--voorstel", "5", "--onzeker", "--min-aantal", "0"),
    "norm": ("codes", "wat-als", "--norm", "7", "--min-aantal", "0"),
    "verantwoording": ("verantwoording", "--aanbieder", "42420001", "--jaar", "2026"),
    "werklijst": ("werklijst", "--gemeente", "0384", "--peildatum", "2026-05-08"),
    "check": ("check", "--gemeente", "0384"),
    "codelists": ("codelists", "list"),
    "schemas": ("schemas", "list"),
    "doctor": ("doctor",),
    "audit": ("audit",),
}


def lines_of(headings, columns, width) -> list[list[str]]:
    """The cells as they are drawn: of each row, each heading and value in lines."""
    found = fit(headings, columns, width)
    tops = [break_heading(name, size) for name, size in zip(headings, found.widths, strict=False)]
    cells = [
        [break_value(value, size) for value in values] for values, size in zip(columns, found.widths, strict=False)
    ]
    return [
        [*top.split("\n"), *(line for cell in column for line in cell.split("\n"))]
        for top, column in zip(tops, cells, strict=True)
    ]


@settings(deadline=None)
@given(TABLES, st.integers(30, 140))
def test_a_table_is_no_wider_than_the_screen_and_no_word_or_figure_is_cut(table, width) -> None:
    headings, columns = [name for name, _ in table], [values for _, values in table]
    found = fit(headings, columns, width)
    assert sum(found.widths) + found.gap * (len(found.widths) - 1) <= width
    for size, cells, values in zip(found.widths, lines_of(headings, columns, width), columns, strict=False):
        assert max(map(len, cells)) <= size
        assert {value for value in values if value[0] in "0123456789-"} <= set(cells)
        assert "".join(cells).replace(" ", "").endswith("".join(values).replace(" ", ""))


def test_where_there_is_room_nothing_is_broken_or_left_out() -> None:
    found = fit(["wet", "reden afwijking"], [["Jw"], ["niet_in_lijst"]], 78)
    assert (found.gap, found.widths) == (3, (3, 15))


def test_the_gap_narrows_before_a_value_is_broken_and_a_value_is_broken_before_a_column_goes() -> None:
    headings, columns = ["wet", "reden"], [["Jw"], ["niet_in_lijst"]]
    assert fit(headings, columns, 18).gap == 2
    assert fit(headings, columns, 17).gap == 1
    assert fit(headings, columns, 16).widths == (3, 11)
    assert lines_of(headings, columns, 16)[1] == ["reden", "niet_in_", "lijst"]
    assert fit(headings, columns, 8).widths == (3,)


def test_a_share_stays_beside_its_percent_sign() -> None:
    assert [fit(["aandeel", "x"], [["12,5 %"], ["1"]], width).widths[0] for width in (11, 8, 5)] == [7, 6, 5]
    assert break_value("van 12,5 %", 6) == "van\n12,5 %"


def test_an_id_without_a_seam_is_cut_only_where_its_column_would_be_lost_otherwise() -> None:
    text = "253a8517-6a3b-12e9-c5f3-ce600ca189d4-1"
    assert fit(["geval", "rijen"], [[text], ["1"]], 78).widths[0] == len(text)
    assert fit(["geval", "rijen"], [[text], ["1"]], 40).widths == (len(text),)
    assert fit(["wie", "geval", "rijen"], [["root"], [text], ["1"]], 40).widths[1] < len(text)


def test_a_word_that_may_be_broken_is_broken_once() -> None:
    assert all(len(parts.split()) == 2 and parts.replace("- ", "") == word for word, parts in SEAMS.items())


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_table_fits_a_terminal_of_80_columns(loaded, command) -> None:
    text = drawn(loaded, 80, *command)
    assert "─" in text or command == ("audit",)
    assert max(map(len, text.split("\n"))) <= 80


def test_what_does_not_fit_is_named_and_stands_in_a_wider_window(loaded) -> None:
    narrow = drawn(loaded, 60, "violations", "doorlooptijd-toewijzing")
    assert "Past niet op dit scherm: antwoord dag, werkdagen te laat, koppeling." in " ".join(narrow.split())
    assert "Past niet" not in drawn(loaded, 140, "violations", "doorlooptijd-toewijzing")
