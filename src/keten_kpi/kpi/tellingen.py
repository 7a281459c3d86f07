"""Counts of the cases of a KPI: all that its figures rest on, in far fewer rows.

What two sets of cases come to is the sum of what each comes to. So counts are mended by the cases that went and the
cases that came, and the others need not be read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keten_kpi.kpi.catalogue import Grondslag, Kpi
from keten_kpi.kpi.compute import DIMENSIONS, Result, counted_select, grouped

if TYPE_CHECKING:
    from keten_kpi.database import Connection

TEMPORARY = "temp"  # where counts are made that nobody keeps
CHANGE, CHANGED = "telling_verschil", "telling_nieuw"  # temporary tables


@dataclass(frozen=True, slots=True)
class Telling:
    """A table of counts: ``select`` reads cases from `gevallen`, and gives one row per ``sleutel``.

    The columns in ``optelling`` add up: of cases that went and came they are subtracted and added. A row whose first
    one, the number of cases, comes to 0 goes.
    """

    naam: str
    sleutel: tuple[str, ...]
    optelling: tuple[str, ...]
    select: str
    grondslag: str = ""  # of which basis of its kind, when it is for figures

    def table(self, place: str) -> str:
        return f'{place}."{self.naam}"'

    def of(self, gevallen: str) -> str:
        """The query of what these cases come to."""
        return f"WITH gevallen AS (\nSELECT * FROM {gevallen}\n)\n\nSELECT * FROM (\n{self.select}\n) AS telling"


def _widened(per: Iterable[str]) -> frozenset[str]:
    """The dimensions that a table must have for this grouping: a gemeente tells its jeugdregio."""
    return frozenset("gemeente" if name == "jeugdregio" else name for name in per)


def _largest(wanted: set[frozenset[str]]) -> list[frozenset[str]]:
    """Those that no other one holds."""
    return sorted((one for one in wanted if not any(one < other for other in wanted)), key=sorted)


def figure_counts(kpi: Kpi, pers: Sequence[Sequence[str]]) -> tuple[Telling, ...]:
    """The counts that serve figures per each of these groupings, and no more."""
    return tuple(telling for basis in kpi.soort.grondslag for telling in _counts_of(kpi, basis, pers))


def _counts_of(kpi: Kpi, basis: Grondslag, pers: Sequence[Sequence[str]]) -> Iterator[Telling]:
    wanted = {_widened(per) - set(basis.over) for per in pers}
    if basis.is_in_een_groep:
        wanted = {frozenset[str]().union(*wanted)}
    known = (*DIMENSIONS, *kpi.eigen_dimensies)
    for dimensions in _largest(wanted):
        yield _count(kpi, basis, [name for name in known if name in dimensions])


def _count(kpi: Kpi, basis: Grondslag, dimensions: Sequence[str]) -> Telling:
    keys = [*dimensions, *basis.over]
    if "gemeente" in keys:
        keys.append("jeugdregio")
    sums = "".join(f", CAST(SUM({name}) AS BIGINT) AS {name}" for name in basis.som)
    columns = ", ".join(keys)
    return Telling(
        naam="_".join((kpi.name, basis.naam, *dimensions)),
        sleutel=tuple(keys),
        optelling=("aantal", *basis.som),
        select=f"SELECT {columns}, COUNT(*) AS aantal{sums} FROM gevallen GROUP BY {columns}",  # noqa: S608
        grondslag=basis.naam,
    )


def serving(tellingen: Iterable[Telling], per: Sequence[str], grondslag: str = "keuze") -> Telling:
    """The one with the fewest columns that figures per this grouping can be made of.

    Raises:
        ValueError: there is none.
    """
    fit = [one for one in tellingen if one.grondslag == grondslag and {*per} <= {*one.sleutel}]
    return min(fit, key=lambda one: (len(one.sleutel), one.naam))


def figures_from_counts(
    con: Connection, kpi: Kpi, per: Sequence[str], tellingen: Sequence[Telling], place: str = TEMPORARY
) -> Result:
    """The figures of all cases per this grouping, as ``compute`` gives them; call it within ``as_of``.

    Raises:
        ValueError: no counts serve this grouping.
    """
    tables = {basis.naam: serving(tellingen, per, basis.naam).table(place) for basis in kpi.soort.grondslag}
    return grouped(con, kpi, per, counted_select(kpi, per, tables))


def make_counts(con: Connection, telling: Telling, gevallen: str, place: str = TEMPORARY) -> None:
    """Counts these cases (a relation) in a table in ``place``; what has its name there is replaced."""
    kind = "TEMP TABLE" if place == TEMPORARY else "TABLE"
    con.execute(f"CREATE OR REPLACE {kind} {telling.table(place)} AS\n{telling.of(gevallen)}")


def drop_counts(con: Connection, tellingen: Iterable[Telling], place: str = TEMPORARY) -> None:
    for telling in tellingen:
        con.execute(f"DROP TABLE IF EXISTS {telling.table(place)}")


def _sum(telling: Telling, relation: str) -> str:
    sums = ", ".join(f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in telling.optelling)
    keys = ", ".join(telling.sleutel)
    return f"SELECT {keys}, {sums} FROM ({relation}) AS deel GROUP BY {keys}"  # noqa: S608


def mend_counts(con: Connection, telling: Telling, weg: str, bij: str, place: str = TEMPORARY) -> None:
    """Takes from the counts in ``place`` the cases of the relation ``weg``, and adds those of ``bij``.

    Only rows that these touch are written.
    """
    keys, table = ", ".join(telling.sleutel), telling.table(place)
    less = ", ".join(f"-{name} AS {name}" for name in telling.optelling)
    both = f"SELECT * FROM ({telling.of(bij)})\nUNION ALL\nSELECT {keys}, {less} FROM ({telling.of(weg)}) AS weg"  # noqa: S608
    moved = " OR ".join(f"SUM({name}) <> 0" for name in telling.optelling)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {CHANGE} AS\n{_sum(telling, both)} HAVING {moved}")
    same = " AND ".join(f"oud.{name} IS NOT DISTINCT FROM verschil.{name}" for name in telling.sleutel)
    touched = f"SELECT * FROM {table} AS oud WHERE EXISTS (SELECT 1 FROM temp.{CHANGE} AS verschil WHERE {same})"  # noqa: S608
    all_of = _sum(telling, f"SELECT * FROM temp.{CHANGE} UNION ALL {touched}")  # noqa: S608
    con.execute(f"CREATE OR REPLACE TEMP TABLE {CHANGED} AS\n{all_of} HAVING SUM({telling.optelling[0]}) <> 0")
    con.execute(f"DELETE FROM {table} AS oud USING temp.{CHANGE} AS verschil WHERE {same}")  # noqa: S608
    con.execute(f"INSERT INTO {table} SELECT * FROM temp.{CHANGED}")  # noqa: S608
    for name in (CHANGE, CHANGED):
        con.execute(f"DROP TABLE temp.{name}")
