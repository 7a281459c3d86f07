"""What was to be reached beside what was measured: the table at the top of docs/performance.md.

Ratios and the start are of the run that writes the page. What holds for a national year is read from the tables that
``benchmarks.growth`` and ``benchmarks.differential --keep`` add to.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

GROWTH, MUTANTS = Path(__file__).with_name("growth.md"), Path(__file__).with_name("mutants.md")
NOT = "not measured"


def rows(table: str) -> list[dict[str, str]]:
    """The rows of the table in a page of Markdown, by column; only those in which every cell is filled.

    >>> rows("| a | b |\\n|---|---:|\\n| 1 | 2 |\\n| 3 |  |")
    [{'a': '1', 'b': '2'}]
    """
    lines = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    names, *found = [[cell.strip() for cell in line] for line in lines]
    return [dict(zip(names, cells, strict=True)) for cells in found if len(cells) == len(names) and all(cells)]


def _memory(growth: list[dict[str, str]]) -> tuple[str, str]:
    """Peak of main and worker at the largest size, and how much that is more than at the smallest of that day."""
    if len(growth) < 2:
        return NOT, NOT
    last = max(growth, key=_messages)
    first = min((row for row in growth if row["date"] == last["date"]), key=_messages)
    more = [_number(last[who]) / _number(first[who]) - 1 for who in ("peak MiB, main", "worker")]
    peak = f"{last['peak MiB, main']} / {last['worker']} MiB at {last['messages']}"
    return peak, f"{more[0]:+.0%} / {more[1]:+.0%} from {first['messages']} to {last['messages']}"


def _share(here: float, row: Mapping[str, str]) -> str:
    return f"{here:.1%} here, {row['database / XML']} at {row['messages']}" if row else f"{here:.1%}"


def _seconds(row: Mapping[str, str], name: str) -> str:
    return f"{row[name]} s at {row['messages']}" if row else NOT


def _messages(row: Mapping[str, str]) -> float:
    return _number(row["messages"])


def _number(cell: str) -> float:
    return float(cell.replace(",", ""))


def table(ratios: Mapping[str, str], share: float, start: float) -> str:
    """What, reach, aim, measured."""
    growth, mutants = rows(GROWTH.read_text("utf-8"))[::-1], rows(MUTANTS.read_text("utf-8"))  # the latest of a size
    largest = max(growth, key=_messages, default={})
    peak, more = _memory(growth)
    wrong = f"{mutants[-1]['taken wrongly']} in {mutants[-1]['mutants']}" if mutants else NOT
    goals = [
        ("validate + shred, one core, against libxml2 in C", "2.5 times", "4 times", ratios.get("libxml2", NOT)),
        ("the same against lxml parse + validate + one-pass walk", "4 times", "6 times", ratios.get("walk", NOT)),
        ("ingest of a tar, 2 workers, against `xargs -P2 xmllint`", "1.1 times", "1.5 times", ratios["two"]),
        ("ingest of a tar, 1 process, against one xmllint", "1.0 times", "1.3 times", ratios["one"]),
        ("ingest, 2 workers, against PySpark without validation", "4 times", "6 times", ratios.get("spark", NOT)),
        ("peak memory main / worker", "0.6 / 0.3 GB", "", peak),
        ("growth of that memory", "< 10%", "", more),
        ("database / raw XML", "4%", "3%", _share(share, largest)),
        ("all KPIs on a national year", "60 s", "20 s", _seconds(largest, "all KPIs s")),
        ("one KPI per gemeente", "3 s", "1 s", _seconds(largest, "doorlooptijd s")),
        ("ingest of a delivery already known, against the first time", "10 times", "", ratios["known"]),
        ("`keten-kpi --help`", "0.3 s", "0.15 s", f"{start:.2f} s"),
        ("false accepts of the fast engine on mutants", "0 in 2,000,000", "", wrong),
    ]
    lines = [f"| {' | '.join(cells)} |" for cells in goals]
    return "\n".join(["| what | reach | aim | measured |", "|---|---|---|---|", *lines])
