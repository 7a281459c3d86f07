"""How a table fits a screen: words are whole or broken at a seam, figures are never cut, the last columns go first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import TextWrapper

LONG_WORDS = (
    "aan-bieder", "aan-bieders", "aan-deel", "aan-vaard", "af-gekeurd", "af-gewezen", "af-wijkend", "afwij-king",
    "ant-woord", "be-richten", "bericht-type", "bin-nen", "bui-ten", "cate-gorie", "clien-ten", "een-heid",
    "gecredi-teerd", "gedecla-reerd", "ge-haald", "geharmo-niseerd", "ge-meente", "ge-meenten", "iden-tificatie",
    "lijst-versie", "meet-baar", "onbeant-woord", "onbe-kend", "onbruik-baar", "opge-teld", "over-lap", "pres-taties",
    "refe-rentie", "regio-code", "retour-code", "toe-gekend", "toege-voegd", "toe-gewezen", "toe-stand", "toe-wijzing",
    "uiter-ste", "ver-schil", "ver-wacht", "ver-zenders", "voor-stel", "werk-dagen", "zeker-heid",
)  # fmt: skip
"""Words of headings, with where each may be broken."""
SEAMS = {word.replace("-", ""): word.replace("-", "- ") for word in LONG_WORDS}
WORDS = re.compile(r"\s+(?!%)")
PARTS = re.compile(r"(\s+(?!%))|(?<=[a-z][_-])(?=[a-z])")  # also within a code of ours: niet_in_lijst
LONGEST = 20  # what is longer and has no seam, such as an id, is cut where all else fails


class _Wrapper(TextWrapper):
    wordsep_simple_re = PARTS


@dataclass(frozen=True, slots=True)
class Fit:
    """How wide each column is, of those that fit, and how many blanks stand between two."""

    widths: tuple[int, ...]
    gap: int


def fit(headings: Sequence[str], columns: Sequence[Sequence[str]], width: int) -> Fit:
    """Chooses how many columns are shown, how wide, and the gap between them; at least one column stays.

    Args:
        headings: one per column.
        columns: the values of each column, as shown.
        width: of the screen, less its margins.
    """
    wanted = [max(map(len, (heading, *values))) for heading, values in zip(headings, columns, strict=True)]
    for number, gap, least in _attempts(headings, columns):
        room = width - gap * (number - 1)
        if sum(least[:number]) <= room:
            return Fit(tuple(_share_out(least[:number], wanted[:number], room)), gap)
    return Fit((min(wanted[0], width),), 1)


def _attempts(headings: Sequence[str], columns: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, list[int]]]:
    """Number of columns, gap, and the least widths, the best to read first."""
    number = len(headings)
    names = [_longest(name, WORDS) for name in headings]
    whole = [max((_longest(value, WORDS) for value in values), default=1) for values in columns]
    yield from ((number, gap, list(map(max, names, whole))) for gap in (3, 2))
    parts = [_longest(_hyphenated(name), WORDS) for name in headings]
    halves = [max(map(_halved, values), default=1) for values in columns]
    for shown in (number, number - 1):
        yield from (
            (shown, gap, list(map(max, parts, values))) for values in (whole, halves) for gap in (2, 1) if shown
        )
    broken = [max((_longest(value, PARTS) for value in values), default=1) for values in columns]
    cut = [min(width, LONGEST) for width in broken]
    for shown in range(number, 1, -1):
        yield from ((shown, gap, list(map(max, parts, values))) for values in (broken, cut) for gap in (2, 1))


def _longest(text: str, seam: re.Pattern[str]) -> int:
    return max((len(part) for part in seam.split(text) if part), default=1)


def _halved(text: str) -> int:
    """The width at which a text without blanks takes no more than two lines."""
    words = WORDS.split(text)
    return max((min(_seams(word), default=len(word)) for word in words), default=1)


def _seams(word: str) -> Iterator[int]:
    return (max(seam.start(), len(word) - seam.start()) for seam in PARTS.finditer(word))


def _hyphenated(heading: str, width: int = 0) -> str:
    """The heading with words that are wider than this broken in two."""
    return " ".join(SEAMS.get(word, word) if len(word) > width else word for word in heading.split())


def _share_out(least: Sequence[int], wanted: Sequence[int], room: int) -> list[int]:
    """Widens columns up to what each wants, the narrowest first, while there is room."""
    widths = list(least)
    for _ in range(room - sum(least)):
        short = [place for place, width in enumerate(widths) if width < wanted[place]]
        if short:
            widths[min(short, key=lambda place: widths[place])] += 1
    return widths


def break_heading(heading: str, width: int) -> str:
    """The heading in lines: between its words, and within one that is wider than the column."""
    return "\n".join(_wrap(_hyphenated(heading, width), width))


def break_value(value: str, width: int) -> str:
    """The value in lines that are no wider than its longest part.

    >>> print(break_value("niet_in_lijst", 8))
    niet_in_
    lijst
    """
    return value if len(value) <= width else "\n".join(_wrap(value, width))


def _wrap(text: str, width: int) -> list[str]:
    return _Wrapper(width=max(width, 1), break_on_hyphens=False).wrap(text)
