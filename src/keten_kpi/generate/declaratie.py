"""What was delivered is declared month by month, answered, corrected and now and then taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from keten_kpi.generate.agenda import agenda, month_end
from keten_kpi.generate.chain import Keten
from keten_kpi.generate.codes import EURO
from keten_kpi.generate.events import Bericht, Periode, Prestatie, Toewijzing
from keten_kpi.generate.post import Levering
from keten_kpi.generate.scenario import Kansen, Scenario

CLIENTS_PER_DECLARATIE = 40  # a larger one is cut: assumed
BEFORE = 95  # days before the period from which is declared, so that answers and corrections in it have a past
WHOLE = {"2.3": "0030", "3.2": "9333"}  # codes that refuse a declaratie as a whole
REFUSED = ("9321", "9321", "9322", "9307", "8021")  # of a prestatie, the first used most: assumed


@dataclass(slots=True)
class Boek:
    """The books of one aanbieder for one gemeente and wet: what is to be declared in which month."""

    wet: str
    gemeente: str
    aanbieder: str
    per_month: dict[int, list[Prestatie]] = field(default_factory=lambda: defaultdict(list))


class Declarant:
    """Adds the declaraties of one shard, and their answers, to the messages of its ``Keten``."""

    def __init__(self, chain: Keten, scenario: Scenario) -> None:
        self._chain, self._scenario = chain, scenario
        self._rng = chain.rng
        self._agenda = agenda()
        self._first = month_end(scenario.van - BEFORE)

    def run(self) -> None:
        boeken: dict[tuple[str, str, str], Boek] = {}
        for levering in self._chain.leveringen:
            relatie = levering.relatie
            key = relatie.wet, relatie.gemeente, relatie.aanbieder
            boek = boeken.setdefault(key, Boek(*key))
            for prestatie, month in self._prestaties(levering):
                boek.per_month[month].append(prestatie)
        for key in sorted(boeken):
            self._declare(boeken[key])

    def _prestaties(self, levering: Levering) -> Iterator[tuple[Prestatie, int]]:
        """Per month of care its prestatie, and the month (its last day) in which it is declared."""
        begin = max(levering.begin, self._first + 1 - 31)
        known = month_end(levering.bekend)
        while begin <= min(levering.einde, self._scenario.tot):
            last = month_end(begin)
            month = max(last, known)
            if month >= self._first:
                yield self._prestatie(levering, begin, min(last, levering.einde)), month
            begin = last + 1

    def _prestatie(self, levering: Levering, begin: int, einde: int) -> Prestatie:
        volume, centen = self._amount(levering.toewijzing)
        return Prestatie(
            levering.relatie.client, levering.toewijzing, self._chain.number(), begin, einde, volume, centen
        )

    def _amount(self, toewijzing: Toewijzing) -> tuple[int, int]:
        product = toewijzing.product
        volume = self._rng.randrange(1, 2 * product.volume + 1)
        centen = volume * product.tarief
        return (centen, centen) if product.eenheid == EURO else (volume, centen)

    def _declare(self, boek: Boek) -> None:
        month = self._first
        while month <= self._scenario.tot:
            lines = sorted(boek.per_month.pop(month, ()), key=lambda line: line.client.bsn)
            for chunk in _chunks(lines):
                self._send(boek, month, chunk)
            month = month_end(month + 1)

    def _send(self, boek: Boek, month: int, lines: tuple[Prestatie, ...]) -> None:
        kansen = self._scenario.kansen[boek.wet]
        day = self._agenda.on_or_after(
            month + max(1, self._chain.wait(kansen.declaratie_mediaan, kansen.declaratie_spreiding))
        )
        begin = date.fromordinal(month).replace(day=1).toordinal()
        nummer = "303" if self._scenario.is_oud else "323"
        bericht = Bericht(
            boek.wet,
            nummer,
            boek.gemeente,
            boek.aanbieder,
            self._chain.number(),
            day,
            regels=lines,
            periode=Periode(begin, month),
        )
        self._chain.berichten.append(bericht)
        if self._rng.random() < kansen.declaratie_antwoord:
            self._answer(boek, bericht, month, kansen)

    def _answer(self, boek: Boek, heen: Bericht, month: int, kansen: Kansen) -> None:
        day = self._chain.later(heen.dag, kansen.declaratie_antwoord_mediaan, kansen.declaratie_antwoord_spreiding)
        number = self._chain.number()
        answer = Bericht(heen.wet, "325", heen.gemeente, heen.aanbieder, number, day, heen=heen)
        if self._scenario.is_oud:
            answer = Bericht(
                heen.wet, "304", heen.gemeente, heen.aanbieder, heen.identificatie, heen.dag,
                heen=heen, identificatie_retour=number, dag_retour=day,
            )  # fmt: skip
        if self._rng.random() < kansen.declaratie_afgekeurd:
            answer.code = WHOLE[self._scenario.release]
        else:
            refused = (place for place in range(len(heen.regels)) if self._rng.random() < kansen.prestatie_afgekeurd)
            answer.regelcodes = {place: self._rng.choice(REFUSED) for place in refused}
        self._chain.berichten.append(answer)
        self._correct(boek, answer, month, kansen)

    def _correct(self, boek: Boek, answer: Bericht, month: int, kansen: Kansen) -> None:
        """Refused prestaties again, granted ones now and then taken back and replaced, in the first month that can."""
        next_month = month_end(month + 1)
        while next_month <= answer.verzend_dag:
            next_month = month_end(next_month + 1)
        heen = answer.heen
        for place, line in enumerate(heen.regels if heen else ()):
            if not isinstance(line, Prestatie) or line.is_credit:
                continue
            is_refused = answer.code is not None or place in answer.regelcodes
            if is_refused and self._rng.random() < kansen.opnieuw_gedeclareerd:
                boek.per_month[next_month].append(self._again(line, line.volume, line.centen))
            elif not is_refused and self._rng.random() < kansen.gecrediteerd:
                boek.per_month[next_month].append(self._credit(line))
                boek.per_month[next_month].append(self._again(line, *self._amount(line.toewijzing)))

    def _again(self, line: Prestatie, volume: int, centen: int) -> Prestatie:
        return Prestatie(line.client, line.toewijzing, self._chain.number(), line.begin, line.einde, volume, centen)

    def _credit(self, line: Prestatie) -> Prestatie:
        return Prestatie(
            line.client, line.toewijzing, self._chain.number(), line.begin, line.einde, line.volume, line.centen,
            vorig=line.nummer, is_credit=True,
        )  # fmt: skip


def _chunks(lines: list[Prestatie]) -> Iterator[tuple[Prestatie, ...]]:
    """Lines sorted by client, cut so that a client stays whole."""
    chunk: list[Prestatie] = []
    clients = 0
    for _, group in groupby(lines, key=lambda line: line.client.bsn):
        if clients == CLIENTS_PER_DECLARATIE:
            yield tuple(chunk)
            chunk, clients = [], 0
        chunk += group
        clients += 1
    if chunk:
        yield tuple(chunk)
