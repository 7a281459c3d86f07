"""Bars: how cases are spread over durations, and counts side by side."""

from __future__ import annotations

from collections.abc import Sequence

from keten_kpi.dashboard.cijfers import Balk
from keten_kpi.dashboard.grafiek.vlak import LEFT, RIGHT, across, below, chart, down, grid, line, steps, words
from keten_kpi.dashboard.woorden import getal

HEIGHT = 220
GAP = 0.12  # of a bar, on either side
MIDDLE = 0.5


def _bar(at: int, many: int, part: float, kind: str) -> str:
    x, width = across((at + GAP) / many), f"{round((1 - 2 * GAP) / many * (RIGHT - LEFT), 2):g}%"
    height = f"{round(part * HEIGHT, 1):g}"
    return f'<rect x="{x}" y="{down(part, HEIGHT)}" width="{width}" height="{height}" class="{kind}"/>'


def histogram(bars: Sequence[Balk], norm: int, eenheid: str, title: str) -> str:
    """How long cases took. A line shows the norm; bars within it are open, those beyond it filled."""
    marks = steps(max(bar.aantal for bar in bars))
    top = marks[-1] or 1
    within = sum(bar.toestand == "binnen_norm" for bar in bars)
    drawn = "".join(_bar(at, len(bars), bar.aantal / top, f"staaf {bar.toestand}") for at, bar in enumerate(bars))
    place = within / len(bars)
    rule = line(across(place), "6", across(place), down(0, HEIGHT), "norm")
    side = "start" if place < MIDDLE else "end"
    shift = 0.012 if side == "start" else -0.012
    label = words(f"norm: {norm} {eenheid}", across(place + shift), "14", "norm", side)
    unit = words(f"gevallen per aantal {eenheid}", "100%", "14", "as breed", "end")
    body = (
        grid([(mark / top, getal(mark)) for mark in marks], HEIGHT)
        + drawn
        + rule
        + label
        + (unit if place < MIDDLE else "")
    )
    body += below([bar.kort for bar in bars], HEIGHT)
    described = "; ".join(f"{bar.label}: {getal(bar.aantal)}" for bar in bars)
    return chart(body, HEIGHT, title, f"Staafdiagram, gevallen per aantal {eenheid}. {described}.")


ROW = 40


def staven(rows: Sequence[tuple[str, float, str]], title: str, *, most: float | None = None) -> str:
    """A line per row: its name and what it comes to in words above a bar; ``most``, or the most, fills the width."""
    most = most or max((value for _, value, _ in rows), default=0) or 1
    found = []
    for at, (name, value, told) in enumerate(rows):
        y = at * ROW
        width = f"{round(value / most * 100, 2):g}%"
        found += [
            words(name, "0", f"{y + 14}", "naam"),
            words(told, "100%", f"{y + 14}", "naam", "end"),
            f'<rect x="0" y="{y + 20}" width="{width}" height="9" class="staaf vol"/>',
        ]
    described = "; ".join(f"{name}: {told}" for name, _, told in rows)
    return chart("".join(found), len(rows) * ROW - 52, title, f"Liggende staven. {described}.")
