"""The whole run: tasks over processes, their archives, their truth, and the manifest."""

from __future__ import annotations

import csv
import json
import multiprocessing
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, fields
from pathlib import Path

from keten_kpi import __version__
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.generate.agenda import iso
from keten_kpi.generate.chain import Keten
from keten_kpi.generate.declaratie import Declarant
from keten_kpi.generate.events import Bericht
from keten_kpi.generate.faults import Damager, Delivery, Rates, deliver
from keten_kpi.generate.pack import FORMATS, Packer
from keten_kpi.generate.scenario import load_scenario
from keten_kpi.generate.seed import VERSION, stream
from keten_kpi.generate.truth import CASES, Tally, count_truth, write_sheets
from keten_kpi.generate.world import Shard, World
from keten_kpi.generate.write import PREFIX, Writer

TASK_MESSAGES = 25_000  # about so many per task
TASKS_AT_LEAST = 8
PART_BYTES = 256 * 1024 * 1024  # unpacked, per archive
SAMPLE_CLIENTS = 1_500  # simulated beforehand, to know how many messages a client gives
AGAIN = "nogmaals-"  # before the name of a second copy
TRUTH, CASES_FOLDER, MESSAGES = "truth", "gevallen", "berichten"


@dataclass(frozen=True, slots=True)
class Plan:
    """What every process needs to know."""

    scenario: str
    seed: int
    clients: int
    form: str
    rates: tuple[tuple[str, float], ...]
    out: Path
    part_bytes: int

    @property
    def faults(self) -> Rates:
        return dict(self.rates)


