"""What late cases have in common: which other party, product category or day stands out, and whether by chance."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from keten_kpi.kpi import funnel
from keten_kpi.toets.dagen import WEEKDAGEN

MONTH_END = 5  # the last so many days of a month
MONTH_END_WORDS = f"laatste {MONTH_END} dagen van de maand"
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


@dataclass(slots=True)
class Verdeling:
    """Of judged cases how many are late, and how many there are: of all, and per trait and value."""

    laat: int = 0
    alle: int = 0
    laat_met: Counter[tuple[str, str]] = field(default_factory=Counter)
    alle_met: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, toestand: str, aantal: int) -> None:
        self.alle += aantal
        self.laat += aantal * (toestand == "buiten_norm")

    def add_trait(self, soort: str, waarde: str | None, toestand: str, aantal: int) -> None:
        """Cases with a value of a trait; None is no group of its own."""
        if waarde is not None:
            self.alle_met[soort, waarde] += aantal
            self.laat_met[soort, waarde] += aantal * (toestand == "buiten_norm")

    def add_day(self, weekdag_nr: int, is_maandeinde: bool, toestand: str, aantal: int) -> None:
        """Cases that began on such a day; Monday is 1."""
        self.add_trait("weekdag", WEEKDAGEN[weekdag_nr - 1], toestand, aantal)
        self.add_trait("maandeinde", MONTH_END_WORDS if is_maandeinde else None, toestand, aantal)


def _is_month_end(day: date) -> bool:
    return day.day > monthrange(day.year, day.month)[1] - MONTH_END


def _distribution(cases: Iterable[Geval], tegenpartij: str) -> Verdeling:
    """Only cases within or beyond the norm count."""
    found = Verdeling()
    for case in cases:
        if case.toestand in {"binnen_norm", "buiten_norm"}:
            found.add(case.toestand, case.aantal)
            found.add_trait(tegenpartij, case.tegenpartij, case.toestand, case.aantal)
            found.add_trait("productcategorie", case.product_categorie, case.toestand, case.aantal)
            day = case.start_dag
            found.add_day(day.isoweekday(), _is_month_end(day), case.toestand, case.aantal)
    return found


def _candidates(of: Verdeling) -> Iterator[Oorzaak]:
    for (soort, value), n in of.alle_met.items():
        late = of.laat_met[soort, value]
        if n == of.alle or not late:
            continue
        others = (of.laat - late) / (of.alle - n)
        share = late / n
        if share > others:
            yield Oorzaak(soort, value, late, n, share, others, late - n * others)


def largest_causes(cases: Iterable[Geval], tegenpartij: str) -> tuple[Oorzaak, ...]:
    """The groups with the most late cases more than expected, at most three; only cases within or beyond the norm."""
    return causes_of(_distribution(cases, tegenpartij))


def causes_of(of: Verdeling) -> tuple[Oorzaak, ...]:
    """The groups with the most late cases more than expected, at most three."""
    found = sorted(_candidates(of), key=lambda cause: (-cause.extra, cause.soort, cause.waarde))[:MOST]
    return tuple(_with_chance(cause, of.laat / of.alle) for cause in found)


def _with_chance(cause: Oorzaak, share: float) -> Oorzaak:
    """What chance makes of it costs much: it is asked of the largest only."""
    return replace(cause, verschil=funnel(cause.aantal, share).verdict(cause.aandeel_buiten))
