"""Traffic made once for several tests: generated, and loaded as any delivery is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from keten_kpi import ingest, publish
from keten_kpi.generate import Made, generate, parse_rates
from keten_kpi.generate.events import Bericht
from keten_kpi.generate.make import count_clients, simulate
from keten_kpi.generate.scenario import load_scenario
from keten_kpi.generate.world import World

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Run:
    """One run, generated and loaded."""

    out: Path
    db: Path
    made: Made
    summary: ingest.Summary

    def truth(self, name: str) -> Rows:
        with (self.out / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @contextmanager
    def reading(self) -> Iterator[object]:
        with publish.reading(self.db) as con:
            yield con


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Generates and loads a scenario; the same one again is not made twice."""

    @cache
    def make(scenario: str, messages: int, faults: str | None = None, seed: int = 1) -> Run:
        folder = tmp_path_factory.mktemp(scenario)
        out, db = folder / "out", folder / "run.duckdb"
        made = generate(out, scenario=scenario, messages=messages, seed=seed, rates=parse_rates(faults))
        summary = ingest.ingest([str(out / "berichten")], db)
        publish.publish_database(db)
        return Run(out, db, made, summary)

    return make


@dataclass(frozen=True)
class Simulated:
    """The messages of a scenario as events, before anything goes wrong."""

    world: World
    berichten: tuple[Bericht, ...]
    alles: tuple[Bericht, ...]  # what was sent before and after the period too

    def of(self, *nummers: str) -> list[Bericht]:
        return [bericht for bericht in self.berichten if bericht.nummer in nummers]


@pytest.fixture(scope="session")
def simulated() -> Callable[[str, int], Simulated]:
    @cache
    def make(scenario: str, messages: int) -> Simulated:
        chosen = load_scenario(scenario)
        world = World(chosen, 1, count_clients(scenario, 1, messages))
        found = [simulate(world, shard) for shard in world.shards()]
        sent = tuple(bericht for chain, _ in found for bericht in chain.berichten)
        return Simulated(world, tuple(bericht for _, berichten in found for bericht in berichten), sent)

    return make
