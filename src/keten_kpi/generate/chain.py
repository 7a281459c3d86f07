"""The simulation: what clients, aanbieders and gemeenten do, day by day, as messages that follow from each other."""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop

from keten_kpi.generate.events import (
    Antwoord,
    Bericht,
    Client,
    Product,
    Start,
    Stop,
    Toegewezen,
    Toewijzing,
    Versie,
    Vraag,
    Wijziging,
)
from keten_kpi.generate.people import YEAR, person
from keten_kpi.generate.post import Levering, Post, Relatie, Zorg
from keten_kpi.generate.scenario import Gemeente
from keten_kpi.generate.seed import stream
from keten_kpi.generate.world import Shard, World

NUMBERS = 10_000  # ToewijzingNummers and message numbers that a shard may use
GROWN_UP = 18
STOP_REASONS = {"Jw": ("31", "31", "32", "33", "34", "35"), "Wmo": ("19", "19", "21", "22", "23", "31")}
TEMPORARY = "20"
WITHDRAWN, LONGER, SHORTER, BY_AANBIEDER, OTHER_DOMAIN = "13", "04", "05", "12", "06"
VERWIJZERS = ("01", "02", "02", "02", "03", "04", "05", "06")
AFWIJZINGEN = ("3", "4", "5", "7", "2", "6")
WOONPLAATS = "8"


