"""Which product codes a gemeente uses, and what the national lists say of a code."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

from keten_kpi.generate.events import Product
from keten_kpi.generate.scenario import Gemeente, Kansen
from keten_kpi.generate.seed import stream
from keten_kpi.standaard.lijsten import read_lijst

HEADING = "J"
LTA = "55"  # category of nationally bought care, which the shipped list lacks
OWN_PER_CATEGORY = 6
NATIONAL_PER_CATEGORY = 8
UNITS = ("01", "04", "16", "14", "82", "83")
UNIT_WEIGHTS = (30, 25, 15, 10, 15, 5)
EURO = "83"
DIGITS_ONLY = (
    "51001",
    "51002",
    "52001",
    "53001",
    "53002",
    "54001",
    "54002",
    "54003",
    "54004",
    "50501",
)  # not in the list


@dataclass(frozen=True, slots=True)
class Oordeel:
    """The verdict on a code, and whether it is listed under another category."""

    oordeel: str
    is_andere_categorie: bool


@cache
def _listed(wet: str) -> dict[str, frozenset[str]]:
    """Every national product code of a wet, with its categories; headings are no products."""
    found: dict[str, set[str]] = {}
    for row in read_lijst("productcodes"):
        if row["wet"] == wet and row["is_groepskop"] != HEADING:
            found.setdefault(row["code"], set()).add(row["categorie"])
    return {code: frozenset(categories) for code, categories in found.items()}


@cache
def judge_code(wet: str, categorie: str | None, code: str) -> Oordeel:
    """``landelijk``, ``onbekend`` or ``afwijkend`` under the lists that ship, which have no dates of validity."""
    categories = _listed(wet).get(code)
    if categories is not None:
        return Oordeel("landelijk", categorie not in categories)
    is_uncovered = wet == "Jw" and ((len(code) == 5 and code.isdigit()) or categorie == LTA or _is_lta(code))  # noqa: PLR2004
    return Oordeel("onbekend" if is_uncovered else "afwijkend", is_andere_categorie=False)


def _is_lta(code: str) -> bool:
    return len(code) == 5 and code.startswith("55A") and code[3:].isdigit()  # noqa: PLR2004 - 55Axx


@cache
def _national(wet: str) -> dict[str, tuple[str, ...]]:
    """Codes per category, in the order of the list."""
    found: dict[str, list[str]] = {}
    for code, categories in _listed(wet).items():
        for category in sorted(categories):
            found.setdefault(category, []).append(code)
    return {category: tuple(codes) for category, codes in found.items()}


def _invent(rng: Random, wet: str, category: str, count: int) -> list[str]:
    """Codes in the style of gemeenten that are in no list."""
    made: list[str] = []
    while len(made) < count:
        code = f"{category}{rng.choice('BCDEFGHKLMNPRSTVWXZ')}{rng.randrange(100):02d}"
        if judge_code(wet, category, code).oordeel == "afwijkend" and code not in made:
            made.append(code)
    return made


class Catalogus:
    """The codes of one gemeente under one wet. Youth care is bought by region, so a region shares its own codes."""

    def __init__(self, seed: str, gemeente: Gemeente, wet: str, kansen: Kansen, spread: float) -> None:
        rng = stream(seed, "codes", gemeente.code, wet)
        region = stream(seed, "streek", gemeente.jeugdregio if wet == "Jw" else gemeente.code, wet)
        self._wet, self._kansen = wet, kansen
        self._categories = tuple(kansen.categorieen)
        self._category_weights = tuple(accumulate(kansen.categorieen.values()))
        national = _national(wet)
        self._own, self._national = {}, {}
        for category in self._categories:
            shared = _invent(region, wet, category, OWN_PER_CATEGORY)
            own = _invent(rng, wet, category, OWN_PER_CATEGORY // 2)
            self._own[category] = tuple(dict.fromkeys([*shared[: OWN_PER_CATEGORY - len(own)], *own]))
            pool = national.get(category, ())
            self._national[category] = tuple(rng.sample(pool, min(NATIONAL_PER_CATEGORY, len(pool))))
        self._afwijkend = min(0.97, max(0.02, kansen.afwijkend + spread * (rng.random() - 0.5)))

    def draw(self, rng: Random, *, release: str) -> Product:
        """A product: with a code of the gemeente's own, a national one, one that no list covers, or none."""
        total = self._category_weights[-1]
        category = self._categories[
            min(bisect(self._category_weights, rng.random() * total), len(self._categories) - 1)
        ]
        category, code = self._code(rng, category)
        unit = rng.choices(UNITS, UNIT_WEIGHTS)[0]
        tarief = max(1, int(self._kansen.tarief * rng.lognormvariate(0, 0.5)))
        is_coded = rng.random() >= self._kansen.aspecifiek
        is_generic = not is_coded and release >= "3" and rng.random() < 0.25  # noqa: PLR2004 - assumed
        return Product(
            categorie=None if is_generic else category,
            code=code if is_coded else None,
            eenheid=unit,
            tarief=tarief,
            volume=rng.randrange(1, 40),
            frequentie=rng.choice("246"),
            declaratie_categorie=category,
            declaratie_code=code,
        )

    def _code(self, rng: Random, category: str) -> tuple[str, str]:
        luck = rng.random()
        if luck < self._kansen.onbekend:
            return self._uncovered(rng)
        if luck < self._kansen.onbekend + self._afwijkend or not self._national[category]:
            return category, _often_first(rng, self._own[category])
        code = _often_first(rng, self._national[category])
        if rng.random() < self._kansen.andere_categorie:
            return rng.choice([other for other in self._categories if other != category]), code
        return category, code

    def _uncovered(self, rng: Random) -> tuple[str, str]:
        if rng.random() < 0.3:  # noqa: PLR2004 - assumed
            return LTA, f"55A{rng.randrange(1, 20):02d}"
        code = rng.choice(DIGITS_ONLY)
        return code[:2], code


def _often_first(rng: Random, codes: tuple[str, ...]) -> str:
    """The first codes of a list are used most."""
    return codes[int(len(codes) * rng.random() ** 1.7)]
