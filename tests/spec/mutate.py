"""Breaks SQL on purpose, one small thing at a time.

The files have one term per line, so that most mutants are a line changed or left out. A mutant is named by its file,
the CTE and the line, and what was done to it: the name lasts as long as the line does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One SQL text with one thing broken."""

    file: str
    what: str
    sql: str

    @property
    def name(self) -> str:
        return f"{self.file}: {self.what}"


SWAPS = (
    ("<= to <", r"<=", "<"),
    (">= to >", r">=", ">"),
    ("< to <=", r"<(?![=>])", "<="),
    ("> to >=", r"(?<![<=])>(?!=)", ">="),
    ("<> to =", r"<>", "="),
    ("LEFT to INNER", r"\bLEFT JOIN\b", "INNER JOIN"),
    ("INNER to LEFT", r"\bINNER JOIN\b", "LEFT JOIN"),
    ("min to max", r"\bMIN\(", "MAX("),
    ("max to min", r"\bMAX\(", "MIN("),
    ("min_by to max_by", r"\bMIN_BY\(", "MAX_BY("),
    ("first of row dropped", r"\bROW\([\w.]+, ", "ROW("),
    ("last of row dropped", r"\bROW\((.+?), [\w.]+\)", r"ROW(\1)"),
    ("least to greatest", r"\bLEAST\(", "GREATEST("),
    ("NOT dropped", r"\bNOT (?!DISTINCT|NULL)", ""),
    ("IS NULL to IS NOT NULL", r"\bIS NULL\b", "IS NOT NULL"),
    ("IS NOT NULL to IS NULL", r"\bIS NOT NULL\b", "IS NULL"),
    ("IS NOT DISTINCT FROM to =", r"\bIS NOT DISTINCT FROM\b", "="),
    ("AND to OR", r"\bAND\b(?! [\w.']+( \+ [\w.]+)?$)(?<!BETWEEN )", "OR"),
    ("OR to AND", r"\bOR\b(?! REPLACE)", "AND"),
    ("DESC to ASC", r"\bDESC\b", "ASC"),
    ("ASC to DESC", r"\bASC\b", "DESC"),
    ("DISTINCT dropped", r"(?<=SELECT )DISTINCT ", ""),
    ("lead to lag", r"\bLEAD\(", "LAG("),
    ("dense_rank to row_number", r"\bDENSE_RANK\(", "ROW_NUMBER("),
    ("+ to -", r" \+ ", " - "),
    ("- to +", r"(?<=\s)- ", "+ "),
    ("UNION ALL to EXCEPT", r"\bUNION ALL\b", "EXCEPT"),
    ("UNION to EXCEPT", r"\bUNION\b(?! ALL)", "EXCEPT"),
    ("1 to 2", r"(?<![\w.'])1(?![\w.'])", "2"),
    ("1 to 0", r"(?<![\w.'])1(?![\w.'])", "0"),
    ("0 to 1", r"(?<![\w.'])0(?![\w.'])", "1"),
    ("0.5 to 0.4", r"\b0\.5\b", "0.4"),
    ("0.9 to 0.8", r"\b0\.9\b", "0.8"),
    ("TRUE to FALSE", r"\bTRUE\b", "FALSE"),
    ("FALSE to TRUE", r"\bFALSE\b", "TRUE"),
    ("ROWS dropped", r"^\s*ROWS BETWEEN .* PRECEDING$|ROWS UNBOUNDED PRECEDING", ""),
    ("FILTER dropped", r" FILTER \(WHERE .*?\)(?= AS)", ""),
    ("string changed", r"'[A-Za-z_]{3,}'", "'gebroken'"),
    ("BETWEEN without its first day", r"([\w.]+) BETWEEN ([\w.]+) AND", r"\1 <> \2 AND \1 BETWEEN \2 AND"),
    (
        "BETWEEN without its last day",
        r"([\w.]+) BETWEEN ([\w.]+) AND ([\w.]+( \+ [\w.]+)?)",
        r"\1 <> \3 AND \1 BETWEEN \2 AND \3",
    ),
    ("first of coalesce dropped", r"\bCOALESCE\(([\w.]+), ", "COALESCE("),
    ("last of coalesce dropped", r"\bCOALESCE\((.+?), ([\w.]+)\)", r"COALESCE(\1)"),
)
SEPARATOR = re.compile(r"^(\s*)(AND|OR) (?!.*THEN)")
PARTITION = re.compile(r"(PARTITION BY|ORDER BY|GROUP BY) ([\w., ]+?)(?=$|\)| ROWS| ORDER)")
TERM_OF_LIST = re.compile(r"^\s*, ([\w.]+)( DESC)?$")
LIST_START = re.compile(r"(PARTITION BY|ORDER BY|GROUP BY)$")
WHEN = re.compile(r"^\s*WHEN .* THEN .*$")


