"""People who do not exist: BSNs of the official test range, made-up names, postal codes that are not given out."""

from __future__ import annotations

import hashlib
from functools import cache
from itertools import product

from keten_kpi.generate.events import Client

FIRST_BSN = 999900006  # the test range runs to the end of the nine-digit numbers: some 9,000 pass the 11-proef
LAST_BSN = 999999999
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
OLDEST_CHILD = 17.9
YEAR = 365.25
BEGIN, MIDDLE, END = (
    ("Vro", "Qui", "Zwe", "Plo", "Tja", "Bru", "Wij", "Klo", "Grie", "Spa", "Dwa", "Fie"),
    ("nder", "lma", "zeb", "pol", "rud", "wix", "xté", "gov", "nöl", "kwi"),
    ("vaarn", "zoed", "mölt", "triks", "bekke", "wuld", "gaam", "quist"),
)
NAMES = tuple("".join(parts) for parts in product(BEGIN, MIDDLE, END))
STREETS = ("Nergenslaan", "Verzonnenweg", "Proefpad", "Testakker", "Fictiestraat", "Droomkade")


def passes_elfproef(number: int) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, f"{number:09d}", strict=True)) % 11 == 0


@cache
def test_range() -> tuple[str, ...]:
    """Every BSN of the official test range that passes the 11-proef."""
    return tuple(str(number) for number in range(FIRST_BSN, LAST_BSN + 1) if passes_elfproef(number))


def lives(clients: int) -> int:
    """How often the test range is used within one gemeente for so many clients of one kind (child or grown-up)."""
    return 1 + max(0, clients - 1) // (len(test_range()) // 2)


def person(number: int, *, is_child: bool, today: int) -> tuple[Client, int]:
    """The n-th child or grown-up of a gemeente, and which life of this BSN it is.

    The range is too small for a whole country: each gemeente uses it from its start, and a gemeente with more clients
    uses it again, for a life that has other aanbieders. Even places are children, odd ones grown-ups.
    """
    size = len(test_range()) // 2
    place, life = number % size, number // size
    bsn = test_range()[2 * place + (0 if is_child else 1)]
    draw = hashlib.sha256(f"persoon {bsn}".encode()).digest()
    age = (1 + (OLDEST_CHILD - 1) * draw[0] / 255 if is_child else 20 + 75 * draw[0] / 255) * YEAR
    return (
        Client(
            bsn=bsn,
            geboren=today - int(age) - draw[1],
            geslacht="12"[draw[2] % 2],
            achternaam=NAMES[(draw[3] * 256 + draw[4]) % len(NAMES)],
            voorletters=chr(65 + draw[5] % 26) + (chr(65 + draw[6] % 26) if draw[6] % 3 == 0 else ""),
            # no postal code begins with 0; 9999 is a village
            postcode=f"0{draw[11] % 1000:03d}{chr(65 + draw[7] % 26)}{chr(65 + draw[8] % 26)}",
            straat=STREETS[draw[9] % len(STREETS)],
            huisnummer=1 + draw[10],
        ),
        life,
    )
