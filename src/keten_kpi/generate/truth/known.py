"""What can be known of a shard by the peildatum: which messages arrived, which were refused, what answers what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from keten_kpi.generate.events import HARMLESS, Antwoord, Bericht, Start, Stop, Toegewezen, Toewijzing, Versie, Vraag
from keten_kpi.generate.scenario import Scenario

WITHDRAWN = "13"
REJECTED, EXAMINED = "1", "2"
Reference = tuple[str, str, str, str]  # wet, gemeente, aanbieder, ReferentieAanbieder
Place = tuple[Bericht, int]  # a message and the place of a line in it


@dataclass(frozen=True, slots=True, eq=False)
class NewLine:
    """A line of a 301 without reference, where its version of the toewijzing shows up first."""

    bericht: Bericht
    place: int
    versie: Versie

    @property
    def day(self) -> int:
        return self.bericht.dag


@dataclass(slots=True)
class Bekend:
    """The messages of one shard that count, and what follows from them together."""

    scenario: Scenario
    peildatum: int
    per_type: dict[str, list[Bericht]] = field(default_factory=lambda: defaultdict(list))
    retour: dict[Bericht, Bericht] = field(default_factory=dict)  # heenbericht: its retour or answer
    toegewezen: dict[Reference, list[int]] = field(default_factory=lambda: defaultdict(list))  # days of 301s, in order
    antwoorden: dict[Reference, list[tuple[int, Antwoord]]] = field(default_factory=lambda: defaultdict(list))
    eerste_301: dict[Toewijzing, Bericht] = field(default_factory=dict)
    geldend: dict[Toewijzing, Versie] = field(default_factory=dict)  # the version that holds, by its decision
    nieuw: dict[tuple[str, ...], list[NewLine]] = field(
        default_factory=lambda: defaultdict(list)
    )  # wet, gemeente, aanbieder, bsn
    gekoppeld: dict[Place, int] = field(default_factory=dict)  # release 2.3: requests answered by client and product

    @classmethod
    def of(cls, berichten: Iterable[Bericht], scenario: Scenario) -> Bekend:
        found = cls(scenario, scenario.tot)
        for bericht in sorted((b for b in berichten if b.telt), key=lambda bericht: bericht.verzend_dag):
            found.per_type[bericht.nummer].append(bericht)
            if bericht.heen is not None:
                found.retour.setdefault(bericht.heen, bericht)
        found._refuse()
        found._read_301()
        found._read_319()
        if scenario.is_oud:
            found._link_by_client()
        return found

    def heen(self) -> Iterator[Bericht]:
        """Every heenbericht that has a retour of its own kind."""
        for nummer in ("301", "305", "307", "315", "317", "319"):
            yield from self.per_type[nummer]

    def accepted(self, nummer: str) -> Iterator[Bericht]:
        return (bericht for bericht in self.per_type[nummer] if not bericht.is_afgekeurd)

    def _refuse(self) -> None:
        for bericht in self.heen():
            retour = self.retour.get(bericht)
            bericht.is_afgekeurd = retour is not None and any(code not in HARMLESS for code in retour.codes)

    def _lines_301(self) -> Iterator[tuple[Bericht, int, Toegewezen]]:
        for bericht in self.accepted("301"):
            for place, regel in enumerate(bericht.regels):
                if isinstance(regel, Toegewezen):
                    yield bericht, place, regel

    def _read_versions(self) -> None:
        """The latest decision on a toewijzing holds (OP033x1)."""
        for _, _, regel in self._lines_301():
            versie = regel.versie
            known = self.geldend.setdefault(versie.toewijzing, versie)
            if (versie.besluit_dag, versie.besluit_tijd) > (known.besluit_dag, known.besluit_tijd):
                self.geldend[versie.toewijzing] = versie

    def _read_301(self) -> None:
        self._read_versions()
        seen: set[Versie] = set()
        for bericht, place, regel in self._lines_301():
            if self.geldend[regel.versie.toewijzing].reden == WITHDRAWN:
                continue
            self.eerste_301.setdefault(regel.versie.toewijzing, bericht)
            if regel.referentie is not None:
                self.toegewezen[reference(bericht, regel.referentie)].append(bericht.dag)
            elif regel.versie not in seen:
                key = bericht.wet, bericht.gemeente, bericht.aanbieder, bericht.bsn or ""
                self.nieuw[key].append(NewLine(bericht, place, regel.versie))
            seen.add(regel.versie)

    def _read_319(self) -> None:
        for bericht in self.accepted("319"):
            for regel in bericht.regels:
                if isinstance(regel, Antwoord):
                    self.antwoorden[reference(bericht, regel.referentie)].append((bericht.dag, regel))

    def requests(self) -> Iterator[tuple[Bericht, int, Vraag]]:
        for bericht in self.accepted("315"):
            for place, vraag in enumerate(bericht.regels):
                if isinstance(vraag, Vraag):
                    yield bericht, place, vraag

    def first_answer(self, key: Reference, *kinds: str) -> tuple[int, Antwoord] | None:
        """The first 319 of these kinds, and its day."""
        return next(((day, regel) for day, regel in self.antwoorden.get(key, ()) if regel.antwoord in kinds), None)

    def _link_by_client(self) -> None:
        """A line without reference answers the latest request of its client and product that is still open: a stack."""
        events: dict[tuple[str, ...], list[tuple[int, int, Place]]] = defaultdict(list)
        for bericht, place, vraag in self.requests():
            key = reference(bericht, vraag.referentie)
            if key not in self.toegewezen and self.first_answer(key, REJECTED) is None:
                product = vraag.product.categorie or "", bericht.code_of(place, vraag.product.code) or ""
                events[bericht.wet, bericht.gemeente, bericht.aanbieder, bericht.bsn or "", *product].append(
                    (bericht.dag, 0, (bericht, place))
                )
        for client, lines in self.nieuw.items():
            for line in lines:
                granted = line.versie.toewijzing.product
                product = granted.categorie or "", line.bericht.code_of(line.place, granted.code) or ""
                if (*client, *product) in events:
                    events[*client, *product].append((line.day, 1, (line.bericht, line.place)))
        for waiting in events.values():
            self._close(waiting)

    def _close(self, events: list[tuple[int, int, Place]]) -> None:
        stack: list[Place] = []
        for day, is_answer, place in sorted(events, key=lambda event: event[:2]):
            if not is_answer:
                stack.append(place)
            elif stack:
                self.gekoppeld[stack.pop()] = day


def reference(bericht: Bericht, referentie: str) -> Reference:
    return bericht.wet, bericht.gemeente, bericht.aanbieder, referentie


def line_key(bericht: Bericht, place: int, regel: Start | Stop) -> tuple[object, ...]:
    """The key of a 305 or 307 line as far as both have it: client as sent, toewijzing, product, begin."""
    product = regel.toewijzing.product
    return (
        bericht.wet, bericht.gemeente, bericht.aanbieder, bericht.bsn, regel.toewijzing, product.categorie,
        bericht.code_of(place, product.code), regel.begin,
    )  # fmt: skip
