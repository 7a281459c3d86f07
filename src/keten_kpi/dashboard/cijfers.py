"""The figures of an edition: what the catalogue of KPIs computes, with small counts hidden (see ``tabellen``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar, cast

from keten_kpi.dashboard.editie import Editie
from keten_kpi.dashboard.gevallen import Duur, Norm
from keten_kpi.dashboard.namen import Namen
from keten_kpi.dashboard.tabellen import Row, Tabellen, rows_by_name
from keten_kpi.kpi import Kpi, Result, find_kpi

if TYPE_CHECKING:
    from keten_kpi.database import Connection

Gemaakt = TypeVar("Gemaakt")

UNKNOWN_TERM = 31  # days, where the norm differs from message to message
ANDEREN = 3  # gemeenten beside the own one that a figure of the country must hold: of fewer it is nearly theirs

__all__ = ["Balk", "Cijfers", "Norm", "Row", "kpi_of", "merge_bars", "merge_tail", "tijdnormen"]


@dataclass(frozen=True, slots=True)
class Balk:
    """A bar of a histogram: cases that took ``van`` up to ``tot``; None: that long or longer, or not answered yet."""

    van: int
    tot: int | None
    aantal: int
    toestand: str

    def holds(self, duur: Duur) -> bool:
        """Whether cases of this duration are in this bar."""
        if duur.toestand != self.toestand:
            return False
        if duur.duur is None:
            return self.tot is None
        return self.van <= duur.duur and (self.tot is None or duur.duur <= self.tot)

    @property
    def kort(self) -> str:
        """The label below a bar."""
        return f"{self.van}+" if self.tot is None else self.label

    @property
    def label(self) -> str:
        if self.tot is None:
            return f"{self.van} of meer, of nog open"
        return str(self.van) if self.van == self.tot else f"{self.van}-{self.tot}"


@dataclass(slots=True)
class Cijfers:
    """Everything that the pages of one edition may show."""

    con: Connection
    editie: Editie
    minimum: int
    gedeeld: Tabellen | None = None  # those of all editions; made when not given
    tabellen: Tabellen = field(init=False)
    namen: Namen = field(init=False)
    _rijen: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)
    _gemaakt: dict[tuple[object, ...], object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tabellen = self.gedeeld or Tabellen(self.con, self.minimum)
        self.namen = self.tabellen.namen

    def tabel(self, kpi_id: str, *per: str) -> Result:
        """Figures per group, protected, also from who knows its own cases; the table must be declared."""
        own = self.editie.gemeente
        if own is None or "gemeente" in per:
            return self.tabellen.tabel(kpi_id, per)
        return self.tabellen.naast(kpi_id, per, own)

    def rijen(self, kpi_id: str, *per: str) -> list[Row]:
        if self.editie.gemeente is None or "gemeente" in per:
            return self.tabellen.rijen(kpi_id, per)
        if (kpi_id, *per) not in self._rijen:
            self._rijen[kpi_id, *per] = rows_by_name(self.tabel(kpi_id, *per))
        return self._rijen[kpi_id, *per]

    def eenmaal(self, sleutel: tuple[object, ...], maak: Callable[[], Gemaakt]) -> Gemaakt:
        """What many pages show alike, made for the first of them."""
        if sleutel not in self._gemaakt:
            self._gemaakt[sleutel] = maak()
        return cast("Gemaakt", self._gemaakt[sleutel])

    def land(self, kpi_id: str) -> Row:
        """The country in one row; empty when too few others are in it for this edition."""
        return next(iter(self.rijen(kpi_id)), {}) if self.mag_land(kpi_id) else {}

    def mag_land(self, kpi_id: str, wet: str | None = None) -> bool:
        """Whether the country (in one wet) is more than the gemeente and a few others."""
        return self._others(kpi_id, **({"wet": wet} if wet else {}))

    def mag_regio(self, kpi_id: str, jeugdregio: str) -> bool:
        """Whether a jeugdregio is more than the gemeente and a few others."""
        return self._others(kpi_id, jeugdregio=jeugdregio)

    def _others(self, kpi_id: str, **waarde: str) -> bool:
        own = self.editie.gemeente
        return own is None or self.tabellen.anderen(kpi_id, own, **waarde) >= ANDEREN

    def van_gemeente(self, kpi_id: str, code: str) -> list[Row]:
        """The months of one gemeente."""
        return self.tabellen.per_gemeente(kpi_id, ("gemeente", "maand")).get(code, [])

    def gemeente(self, kpi_id: str, code: str) -> Row:
        """The figures of one gemeente; empty when it has no cases or they cannot be shown."""
        return next(iter(self.tabellen.per_gemeente(kpi_id, ("gemeente",)).get(code, [])), {})

    def naam(self, code: str) -> str:
        return self.namen.gemeente(code).naam

    def norm(self, kpi: Kpi) -> Norm | None:
        """The norm of a KPI, when it is one and the same for all."""
        return self.tabellen.gevallen(kpi.id).norm

    def is_af(self, kpi: Kpi, maand: str) -> bool:
        """Whether each case that began in this month has had its term: else mostly what is on time is known."""
        if kpi.norm is None or self.peildatum is None:
            return True
        year, month = map(int, maand.split("-"))
        norm = self.norm(kpi)
        after = date(year + month // 12, month % 12 + 1, 1)
        return after + timedelta(days=norm.dagen if norm else UNKNOWN_TERM) <= self.peildatum + timedelta(days=1)

    def verdeling(self, kpi: Kpi) -> list[Balk]:
        """The histogram of a time norm in the country; empty where it hides counts or is not in days."""
        row = self.land(kpi.id)
        if not row or None in (row["binnen_norm"], row["buiten_norm"]):
            return []
        found = self.tabellen.gevallen(kpi.id).duren
        bars = [
            *merge_bars(per_duration(found, "binnen_norm"), self.minimum, "binnen_norm"),
            *merge_tail(per_duration(found, "buiten_norm"), self.minimum),
        ]
        own = [duur for duur in found if duur.gemeente == self.editie.gemeente]
        return bars if self.editie.gemeente is None else merge_beside(bars, own, self.minimum)

    @property
    def peildatum(self) -> date | None:
        return self.tabellen.exact("berichtvolume", ()).peildatum


def per_duration(found: Iterable[Duur], toestand: str) -> list[tuple[int | None, int]]:
    """The cases in this state by duration, of all gemeenten."""
    counts: dict[int | None, int] = defaultdict(int)
    for duur in found:
        if duur.toestand == toestand:
            counts[duur.duur] += duur.aantal
    return list(counts.items())


def merge_beside(bars: Sequence[Balk], own: Sequence[Duur], minimum: int) -> list[Balk]:
    """The same for a gemeente that knows its own cases: bars that hold few others are one with the next, or the last.

    No bar is divided otherwise: two editions side by side have no bars that the first did not.
    """
    merged: list[tuple[Balk, int]] = []  # with how many others are in it
    for bar in bars:
        others = bar.aantal - sum(duur.aantal for duur in own if bar.holds(duur))
        last = merged[-1] if merged and merged[-1][0].toestand == bar.toestand else None
        if last and (last[1] < minimum or others < minimum):
            both = Balk(last[0].van, bar.tot, last[0].aantal + bar.aantal, bar.toestand)
            merged[-1] = (both, last[1] + others)
        else:
            merged.append((bar, others))
    return [bar for bar, _ in merged]


def merge_bars(counts: Iterable[tuple[int | None, int]], minimum: int, toestand: str) -> list[Balk]:
    """Bars of at least ``minimum`` cases each: smaller ones are one with the next, the last with the one before."""
    bars: list[Balk] = []
    start, end, many = None, 0, 0
    for duration, number in counts:
        if duration is None:
            continue
        end = duration
        start, many = duration if start is None else start, many + number
        if many >= minimum:
            bars.append(Balk(start, duration, many, toestand))
            start, many = None, 0
    if many and start is not None:
        last = bars.pop() if bars else Balk(start, start, 0, toestand)
        bars.append(Balk(last.van, end, last.aantal + many, toestand))
    return bars


MOST = 25  # bars beyond the norm: a longer tail is one bar


def merge_tail(counts: list[tuple[int | None, int]], minimum: int) -> list[Balk]:
    """What is too late: bars as before, and a last one for all that took longer or is not answered yet."""
    bars = merge_bars(counts, minimum, "buiten_norm")
    waiting = sum(n for d, n in counts if d is None)
    kept, tail = bars[:MOST], bars[MOST:]
    if kept and (tail or waiting):
        rest = waiting + sum(bar.aantal for bar in tail)
        if rest >= minimum and tail:
            return [*kept, Balk(tail[0].van, None, rest, "buiten_norm")]
        last = kept.pop()
        return [*kept, Balk(last.van, None, last.aantal + rest, "buiten_norm")]
    return kept or ([Balk(0, None, waiting, "buiten_norm")] if waiting else [])


def tijdnormen(kpis: list[Kpi]) -> list[Kpi]:
    return [kpi for kpi in kpis if kpi.norm is not None]


def kpi_of(kpi_id: str) -> Kpi:
    return find_kpi(kpi_id)
