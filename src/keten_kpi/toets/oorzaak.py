"""What late cases have in common: which other party, product category or day stands out, and whether by chance."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from keten_kpi.kpi import funnel
from keten_kpi.toets.dagen import WEEKDAGEN

MONTH_END = 5  # the last so many days of a month
MOST = 3


@dataclass(frozen=True, slots=True)
class Geval:
    """Cases that are alike: how many are in which state, and what may explain it."""

    toestand: str
    start_dag: date
    tegenpartij: str | None
    product_categorie: str | None
    aantal: int


@dataclass(frozen=True, slots=True)
class Oorzaak:
    """A group of the party's own cases that is late more often than its others.

    ``extra`` is how many cases more are late than were its share that of the others; ``verschil`` whether by chance.
    """

    soort: str
    waarde: str
    buiten_norm: int
    aantal: int
    aandeel_buiten: float
    aandeel_buiten_overig: float
    extra: float
    verschil: str = ""


def _weekday(case: Geval) -> str:
    return WEEKDAGEN[case.start_dag.weekday()]


def _month_end(case: Geval) -> str | None:
    last = monthrange(case.start_dag.year, case.start_dag.month)[1]
    return f"laatste {MONTH_END} dagen van de maand" if case.start_dag.day > last - MONTH_END else None


def traits(tegenpartij: str) -> dict[str, Callable[[Geval], str | None]]:
    """By what cases are grouped; None is no group of its own."""
    return {
        tegenpartij: lambda case: case.tegenpartij,
        "productcategorie": lambda case: case.product_categorie,
        "weekdag": _weekday,
        "maandeinde": _month_end,
    }


def _groups(cases: Iterable[Geval], trait: Callable[[Geval], str | None]) -> tuple[Counter[str], Counter[str]]:
    """Per value how many are late, and how many there are."""
    late: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for case in cases:
        value = trait(case)
        if value is not None:
            all_[value] += case.aantal
            late[value] += case.aantal * (case.toestand == "buiten_norm")
    return late, all_


def _candidates(cases: list[Geval], tegenpartij: str, late: int, total: int) -> Iterator[Oorzaak]:
    for soort, trait in traits(tegenpartij).items():
        late_by, all_by = _groups(cases, trait)
        for value, n in all_by.items():
            if n == total or not late_by[value]:
                continue
            others = (late - late_by[value]) / (total - n)
            share = late_by[value] / n
            if share > others:
                yield Oorzaak(soort, value, late_by[value], n, share, others, late_by[value] - n * others)


def largest_causes(cases: Iterable[Geval], tegenpartij: str) -> tuple[Oorzaak, ...]:
    """The groups with the most late cases more than expected, at most three; only cases within or beyond the norm."""
    judged = [case for case in cases if case.toestand in {"binnen_norm", "buiten_norm"}]
    late = sum(case.aantal for case in judged if case.toestand == "buiten_norm")
    total = sum(case.aantal for case in judged)
    candidates = _candidates(judged, tegenpartij, late, total)
    found = sorted(candidates, key=lambda cause: (-cause.extra, cause.soort, cause.waarde))[:MOST]
    return tuple(_with_chance(cause, late / total) for cause in found)


def _with_chance(cause: Oorzaak, share: float) -> Oorzaak:
    """What chance makes of it costs much: it is asked of the largest only."""
    return replace(cause, verschil=funnel(cause.aantal, share).verdict(cause.aandeel_buiten))
