"""Counts that add up over shards, and the rows of cases of one shard."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from keten_kpi.generate.agenda import agenda, iso
from keten_kpi.generate.events import Bericht

GEVAL = ("gemeente", "wet", "aanbieder", "berichttype", "identificatie", "regel_nr", "referentie", "product_code")
TIJD = (*GEVAL, "start_dag", "uiterste_dag", "antwoord_dag", "werkdagen", "toestand")
TIJDNORMEN = (
    "doorlooptijd-toewijzing",
    "reactietermijn-verzoek",
    "onderzoekstermijn",
    "woonplaatsbeginseltermijn",
    "retourtermijn",
    "starttermijn",
    "stoptermijn",
    "declaratietermijn",
    "declaratie-antwoordtermijn",
)
CASES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TIJDNORMEN, TIJD),
    "productcode-afwijking": (*GEVAL, "product_categorie", "toewijzing_nummer", "oordeel", "is_andere_categorie"),
    "verzoek-uitkomst": (*GEVAL, "uitkomst", "reden_afwijzing"),
    "start-voor-toewijzing": (*GEVAL, "begindatum", "toewijzing_dag", "uitkomst"),
    "afkeur-berichten": ("gemeente", "wet", "aanbieder", "berichttype", "identificatie", "retourcode"),
    "afkeur-declaraties": (
        "gemeente",
        "wet",
        "aanbieder",
        "identificatie",
        "referentie_nummer",
        "centen",
        "retourcode",
    ),
    "ketenvolledigheid": ("gemeente", "wet", "aanbieder", "toewijzing_nummer", "ontbreekt"),
}
Group = tuple[str, ...]  # gemeente, wet and what more a KPI is counted by
MANY = ""  # in ``single``: a code that more than one client has


@dataclass(slots=True)
class Tally:
    """What one or more shards came to."""

    counts: Counter[tuple[str, Group, str]] = field(default_factory=Counter)  # kpi, group, column
    durations: Counter[tuple[str, Group, int, bool]] = field(default_factory=Counter)  # kpi, group, werkdagen, answered
    distinct: dict[tuple[str, Group, str], set[str]] = field(default_factory=dict)  # kpi, group, column
    single: dict[tuple[str, str, str], str] = field(
        default_factory=dict
    )  # gemeente, wet, code: its only client, or MANY
    cases: dict[str, list[tuple[object, ...]]] = field(default_factory=lambda: {kpi: [] for kpi in CASES})

    def add(self, kpi: str, group: Group, column: str, amount: int = 1) -> None:
        self.counts[kpi, group, column] += amount

    def meet(self, kpi: str, group: Group, column: str, value: str) -> None:
        """One more of something of which the different ones are counted."""
        self.distinct.setdefault((kpi, group, column), set()).add(value)

    def meet_client(self, gemeente: str, wet: str, code: str, client: str) -> None:
        key = gemeente, wet, code
        if self.single.setdefault(key, client) != client:
            self.single[key] = MANY

    def merge(self, other: Tally) -> None:
        """Adds another shard's counts; its cases are its own affair."""
        self.counts.update(other.counts)
        self.durations.update(other.durations)
        for key, values in other.distinct.items():
            self.distinct.setdefault(key, set()).update(values)
        for (gemeente, wet, code), client in other.single.items():
            self.meet_client(gemeente, wet, code, client)


@dataclass(frozen=True, slots=True)
class Termijn:
    """A case of a time norm before it is judged."""

    bericht: Bericht
    regel_nr: int
    referentie: str
    product_code: str
    start: int
    uiterste: int
    antwoord: int | None
    uitzondering: str | None = None  # a state of its own


def judge_termijn(tally: Tally, kpi: str, case: Termijn, peildatum: int) -> None:
    """Puts a case in its one state, and its duration with the others."""
    days = agenda()
    bericht, answer = case.bericht, case.antwoord
    group = bericht.gemeente, bericht.wet
    waited = days.werkdagen(case.start, peildatum if answer is None else answer)
    if answer is not None and answer < case.start:
        state = "onbruikbaar"
    elif case.uitzondering is not None:
        state = case.uitzondering
    elif answer is None:
        state = "lopend" if peildatum <= case.uiterste else "buiten_norm"
    else:
        state = "binnen_norm" if answer <= case.uiterste else "buiten_norm"
    tally.add(kpi, group, state)
    if state in {"lopend", "binnen_norm", "buiten_norm"}:
        tally.durations[kpi, group, waited, answer is not None] += 1
    tally.cases[kpi].append(
        (
            *geval(bericht, case.regel_nr, case.referentie, case.product_code), iso(case.start), iso(case.uiterste),
            "" if answer is None else iso(answer), "" if answer is None else waited, state,
        )
    )  # fmt: skip


def geval(bericht: Bericht, regel_nr: int, referentie: str, product_code: str | None) -> tuple[object, ...]:
    """The columns by which a case is found back; ``regel_nr`` counts the lines of a message from 1."""
    return (
        bericht.gemeente, bericht.wet, bericht.aanbieder, berichttype(bericht), bericht.identificatie, regel_nr,
        referentie, product_code or "",
    )  # fmt: skip


def berichttype(bericht: Bericht) -> str:
    return ("JW" if bericht.wet == "Jw" else "WMO") + bericht.nummer
