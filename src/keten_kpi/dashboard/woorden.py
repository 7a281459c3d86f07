"""Numbers and days as a Dutch reader writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

MAANDEN = (
    "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905
)
SHARES = ("aandeel_", "gemiddelde_overlap")
KOLOMMEN = {
    "naam": "gemeente",
    "titel": "termijn",
    "codes_per_gemeente": "combinaties van gemeente en code",
    "voorstel_code": "naaste landelijke code",
    "voorstel_omschrijving": "omschrijving daarvan",
    "zekerheid": "hoe zeker",
    "clienten": "cliënten",
    "product_categorie": "categorie",
    "product_code": "code",
    "berichttype": "type",
    "aandeel_land": "aandeel landelijk",
    "binnen_norm": "op tijd",
    "buiten_norm": "te laat",
    "aandeel_binnen_norm": "aandeel op tijd",
    "mediaan_werkdagen": "mediaan, werkdagen",
    "berichten_afwijkend": "met code buiten de lijst",
    "berichten_onbekend": "niet te beoordelen",
    "aandeel_berichten_afwijkend": "aandeel met code buiten de lijst",
}
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


def interval(low: float, high: float) -> str:
    """Two shares as one range.

    >>> interval(0.1, 0.25).replace(chr(160), " ").replace(chr(8211), "-")
    '10,0 - 25,0 %'
    """
    space = "\N{NO-BREAK SPACE}"
    return f"{getal(low * 100, 1)}{space}\N{EN DASH}{space}{procent(high)}"


def korte_maand(maand: str) -> str:
    """A month where there is little room.

    >>> korte_maand("2020-02")
    "feb '20"
    """
    year, month = maand.split("-")
    return f"{MAANDEN[int(month) - 1][:3]} '{year[2:]}"


def maand(text: str) -> str:
    """A month in full.

    >>> maand("2020-02")
    'februari 2020'
    """
    year, month = text.split("-")
    return f"{MAANDEN[int(month) - 1]} {year}"


def opsomming(words: Sequence[str]) -> str:
    """Words in a row.

    >>> opsomming(["Jw", "Wmo", "beide"])
    'Jw, Wmo en beide'
    """
    return " en ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def heel_procent(share: float) -> str:
    """A share in whole percents.

    >>> heel_procent(0.8).replace(chr(160), " ")
    '80 %'
    """
    return f"{getal(share * 100)}\N{NO-BREAK SPACE}%"


def dag(day: date) -> str:
    """A day in full.

    >>> dag(date(2020, 2, 28))
    '28 februari 2020'
    """
    return f"{day.day} {MAANDEN[day.month - 1]} {day.year}"


def kolomwoord(name: str) -> str:
    """A column as a reader sees it.

    >>> kolomwoord("aandeel_binnen_norm"), kolomwoord("aandeel_binnen_norm_laag"), kolomwoord("aantal_codes")
    ('aandeel op tijd', '95%-interval', 'aantal codes')
    """
    return "95%-interval" if name.endswith("_laag") else KOLOMMEN.get(name, name.replace("_", " "))


def cel(name: str, value: object, hidden: frozenset[str] = frozenset()) -> str:
    """A value in a table; what is hidden says so."""
    if value is None:
        return HIDDEN if name in hidden else NONE
    if name == "maand":
        return maand(str(value))
    if name == "zekerheid":
        return str(value).replace("_", " ")
    if (name == "aandeel" or name.startswith(SHARES)) and isinstance(value, int | float):
        return procent(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return dag(value) if isinstance(value, date) else str(value)
    return getal(value, 0 if value == int(value) else 1)
