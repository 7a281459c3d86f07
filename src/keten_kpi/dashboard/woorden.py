"""Numbers and days as a Dutch reader writes them."""

from __future__ import annotations

from datetime import date

MAANDEN = (
    "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905
)
SHARES = ("aandeel_", "gemiddelde_overlap")
HIDDEN = "niet getoond"
NONE = "geen"


def getal(value: float, decimals: int = 0) -> str:
    """With a point per thousand and a decimal comma.

    >>> getal(12345.25, 1)
    '12.345,2'
    """
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def procent(share: float) -> str:
    """A share as a percentage, on one line.

    >>> procent(0.076923).replace(chr(160), " ")
    '7,7 %'
    """
    return f"{getal(share * 100, 1)}\N{NO-BREAK SPACE}%"


def dag(day: date) -> str:
    """A day in full.

    >>> dag(date(2020, 2, 28))
    '28 februari 2020'
    """
    return f"{day.day} {MAANDEN[day.month - 1]} {day.year}"


def kolomwoord(name: str) -> str:
    """A column as a reader sees it.

    >>> kolomwoord("aandeel_binnen_norm_laag")
    'aandeel binnen norm, ondergrens'
    """
    for ending, words in {"_laag": ", ondergrens", "_hoog": ", bovengrens"}.items():
        if name.endswith(ending):
            return name.removesuffix(ending).replace("_", " ") + words
    return name.replace("_", " ")


def cel(name: str, value: object, hidden: frozenset[str] = frozenset()) -> str:
    """A value in a table; what is hidden says so."""
    if value is None:
        return HIDDEN if name in hidden else NONE
    if name.startswith(SHARES) and isinstance(value, int | float):
        return procent(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return dag(value) if isinstance(value, date) else str(value)
    return getal(value, 0 if value == int(value) else 1)