class Keten(Post):
    """Simulates one shard: all its clients, one by one."""

    def __init__(self, world: World, shard: Shard) -> None:
        super().__init__(world, shard)
        self._gemeente: Gemeente = world.scenario.gemeenten[shard.gemeente]
        spread = world.scenario.spreiding_gemeenten
        self._speed = stream(world.name, "tempo", self._gemeente.code).lognormvariate(0, spread)
        self._toewijzingen = self._life = 0
        self._relaties: dict[tuple[str, str, str], Relatie] = {}
        self._gevraagd: set[tuple[str, ...]] = set()
        self.leveringen: list[Levering] = []
        self.anker: Bericht | None = None  # sent on the last day and never damaged, so that the peildatum is sure

    # the run

    def run(self) -> None:
        """All clients, one by one."""
        for number in range(self._shard.first, self._shard.first + self._shard.clients):
            self._run_client(number)
        if self._shard.nr == 0:
            self._anchor()

    def _anchor(self) -> None:
        """One request on the very last day, by the first grown-up."""
        client, self._life = person(0, is_child=False, today=self._scenario.tot)
        relatie = self._relatie(client, "Wmo", self._scenario.tot)
        vraag = Vraag(self._reference(relatie), self._product(relatie), self._scenario.tot, VERWIJZERS[0])
        self.anker = self._bericht(relatie, "315", self._scenario.tot, (vraag,))
        self.berichten.append(self.anker)

    def _run_client(self, number: int) -> None:
        before, after = self._world.children(number), self._world.children(number + 1)
        is_child = after > before
        client, self._life = person(
            before if is_child else number - before, is_child=is_child, today=self._scenario.tot
        )
        self._relaties.clear()
        self._gevraagd.clear()
        wet = "Jw" if is_child else "Wmo"
        for _ in range(2 if self._luck(self._scenario.kansen[wet].tweede_aanbieder) else 1):
            day = self._world.drukte.draw(self.rng)
            self._at(day, lambda day: self._begin(day, client, wet))
        if is_child:
            self._grows_up(client)
        while self._heap:
            day, _, action = heappop(self._heap)
            if day <= self._scenario.tot:
                action(day)

    def _code_on(self, client: Client, day: int) -> str:
        """The gemeente's code on a day for this client: before the merger that of one of those it was made from."""
        former = [code for code, merged in self._gemeente.vroeger if day < merged]
        return former[int(client.bsn) // 11 % len(former)] if former else self._gemeente.code

    def _relatie(self, client: Client, wet: str, day: int) -> Relatie:
        markt, lives = self._world.markt(self._gemeente, wet, self._shard.of)
        aanbieder = markt.draw(self.rng, self._life, lives)
        key = wet, aanbieder, self._code_on(client, day)
        if key not in self._relaties:
            self._relaties[key] = Relatie(client, aanbieder, wet, key[2], self._scenario.kansen[wet])
        return self._relaties[key]

    def _product(self, relatie: Relatie) -> Product:
        """A product that this client did not ask of this aanbieder before: in release 2.3 links are sure then."""
        for _ in range(20):
            found = self._world.codes(self._gemeente, relatie.wet).draw(self.rng, release=self._scenario.release)
            key = (relatie.wet, relatie.aanbieder, found.categorie or "", found.code or "")
            if key not in self._gevraagd:
                break
        self._gevraagd.add(key)
        return found

    # asking

    def _begin(self, day: int, client: Client, wet: str) -> None:
        relatie = self._relatie(client, wet, day)
        if self._luck(relatie.kansen.verzoek):
            self._ask(day, relatie)
        else:
            self._grant_unasked(day, relatie)

    def _ask(self, day: int, relatie: Relatie) -> None:
        count = 1
        while count < 4 and self._luck(relatie.kansen.nog_een_product):  # noqa: PLR2004 - assumed
            count += 1
        shared = self._luck(relatie.kansen.gedeelde_referentie)
        first = self._reference(relatie)
        vragen = tuple(
            Vraag(first if shared or nr == 0 else self._reference(relatie), self._product(relatie),
                  self._wished(day, relatie), self.rng.choice(VERWIJZERS))
            for nr in range(count)
        )  # fmt: skip
        self._send_request(day, relatie, vragen)

    def _reference(self, relatie: Relatie) -> str:
        return f"{relatie.aanbieder[-4:]}-{self.number()}"

    def _wished(self, day: int, relatie: Relatie) -> int:
        """The first day of the care that is asked for."""
        if self._luck(relatie.kansen.zorg_eerder):
            return day - self.rng.randrange(0, 30)
        return day + self.wait(relatie.kansen.zorg_mediaan, 0.8)

    def _send_request(self, day: int, relatie: Relatie, vragen: tuple[Vraag, ...]) -> None:
        bericht = self._bericht(relatie, "315", day, vragen)
        if not self._send(
            bericht, relatie.kansen.verzoek_afgekeurd, lambda day: self._send_request(day, relatie, vragen)
        ):
            self._consider(day, relatie, vragen)

    def _consider(self, day: int, relatie: Relatie, vragen: tuple[Vraag, ...]) -> None:
        """The gemeente answers the products of a request together, or each on its own."""
        if len(vragen) > 1 and self._luck(relatie.kansen.apart):
            for vraag in vragen:
                self._consider(day, relatie, (vraag,))
            return
        kansen = relatie.kansen
        if self._luck(kansen.onbeantwoord):
            return
        when = self.later(day, kansen.antwoord_mediaan * self._speed, kansen.antwoord_spreiding)
        if self._luck(kansen.onderzoek):
            self._at(when, lambda day: self._examine(day, relatie, vragen))
        elif self._luck(kansen.afgewezen):
            self._at(when, lambda day: self._reject(day, relatie, vragen))
        else:
            self._at(when, lambda day: self._grant(day, relatie, vragen))

    def _examine(self, day: int, relatie: Relatie, vragen: tuple[Vraag, ...]) -> None:
        kansen = relatie.kansen
        for referentie in dict.fromkeys(vraag.referentie for vraag in vragen):
            self._send_answer(day, relatie, Antwoord(referentie, "2"))
        when = self._agenda.on_or_after(day + 1 + self.wait(kansen.onderzoek_mediaan, kansen.onderzoek_spreiding))
        outcome = self._reject if self._luck(2 * kansen.afgewezen) else self._grant
        self._at(when, lambda day: outcome(day, relatie, vragen))

    def _reject(self, day: int, relatie: Relatie, vragen: tuple[Vraag, ...]) -> None:
        kansen = relatie.kansen
        reason = WOONPLAATS if self._luck(kansen.woonplaats) else self.rng.choice(AFWIJZINGEN)
        other = self.rng.choice(self._scenario.gemeenten).code if reason == WOONPLAATS and relatie.wet == "Jw" else None
        for referentie in dict.fromkeys(vraag.referentie for vraag in vragen):
            self._send_answer(day, relatie, Antwoord(referentie, "1", reason, other))
        if self._luck(kansen.vervolg):
            when = self.later(day, 6, 1.0)
            self._at(when, lambda day: self._grant_unasked(day, relatie))

    def _send_answer(self, day: int, relatie: Relatie, antwoord: Antwoord) -> None:
        bericht = self._bericht(relatie, "319", day, (antwoord,))
        bericht.client = None
        self._send(bericht, relatie.kansen.toewijzing_afgekeurd, lambda day: self._send_answer(day, relatie, antwoord))

    # granting

    def _grant(self, day: int, relatie: Relatie, vragen: tuple[Vraag, ...]) -> None:
        leaves_out = self._scenario.is_oud and self._luck(relatie.kansen.zonder_referentie)
        for vraag in vragen:
            versie = self._new(day, relatie, vraag.product, vraag.ingang)
            self._decide(day, relatie, Toegewezen(versie, None if leaves_out else vraag.referentie))
            self._plan_care(day, relatie, versie)

    def _grant_unasked(self, day: int, relatie: Relatie) -> None:
        day = self._agenda.on_or_after(day)
        if day > self._scenario.tot:
            return
        versie = self._new(day, relatie, self._product(relatie), self._wished(day, relatie))
        self._decide(day, relatie, Toegewezen(versie, None))
        self._plan_care(day, relatie, versie)

    def _new(self, day: int, relatie: Relatie, product: Product, ingang: int) -> Versie:
        self._toewijzingen += 1
        toewijzing = Toewijzing(self._shard.nr * NUMBERS + self._toewijzingen, product)
        kansen = relatie.kansen
        einde = None if self._luck(kansen.open_einde) else ingang + int(kansen.looptijd * self.rng.uniform(0.4, 1.4))
        return self._version(day, toewijzing, ingang, einde)

    def _version(
        self, day: int, toewijzing: Toewijzing, ingang: int, einde: int | None, reden: str | None = None
    ) -> Versie:
        besluit = day - self.rng.choice((0, 0, 0, 1, 1, 2, 5))
        if toewijzing.versie is not None:
            besluit = max(besluit, toewijzing.versie.besluit_dag + 1)
        second = self.rng.randrange(8 * 3600, 18 * 3600)
        tijd = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        return Versie(toewijzing, besluit, tijd, ingang, einde, reden)

    def _decide(self, day: int, relatie: Relatie, regel: Toegewezen) -> None:
        """Puts a line in the 301 of this day: one 301 a day for a client and an aanbieder."""
        if day not in relatie.klaar:
            relatie.klaar[day] = []
            self._at(day, lambda day: self._send_301(day, relatie), last=True)
        relatie.klaar[day].append(regel)

    def _send_301(self, day: int, relatie: Relatie) -> None:
        """The decided lines, and without reference every other toewijzing that is valid."""
        regels = self._newest(relatie.klaar.pop(day))
        for regel in regels:
            toewijzing = regel.versie.toewijzing
            toewijzing.versie = regel.versie
            toewijzing.is_ingetrokken = regel.versie.reden == WITHDRAWN
            if toewijzing not in relatie.toewijzingen:
                relatie.toewijzingen.append(toewijzing)
        decided = {regel.versie.toewijzing for regel in regels}
        for toewijzing in relatie.toewijzingen:
            if toewijzing not in decided and _is_valid(toewijzing, day) and toewijzing.versie:
                regels.append(Toegewezen(toewijzing.versie, None))
        bericht = self._bericht(relatie, "301", day, tuple(regels))
        self._send(bericht, relatie.kansen.toewijzing_afgekeurd, lambda day: self._again(day, relatie, regels, decided))

    def _newest(self, regels: list[Toegewezen]) -> list[Toegewezen]:
        """One line per toewijzing: what was decided last, under the first reference that it answers."""
        found: dict[Toewijzing, Toegewezen] = {}
        for regel in regels:
            known = found.get(regel.versie.toewijzing)
            referentie = (known.referentie if known else None) or regel.referentie
            found[regel.versie.toewijzing] = Toegewezen(regel.versie, referentie)
        return list(found.values())

    def _again(self, day: int, relatie: Relatie, regels: list[Toegewezen], decided: set[Toewijzing]) -> None:
        """A refused 301 goes out again with its references, each toewijzing as it is by now."""
        for regel in regels:
            toewijzing = regel.versie.toewijzing
            if toewijzing in decided and toewijzing.versie:
                self._decide(day, relatie, Toegewezen(toewijzing.versie, regel.referentie))

    # care

    def _plan_care(self, day: int, relatie: Relatie, versie: Versie) -> None:
        """From the grant on: changes by the gemeente, and care, when it starts before the toewijzing ends."""
        kansen, toewijzing = relatie.kansen, versie.toewijzing
        if self._luck(kansen.ingetrokken):
            when = self._agenda.after(day, 3 + self.wait(6, 0.8))
            self._at(when, lambda day: self._change(day, relatie, toewijzing, WITHDRAWN))
            return
        begin = max(versie.ingang, day - 40) if versie.ingang <= day else versie.ingang + self.rng.randrange(0, 14)
        einde = begin + 5 + self.wait(kansen.duur_mediaan, kansen.duur_spreiding)
        if versie.einde is not None:
            einde = min(einde, versie.einde)
        if einde <= begin:
            return
        zorg = Zorg(relatie, versie, begin, einde, is_verteld=self._luck(kansen.regie))
        self._at(max(day, begin), lambda day: self._start(day, zorg))
        if self._luck(kansen.pauze):
            self._pause(day, zorg)
        else:
            self._deliver(day, zorg)
            self._end(day, zorg, self.rng.choice(STOP_REASONS[relatie.wet]))
        if self._luck(kansen.gewijzigd):
            when = self._agenda.on_or_after(day + 20 + self.rng.randrange(0, 200))
            self._at(when, lambda day: self._change(day, relatie, toewijzing, self.rng.choice((LONGER, SHORTER))))
        if self._luck(kansen.vow):
            when = self._agenda.on_or_after(day + 15 + self.rng.randrange(0, 150))
            self._at(when, lambda day: self._ask_change(day, relatie))

    def _deliver(self, day: int, zorg: Zorg) -> None:
        if self._luck(zorg.relatie.kansen.gedeclareerd):
            self.leveringen.append(Levering(zorg.relatie, zorg.versie.toewijzing, zorg.begin, zorg.einde, day))

    def _start(self, day: int, zorg: Zorg) -> None:
        if not zorg.is_verteld:
            return
        kansen = zorg.relatie.kansen
        when = max(self.later(day, kansen.start_mediaan, kansen.start_spreiding), self._agenda.on_or_after(day))
        regel = Start(zorg.versie.toewijzing, zorg.versie.ingang, zorg.begin)
        self._at(when, lambda day: self._send_regie(day, zorg.relatie, "305", (regel,)))
        if self._luck(kansen.regie_hersteld):
            better = replace(regel, begin=zorg.begin + self.rng.randrange(1, 10))
            self._take_back(max(when, better.begin), zorg.relatie, "305", (replace(regel, status="3"), better))

    def _end(self, day: int, zorg: Zorg, reden: str) -> None:
        kansen, since = zorg.relatie.kansen, max(day + 1, zorg.einde)
        if not zorg.is_verteld or since > self._scenario.tot:
            return
        regel = Stop(zorg.versie.toewijzing, zorg.versie.ingang, zorg.begin, zorg.einde, reden)
        when = self._agenda.after(self.later(since, kansen.stop_mediaan, kansen.stop_spreiding), 1)
        self._at(when, lambda day: self._send_regie(day, zorg.relatie, "307", (regel,)))
        if self._luck(kansen.regie_hersteld):
            better = replace(regel, einde=zorg.einde + self.rng.randrange(1, 10))
            self._take_back(max(when, better.einde), zorg.relatie, "307", (replace(regel, status="3"), better))

    def _take_back(self, since: int, relatie: Relatie, nummer: str, regels: tuple[Start | Stop, ...]) -> None:
        """Some werkdagen after the line that it withdraws: the same line with StatusAanlevering 3, and a better one."""
        self._at(self._agenda.after(since, 4), lambda day: self._send_regie(day, relatie, nummer, regels))

    def _send_regie(self, day: int, relatie: Relatie, nummer: str, regels: tuple[Start | Stop, ...]) -> None:
        bericht = self._bericht(relatie, nummer, day, regels)
        self._send(bericht, relatie.kansen.regie_afgekeurd, lambda day: self._send_regie(day, relatie, nummer, regels))

    def _pause(self, day: int, zorg: Zorg) -> None:
        """A temporary stop in the middle; then care again under a new start, or a final stop after all."""
        middle = zorg.begin + (zorg.einde - zorg.begin) // 2
        first = replace(zorg, einde=middle)
        self._deliver(day, first)
        self._end(day, first, TEMPORARY)
        reason = self.rng.choice(STOP_REASONS[zorg.relatie.wet])
        again = replace(zorg, begin=middle + self.rng.randrange(10, 60))
        if self._luck(0.5) or again.begin >= zorg.einde:
            self._end(day, replace(zorg, einde=middle + self.rng.randrange(1, 60)), reason)
            return
        self._deliver(day, again)
        self._at(max(day, again.begin), lambda day: self._start(day, again))
        self._end(day, again, reason)

    # changing

    def _change(self, day: int, relatie: Relatie, toewijzing: Toewijzing, reden: str) -> None:
        """A new version of a toewijzing: longer, shorter, or withdrawn as if never sent."""
        known = toewijzing.versie
        if known is None or toewijzing.is_ingetrokken or not _is_valid(toewijzing, day):
            return
        einde = known.einde
        if reden == LONGER:
            einde = (einde or day) + self.rng.randrange(30, 200)
        elif reden in (SHORTER, OTHER_DOMAIN):
            einde = max(known.ingang, day + self.rng.randrange(5, 40))
        self._decide(day, relatie, Toegewezen(self._version(day, toewijzing, known.ingang, einde, reden), None))

    def _ask_change(self, day: int, relatie: Relatie) -> None:
        """A 317 about all that is valid: one toewijzing gets another volume, now and then a product is added."""
        valid = [toewijzing for toewijzing in relatie.toewijzingen if _is_valid(toewijzing, day)]
        if not valid or relatie.heeft_verzoek or day >= self._scenario.tot:
            return
        target = self.rng.choice(valid)
        new = ((self._product(relatie), day + self.rng.randrange(1, 20)),) if self._luck(0.3) else ()
        wijziging = Wijziging(
            referentie=self._reference(relatie),
            reden=self.rng.choice("12"),
            ongewijzigd=tuple(toewijzing.nummer for toewijzing in valid if toewijzing is not target),
            te_wijzigen=((target, day + self.rng.randrange(1, 20), self.rng.randrange(1, 40)),),
            nieuw=new,
        )
        relatie.heeft_verzoek = True
        self._send_change(day, relatie, wijziging, target)

    def _send_change(self, day: int, relatie: Relatie, wijziging: Wijziging, target: Toewijzing) -> None:
        bericht = self._bericht(relatie, "317", day, (wijziging,))
        kansen = relatie.kansen
        if self._send(
            bericht, kansen.verzoek_afgekeurd, lambda day: self._send_change(day, relatie, wijziging, target)
        ):
            return
        if self._luck(kansen.onbeantwoord):
            return
        when = self.later(day, kansen.antwoord_mediaan * self._speed, kansen.antwoord_spreiding)
        if self._luck(kansen.onderzoek):
            self._at(when, lambda day: self._send_answer(day, relatie, Antwoord(wijziging.referentie, "2")))
            when = self._agenda.on_or_after(when + 1 + self.wait(kansen.onderzoek_mediaan, kansen.onderzoek_spreiding))
        if self._luck(2 * kansen.afgewezen):
            reason = self.rng.choice(AFWIJZINGEN)
            self._at(when, lambda day: self._send_answer(day, relatie, Antwoord(wijziging.referentie, "1", reason)))
            return
        self._at(when, lambda day: self._honour(day, relatie, wijziging, target))

    def _honour(self, day: int, relatie: Relatie, wijziging: Wijziging, target: Toewijzing) -> None:
        """Every line of the 301 carries the reference of the 317, the unchanged ones too (IV093)."""
        relatie.heeft_verzoek = False
        for toewijzing in list(relatie.toewijzingen):
            known = toewijzing.versie
            if known is None or not _is_valid(toewijzing, day):
                continue
            versie = (
                self._version(day, toewijzing, known.ingang, known.einde, BY_AANBIEDER)
                if toewijzing is target
                else known
            )
            self._decide(day, relatie, Toegewezen(versie, wijziging.referentie))
        for product, ingang in wijziging.nieuw:
            versie = self._new(day, relatie, product, ingang)
            self._decide(day, relatie, Toegewezen(versie, wijziging.referentie))
            self._plan_care(day, relatie, versie)

    # growing up

    def _grows_up(self, client: Client) -> None:
        """On the eighteenth birthday Jw care ends; half goes on under the Wmo."""
        birthday = client.geboren + int(GROWN_UP * YEAR)
        if not self._scenario.van - 60 < birthday <= self._scenario.tot:
            return
        self._at(self._agenda.on_or_after(birthday - 30), self._leave_youth_care)
        if self._luck(0.5):
            self._at(self._agenda.on_or_after(birthday), lambda day: self._begin(day, client, "Wmo"))

    def _leave_youth_care(self, day: int) -> None:
        for relatie in list(self._relaties.values()):
            for toewijzing in relatie.toewijzingen if relatie.wet == "Jw" else ():
                self._change(day, relatie, toewijzing, OTHER_DOMAIN)


def _is_valid(toewijzing: Toewijzing, day: int) -> bool:
    """Whether a 301 made on this day repeats it."""
    versie = toewijzing.versie
    return versie is not None and not toewijzing.is_ingetrokken and (versie.einde is None or versie.einde >= day)
