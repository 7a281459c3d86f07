"""What others see of a what-if: no small count, and none that follows from what is shown."""

from __future__ import annotations

import pytest

from keten_kpi.codes.kaart import Afbeelding
from keten_kpi.errors import KetenError
from keten_kpi.inzicht import what_if_replaced
from keten_kpi.kpi import Selection
from tests.codes.verkeer import rows, traffic

ALL = Selection()
MAP = (Afbeelding("Jw", "45X01", "45A04"),)


def message(number: int, aanbieder: int, code: str) -> str:
    return f"{number} JW305 2025-03-03 0384 4242000{aanbieder} C{number} {code}"


def sending(*numbers: tuple[int, str, int]) -> str:
    """So many messages with a code from an aanbieder: each about a client of its own."""
    each = [(aanbieder, code) for aanbieder, code, number in numbers for _ in range(number)]
    return "\n".join(message(number, *what) for number, what in enumerate(each, start=1))


def seen(con, text: str, minimum: int) -> list[object]:
    with traffic(con, text):
        return [row["aanbieder"] for row in rows(what_if_replaced(con, ALL, vervang=MAP, min_aantal=minimum))]


def test_aanbieders_of_few_clients_are_left_out_with_so_many_others_that_they_cannot_be_told(empty) -> None:
    text = sending((1, "45A04", 9), (2, "45A04", 5), (3, "45A04", 2))
    assert seen(empty, text, 3) == [None, "42420001"]
    assert seen(empty, text, 0) == [None, "42420001", "42420002", "42420003"]


def test_an_aanbieder_of_whom_a_count_is_small_is_left_out_with_another(empty) -> None:
    """Aanbieder 2 has one line replaced: what is shown of 1 and 3 would tell it."""
    text = sending((1, "45X01", 4), (1, "45A04", 5), (2, "45X01", 1), (2, "45A04", 9), (3, "45X01", 7), (3, "45A04", 9))
    assert seen(empty, text, 3) == [None, "42420003"]


def test_what_is_about_few_in_all_is_refused(empty) -> None:
    with pytest.raises(KetenError, match="few clients, lines or messages"):
        seen(empty, sending((1, "45X01", 2), (1, "45A04", 9)), 3)
