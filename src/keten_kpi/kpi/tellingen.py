"""Counts of the cases of a KPI: all that its figures rest on, in far fewer rows.

What two sets of cases come to is the sum of what each comes to. So counts are mended by the cases that went and the
cases that came, and the others need not be read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keten_kpi.kpi.catalogue import Ding, Grondslag, Kpi
from keten_kpi.kpi.compute import DIMENSIONS, Result, Selection, counted_select, group, grouped

if TYPE_CHECKING:
    from keten_kpi.database import Connection

TEMPORARY = "temp"  # where counts are made that nobody keeps

Groepering = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """A table of counts: ``select`` reads cases from `gevallen`, and gives one row per ``sleutel``.

    The columns in ``optelling`` add up: of cases that went and came they are subtracted and added. A row whose first
    one, the number of cases, comes to 0 goes. ``daarop`` count the rows of this table in their turn: each by itself, or
    all that are alike in ``bijeen``, some of its keys, together.
    """

    naam: str
    sleutel: tuple[str, ...]
    optelling: tuple[str, ...]
    select: str
    daarop: tuple[Telling, ...] = ()
    bijeen: tuple[str, ...] = ()
    grondslag: str = ""  # of which basis of its kind, when figures can be made of it
    pers: frozenset[Groepering] = frozenset()  # figures per which

    @property
    def mark(self) -> str:
        """Stands for how it is counted: what was counted in another way cannot be mended."""
        own = (self.naam, self.select, *self.sleutel, *self.optelling, *self.bijeen)
        return "\x00".join((*own, *(one.mark for one in self.daarop)))

    def table(self, place: str) -> str:
        return f'{place}."{self.naam}"'

    def of(self, gevallen: str) -> str:
        """The query of what these cases come to."""
        return f"WITH gevallen AS (\nSELECT * FROM {gevallen}\n)\n\nSELECT * FROM (\n{self.select}\n) AS telling"


def _widened(per: Iterable[str]) -> frozenset[str]:
    """The dimensions that a table must have for this grouping: a gemeente tells its jeugdregio."""
    return frozenset("gemeente" if name == "jeugdregio" else name for name in per)


def _largest(wanted: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Those that no other one holds."""
    found = {*wanted}
    return sorted((one for one in found if not any(one < other for other in found)), key=sorted)


def figure_counts(kpi: Kpi, pers: Iterable[Groepering]) -> tuple[Telling, ...]:
    """The counts that serve figures per each of these groupings, and no more."""
    asked = frozenset(pers)
    return tuple(telling for basis in kpi.soort.grondslag for telling in _counts_of(_Vraag(kpi, basis, asked)))


@dataclass(frozen=True, slots=True)
class _Vraag:
    """What is asked of one basis of a KPI: figures per these groupings."""

    kpi: Kpi
    basis: Grondslag
    pers: frozenset[Groepering]

    def naam(self, dimensions: Iterable[str]) -> str:
        return "_".join((self.kpi.name, self.basis.naam, *sorted(dimensions)))

    def named(self, dimensions: Iterable[str]) -> list[str]:
        """Dimensions in the order in which they are known; with the gemeente its jeugdregio."""
        wanted = {*dimensions}
        if "gemeente" in wanted:
            wanted.add("jeugdregio")
        return [name for name in (*DIMENSIONS, *self.kpi.eigen_dimensies) if name in wanted]


def _counts_of(asked: _Vraag) -> Iterator[Telling]:
    basis, ding = asked.basis, asked.basis.ding
    if ding is None:
        yield from _counts(asked, basis.over)
    elif basis.is_in_een_groep:
        dimensions = frozenset[str]().union(*map(_widened, asked.pers))
        yield replace(_apart(asked, ding, dimensions), daarop=tuple(_counts(asked, (), _judged(ding))))
    else:
        per_set: dict[frozenset[str], set[Groepering]] = {}
        for per in asked.pers:
            per_set.setdefault(_beside(ding, per), set()).add(per)
        for dimensions in sorted(per_set, key=sorted):
            given = asked.named(dimensions | {*ding.sleutel})
            (on_it,) = _counts(replace(asked, pers=frozenset(per_set[dimensions])), given, _judged(ding))
            yield replace(_apart(asked, ding, dimensions), daarop=(replace(on_it, naam=asked.naam(dimensions)),))


