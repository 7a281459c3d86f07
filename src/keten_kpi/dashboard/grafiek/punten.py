"""Points: shares side by side with their intervals, and shares by size within the limits of chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from keten_kpi.dashboard.grafiek.vlak import (
    SHARES,
    across,
    chart,
    down,
    fitting,
    grid,
    line,
    path,
    shape,
    steps,
    strokes,
    words,
)
from keten_kpi.dashboard.woorden import getal, procent
from keten_kpi.kpi import funnel

ROW = 44
LONG = 28  # letters of a name that leave no room for its share beside it on a phone
BELOW = 18  # then the share stands below the line
HEIGHT = 240
MIDDLE = 0.5
STEPS = 24


@dataclass(frozen=True, slots=True)
class Punt:
    """A group with its share, interval and number of cases."""

    naam: str
    aandeel: float
    laag: float
    hoog: float
    gevallen: int = 0


def _whole(part: float) -> str:
    """A place on a line from 0 to 100 % over the whole width, with room for a point at its ends."""
    return f"{round(1 + part * 98, 2):g}%"


def _row(y: int, punt: Punt, lower: int) -> str:
    return (
        words(punt.naam, "0", f"{y + 14}", "naam")
        + words(procent(punt.aandeel), "100%", f"{y + 14 + lower}", "naam", "end")
        + line("0", f"{y + 25}", "100%", f"{y + 25}", "raster")
        + line(_whole(punt.laag), f"{y + 25}", _whole(punt.hoog), f"{y + 25}", "marge")
        + f'<circle cx="{_whole(punt.aandeel)}" cy="{y + 25}" r="5" class="stip"/>'
    )


def rangorde(punten: Sequence[Punt], title: str) -> str:
    """A row per group: its name, its share, and on a line from 0 to 100 % the share with its 95 % interval."""
    below = BELOW if any(len(punt.naam) > LONG for punt in punten) else 0
    row = ROW + below
    body = "".join(_row(at * row, punt, below and below + 12) for at, punt in enumerate(punten))
    described = "; ".join(f"{punt.naam}: {procent(punt.aandeel)}" for punt in punten)
    words_ = f"Punten met hun 95%-interval op een lijn van 0 tot 100 %. {described}."
    return chart(body, len(punten) * row - 52, title, words_)


def rups(punten: Sequence[Punt], title: str) -> str:
    """Many groups in one row, from low to high, each with its 95 % interval; the first and last have their name."""
    places = [(at + 0.5) / len(punten) for at in range(len(punten))]
    lines = [((x, punt.laag), (x, punt.hoog)) for x, punt in zip(places, punten, strict=True)]
    dots = [((x, punt.aandeel), (x, punt.aandeel)) for x, punt in zip(places, punten, strict=True)]
    drawn = [
        grid(SHARES, HEIGHT),
        shape(strokes(lines, HEIGHT, "streepjes") + strokes(dots, HEIGHT, "stippen"), HEIGHT),
    ]
    low, high = down(0, HEIGHT + 18), "98%"
    drawn += [
        words(f"laagst: {punten[0].naam}", "11%", low),
        words(f"hoogst: {punten[-1].naam}", high, low, "as", "end"),
    ]
    told = f"Punten van laag naar hoog, elk met een 95%-interval: {punten[0].naam} {procent(punten[0].aandeel)} tot "
    return chart("".join(drawn), HEIGHT, title, f"{told}{punten[-1].naam} {procent(punten[-1].aandeel)}.")


def _sizes(most: int) -> list[int]:
    return sorted({max(1, round(most ** (step / STEPS))) for step in range(STEPS + 1)} | {most})


@lru_cache(maxsize=16)
def _limits(most: int, top: float, share: float) -> str:
    """Two bands: within the dark one lie 95 % of the groups by chance, within the light one 99.8 %."""
    found = [(n / top, funnel(n, share)) for n in _sizes(most)]
    wide = [*((x, f.laag_998) for x, f in found), *((x, f.hoog_998) for x, f in reversed(found))]
    near = [*((x, f.laag_95) for x, f in found), *((x, f.hoog_95) for x, f in reversed(found))]
    return "".join(path(points, HEIGHT, kind, is_closed=True) for points, kind in ((wide, "ruim"), (near, "krap")))


def _dots(punten: Sequence[Punt], top: float, own: str | None) -> Iterator[str]:
    """The own point is a diamond, and last: it lies above the others."""
    for punt in sorted(punten, key=lambda point: (point.naam == own, point.naam)):
        x, y = across(punt.gevallen / top), down(punt.aandeel, HEIGHT)
        if punt.naam != own:
            yield f'<circle cx="{x}" cy="{y}" r="4" class="stip ander"/>'
            continue
        side, shift = ("end", -0.02) if punt.gevallen / top > MIDDLE else ("start", 0.02)
        above = f"{float(y) + (18 if punt.aandeel > MIDDLE else -8):g}"
        yield f'<svg x="{x}" y="{y}" overflow="visible"><path d="M0,-9 9,0 0,9 -9,0Z" class="eigen"/></svg>'
        yield words(punt.naam, across(punt.gevallen / top + shift), above, "eigen", side)


def trechter(punten: Sequence[Punt], share: float, title: str, *, own: str | None = None) -> str:
    """Shares by number of cases, within the limits of chance around one share."""
    most = max(punt.gevallen for punt in punten)
    marks = steps(most)
    top = float(marks[-1] or 1)
    body = grid(SHARES, HEIGHT) + shape(_limits(int(top), top, share), HEIGHT)
    y = down(share, HEIGHT)
    body += line(across(0), y, across(1), y, "norm") + "".join(_dots(punten, top, own))
    body += "".join(
        words(getal(marks[at]), across(marks[at] / top), down(0, HEIGHT + 18), kind, "middle")
        for at, _, kind in fitting([str(mark) for mark in marks])
    )
    body += words("aantal gevallen", across(1), "14", "as", "end")
    described = (
        "Trechtergrafiek: hoe meer gevallen, hoe smaller de band. In de donkere band ligt 95 % van de gemeenten door "
        f"toeval, in de lichte 99,8 %; de stippellijn is het land, {procent(share)}."
    )
    return chart(body, HEIGHT, title, described)


def spreiding(grenzen: Sequence[float], eigen: float, naam: str, title: str) -> str:
    """Where one share lies among those of others, of which only the 10th, 25th, 50th, 75th and 90th part are told."""
    p10, p25, p50, p75, p90 = grenzen
    x, y = _whole(eigen), 44
    half = f"{round(max(p75 - p25, 0.004) * 98, 2):g}%"
    body = line("0", f"{y}", "100%", f"{y}", "raster")
    body += line(_whole(p10), f"{y}", _whole(p90), f"{y}", "marge")
    body += f'<rect x="{_whole(p25)}" y="{y - 11}" width="{half}" height="22" class="helft"/>'
    body += line(_whole(p50), f"{y - 15}", _whole(p50), f"{y + 15}", "midden")
    body += f'<svg x="{x}" y="{y}" overflow="visible"><path d="M0,-9 9,0 0,9 -9,0Z" class="eigen"/></svg>'
    body += words(naam, x, "20", "eigen", "end" if eigen > MIDDLE else "start")
    body += "".join(
        words(f"{step * 25} %", _whole(step / 4), "80", "as", {0: "start", 4: "end"}.get(step, "middle"))
        for step in range(5)
    )
    told = (
        f"Op een lijn van 0 tot 100 %: de middelste helft van de andere gemeenten ligt tussen {procent(p25)} en "
        f"{procent(p75)}, de middelste gemeente op {procent(p50)}; {naam} op {procent(eigen)}."
    )
    return chart(body, 36, title, told)
