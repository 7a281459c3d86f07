"""The right half against data frames: ``python -m benchmarks.kpi DB [--rounds R]``.

Every KPI per gemeente on a published database, and doorlooptijd-toewijzing beside the same question put to Polars and
(where it is installed) to pandas with ``numpy.busday_count``. These two get the messages as frames in memory, joined on
the reference alone: they know no conflicts, no refusals, no withdrawn toewijzingen and no links without a reference.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from keten_kpi.publish import compute, list_kpis, reading
from keten_kpi.standaard.kalender import kalender

if TYPE_CHECKING:
    from keten_kpi.database import Connection

HEADLINE = "doorlooptijd-toewijzing"
KEY = ["wet", "gemeente", "aanbieder", "referentie_aanbieder"]
REQUESTS = """SELECT b.wet, b.ontvanger AS gemeente, b.afzender AS aanbieder, r.referentie_aanbieder, b.dagtekening
FROM bron.aangevraagd_product AS r INNER JOIN bron.bericht AS b ON r.bericht_nr = b.bericht_nr"""
ANSWERS = """SELECT b.wet, b.afzender AS gemeente, b.ontvanger AS aanbieder, r.referentie_aanbieder
, b.dagtekening AS dag FROM bron.toegewezen_product AS r INNER JOIN bron.bericht AS b ON r.bericht_nr = b.bericht_nr"""


@dataclass(frozen=True)
class Timed:
    name: str
    seconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def _frame(con: Connection, query: str) -> pl.DataFrame:
    done = con.execute(query)
    names = [column[0] for column in done.description or ()]
    return pl.DataFrame(done.fetchall(), schema=names, orient="row")


def _feast_days() -> list[object]:
    """Days off from Monday to Friday."""
    return [day.dag for day in kalender() if not day.is_werkdag and day.dag.weekday() < 5]


def in_polars(requests: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Share within 5 werkdagen and median, per gemeente."""
    first = answers.lazy().drop_nulls("referentie_aanbieder").group_by(KEY).agg(pl.col("dag").min())
    days = pl.business_day_count(pl.col("dagtekening"), pl.col("dag"), holidays=_feast_days())
    cases = requests.lazy().join(first, on=KEY, how="left").with_columns(days.alias("werkdagen"))
    figures = [(pl.col("werkdagen") <= 5).mean().alias("aandeel"), pl.col("werkdagen").median().alias("mediaan")]
    return cases.group_by("gemeente").agg(figures).collect()


def in_pandas(requests: object, answers: object) -> object:
    """The same with pandas."""
    first = answers.dropna(subset=["referentie_aanbieder"]).groupby(KEY, as_index=False)["dag"].min()  # type: ignore[attr-defined]
    cases = requests.merge(first, on=KEY, how="left").dropna(subset=["dag"])  # type: ignore[attr-defined]
    start, end = (cases[name].to_numpy("datetime64[D]") for name in ("dagtekening", "dag"))
    cases["werkdagen"] = np.busday_count(start, end, holidays=np.array(_feast_days(), "datetime64[D]"))
    cases["binnen"] = cases["werkdagen"] <= 5
    return cases.groupby("gemeente").agg(aandeel=("binnen", "mean"), mediaan=("werkdagen", "median"))


def _contenders(con: Connection) -> dict[str, Callable[[], object]]:
    requests, answers = _frame(con, REQUESTS), _frame(con, ANSWERS)
    found: dict[str, Callable[[], object]] = {
        "Polars, frames in memory": lambda: in_polars(requests, answers),
        HEADLINE: lambda: compute(con, HEADLINE, per=["gemeente"]),
    }
    if importlib.util.find_spec("pandas"):
        import pandas as pd

        frames = [pd.DataFrame(each.to_dict(as_series=False)) for each in (requests, answers)]
        found["pandas and numpy.busday_count, frames in memory"] = lambda: in_pandas(*frames)
    return found


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def measure(db: Path, rounds: int) -> str:
    """The tables: the headline KPI beside its contenders, and every KPI per gemeente."""
    with reading(db) as con:
        (number,) = con.execute("SELECT count(*) FROM bron.bericht").fetchone() or (0,)
        beside = _contenders(con)
        every = {kpi.id: (lambda name=kpi.id: compute(con, name, per=["gemeente"])) for kpi in list_kpis()}
        seconds: dict[str, list[float]] = {name: [] for name in (*beside, *every)}
        for _ in range(rounds):
            for name, run in {**every, **beside}.items():
                seconds[name].append(_seconds(run))
    return _tables(
        number, rounds, [Timed(name, seconds[name]) for name in beside], [Timed(name, seconds[name]) for name in every]
    )


def _tables(number: int, rounds: int, beside: list[Timed], every: list[Timed]) -> str:
    floor = beside[0].median
    lines = [
        f"KPIs per gemeente on {number:,} messages, median of {rounds} rounds, interleaved.",
        "",
        "| what | seconds | Polars' time / its time |",
        "|---|---:|---:|",
        *(f"| {each.name} | {each.median:.2f} | {floor / each.median:.2f} |" for each in beside),
        "",
        "| KPI | seconds |",
        "|---|---:|",
        *(f"| {each.name} | {each.median:.2f} |" for each in every),
        f"| **the whole catalogue** | **{sum(each.median for each in every):.1f}** |",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("db", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print(measure(chosen.db, chosen.rounds))


if __name__ == "__main__":
    main()
