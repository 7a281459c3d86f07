"""What all clients of a run share: scenario, seed, markets, code catalogues; and how the run is cut into shards."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from keten_kpi.generate.agenda import Drukte, agenda
from keten_kpi.generate.codes import Catalogus
from keten_kpi.generate.market import Markt, draw_markt
from keten_kpi.generate.people import lives
from keten_kpi.generate.scenario import Gemeente, Scenario

SHARD_CLIENTS = 400


@dataclass(frozen=True, slots=True)
class Shard:
    """A block of clients of one gemeente: the unit of work, of memory and of randomness."""

    nr: int
    gemeente: int  # place in the scenario
    first: int  # client within the gemeente
    clients: int
    of: int  # clients of the gemeente


@dataclass(slots=True)
class World:
    """Made once per process; everything in it follows from scenario, seed and number of clients."""

    scenario: Scenario
    seed: int
    clients: int
    _markten: dict[tuple[str, str], Markt] = field(default_factory=dict)
    _codes: dict[tuple[str, str], Catalogus] = field(default_factory=dict)
    _drukte: Drukte | None = None

    @property
    def name(self) -> str:
        """What every random stream of this run begins with."""
        return f"{self.scenario.naam} {self.seed}"

    @property
    def drukte(self) -> Drukte:
        if self._drukte is None:
            self._drukte = Drukte(agenda(), self.scenario.van - self.scenario.aanloop, self.scenario.tot)
        return self._drukte

    def markt(self, gemeente: Gemeente, wet: str, clients: int) -> tuple[Markt, int]:
        """The aanbieders of a gemeente with so many clients, and over how many lives of a BSN they are divided.

        Children become grown-ups, so both wetten divide by the larger number.
        """
        children = self.children(clients)
        needed = lives(max(children, clients - children))
        key = gemeente.code, wet
        if key not in self._markten:
            self._markten[key] = draw_markt(self.name, self.scenario, gemeente, wet, needed)
        return self._markten[key], needed

    def codes(self, gemeente: Gemeente, wet: str) -> Catalogus:
        key = gemeente.code, wet
        if key not in self._codes:
            kansen = self.scenario.kansen[wet]
            self._codes[key] = Catalogus(self.name, gemeente, wet, kansen, self.scenario.spreiding_codes)
        return self._codes[key]

    def children(self, clients: int) -> int:
        """How many of the first so many clients of a gemeente are children."""
        return math.floor(clients * self.scenario.aandeel_jw)

    def shards(self) -> list[Shard]:
        """Clients over gemeenten by weight, in blocks. Where there are few clients, a small gemeente has none."""
        weight = sum(gemeente.gewicht for gemeente in self.scenario.gemeenten)
        found: list[Shard] = []
        passed, given = 0.0, 0
        for place, gemeente in enumerate(self.scenario.gemeenten):
            passed += gemeente.gewicht
            clients = round(self.clients * passed / weight) - given
            given += clients
            for first in range(0, clients, SHARD_CLIENTS):
                found.append(Shard(len(found), place, first, min(SHARD_CLIENTS, clients - first), clients))
        return found
