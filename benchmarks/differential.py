"""Mutants by the million through the fast engine; whatever it takes, libxml2 must take with the same rows.

python -m benchmarks.differential --count 2000000 [--keep]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime

from benchmarks.goals import MUTANTS as TABLE
from tests.fast.documents import all_mutants, corpus, random_mutants, scratches
from tests.fast.engines import Engines
from tests.oracle.generate import write

MUTANTS = 120  # per document


def run(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What became of so many mutants, and the differences."""
    engines, rng = Engines(), random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for facts, message, written, restyled in corpus(seed):
        counts["documents"] += 1
        for valid in (written.content, restyled):
            if not engines.learn(valid):
                continue  # other white space may spoil a value that is white space
            counts["valid, taken" if engines.check(valid) else "valid, left to libxml2"] += 1
        tried = [*random_mutants(written, rng, MUTANTS), *scratches(restyled, rng, MUTANTS // 4)]
        if counts["documents"] % 10 == 0:
            top = max(written.spans, key=lambda node: written.spans[node].end)
            engines.learn(write(top).content)
            tried += list(all_mutants(facts, message, top))
        taken, differences = engines.check_all(tried)
        counts["mutants"] += len(tried)
        counts["mutants, taken and valid"] += len(taken) - len(differences)
        wrong += [f"{message}: {difference}: {tried[place]!r}" for place, difference in differences.items()]
        if counts["mutants"] >= count or len(wrong) > 20:
            break
    return counts, wrong


def row(counts: Counter[str], wrong: int, seed: int, seconds: float) -> str:
    """One row of the table of runs that are kept."""
    taken = counts["mutants, taken and valid"]
    cells = [f"{counts['mutants']:,}", f"{taken:,}", f"{wrong:,}", f"{seed}", f"{seconds:.0f}"]
    return f"| {' | '.join([*cells, f'{datetime.now(UTC):%Y-%m-%d}'])} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help=f"add the outcome to {TABLE.name}")
    chosen = parser.parse_args()
    started = time.monotonic()
    counts, wrong = run(chosen.count, chosen.seed)
    seconds = time.monotonic() - started
    for name, number in counts.items():
        print(f"{number:>12,} {name}")
    print(f"{len(wrong):>12,} mutants, taken wrongly   ({seconds:.0f} s, seed {chosen.seed})")
    for line in wrong:
        print(line)
    if chosen.keep:
        kept = [TABLE.read_text("utf-8").rstrip(), row(counts, len(wrong), chosen.seed, seconds), ""]
        TABLE.write_text("\n".join(kept), "utf-8")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
