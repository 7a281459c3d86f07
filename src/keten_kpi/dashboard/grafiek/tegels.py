"""A tile for each gemeente, grouped by province: a map for who looks for a name, not for a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

CLASSES = 5


@dataclass(frozen=True, slots=True)
class Tegel:
    """``aandeel`` is None where it is not shown."""

    naam: str
    groep: str
    aandeel: float | None


def _tile(tegel: Tegel) -> str:
    if tegel.aandeel is None:
        return f'<span class="tegel leeg" title="{escape(tegel.naam)}: niet getoond">·</span>'
    kind = min(int(tegel.aandeel * CLASSES), CLASSES - 1)
    whole = f"{round(tegel.aandeel * 100)}"
    return f'<span class="tegel t{kind}" title="{escape(tegel.naam)}: {whole} %">{whole}</span>'


def tegelkaart(tegels: Sequence[Tegel], title: str) -> str:
    """One image for who does not see it: the table below it says the same."""
    ordered = sorted(tegels, key=lambda tegel: (tegel.groep, tegel.naam))
    found = []
    for groep, members in groupby(ordered, lambda tegel: tegel.groep):
        tiles = "".join(map(_tile, members))
        found.append(f'<div class="provincie"><p>{escape(groep)}</p><div>{tiles}</div></div>')
    shown = sum(tegel.aandeel is not None for tegel in tegels)
    told = f"{title}. Een tegel per gemeente, per provincie, met het percentage; {shown} van {len(tegels)} getoond."
    return f'<div role="img" aria-label="{escape(told)}" class="tegelkaart">{"".join(found)}</div>'
