"""The right half against data frames: ``python -m benchmarks.kpi DB [--rounds R]``.

Every KPI per gemeente on a published database, and doorlooptijd-toewijzing beside the same question put to Polars and
(where it is installed) to pandas with ``numpy.busday_count``. These get the tables as frames in memory. Polars answers
twice. Once by the whole definition for release 3.2 (conflicts, refusals, withdrawn toewijzingen, refused requests, open
cases), and must find the same shares. Once, as pandas, on the reference alone, which is another and wrong answer.
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


RAW = {
    "bericht": """SELECT b.bericht_nr, CAST(b.bericht_id AS VARCHAR) AS bericht_id, b.wet, b.berichttype
, t.soort, t.hoort_bij, t.richting
, coalesce(b.gemeente, CASE t.rol_afzender WHEN 'gemeente' THEN b.afzender ELSE b.ontvanger END) AS gemeente
, coalesce(b.aanbieder, CASE t.rol_afzender WHEN 'gemeente' THEN b.ontvanger ELSE b.afzender END) AS aanbieder
, b.identificatie, b.identificatie_retour, b.dagtekening, coalesce(b.dagtekening_retour, b.dagtekening) AS verzend_dag
FROM bron.bericht AS b INNER JOIN verkeer.berichttype AS t ON b.berichttype = t.berichttype""",
    "retourcode": "SELECT bericht_nr, code FROM bron.retourcode",
    "onschuldig": "SELECT wet, code FROM verkeer.retourcode WHERE NOT is_weigering",
    "aangevraagd": "SELECT bericht_nr, referentie_aanbieder FROM bron.aangevraagd_product",
    "toegewezen": """SELECT bericht_nr, regel_nr, referentie_aanbieder, toewijzing_nummer, toewijzingsdatum
, toewijzingstijd, reden_wijziging FROM bron.toegewezen_product""",
    "antwoord": "SELECT bericht_nr, referentie_aanbieder, verzoek_antwoord FROM bron.antwoord",
}
HEADER = ["berichttype", "gemeente", "aanbieder", "identificatie"]
TOEWIJZING = ["wet", "gemeente", "toewijzing_nummer"]


def _valid(frames: dict[str, pl.LazyFrame], peildatum: object) -> pl.LazyFrame:
    """The messages that count and that no retour refuses."""
    ordered = frames["bericht"].sort("verzend_dag", "bericht_id")
    first = ordered.unique([*HEADER, "identificatie_retour"], keep="first", maintain_order=True)
    counting = first.filter(pl.col("verzend_dag") <= peildatum)
    codes = frames["retourcode"].join(counting.filter(pl.col("richting") == "retour"), on="bericht_nr")
    refusing = codes.join(frames["onschuldig"], on=["wet", "code"], how="anti")
    refused = refusing.select(pl.col("hoort_bij").alias("berichttype"), *HEADER[1:])
    return counting.join(refused, on=HEADER, how="anti")


def _standing(frames: dict[str, pl.LazyFrame], messages: pl.LazyFrame) -> pl.LazyFrame:
    """The 301 lines that can answer: those of a toewijzing whose version that holds is no withdrawal."""
    lines = frames["toegewezen"].join(messages, on="bericht_nr")
    order = ["toewijzingsdatum", "toewijzingstijd", "dagtekening", "bericht_id", "regel_nr"]
    numbered = lines.drop_nulls("toewijzing_nummer").sort(order)
    newest = numbered.unique(TOEWIJZING, keep="last", maintain_order=True)
    return lines.join(newest.filter(pl.col("reden_wijziging") == "13"), on=TOEWIJZING, how="anti")


def in_polars_whole(raw: dict[str, pl.DataFrame], peildatum: object) -> pl.DataFrame:
    """Share within 5 werkdagen per gemeente, by the definition."""
    frames = {name: frame.lazy() for name, frame in raw.items()}
    valid = _valid(frames, peildatum)
    granted = _standing(frames, valid).drop_nulls("referentie_aanbieder")
    first = granted.group_by(KEY).agg(pl.col("dagtekening").min().alias("dag"))
    answers = frames["antwoord"].filter(pl.col("verzoek_antwoord") == "1").join(valid, on="bericht_nr")
    rejected = answers.select(*KEY, pl.lit(value=True).alias("is_afgewezen")).unique()
    cases = frames["aangevraagd"].join(valid, on="bericht_nr").join(first, on=KEY, how="left")
    judged = cases.join(rejected, on=KEY, how="left").filter(
        pl.col("dag").is_not_null() | pl.col("is_afgewezen").is_null()
    )
    last = pl.col("dagtekening").dt.add_business_days(5, holidays=_feast_days(), roll="backward")
    in_time = (pl.coalesce("dag", pl.lit(peildatum)) <= last).alias("is_binnen")
    usable = judged.filter(pl.col("dag").is_null() | (pl.col("dag") >= pl.col("dagtekening"))).with_columns(in_time)
    decided = usable.filter(pl.col("dag").is_not_null() | ~pl.col("is_binnen"))
    return decided.group_by("gemeente").agg(pl.col("is_binnen").mean().alias("aandeel")).sort("gemeente").collect()


def _same(con: Connection, found: pl.DataFrame) -> None:
    """Refuses to time another answer than the KPI's."""
    result = compute(con, HEADLINE, per=["gemeente"])
    at = result.columns.index("aandeel_binnen_norm")
    ours = {row[0]: row[at] for row in result.rows if row[at] is not None}
    theirs = dict(found.iter_rows())
    if ours.keys() != theirs.keys() or any(abs(ours[name] - theirs[name]) > 1e-12 for name in ours):
        raise SystemExit("Polars and the KPI do not agree")


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
    raw = {name: _frame(con, query) for name, query in RAW.items()}
    peildatum = compute(con, HEADLINE).peildatum
    _same(con, in_polars_whole(raw, peildatum))
    found: dict[str, Callable[[], object]] = {
        "Polars, the whole definition, frames in memory": lambda: in_polars_whole(raw, peildatum),
        "Polars, reference alone, frames in memory": lambda: in_polars(requests, answers),
        HEADLINE: lambda: compute(con, HEADLINE, per=["gemeente"]),
    }
    if importlib.util.find_spec("pandas"):
        import pandas as pd

        frames = [pd.DataFrame(each.to_dict(as_series=False)) for each in (requests, answers)]
        found["pandas and numpy.busday_count, reference alone, frames in memory"] = lambda: in_pandas(*frames)
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
