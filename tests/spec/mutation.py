"""Installs a mutant in the place of its SQL, and looks for an example that it gives other tables.

``moordenaars.json`` remembers which example noticed which mutant: the tests hold it to all mutants that there are, and
ask one example again for a share of them. ``python -m tests.spec.mutation [FILE ...]`` looks for the example of every
mutant that has none there, writes what it finds file by file, and prints the mutants that no example notices; without
names it does all files, with ``--all`` it asks all mutants again.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Container, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from keten_kpi.kpi import Kpi, list_kpis
from keten_kpi.kpi.catalogue import case_select, fill, read_soort
from keten_kpi.load import create_tables
from keten_kpi.publish import publish
from keten_kpi.views import SqlView, read_views
from keten_kpi.views.sql import references
from tests.spec.mutate import Mutant, mutants_of
from tests.spec.run import differences, loaded
from tests.spec.voorbeelden import Voorbeeld, read_voorbeelden

if TYPE_CHECKING:
    from keten_kpi.database import Connection

HERE = Path(__file__).parent
KILLERS = HERE / "moordenaars.json"  # mutant -> the example that notices it: where to look first
EQUIVALENT = HERE / "gelijkwaardig.toml"  # mutants that no example can notice, with the reason
NO_SQL = "-"  # in the place of an example: the database does not take the mutant, it breaks nothing
INVALID = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)

CASES = {"gevallen", "kind_gevallen", "view"}  # parts on which cases rest, not only figures

Example = tuple[Kpi, Voorbeeld]


@dataclass(frozen=True)
class Target:
    """One mutant, and the KPIs whose examples may notice it. ``part`` is what of a KPI is broken, or "view"."""

    kpis: tuple[Kpi, ...]
    mutant: Mutant
    part: str

    @property
    def name(self) -> str:
        return self.mutant.name


@cache
def _views() -> tuple[SqlView, ...]:
    return tuple(read_views())


def _views_behind(con: Connection, kpi: Kpi) -> set[str]:
    """Names of the views of ``verkeer`` that a KPI rests on, directly or not."""
    known = {view.full_name: view for view in _views()}
    todo, found = references(con, case_select(kpi)), set()
    while todo:
        name = todo.pop()
        if name in known and name not in found:
            found.add(name)
            todo |= references(con, known[name].select)
    return {known[name].name for name in found}


def _kpi_targets() -> Iterator[Target]:
    """Every mutant of every KPI's own SQL."""
    for kpi in kpis_with_examples():
        for mutant in mutants_of(f"{kpi.name}/gevallen.sql", kpi.gevallen):
            yield Target((kpi,), mutant, "gevallen")


def _kind_targets() -> Iterator[Target]:
    """Every mutant of the SQL of each kind, which all KPIs of that kind share."""
    for kind in (read_soort(naam) for naam in sorted({kpi.soort.naam for kpi in kpis_with_examples()})):
        kpis = tuple(kpi for kpi in kpis_with_examples() if kpi.soort.naam == kind.naam)
        for part, sql in {"kind_gevallen": kind.gevallen, "kind_cijfers": kind.cijfers}.items():
            file = f"{kind.naam}.{part.removeprefix('kind_')}.sql"
            yield from (Target(kpis, mutant, part) for mutant in mutants_of(file, sql))
        for basis in kind.grondslag:
            sql = basis.ding.select if basis.ding else ""
            yield from (Target(kpis, mutant, basis.naam) for mutant in mutants_of(f"{kind.naam}.{basis.naam}.sql", sql))


def _view_targets() -> Iterator[Target]:
    """Every mutant of every view that some KPI rests on."""
    with closing(duckdb.connect(":memory:")) as con:
        behind = [(kpi, _views_behind(con, kpi)) for kpi in kpis_with_examples()]
    for view in _views():
        kpis = tuple(kpi for kpi, names in behind if view.name in names)
        if kpis:
            yield from (Target(kpis, mutant, "view") for mutant in mutants_of(f"{view.name}.sql", view.select))


@cache
def targets() -> dict[str, tuple[Target, ...]]:
    """All mutants, per file."""
    found: dict[str, list[Target]] = {}
    for target in (*_kpi_targets(), *_kind_targets(), *_view_targets()):
        found.setdefault(target.mutant.file, []).append(target)
    return {file: tuple(made) for file, made in found.items()}


def kpis_with_examples() -> list[Kpi]:
    """By how many examples they have: those with few are asked first."""
    counted = [(len(read_voorbeelden(kpi.voorbeelden)), kpi) for kpi in list_kpis()]
    return [kpi for count, kpi in sorted(counted, key=lambda item: item[0]) if count]


def _broken(kpi: Kpi, part: str, sql: str) -> Kpi:
    if part == "gevallen":
        return replace(kpi, gevallen=sql)
    if part == "kind_gevallen":
        return replace(kpi, soort=fill(replace(read_soort(kpi.soort.naam), gevallen=sql), kpi.invulling, {}))
    if part == "kind_cijfers":
        return replace(kpi, soort=fill(replace(read_soort(kpi.soort.naam), cijfers=sql), kpi.invulling, {}))
    bases = [replace(basis, ding=replace(basis.ding, select=sql)) if basis.naam == part and basis.ding else basis
             for basis in kpi.soort.grondslag]  # fmt: skip
    return replace(kpi, soort=replace(kpi.soort, grondslag=tuple(bases)))


