"""Installs a mutant in the place of its SQL, and looks for an example that it gives other tables.

``python -m tests.spec.mutation`` looks for the killer of every mutant that has none in ``moordenaars.json``, writes
what it finds there, and prints the mutants that no example notices.
"""

from __future__ import annotations

import fcntl
import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
INVALID = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)

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
def _views() -> list[SqlView]:
    return read_views()


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


def kpi_targets(kpi_id: str) -> list[Target]:
    """Every mutant of a KPI's own SQL."""
    kpi = next(kpi for kpi in list_kpis() if kpi.id == kpi_id)
    return [Target((kpi,), mutant, "gevallen") for mutant in mutants_of(f"{kpi.name}/gevallen.sql", kpi.gevallen)]


def kind_targets() -> list[Target]:
    """Every mutant of the SQL of each kind, which all KPIs of that kind share."""
    found = []
    for kind in (read_soort(naam) for naam in sorted({kpi.soort.naam for kpi in kpis_with_examples()})):
        kpis = tuple(kpi for kpi in kpis_with_examples() if kpi.soort.naam == kind.naam)
        for part, sql in {"kind_gevallen": kind.gevallen, "kind_cijfers": kind.cijfers}.items():
            file = f"{kind.naam}.{part.removeprefix('kind_')}.sql"
            found += [Target(kpis, mutant, part) for mutant in mutants_of(file, sql)]
    return found


def view_targets(con: Connection) -> list[Target]:
    """Every mutant of every view that some KPI rests on."""
    behind = [(kpi, _views_behind(con, kpi)) for kpi in kpis_with_examples()]
    found = []
    for view in _views():
        kpis = tuple(kpi for kpi, names in behind if view.name in names)
        found += [Target(kpis, mutant, "view") for mutant in mutants_of(f"{view.name}.sql", view.select) if kpis]
    return found


def kpis_with_examples() -> list[Kpi]:
    """Those with the fewest first: they are asked first."""
    counted = [(len(read_voorbeelden(kpi.voorbeelden)), kpi) for kpi in list_kpis()]
    return [kpi for count, kpi in sorted(counted, key=lambda item: item[0]) if count]


def _broken(kpi: Kpi, part: str, sql: str) -> Kpi:
    if part == "gevallen":
        return replace(kpi, gevallen=sql)
    if part == "kind_gevallen":
        return replace(kpi, soort=fill(replace(read_soort(kpi.soort.naam), gevallen=sql), kpi.invulling, {}))
    if part == "kind_cijfers":
        return replace(kpi, soort=fill(replace(read_soort(kpi.soort.naam), cijfers=sql), kpi.invulling, {}))
    return kpi


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
                if next(differences(con, _broken(kpi, target.part, target.mutant.sql), example), None):
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
    """Every mutant that is SQL, with the example that notices it. Asked first: the hint, then what noticed the last."""
    last = ""
    for target in targets:
        wanted = (hints.get(target.name), last)
        order = sorted(examples_for(target), key=lambda item: [item[1].kop != kop for kop in wanted])
        with installed(con, target) as accepted:
            if not accepted:
                continue
            try:
                found = killer(con, target, order)
            except NoSqlError:
                continue
        last = found[1].kop if found else last
        yield target, found[1].kop if found else None


def survivors(con: Connection, targets: Sequence[Target]) -> list[str]:
    """Names of the mutants that no example notices, but for those that mean the same."""
    asked = [target for target in targets if target.name not in equivalents()]
    return [target.name for target, kop in judged(con, asked, known_killers()) if kop is None]


def fresh() -> Connection:
    """A published database in memory."""
    con = duckdb.connect(":memory:", config={"threads": 1})
    create_tables(con)
    publish(con)
    return con


def all_targets(con: Connection) -> list[Target]:
    own = [target for kpi in kpis_with_examples() for target in kpi_targets(kpi.id)]
    return [*own, *kind_targets(), *view_targets(con)]


def _search(part: int, parts: int) -> None:
    con = fresh()
    known = known_killers()
    asked = [target for target in all_targets(con) if target.name not in known and target.name not in equivalents()]
    found: dict[str, str | None] = {}
    for target, kop in judged(con, asked[part::parts], known):
        found[target.name] = kop
        if kop is None:
            sys.stdout.write(f"no example notices: {target.name}\n")
            sys.stdout.flush()
    names = {target.name for target in all_targets(con)}
    with KILLERS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other parts write here too
        kept = {name: kop for name, kop in known_killers().items() if name in names}
        kept |= {name: kop for name, kop in found.items() if kop}
        KILLERS.write_text(json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False) + "\n", "utf-8")
    KILLERS.with_suffix(".lock").unlink(missing_ok=True)


if __name__ == "__main__":
    _search(*(int(word) for word in sys.argv[1:3] or ("0", "1")))
