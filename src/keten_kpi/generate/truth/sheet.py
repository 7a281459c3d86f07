"""The answer sheets as csv: one per KPI, per gemeente and wet."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from keten_kpi.generate.truth.tally import MANY, TIJDNORMEN, Group, Tally

STATES = ("binnen_norm", "buiten_norm", "lopend", "afgewezen", "afgewezen_met_vervolg", "niet_meetbaar", "onbruikbaar")
PRODUCTS = (
    "berichten", "berichten_afwijkend", "berichten_onbekend", "regels", "regels_afwijkend", "regels_onbekend",
    "regels_zonder_code", "toewijzingen", "toewijzingen_afwijkend", "regels_niet_in_lijst",
    "regels_categorie_past_niet",
)  # fmt: skip
DIMENSIONS = {
    "verzoek-uitkomst": ("berichttype",),
    "afkeur-berichten": ("berichttype",),
    "berichtvolume": ("berichttype", "maand"),
}
ROUNDING = 1e-12  # a share of exactly one half must not be missed
Durations = dict[int, tuple[int, int]]  # werkdagen: how many were answered then, how many still waited


def write_sheets(tally: Tally, folder: Path) -> None:
    """Writes ``<kpi>.csv`` for every KPI into the folder."""
    for kpi in TIJDNORMEN:
        _write(folder / f"{kpi}.csv", ("gemeente", "wet"), (*STATES, *_SHARES), _time_rows(tally, kpi))
    for kpi in (
        "verzoek-uitkomst",
        "afkeur-berichten",
        "afkeur-declaraties",
        "ketenvolledigheid",
        "start-voor-toewijzing",
        "berichtvolume",
    ):
        names = sorted({column for found, _, column in tally.counts if found == kpi})
        _write(folder / f"{kpi}.csv", ("gemeente", "wet", *DIMENSIONS.get(kpi, ())), names, _rows(tally, kpi, names))
    _write(folder / "productcode-afwijking.csv", ("gemeente", "wet"), PRODUCTS, _product_rows(tally))
    _write(
        folder / "codevariatie.csv",
        ("gemeente", "wet"),
        ("codes", "codes_afwijkend", "codes_een_client"),
        _variation_rows(tally),
    )
    _write(
        folder / "codevariatie-aanbieder.csv",
        ("aanbieder", "wet"),
        ("codes", "gemeenten"),
        _distinct_rows(tally, "codevariatie-aanbieder", ("codes", "gemeenten")),
    )
    _write(
        folder / "berichtvolume-deelname.csv",
        ("berichttype",),
        ("gemeenten", "aanbieders"),
        _distinct_rows(tally, "berichtvolume-deelname", ("gemeenten", "aanbieders")),
    )


_SHARES = ("aandeel_binnen_norm", "mediaan_werkdagen", "p90_werkdagen", "mediaan_werkdagen_km")


def _write(path: Path, dimensions: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*dimensions, *columns])
        writer.writerows(rows)


def _groups(tally: Tally, kpi: str) -> list[Group]:
    return sorted({group for found, group, _ in tally.counts if found == kpi})


def _rows(tally: Tally, kpi: str, columns: Sequence[str]) -> list[list[object]]:
    return [[*group, *(tally.counts[kpi, group, column] for column in columns)] for group in _groups(tally, kpi)]


def _product_rows(tally: Tally) -> list[list[object]]:
    return _rows(tally, "productcode-afwijking", PRODUCTS)


def _distinct_rows(tally: Tally, kpi: str, columns: Sequence[str]) -> list[list[object]]:
    groups = sorted({group for found, group, _ in tally.distinct if found == kpi})
    return [[*group, *(len(tally.distinct.get((kpi, group, column), ())) for column in columns)] for group in groups]


def _variation_rows(tally: Tally) -> list[list[object]]:
    alone: dict[Group, int] = defaultdict(int)
    for (gemeente, wet, _), client in tally.single.items():
        alone[gemeente, wet] += client != MANY
    return [
        [*row, alone[str(row[0]), str(row[1])]]
        for row in _distinct_rows(tally, "codevariatie", ("codes", "codes_afwijkend"))
    ]


def _time_rows(tally: Tally, kpi: str) -> list[list[object]]:
    """The figures of a time norm per group, without value where there is nothing to divide or to rank."""
    durations: dict[Group, Durations] = defaultdict(dict)
    for (found, group, days, answered), number in tally.durations.items():
        if found == kpi:
            done, waiting = durations[group].get(days, (0, 0))
            durations[group][days] = (done + number, waiting) if answered else (done, waiting + number)
    return [_time_row(tally, kpi, group, durations[group]) for group in _groups(tally, kpi)]


def _time_row(tally: Tally, kpi: str, group: Group, durations: Durations) -> list[object]:
    counts = [tally.counts[kpi, group, state] for state in STATES]
    counts[STATES.index("afgewezen")] += tally.counts[kpi, group, "afgewezen_met_vervolg"]  # counted in both
    judged = counts[0] + counts[1]
    share = counts[0] / judged if judged else ""
    return [*group, *counts, share, _quantile(durations, 0.5), _quantile(durations, 0.9), _kaplan_meier(durations)]


def _quantile(durations: Durations, q: float) -> float | str:
    """The continuous quantile of the answered ones."""
    values = [(days, done) for days, (done, _) in sorted(durations.items()) if done]
    total = sum(done for _, done in values)
    if not total:
        return ""
    place = q * (total - 1)
    low = int(place)
    below, above = _nth(values, low), _nth(values, min(low + 1, total - 1))
    return below + (above - below) * (place - low)


def _nth(values: list[tuple[int, int]], place: int) -> int:
    for days, number in values:
        if place < number:
            return days
        place -= number
    return values[-1][0]


def _kaplan_meier(durations: Durations) -> int | str:
    """The first duration by which half are answered, when open cases may still wait as long as any."""
    at_risk, share = sum(done + waiting for done, waiting in durations.values()), 1.0
    for days, (done, waiting) in sorted(durations.items()):
        share *= 1 - done / at_risk
        if share <= 0.5 + ROUNDING:
            return days
        at_risk -= done + waiting
    return ""
