"""The short list worked out by hand: so many codes cover so much, and mapping these closes that much."""

from __future__ import annotations

import pytest

from keten_kpi.codes import Kortelijst, what_if_codes
from keten_kpi.codes import list_codes as every_code
from keten_kpi.codes.kaart import Afbeelding
from keten_kpi.errors import UsageError
from keten_kpi.inzicht import list_codes
from keten_kpi.kpi import Selection
from tests.codes.verkeer import rows, traffic

ALL = Selection()
# Ten deviating lines in six messages: 45X01 four times, 45X02 three, 45X03 two, 45X04 one; message 7 is national.
TRAFFIC = """
1 JW305 2025-03-03 0384 42420001 A 45X01
1 JW305 2025-03-03 0384 42420001 A 45X02
2 JW305 2025-03-04 0384 42420001 B 45X01
2 JW305 2025-03-04 0384 42420001 B 45X03
3 JW305 2025-03-05 0363 42420001 C 45X01
4 JW305 2025-03-06 0363 42420002 D 45X01
4 JW305 2025-03-06 0363 42420002 D 45X02
5 JW305 2025-03-07 0363 42420002 E 45X02
5 JW305 2025-03-07 0363 42420002 E 45X03
6 JW305 2025-03-10 0363 42420002 F 45X04
7 JW305 2025-03-11 0363 42420002 G 45A04
"""
FIRST, SECOND, THIRD, FOURTH = (f"Jw 45 45X0{number}" for number in range(1, 5))


@pytest.fixture
def con(empty):
    with traffic(empty, TRAFFIC):
        yield empty


def column(found, name: str) -> list[object]:
    return [row[name] for row in rows(found)]


def test_what_codes_cover_adds_up_from_the_most_used(con) -> None:
    assert column(list_codes(con, ALL), "aandeel_opgeteld") == pytest.approx([0.4, 0.7, 0.9, 1.0])


def test_a_message_closes_with_the_last_of_its_codes(con) -> None:
    found = list_codes(con, ALL)
    assert column(found, "berichten_opgeteld") == [1, 3, 5, 6]
    assert column(found, "aandeel_berichten_opgeteld") == pytest.approx([1 / 6, 3 / 6, 5 / 6, 1])


def test_the_shortlist_is_the_fewest_codes_that_cover_the_share(con) -> None:
    found = list_codes(con, ALL)
    assert found.shortlist(0.8) == Kortelijst((FIRST, SECOND, THIRD), 0.9, pytest.approx(5 / 6))
    assert [len(found.shortlist(share).codes) for share in (0.4, 0.41, 0.7, 0.9, 0.95, 1)] == [1, 2, 2, 3, 4, 4]


def test_the_first_codes_say_what_mapping_them_closes(con) -> None:
    found = list_codes(con, ALL)
    assert found.first(2) == Kortelijst((FIRST, SECOND), 0.7, 0.5)
    assert found.first(5) == Kortelijst((FIRST, SECOND, THIRD, FOURTH), 1.0, 1.0)


@pytest.mark.parametrize(("number", "lines", "messages"), [(1, 6, 5), (2, 3, 3), (3, 1, 1), (4, 0, 0)])
def test_what_mapping_closes_is_what_the_what_if_finds(con, number, lines, messages) -> None:
    codes = [code.split()[-1] for code in list_codes(con, ALL).first(number).codes]
    total = rows(what_if_codes(con, ALL, [Afbeelding("Jw", code, "45A04") for code in codes]))[0]
    assert (total["regels_afwijkend_straks"], total["berichten_afwijkend_straks"]) == (lines, messages)
    closed = list_codes(con, ALL).first(number)
    assert closed.aandeel_regels == pytest.approx(total["aandeel_geharmoniseerd"])
    assert closed.aandeel_berichten == pytest.approx(1 - messages / 6)


def test_a_selection_has_a_short_list_of_its_own(con) -> None:
    found = list_codes(con, Selection(gemeente="0384"))
    assert found.shortlist(0.8) == Kortelijst((FIRST, SECOND, THIRD), 1.0, 1.0)
    assert column(found, "berichten_opgeteld") == [0, 1, 2]


def test_the_head_of_json_holds_both_lists(con) -> None:
    kop = list_codes(con, ALL).kop
    assert kop["codes"] == 4
    assert kop["korte_lijst"] == {
        "codes": (FIRST, SECOND, THIRD), "aandeel_regels": 0.9, "aandeel_berichten": pytest.approx(5 / 6),
    }  # fmt: skip
    assert kop["eerste_codes"]["aandeel_regels"] == 1.0


def test_without_deviating_codes_the_lists_are_empty(con) -> None:
    found = list_codes(con, Selection(wet="Wmo"))
    assert (found.rows, found.shortlist(0.8)) == ([], Kortelijst((), 0.0, None))


def test_codes_that_are_left_out_tell_nothing_in_what_is_added_up(con) -> None:
    found = every_code(con, ALL, leave_out=lambda _: {0})
    assert column(found, "product_code") == ["45X02", "45X03", "45X04"]
    assert column(found, "aandeel_opgeteld") == pytest.approx([0.3, 0.5, 0.6])
    assert column(found, "berichten_opgeteld") == [0, 1, 2]
    assert found.aantal == 4


def test_codes_of_few_clients_are_left_out_with_so_many_others_that_the_rest_is_not_small(con) -> None:
    found = list_codes(con, ALL, min_aantal=3)
    assert column(found, "product_code") == ["45X01", "45X02"]
    assert column(found, "aandeel_opgeteld") == pytest.approx([0.4, 0.7])
    assert column(list_codes(con, ALL, min_aantal=4), "product_code") == ["45X01"]
    assert list_codes(con, ALL, min_aantal=5).rows == []


def test_messages_that_close_are_told_only_where_no_number_and_no_step_is_small(con) -> None:
    found = list_codes(con, ALL, min_aantal=3)
    assert column(found, "berichten_opgeteld") == [None, 3]
    assert found.shortlist(0.8) == Kortelijst((FIRST, SECOND), 0.7, 0.5)
    assert list_codes(con, ALL, min_aantal=4).shortlist(0.8) == Kortelijst((FIRST,), 0.4, None)


@pytest.mark.parametrize("minimum", [1, 2])
def test_a_minimum_that_hides_nothing_is_refused(con, minimum) -> None:
    with pytest.raises(UsageError, match="hides nothing"):
        list_codes(con, ALL, min_aantal=minimum)
