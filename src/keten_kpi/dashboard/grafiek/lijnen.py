"""Lines through months, with a band for how sure each is; a month that is not shown leaves a gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from keten_kpi.dashboard.cijfers import Row
from keten_kpi.dashboard.grafiek.vlak import SHARES, across, below, chart, down, grid, line, path, shape, words
from keten_kpi.dashboard.woorden import korte_maand, procent

HEIGHT, SMALL_HEIGHT = 200, 44
Step = tuple[float, float, float, float]  # place, share, lower and upper bound
WORDS = "Lijn per maand, met een band voor het 95%-interval."


def _steps(rows: Sequence[Row], name: str) -> Iterator[list[Step]]:
    """Runs of months that are shown."""
    numbered = [(at, row) for at, row in enumerate(rows)]
    for shown, run in groupby(numbered, lambda pair: pair[1].get(name) is not None):
        if shown:
            yield [_step((at + 0.5) / len(rows), row, name) for at, row in run]


def _step(place: float, row: Row, name: str) -> Step:
    share, low, high = (float(str(row[column])) for column in (name, f"{name}_laag", f"{name}_hoog"))
    return place, share, low, high


def _edge(run: Sequence[Step], height: float, decimals: int = 1) -> str:
    """The band; around a month alone it is as wide as a stroke."""
    if len(run) == 1:
        x, _, low, high = run[0]
        run = [(x - 0.004, 0, low, high), (x + 0.004, 0, low, high)]
    points = [*((x, low) for x, _, low, _ in run), *((x, high) for x, _, _, high in reversed(run))]
    return path(points, height, "band", is_closed=True, decimals=decimals)


def _curve(run: Sequence[Step], height: float, kind: str, *, alone: float = 0, decimals: int = 1) -> str:
    """A month alone is a dash that wide, or nothing."""
    points = [(x, share) for x, share, _, _ in run]
    if len(points) == 1 and alone:
        ((x, share),) = points
        points = [(x - alone, share), (x + alone, share)]
    return path(points, height, kind, decimals=decimals) if len(points) > 1 else ""


def trend(rows: Sequence[Row], name: str, title: str, land: Sequence[Row] = ()) -> str:
    """A share per month with its 95 % interval; ``land`` are the same months of the country, as a dashed line."""
    runs = list(_steps(rows, name))
    drawn = "".join(_edge(run, HEIGHT) for run in runs) + "".join(_curve(run, HEIGHT, "lijn") for run in runs)
    beside = list(_steps(land, name))
    drawn += "".join(_curve(run, HEIGHT, "lijn land") for run in beside)
    dots = "".join(
        f'<circle cx="{across(x)}" cy="{down(share, HEIGHT)}" r="3.5" class="stip"/>'
        for run in runs
        for x, share, _, _ in run
    )
    body = grid(SHARES, HEIGHT) + shape(drawn, HEIGHT) + dots
    body += below([korte_maand(str(row["maand"])) for row in rows], HEIGHT)
    told = "; ".join(f"{row['maand']}: {_told(row.get(name))}" for row in rows)
    return chart(body + _key(bool(beside)), HEIGHT, title, f"{WORDS} {told}.")


def _told(value: object) -> str:
    return "niet getoond" if value is None else procent(float(str(value)))


def _key(has_land: bool) -> str:
    """What the dashed line is."""
    if not has_land:
        return ""
    return line("72%", "9", "78%", "9", "lijn land") + words("landelijk", "79%", "13", "naam")


def klein(rows: Sequence[Row], name: str) -> str:
    """A line without words, for a row of many: the whole height is 0 to 100 %, the thin line 50 %; in whole pixels."""
    runs = list(_steps(rows, name))
    drawn = path([(0, 0.5), (1, 0.5)], SMALL_HEIGHT, "raster")
    for run in runs:
        drawn += _edge(run, SMALL_HEIGHT, 0) + _curve(run, SMALL_HEIGHT, "lijn", alone=0.02, decimals=0)
    box = f'width="100%" height="{SMALL_HEIGHT}" viewBox="0 0 1000 {SMALL_HEIGHT}" preserveAspectRatio="none"'
    return f'<svg aria-hidden="true" class="kaart" {box}>{drawn}</svg>'
