"""Runs an example and compares what comes out with its tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from keten_kpi.kpi import Kpi, Result, Selection, compute
from keten_kpi.kpi.compute import _clock
from tests.spec.voorbeelden import Database, Row, Voorbeeld, label_of

if TYPE_CHECKING:
    from keten_kpi.database import Connection

LABELS = {
    "verzoek": "start_bericht_id",
    "start": "start_bericht_id",
    "antwoord": "antwoord_bericht_id",
    "bericht": "bericht_id",
}
TOLERANCE = 0.0005


@contextmanager
def loaded(con: Connection, example: Voorbeeld) -> Iterator[None]:
    """Within it the example's traffic is in the database; after it nothing is."""
    con.begin()
    try:
        Database(con).load(example)
        yield
    finally:
        con.rollback()


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return "" if value is None else str(value)


def _case_rows(con: Connection, kpi: Kpi, example: Voorbeeld, columns: list[str]) -> list[Row]:
    picked = ", ".join(LABELS.get(name, name) for name in columns)
    with _clock(con, example.peildatum, example.vandaag):
        found = con.execute(f"SELECT {picked} FROM {kpi.view}").fetchall()
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    return [{name: _shown(label_of(value) if name in LABELS else value) for name, value in row.items()} for row in rows]


def _equal(found: str, expected: str) -> bool:
    if found == expected:
        return True
    try:
        return abs(float(found) - float(expected)) < TOLERANCE
    except ValueError:
        return False


def _same(found: list[Row], expected: list[Row]) -> bool:
    def key(row: Row) -> list[str]:
        return list(row.values())

    pairs = list(zip(sorted(found, key=key), sorted(expected, key=key), strict=False))
    return len(found) == len(expected) and all(_equal(one[name], other[name]) for one, other in pairs for name in other)


def _figures(con: Connection, kpi: Kpi, example: Voorbeeld, per: tuple[str, ...], columns: list[str]) -> list[Row]:
    selection = Selection(peildatum=example.peildatum)
    with mock.patch("keten_kpi.kpi.compute.find_kpi", return_value=kpi):  # a mutant is in no catalogue
        result: Result = compute(con, kpi.id, per=per, selection=selection, vandaag=example.vandaag)
    places = {name: result.columns.index(name) for name in columns}
    return [{name: _shown(row[place]) for name, place in places.items()} for row in result.rows]


def differences(con: Connection, kpi: Kpi, example: Voorbeeld, *, cases: bool = True) -> Iterator[str]:
    """What differs from the example's tables, cases first if at all; the traffic must be loaded."""
    if cases and example.gevallen is not None:
        columns = list(example.gevallen[0]) if example.gevallen else ["geval_id"]
        rows = _case_rows(con, kpi, example, columns)
        if not _same(rows, example.gevallen):
            yield f"gevallen: {rows}"
    for per, expected in example.cijfers:
        rows = _figures(con, kpi, example, per, list(expected[0]))
        if not _same(rows, expected):
            yield f"cijfers per {per}: {rows}"
