"""The lists that ship with the package, as rows of text; ``lijsten/README.md`` has source and vintage of each."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources

Row = dict[str, str]
FOLDER = resources.files("keten_kpi.standaard").joinpath("lijsten")


@cache
def read_lijst(name: str) -> tuple[Row, ...]:
    """The rows of ``lijsten/<name>.csv``; an empty cell is an empty string."""
    text = FOLDER.joinpath(f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


def _successor(code: str, successors: dict[str, str]) -> str:
    seen: set[str] = set()
    while successors.get(code) and code not in seen:
        seen.add(code)
        code = successors[code]
    return code


def gemeenten() -> list[Row]:
    """Every gemeente code ever, with provincie, jeugdregio and size of the gemeente that it is part of in 2026.

    Of a gemeente that was split the successor is the one in RvIG tabel 33; ``herindelingen.csv`` tells the rest.
    """
    rows = read_lijst("gemeenten")
    successors = {row["gemeente"]: row["opgevolgd_door"] for row in rows}
    now = {row["gemeente"]: row for row in read_lijst("gemeenten_2026")}
    found = []
    for row in rows:
        last = _successor(row["gemeente"], successors)
        facts = now.get(last, {})
        kept = {name: facts.get(name, "") for name in ("provincie", "jeugdregio", "jeugdregio_2021", "grootteklasse")}
        found.append({**row, **kept, "gemeente_2026": last if facts else ""})
    return found