def _beside(ding: Ding, per: Groepering) -> frozenset[str]:
    """The dimensions by which it must be told apart for this grouping, beside its own key."""
    wanted, known = {*per}, {*ding.sleutel}
    return frozenset(wanted - known - ({"jeugdregio"} if "gemeente" in wanted | known else set()))


def _counts(asked: _Vraag, given: Iterable[str], source: str = "gevallen") -> Iterator[Telling]:
    """A table for each of the largest groupings; the dimensions in ``given`` are in each of them already."""
    basis, known = asked.basis, {*given}
    wanted = {per: _widened({*per} - known) for per in asked.pers}
    for dimensions in _largest(wanted.values()):
        keys = [*dict.fromkeys((*asked.named(dimensions | known), *basis.over))]
        columns = ", ".join(keys)
        yield Telling(
            naam=asked.naam(dimensions),
            sleutel=tuple(keys),
            optelling=("aantal", *basis.som),
            select=f"SELECT {columns}, COUNT(*) AS aantal{_sums(basis.som)} FROM {source} GROUP BY {columns}",  # noqa: S608
            grondslag=basis.naam,
            pers=frozenset(per for per, needed in wanted.items() if needed <= dimensions),
        )


def _sums(names: Iterable[str]) -> str:
    return "".join(f", CAST(SUM({name}) AS BIGINT) AS {name}" for name in names)


def _judged(ding: Ding) -> str:
    judged = "".join(f", {expression} AS {name}" for name, expression in ding.oordeel.items())
    return f"(SELECT *{judged} FROM gevallen) AS ding"  # noqa: S608


def _apart(asked: _Vraag, ding: Ding, dimensions: frozenset[str]) -> Telling:
    """A table of what must be told apart, by these dimensions."""
    extra = [name for name in asked.named(dimensions | {*ding.sleutel}) if name not in ding.sleutel]
    sums = ("aantal", *asked.basis.som)
    keuze = f"SELECT *, 1 AS aantal, {group(extra, Selection())} AS groep FROM gevallen"  # noqa: S608
    keys = [*(f"groep.{name} AS {name}" for name in extra), *ding.sleutel]
    picked = ", ".join([*keys, *(f"CAST({name} AS BIGINT) AS {name}" for name in sums)])
    return Telling(
        naam=f"{asked.naam(dimensions)}_apart",
        sleutel=(*extra, *ding.sleutel),
        optelling=sums,
        select=f"WITH keuze AS (\n{keuze}\n)\n\nSELECT {picked} FROM (\n{ding.select}\n) AS ding",
    )


def serving(tellingen: Iterable[Telling], per: Groepering, grondslag: str = "keuze") -> Telling:
    """The one with the fewest columns that figures per this grouping can be made of.

    Raises:
        ValueError: there is none.
    """
    every = [one for telling in tellingen for one in (telling, *telling.daarop)]
    fit = [one for one in every if one.grondslag == grondslag and per in one.pers]
    return min(fit, key=lambda one: (len(one.sleutel), one.naam))


def figures_from_counts(
    con: Connection, kpi: Kpi, per: Groepering, tellingen: Sequence[Telling], place: str = TEMPORARY
) -> Result:
    """The figures of all cases per this grouping, as ``compute`` gives them; call it within ``as_of``.

    Raises:
        ValueError: no counts serve this grouping.
    """
    tables = {basis.naam: serving(tellingen, per, basis.naam).table(place) for basis in kpi.soort.grondslag}
    return grouped(con, kpi, per, counted_select(kpi, per, tables))


def make_counts(con: Connection, telling: Telling, gevallen: str, place: str = TEMPORARY) -> None:
    """Counts these cases (a relation) in a table in ``place``; what has its name there is replaced."""
    table, kind = telling.table(place), "TEMP TABLE" if place == TEMPORARY else "TABLE"
    con.execute(f"CREATE OR REPLACE {kind} {table} AS\n{telling.of(gevallen)}")
    for one in telling.daarop:
        make_counts(con, one, table, place)