@dataclass(slots=True)
class Made:
    """What a run made."""

    scenario: str
    seed: int
    version: str = __version__
    generator: str = VERSION
    release: str = ""
    van: str = ""
    tot: str = ""
    peildatum: str = ""
    clients: int = 0
    files: int = 0  # delivered, copies among them
    bytes: int = 0  # before packing
    count: int = 0  # messages that count: those the KPIs should be about
    per_type: Counter[str] = field(default_factory=Counter)  # messages that count
    faults_asked: dict[str, float] = field(default_factory=dict)
    faults_eligible: Counter[str] = field(default_factory=Counter)
    faults_made: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, object]:
        """As ``truth/manifest.json`` holds it."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {
            name: dict(sorted(value.items())) if isinstance(value, dict) else value for name, value in values.items()
        }

    def add(self, other: Made) -> None:
        self.files += other.files
        self.bytes += other.bytes
        self.count += other.count
        self.per_type.update(other.per_type)
        self.faults_eligible.update(other.faults_eligible)
        self.faults_made.update(other.faults_made)


@dataclass(slots=True)
class _Process:
    """What one process makes once and uses for every task."""

    plan: Plan
    world: World
    damager: Damager

    @classmethod
    def of(cls, plan: Plan) -> _Process:
        scenario = load_scenario(plan.scenario)
        return cls(plan, World(scenario, plan.seed, plan.clients), Damager(Writer(scenario.release)))

    def run(self, task: tuple[int, tuple[Shard, ...]]) -> tuple[Made, Tally]:
        """One task: its shards one after the other, into its own archive and its own case files."""
        nr, shards = task
        made, tally = Made(self.plan.scenario, self.plan.seed), Tally()
        with FORMATS[self.plan.form](self.plan.out / MESSAGES, nr, self.plan.part_bytes) as packer:
            for shard in shards:
                found = self._shard(shard, packer, made)
                _append_cases(self.plan.out / TRUTH / CASES_FOLDER, nr, found)
                tally.merge(found)
        return made, tally

    def _shard(self, shard: Shard, packer: Packer, made: Made) -> Tally:
        delivery = self._deliver(shard)
        seen: set[Bericht] = set()
        for bericht in delivery.berichten:
            name, content = self.damager.write(bericht)
            packer.add(AGAIN + name if bericht in seen else name, content, bericht.verzend_dag)
            seen.add(bericht)
            made.files += 1
            made.bytes += len(content)
        made.faults_eligible.update(delivery.eligible)
        made.faults_made.update(delivery.made)
        counting = {bericht: None for bericht in delivery.berichten if bericht.telt}  # a duplicate stands there once
        made.count += len(counting)
        made.per_type.update(PREFIX[bericht.wet] + bericht.nummer for bericht in counting)
        return count_truth(counting, self.world.scenario)

    def _deliver(self, shard: Shard) -> Delivery:
        chain, berichten = simulate(self.world, shard)
        rng = stream(self.world.name, "fouten", shard.nr)
        return deliver(berichten, self.plan.faults, rng, last_day=self.world.scenario.tot, keep=chain.anker)


def simulate(world: World, shard: Shard) -> tuple[Keten, list[Bericht]]:
    """One shard: its chain, and the messages of it that were sent within the period."""
    chain = Keten(world, shard)
    chain.run()
    Declarant(chain, world.scenario).run()
    van, tot = world.scenario.van, world.scenario.tot
    return chain, [bericht for bericht in chain.berichten if van <= bericht.verzend_dag <= tot]


_process: list[_Process] = []  # of a worker: filled when it starts


def _start(plan: Plan) -> None:
    _process[:] = [_Process.of(plan)]


def _run(task: tuple[int, tuple[Shard, ...]]) -> tuple[Made, Tally]:
    return _process[0].run(task)


def generate(  # noqa: PLR0913 - as many as the command has options
    out: Path,
    *,
    scenario: str,
    seed: int = 1,
    messages: int | None = None,
    form: str = "zip",
    rates: Rates | None = None,
    workers: int = 1,
    part_bytes: int = PART_BYTES,
) -> Made:
    """Makes the traffic of a scenario in ``out/berichten`` and its answer sheet in ``out/truth``.

    Same scenario, seed and version: same bytes, whatever the number of workers.

    Args:
        out: a folder that does not exist yet, or is empty.
        scenario: one of ``list_scenarios``.
        seed: any whole number.
        messages: about how many; the scenario's own number by default.
        form: ``files``, ``zip`` or ``tar.zst``.
        rates: faults and their rates, see ``faults.KINDS``; None for none.
        workers: processes.
        part_bytes: how much an archive holds at most, unpacked.

    Raises:
        UsageError: no such scenario or format, or ``out`` holds something.
        KetenError: ``out`` cannot be written; nothing half-done is left.
    """
    chosen = load_scenario(scenario)
    if form not in FORMATS:
        raise UsageError(f"There is no format {form}.", f"Choose from {', '.join(FORMATS)}.")
    existed = _check_empty(out)
    clients = count_clients(scenario, seed, messages or chosen.berichten)
    plan = Plan(scenario, seed, clients, form, tuple((rates or {}).items()), out, part_bytes)
    made = Made(
        scenario, seed, release=chosen.release, van=iso(chosen.van), tot=iso(chosen.tot), peildatum=iso(chosen.tot)
    )
    made.faults_asked, made.clients = dict(plan.rates), clients
    try:
        _make(plan, made, workers)
    except BaseException as error:
        _clear(out, existed=existed)
        if isinstance(error, OSError):
            raise KetenError(
                f"{out} cannot be written: {error.strerror}.", "Check the disk and who may write there."
            ) from None
        raise
    return made


def _check_empty(out: Path) -> bool:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} holds something already.", "Name a folder that does not exist yet, or empty it.")
    return out.exists()


def _clear(out: Path, *, existed: bool) -> None:
    for folder in (MESSAGES, TRUTH):
        shutil.rmtree(out / folder, ignore_errors=True)
    if not existed and out.exists():
        shutil.rmtree(out, ignore_errors=True)


def _make(plan: Plan, made: Made, workers: int) -> None:
    (plan.out / MESSAGES).mkdir(parents=True)
    cases = plan.out / TRUTH / CASES_FOLDER
    cases.mkdir(parents=True)
    tally = Tally()
    tasks = plan_tasks(plan)
    for done, found in _results(plan, tasks, workers):
        made.add(done)
        tally.merge(found)
    write_sheets(tally, plan.out / TRUTH)
    _join_cases(cases, len(tasks))
    (plan.out / TRUTH / "manifest.json").write_text(
        json.dumps(made.as_dict(), indent=1, ensure_ascii=False) + "\n", "utf-8"
    )


def _results(plan: Plan, tasks: list[tuple[int, tuple[Shard, ...]]], workers: int) -> Iterator[tuple[Made, Tally]]:
    """What each task came to, in order."""
    if workers == 1:
        process = _Process.of(plan)
        yield from map(process.run, tasks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(plan,)) as pool:
        yield from pool.map(_run, tasks)


def plan_tasks(plan: Plan) -> list[tuple[int, tuple[Shard, ...]]]:
    """Shards in order, a task at a time; how they are cut does not depend on the number of workers."""
    scenario = load_scenario(plan.scenario)
    limit = min(TASK_MESSAGES / scenario.per_client, plan.clients / TASKS_AT_LEAST)
    tasks: list[list[Shard]] = []
    clients = 0
    for shard in World(scenario, plan.seed, plan.clients).shards():
        if not tasks or clients >= limit:
            tasks.append([])
            clients = 0
        tasks[-1].append(shard)
        clients += shard.clients
    return [(nr, tuple(shards)) for nr, shards in enumerate(tasks, start=1)]


def count_clients(scenario: str, seed: int, messages: int) -> int:
    """How many clients give about so many messages: told from a sample of shards, twice."""
    chosen = load_scenario(scenario)
    per_client = chosen.per_client
    for _ in range(2):
        world = World(chosen, seed, max(1, round(messages / per_client)))
        shards = world.shards()
        wanted = min(len(shards), max(3, SAMPLE_CLIENTS * len(shards) // max(1, world.clients)))
        sample = shards[:: max(1, len(shards) // wanted)]
        found = sum(len(simulate(world, shard)[1]) for shard in sample)
        per_client = max(0.1, found / sum(shard.clients for shard in sample))
    return max(1, round(messages / per_client))


def _append_cases(folder: Path, task: int, tally: Tally) -> None:
    for kpi, rows in tally.cases.items():
        with (folder / f"{kpi}.{task:05d}").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def _join_cases(folder: Path, tasks: int) -> None:
    """One csv per KPI from those of the tasks, in their order."""
    for kpi, columns in CASES.items():
        with (folder / f"{kpi}.csv").open("wb") as joined:
            joined.write((",".join(columns) + "\n").encode())
            for task in range(1, tasks + 1):
                part = folder / f"{kpi}.{task:05d}"
                with part.open("rb") as rows:
                    shutil.copyfileobj(rows, joined)
                part.unlink()
