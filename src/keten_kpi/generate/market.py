"""Who gives care where: invented aanbieders with a long tail, a few large ones and many small."""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from keten_kpi.generate.scenario import Gemeente, Scenario
from keten_kpi.generate.seed import stream

AGB_KIND = "99"  # invented: recognisable, and not checked against the register
TAIL = 0.9  # weight of the n-th largest: n ** -TAIL, assumed
TYPICAL = 50  # thousand inhabitants
WETTEN_OF = ("Jw", "Jw", "Wmo", "Wmo", "Jw+Wmo")  # by turns


@dataclass(frozen=True, slots=True)
class Markt:
    """The aanbieders of one gemeente under one wet, largest first, with weights that add up."""

    codes: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, rng: Random, life: int, lives: int) -> str:
        """An aanbieder; each life of a BSN has aanbieders of its own (every ``lives``-th)."""
        place = min(bisect(self.weights, rng.random() * self.weights[-1]), len(self.codes) - 1)
        if lives > 1:
            place = min(place - place % lives, len(self.codes) - lives) + life
        return self.codes[place]


def draw_markt(seed: str, scenario: Scenario, gemeente: Gemeente, wet: str, lives: int) -> Markt:
    """Large aanbieders work in many gemeenten, small ones in one or two."""
    rng = stream(seed, "markt", gemeente.code, wet)
    known = [nr for nr in range(scenario.aanbieders) if wet in WETTEN_OF[nr % len(WETTEN_OF)]]
    wanted = round(scenario.aanbieders_per_gemeente * math.sqrt(gemeente.gewicht / TYPICAL))
    wanted = min(len(known), max(4, 2 * lives, wanted))
    wanted -= wanted % lives
    drawn = sorted(known, key=lambda nr: -(rng.random() ** ((nr + 1) ** TAIL)))[:wanted]
    chosen = sorted(drawn)
    weights = accumulate((place + 1) ** -TAIL for place in range(len(chosen)))
    return Markt(tuple(f"{AGB_KIND}{nr + 1:06d}" for nr in chosen), tuple(weights))