def _code_lines(sql: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(sql.splitlines()):
        if line.strip() and not line.strip().startswith("--"):
            yield number, line


def _replaced(sql: str, number: int, line: str | None) -> str:
    lines = sql.splitlines()
    if line is None:
        del lines[number]
    else:
        lines[number] = line
    return "\n".join(lines) + "\n"


def _swaps(sql: str) -> Iterator[tuple[int, str, str | None]]:
    for number, line in _code_lines(sql):
        for what, pattern, new in SWAPS:
            for place, found in enumerate(re.finditer(pattern, line)):
                changed = line[: found.start()] + found.expand(new) + line[found.end() :]
                yield number, f"{what}{f' ({place + 1})' if place else ''}", changed


def _dropped_terms(sql: str) -> Iterator[tuple[int, str, str | None]]:
    """Terms of a condition: the lines that start with AND or OR, and the first, alone after ON or WHERE."""
    previous = ""
    for number, line in _code_lines(sql):
        if SEPARATOR.match(line):
            yield number, "term dropped", None
        elif previous.strip() in {"ON", "WHERE"}:
            yield number, "term dropped", re.sub(r"\S.*", "TRUE", line, count=1)
        elif found := re.match(r"(.*\b(?:ON|WHERE|HAVING)) [^()]+$", line):
            yield number, "condition dropped", f"{found.group(1)} TRUE"
        elif WHEN.match(line):
            yield number, "branch dropped", None
        previous = line


def _list_lines(sql: str) -> set[int]:
    """The lines that are one term of a multi-line PARTITION BY, ORDER BY or GROUP BY."""
    found, inside = set(), False
    for number, line in _code_lines(sql):
        if LIST_START.search(line):
            inside = True
        elif inside and not re.match(r"^\s*,? ?[\w.]+( DESC)?$", line):
            inside = False
        elif inside:
            found.add(number)
    return found


def _dropped_from_lists(sql: str) -> Iterator[tuple[int, str, str | None]]:
    lists = _list_lines(sql)
    for number, line in _code_lines(sql):
        if number in lists and TERM_OF_LIST.match(line):
            yield number, "term of list dropped", None
        elif number in lists:
            yield number, "term of list dropped", re.sub(r"[\w.]+( DESC)?$", "NULL", line)
        for found in PARTITION.finditer(line):
            terms = found.group(2).split(", ")
            for term in terms if len(terms) > 1 or "PARTITION" in found.group(1) else ():
                rest = ", ".join(other for other in terms if other != term) or "NULL"
                changed = line[: found.start(2)] + rest + line[found.end(2) :]
                yield number, f"{term} dropped from {found.group(1)}", changed
        if number in lists and not line.endswith(" DESC") and _in_order(sql, number):
            yield number, "ASC to DESC", f"{line} DESC"


def _in_order(sql: str, number: int) -> bool:
    lines = sql.splitlines()
    starts = [line for line in lines[:number] if LIST_START.search(line)]
    return bool(starts) and starts[-1].strip().endswith("ORDER BY")


def _first_order_reversed(sql: str) -> Iterator[tuple[int, str, str | None]]:
    for number, line in _code_lines(sql):
        for found in re.finditer(r"ORDER BY ((?:[\w.]+(?: DESC| ASC)?(?:, )?)+)", line):
            for term in found.group(1).split(", "):
                if not term.endswith(("DESC", "ASC")):
                    changed = (
                        line[: found.start(1)] + found.group(1).replace(term, f"{term} DESC", 1) + line[found.end(1) :]
                    )
                    yield number, f"{term} to DESC", changed


def _cte(lines: list[str], number: int) -> str:
    starts = (
        re.match(r"(?:WITH|,) (\w+) AS \($", line) for line in reversed(lines[: number + 1]) if not line.startswith(" ")
    )
    first = next(starts, None)
    return f"{first.group(1)}, " if first else ""


def mutants_of(file: str, sql: str) -> list[Mutant]:
    """All mutants of one SQL text, each under its own name."""
    lines = sql.splitlines()
    texts: dict[str, str] = {}
    names: dict[str, int] = {}
    for maker in (_swaps, _dropped_terms, _dropped_from_lists, _first_order_reversed):
        for number, what, line in maker(sql):
            text = _replaced(sql, number, line)
            if line == lines[number] or text in texts:
                continue
            name = f"{_cte(lines, number)}`{' '.join(lines[number].split())}`: {what}"
            names[name] = names.get(name, 0) + 1
            texts[text] = name if names[name] == 1 else f"{name} (line {names[name]})"
    return [Mutant(file, what, text) for text, what in texts.items()]
