"""What is told of all codes at once, from counts, is what is told of them line by line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keten_kpi.codes import SURE, UNSURE, list_codes, suggested_map, what_if_codes
from keten_kpi.codes.alles import NOT_COUNTED
from keten_kpi.dashboard.gevallen import PRODUCTCODES, read_cases
from keten_kpi.kpi import Selection
from tests.codes.verkeer import rows
from tests.kpi.traffic_alle import DAYS, FIRST, load
from tests.stand.wide import make_wide

ALL = Selection()


@pytest.fixture(params=range(4))
def con(empty, request):
    """Traffic in which some codes are national for a part of the time, and others on every day."""
    empty.begin()
    load(empty, make_wide(request.param, 80, 12))
    middle = FIRST + timedelta(days=DAYS // 2)
    empty.execute("UPDATE verkeer.productcode SET geldig_tot = ? WHERE code IN ('45A04', '44A09')", [middle])
    empty.execute("UPDATE verkeer.productcode SET geldig_van = ? WHERE code = '45A05'", [middle])
    yield empty
    empty.rollback()


def test_codes_are_those_of_the_lines(con) -> None:
    found, expected = read_cases(con, PRODUCTCODES, [()]).codes, list_codes(con, ALL)
    assert found is not None
    assert len(expected.rows) > 2
    assert rows(found.codes) == [row | dict.fromkeys(NOT_COUNTED) for row in rows(expected)]


def test_what_if_of_messages_is_that_of_their_lines(con) -> None:
    found, codes = read_cases(con, PRODUCTCODES, [()]).codes, list_codes(con, ALL)
    assert found is not None
    kaart = suggested_map(codes, SURE if found.is_zeker else UNSURE)
    (whole, *_) = rows(what_if_codes(con, ALL, kaart))
    assert found.wat_als.vervangingen == len(kaart) > 0
    assert rows(found.wat_als) == [{name: whole[name] for name in found.wat_als.columns}]
    assert whole["berichten_afwijkend"] != whole["berichten_afwijkend_straks"]