def are_kept(con: Connection, tellingen: Iterable[Telling], place: str) -> bool:
    """Whether ``place``, a schema of an attached database, holds all of these."""
    database, _, schema = place.rpartition(".")
    query = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = ?"
    there = {name for (name,) in con.execute(query, [database, schema]).fetchall()}
    return {one.naam for telling in tellingen for one in (telling, *telling.daarop)} <= there


def drop_counts(con: Connection, tellingen: Iterable[Telling], place: str = TEMPORARY) -> None:
    for telling in tellingen:
        drop_counts(con, telling.daarop, place)
        con.execute(f"DROP TABLE IF EXISTS {telling.table(place)}")


def _sum(telling: Telling, relation: str) -> str:
    keys = ", ".join(telling.sleutel)
    return f"SELECT {keys}{_sums(telling.optelling)} FROM ({relation}) AS deel GROUP BY {keys}"  # noqa: S608


def mend_counts(con: Connection, telling: Telling, weg: str, bij: str, place: str = TEMPORARY) -> None:
    """Takes from the counts in ``place`` the cases of the relation ``weg``, and adds those of ``bij``.

    Only rows that these touch are written.
    """
    change = f'temp."{telling.naam}_verschil"'
    keys = ", ".join(telling.sleutel)
    less = ", ".join(f"-{name} AS {name}" for name in telling.optelling)
    both = f"SELECT * FROM ({telling.of(bij)})\nUNION ALL\nSELECT {keys}, {less} FROM ({telling.of(weg)}) AS weg"  # noqa: S608
    moved = " OR ".join(f"SUM({name}) <> 0" for name in telling.optelling)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {change} AS\n{_sum(telling, both)} HAVING {moved}")
    if telling.daarop:
        _mend_with_those_on_it(con, telling, change, place)
    else:
        _merge(con, telling, change, place)
    con.execute(f"DROP TABLE {change}")


def _same(keys: Iterable[str]) -> str:
    return " AND ".join(f"was.{name} IS NOT DISTINCT FROM verschil.{name}" for name in keys)


def _merge(con: Connection, telling: Telling, change: str, place: str) -> None:
    first = telling.optelling[0]
    added = ", ".join(f"{name} = was.{name} + verschil.{name}" for name in telling.optelling)
    con.execute(
        f"MERGE INTO {telling.table(place)} AS was USING {change} AS verschil ON {_same(telling.sleutel)}\n"
        f"WHEN MATCHED AND was.{first} + verschil.{first} = 0 THEN DELETE\n"
        f"WHEN MATCHED THEN UPDATE SET {added}\n"
        "WHEN NOT MATCHED THEN INSERT BY NAME"
    )


def _mend_with_those_on_it(con: Connection, telling: Telling, change: str, place: str) -> None:
    """The same, where the rows that go and come are cases to others."""
    table, (old, new) = telling.table(place), (f'temp."{telling.naam}_{part}"' for part in ("oud", "nieuw"))
    same = _same(telling.bijeen or telling.sleutel)
    touched = f"SELECT was.* FROM {table} AS was WHERE EXISTS (SELECT 1 FROM {change} AS verschil WHERE {same})"  # noqa: S608
    after = _sum(telling, f"SELECT * FROM {change} UNION ALL SELECT * FROM {old}")  # noqa: S608
    con.execute(f"CREATE OR REPLACE TEMP TABLE {old} AS\n{touched}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE {new} AS\n{after} HAVING SUM({telling.optelling[0]}) <> 0")
    con.execute(f"DELETE FROM {table} AS was USING {change} AS verschil WHERE {same}")  # noqa: S608
    con.execute(f"INSERT INTO {table} SELECT * FROM {new}")  # noqa: S608
    for one in telling.daarop:
        mend_counts(con, one, old, new, place)
    for name in (old, new):
        con.execute(f"DROP TABLE {name}")
