"""Sending: numbers, days and luck; a heenbericht, its retour, and what its sender does when it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappush

from keten_kpi.generate.agenda import agenda
from keten_kpi.generate.events import RETOUR_OF, Bericht, Client, Regel, Toegewezen, Toewijzing, Versie
from keten_kpi.generate.scenario import Kansen
from keten_kpi.generate.seed import stream
from keten_kpi.generate.world import Shard, World

BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEEKEND_SENDERS = 0.03  # messages sent by a machine whatever the day: assumed
HEADER_REFUSAL = 0.4  # of the refusals: one code for the whole message; assumed
REFUSALS = {  # retourcodes by message, the first used most: assumed
    "header": ("9056", "0001"),
    "315": ("S329", "9347"),
    "317": ("9349", "9374"),
    "301": ("9332", "S329"),
    "319": ("9355",),
    "305": ("9019", "9074"),
    "307": ("9069", "9019"),
}
REFUSALS_OLD = {"315": ("S329",), "301": ("S329", "9300")}  # release 2.3 has fewer codes
LATE = 1 << 40


@dataclass(slots=True, eq=False)
class Relatie:
    """One client with one aanbieder under one wet and gemeente code: what a 301 is about."""

    client: Client
    aanbieder: str
    wet: str
    gemeente: str
    kansen: Kansen
    toewijzingen: list[Toewijzing] = field(default_factory=list)
    klaar: dict[int, list[Toegewezen]] = field(default_factory=dict)  # decided, to be sent on a day
    heeft_verzoek: bool = False  # a 317 is open (OP350)


@dataclass(slots=True, eq=False)
class Levering:
    """Care as given, month by month to be declared."""

    relatie: Relatie
    toewijzing: Toewijzing
    begin: int
    einde: int
    bekend: int  # day of the 301


@dataclass(frozen=True, slots=True, eq=False)
class Zorg:
    """One stretch of care under a toewijzing; ``is_verteld``: its start and stop are told with 305 and 307."""

    relatie: Relatie
    versie: Versie
    begin: int
    einde: int
    is_verteld: bool


Action = Callable[[int], None]


class Post:
    """What everyone in a shard sends with. ``berichten`` is all that was sent, also outside the scenario's period."""

    def __init__(self, world: World, shard: Shard) -> None:
        self._world, self._shard = world, shard
        self._scenario = world.scenario
        self.rng = stream(world.name, "shard", shard.nr)
        self._agenda = agenda()
        self._numbers = self._order = 0
        self._heap: list[tuple[int, int, Action]] = []
        self.berichten: list[Bericht] = []

    def number(self) -> str:
        """The next Identificatie of this shard: eight signs that no other shard uses."""
        self._numbers += 1
        left, digits = self._shard.nr * 36**4 + self._numbers, ""
        for _ in range(8):
            left, digit = divmod(left, 36)
            digits = BASE36[digit] + digits
        return digits

    def _luck(self, chance: float) -> bool:
        return self.rng.random() < chance

    def wait(self, median: float, spread: float) -> int:
        """Werkdagen or dagen, lognormal around its median."""
        return int(median * self.rng.lognormvariate(0, spread) + 0.5)

    def later(self, day: int, median: float, spread: float) -> int:
        """So many werkdagen on; now and then a machine sends in a weekend."""
        found = self._agenda.after(day, self.wait(median, spread))
        if self._luck(WEEKEND_SENDERS) and not self._agenda.is_werkdag(found + 1):
            return found + 1
        return found if found == day and self._luck(WEEKEND_SENDERS) else self._agenda.on_or_after(found)

    def _at(self, day: int, action: Action, *, last: bool = False) -> None:
        """Plans what happens on a day; ``last``: after all else on that day."""
        self._order += 1
        heappush(self._heap, (day, self._order + (LATE if last else 0), action))

    def _send(self, bericht: Bericht, refused: float, again: Action) -> bool:
        """Sends a heenbericht and draws its retour: True when that refuses it, and then it may be sent again."""
        self.berichten.append(bericht)
        kansen = self._scenario.kansen[bericht.wet]
        is_refused = self._luck(refused)
        if not is_refused and not self._luck(kansen.retour):
            return False
        day = self.later(bericht.dag, kansen.retour_mediaan, kansen.retour_spreiding)
        retour = self._retour(bericht, day, is_refused=is_refused)
        self.berichten.append(retour)
        if is_refused and self._luck(kansen.opnieuw):
            self._at(self._agenda.after(day, 1 + self.wait(1.5, 0.7)), again)
        return is_refused

    def _retour(self, heen: Bericht, day: int, *, is_refused: bool) -> Bericht:
        retour = Bericht(
            heen.wet, RETOUR_OF[heen.nummer], heen.gemeente, heen.aanbieder, heen.identificatie, heen.dag,
            client=heen.client, heen=heen, identificatie_retour=self.number(), dag_retour=day,
        )  # fmt: skip
        codes = {**REFUSALS, **(REFUSALS_OLD if self._scenario.is_oud else {})}
        if is_refused and self._luck(HEADER_REFUSAL):
            retour.code = self._usual(codes["header"])
        elif is_refused:
            retour.regelcodes = {self.rng.randrange(len(heen.regels)): self._usual(codes[heen.nummer])}
        return retour

    def _usual(self, codes: tuple[str, ...]) -> str:
        return codes[0] if self._luck(0.7) else self.rng.choice(codes)

    def _bericht(self, relatie: Relatie, nummer: str, day: int, regels: tuple[Regel, ...]) -> Bericht:
        return Bericht(
            relatie.wet,
            nummer,
            relatie.gemeente,
            relatie.aanbieder,
            self.number(),
            day,
            client=relatie.client,
            regels=regels,
        )