def _changed_views(target: Target) -> list[tuple[str, str, str]]:
    """Name of each view that changes, its broken and its right query."""
    if target.part == "view":
        view = next(view for view in _views() if f"{view.name}.sql" == target.mutant.file)
        return [(view.full_name, target.mutant.sql, view.select)]
    found = [
        (kpi.view, case_select(_broken(kpi, target.part, target.mutant.sql)), case_select(kpi)) for kpi in target.kpis
    ]
    return [(view, broken, right) for view, broken, right in found if broken != right]


@contextmanager
def installed(con: Connection, target: Target) -> Iterator[bool]:
    """Within it the database has the mutant; False when the mutant is no SQL."""
    views = _changed_views(target)
    try:
        for view, broken, _ in views:
            con.execute(f"CREATE OR REPLACE VIEW {view} AS\n{broken}")
        accepted = True
    except INVALID:
        accepted = False
    try:
        yield accepted
    finally:
        for view, _, right in views:
            con.execute(f"CREATE OR REPLACE VIEW {view} AS\n{right}")


class NoSqlError(Exception):
    """The mutant is no SQL that the database takes: it breaks nothing."""


def killer(con: Connection, target: Target, examples: Sequence[Example]) -> Example | None:
    """The first example whose tables the mutant does not give; a mutant that fails on its rows is noticed too."""
    for kpi, example in examples:
        with loaded(con, example):
            try:
                broken = _broken(kpi, target.part, target.mutant.sql)
                if next(differences(con, broken, example, cases=target.part in CASES), None):
                    return kpi, example
            except INVALID:
                raise NoSqlError from None
            except duckdb.Error:
                return kpi, example
    return None


@cache
def _examples_of(kpi: Kpi) -> tuple[Example, ...]:
    return tuple((kpi, example) for example in read_voorbeelden(kpi.voorbeelden))


def examples_for(target: Target) -> list[Example]:
    return [example for kpi in target.kpis for example in _examples_of(kpi)]


def headings() -> set[str]:
    """What ``moordenaars.json`` may hold beside a mutant."""
    return {example.kop for kpi in list_kpis() for _, example in _examples_of(kpi)} | {NO_SQL}


def known_killers() -> dict[str, str]:
    """Per mutant the example that noticed it last: where to look first."""
    found: dict[str, str] = json.loads(KILLERS.read_text("utf-8")) if KILLERS.exists() else {}
    return found


@cache
def equivalents() -> dict[str, str]:
    """Reason per mutant that no example can notice."""
    raw = tomllib.loads(EQUIVALENT.read_text("utf-8"))
    return {name: group["reden"] for group in raw.get("groep", ()) for name in group["mutanten"]}


def judged(con: Connection, targets: Sequence[Target], hints: dict[str, str]) -> Iterator[tuple[Target, str | None]]:
    """Every mutant with the example that notices it. Asked first: the hint, then what noticed the last one."""
    last = ""
    for target in targets:
        wanted = (hints.get(target.name), last)
        order = sorted(examples_for(target), key=lambda item: [item[1].kop != kop for kop in wanted])
        found = _judge(con, target, order)
        last = found if found and found != NO_SQL else last
        yield target, found


def _judge(con: Connection, target: Target, examples: Sequence[Example]) -> str | None:
    with installed(con, target) as accepted:
        if not accepted:
            return NO_SQL
        try:
            found = killer(con, target, examples)
        except NoSqlError:
            return NO_SQL
    return found[1].kop if found else None


def asked(file: str, *, but: Container[str] = ()) -> list[Target]:
    """The mutants of a file that an example must notice."""
    return [target for target in targets()[file] if target.name not in equivalents() and target.name not in but]


def survivors(con: Connection, file: str, *, every: int = 1) -> list[str]:
    """Names of the mutants of a file that no example notices, but for those that mean the same; of every so many."""
    return [target.name for target, kop in judged(con, asked(file)[::every], known_killers()) if kop is None]


def fresh() -> Connection:
    """A published database in memory."""
    con = duckdb.connect(":memory:", config={"threads": 1})
    create_tables(con)
    publish(con)
    return con


def _remember(found: dict[str, str | None]) -> None:
    """Puts what was found in the place of what was known, and forgets mutants and examples that are no more."""
    names = {target.name for made in targets().values() for target in made}
    allowed = headings()
    known = {name: kop for name, kop in (known_killers() | found).items() if name in names and kop in allowed}
    KILLERS.write_text(json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n", "utf-8")


def _search(words: Sequence[str]) -> None:
    con, files = fresh(), [word for word in words if word != "--all"]
    for file in files or targets():
        known = known_killers()
        todo = asked(file, but=() if "--all" in words else known)
        found = {target.name: kop for target, kop in judged(con, todo, known)}
        for name in (name for name, kop in found.items() if kop is None):
            sys.stdout.write(f"no example notices: {name}\n")
        _remember(found)


if __name__ == "__main__":
    _search(sys.argv[1:])
