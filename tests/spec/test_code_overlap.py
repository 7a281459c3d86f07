"""The view of pairs of gemeenten, of which KPI codevariatie shows the mean, by hand."""

from __future__ import annotations

from keten_kpi.kpi.catalogue import find_kpi
from tests.spec.run import loaded
from tests.spec.voorbeelden import read_voorbeelden

QUERY = """
SELECT wet, gemeente, andere_gemeente, codes, codes_andere_gemeente, codes_gemeen, overlap
FROM verkeer.code_overlap ORDER BY 1, 2, 3
"""


def rows(con, kop):
    (example,) = [found for found in read_voorbeelden(find_kpi("codevariatie").voorbeelden) if found.kop == kop]
    with loaded(con, example):
        return con.execute(QUERY).fetchall()


def test_overlap_is_what_both_use_of_what_either_uses(con):
    assert rows(con, "Overlap wordt per wet en per groep geteld") == [
        ("Jw", "0358", "0362", 1, 2, 1, 1 / 2),
        ("Jw", "0358", "0363", 1, 3, 1, 1 / 3),
        ("Jw", "0362", "0363", 2, 3, 2, 2 / 3),
        ("Wmo", "0358", "0362", 1, 1, 1, 1.0),
    ]


def test_gemeenten_without_a_code_in_common_are_a_pair_too(con):
    assert rows(con, "Overlap is het gemiddelde over alle paren van gemeenten, ook als ze niets gemeen hebben") == [
        ("Jw", "0362", "0363", 1, 1, 1, 1.0),
        ("Jw", "0362", "0384", 1, 1, 0, 0.0),
        ("Jw", "0363", "0384", 1, 1, 0, 0.0),
    ]
