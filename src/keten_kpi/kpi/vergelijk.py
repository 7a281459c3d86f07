"""One gemeente beside the rest of the country, its jeugdregio and size class: is the difference more than chance?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from keten_kpi.errors import UsageError
from keten_kpi.kpi.bewaard import case_relation
from keten_kpi.kpi.catalogue import Aandeel, Kpi, find_kpi
from keten_kpi.kpi.compute import (
    Result,
    Selection,
    _conditions,
    _gemeente,
    _total,
    as_of,
    figures_select,
)
from keten_kpi.kpi.statistiek import funnel

if TYPE_CHECKING:
    from keten_kpi.database import Connection

GROUP_COLUMNS = ("groep", "omschrijving")
LIMIT_COLUMNS = (
    "aandeel_samen",
    "trechter_95_laag",
    "trechter_95_hoog",
    "trechter_998_laag",
    "trechter_998_hoog",
    "verschil",
)


@dataclass(frozen=True, slots=True)
class Groep:
    """Cases to compare with: ``where`` is a condition on them, with its values."""

    naam: str
    omschrijving: str
    where: str
    values: tuple[object, ...]


def _facts(con: Connection, gemeente: str) -> dict[str, str | None]:
    rows = con.execute(
        "SELECT naam, jeugdregio, grootteklasse FROM verkeer.gemeente WHERE gemeente = ?", [gemeente]
    ).fetchall()
    return dict(zip(("naam", "jeugdregio", "grootteklasse"), rows[0] if rows else (None, None, None), strict=True))


def _groups(con: Connection, selection: Selection) -> Iterator[Groep]:
    """The gemeente itself, and everybody else: in the country, in its jeugdregio, in its size class, where known."""
    column, code = _gemeente(selection), selection.gemeente
    facts = _facts(con, str(code))
    yield Groep("eigen", facts["naam"] or str(code), f"{column} = ?", (code,))
    yield Groep("land", "rest van het land", f"{column} <> ?", (code,))
    for name, words in {"jeugdregio": "rest van jeugdregio", "grootteklasse": "rest van grootteklasse"}.items():
        if facts[name]:
            same = f"SELECT ander.gemeente FROM verkeer.gemeente AS ander WHERE ander.{name} = ?"  # noqa: S608
            where = f"{column} <> ? AND {column} IN ({same})"
            yield Groep(name, f"{words} {facts[name]}", where, (code, facts[name]))


def _figures(con: Connection, kpi: Kpi, groep: Groep, selection: Selection) -> tuple[object, ...]:
    where, values = _conditions(selection)
    query = figures_select(kpi, (), f"{where} AND {groep.where}", selection, relation=case_relation(con, kpi))
    return tuple(con.execute(_total(tuple(kpi.cijfers), query), [*values, *groep.values]).fetchall()[0])


def _counts(share: Aandeel, names: Sequence[str], row: Sequence[object]) -> tuple[int, int]:
    """Out of how many, how many: the two sides of the share."""

    def count(name: str) -> int:
        return int(str(row[names.index(name)] or 0))

    whole = sum(-count(name[1:]) if name.startswith("-") else count(name) for name in share.noemer)
    return count(share.teller), whole


def _limits(
    share: Aandeel | None, names: Sequence[str], own: Sequence[object], rest: Sequence[object]
) -> tuple[object, ...]:
    """The limits for the own share around that of both together, and what they say; None without cases."""
    if share is None:
        return (None,) * len(LIMIT_COLUMNS)
    (k, n), (other_k, other_n) = _counts(share, names, own), _counts(share, names, rest)
    if not n or not other_n:
        return (None,) * len(LIMIT_COLUMNS)
    together = (k + other_k) / (n + other_n)
    limits = funnel(n, together)
    return (together, limits.laag_95, limits.hoog_95, limits.laag_998, limits.hoog_998, limits.verdict(k / n))


def compare(
    con: Connection, kpi_id: str, *, selection: Selection, per: Sequence[str] = (), vandaag: date | None = None
) -> Result:
    """The figures of a gemeente and of those it may be compared with: a row each, the own one first.

    The limits in a row are a funnel's: were the gemeente no different from those it is compared with, its share would
    lie between them in 95 % and 99.8 % of the cases. They are None in the first row, and of a KPI without a share.

    Raises:
        UsageError: no gemeente is named, a dimension is, or the selection cannot be meant.
    """
    if selection.gemeente is None or per:
        raise UsageError("Comparing needs one gemeente and no --per.", "Give --vergelijk with --gemeente CODE.")
    kpi = find_kpi(kpi_id)
    names, share = tuple(kpi.cijfers), kpi.soort.statistiek.aandeel
    wider = replace(selection, gemeente=None)
    with as_of(con, selection, vandaag) as day:
        groups = list(_groups(con, selection))
        found = [_figures(con, kpi, groep, wider) for groep in groups]
    rows = [(groups[0].naam, groups[0].omschrijving, *found[0], *(None,) * len(LIMIT_COLUMNS))]
    for groep, figures in zip(groups[1:], found[1:], strict=True):
        rows.append((groep.naam, groep.omschrijving, *figures, *_limits(share, names, found[0], figures)))
    return Result(kpi, day, (*GROUP_COLUMNS, *names, *LIMIT_COLUMNS), rows)
