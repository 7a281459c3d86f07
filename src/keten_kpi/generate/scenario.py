"""A scenario: which gemeenten and months, how much, and how likely everything is. Read from ``scenarios/*.toml``.

Every number there stands with its basis: ``calibrated: <on what>`` or ``assumed``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from importlib import resources
from typing import Any

from keten_kpi.errors import KetenError, UsageError
from keten_kpi.standaard.lijsten import Row, read_lijst

FOLDER = resources.files("keten_kpi.generate").joinpath("scenarios")
WETTEN = ("Jw", "Wmo")
BASES = ("calibrated:", "assumed")
# Inhabitants in the middle of each size class of CBS, in thousands.
CLASS_SIZE = {"1": 4, "2": 8, "3": 15, "4": 33, "5": 68, "6": 120, "7": 195, "8": 550}


@dataclass(frozen=True, slots=True)
class Kansen:
    """How likely, how long, how much, for one wet. Shares are 0-1; a median stands with the spread of its logarithm."""

    verzoek: float  # care that begins with a 315; the rest by a 301 of the gemeente itself
    nog_een_product: float  # one more product in the same request
    tweede_aanbieder: float
    verzoek_afgekeurd: float  # 315 or 317 refused in its retour
    opnieuw: float  # a refused message is sent again under a new Identificatie
    retour: float  # a retour comes at all
    retour_mediaan: float  # werkdagen
    retour_spreiding: float
    antwoord_mediaan: float  # werkdagen
    antwoord_spreiding: float
    onbeantwoord: float
    apart: float  # each product of a request is answered on its own
    afgewezen: float  # 319, release 3
    vervolg: float  # of the refused: another product is granted without reference
    woonplaats: float  # of the refused, Jw: another gemeente must pay
    onderzoek: float  # 319 in onderzoek first, release 3
    onderzoek_mediaan: float  # dagen
    onderzoek_spreiding: float
    zonder_referentie: float  # release 2.3: the answering 301 leaves the reference out
    gedeelde_referentie: float  # release 2.3: one reference for the whole 315
    toewijzing_afgekeurd: float  # 301 or 319 refused in its retour
    ingetrokken: float  # toewijzing withdrawn with RedenWijziging 13, release 3
    gewijzigd: float  # toewijzing changed by the gemeente
    vow: float  # toewijzing changed on a 317, release 3
    looptijd: float  # dagen of a toewijzing
    open_einde: float
    zorg_eerder: float  # care starts before the toewijzing is sent
    zorg_mediaan: float  # dagen until it starts otherwise
    regie: float  # toewijzingen of which start and stop are told
    start_mediaan: float  # werkdagen
    start_spreiding: float
    regie_hersteld: float  # 305 or 307 with a StatusAanlevering 3 and its replacement
    duur_mediaan: float  # dagen of care
    duur_spreiding: float
    pauze: float  # temporary stop
    stop_mediaan: float  # werkdagen
    stop_spreiding: float
    regie_afgekeurd: float  # 305 or 307 refused in its retour
    gedeclareerd: float  # toewijzingen that are declared per month
    declaratie_mediaan: float  # dagen after the end of the month
    declaratie_spreiding: float
    declaratie_antwoord: float  # an answer comes at all
    declaratie_antwoord_mediaan: float  # werkdagen
    declaratie_antwoord_spreiding: float
    declaratie_afgekeurd: float  # as a whole
    prestatie_afgekeurd: float
    opnieuw_gedeclareerd: float  # of the refused prestaties
    gecrediteerd: float  # granted prestaties taken back and replaced
    tarief: float  # cents
    aspecifiek: float  # toewijzingen without product code
    afwijkend: float  # of the coded ones: a code of the gemeente's own
    onbekend: float  # of the coded ones: a code that the list at hand does not cover (Jw)
    andere_categorie: float  # of the national ones: under another category
    categorieen: dict[str, float]  # weights


@dataclass(frozen=True, slots=True)
class Gemeente:
    """Where a client lives: its code now, its weight, and the codes of those it was made from."""

    code: str
    gewicht: float
    jeugdregio: str
    vroeger: tuple[tuple[str, int], ...]  # old code, day on which it became this gemeente


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """``van`` and ``tot`` bound what is delivered; ``tot`` is a werkdag and the peildatum."""

    naam: str
    titel: str
    release: str
    van: int
    tot: int
    aanloop: int  # days simulated before van
    berichten: int
    per_client: float  # messages per client in the period, measured on the scenario itself
    aandeel_jw: float  # of the clients
    aanbieders: int
    aanbieders_per_gemeente: float  # at 50,000 inhabitants; grows with the square root
    spreiding_gemeenten: float  # how far gemeenten differ in speed, of its logarithm
    spreiding_codes: float  # how far they differ in their share of own codes
    gemeenten: tuple[Gemeente, ...]
    kansen: dict[str, Kansen]

    @property
    def is_oud(self) -> bool:
        """Release 2.3: no 317 and 319, 303 in the place of 323."""
        return self.release < "3"


def list_scenarios() -> tuple[str, ...]:
    return tuple(sorted(file.name.removesuffix(".toml") for file in FOLDER.iterdir() if file.name.endswith(".toml")))


def read_bases(name: str) -> list[tuple[str, object, str]]:
    """Every number of a scenario with its basis, for the documentation."""
    return [(key, value, basis) for key, value, basis in _numbers(_read(name)) if basis]


def _read(name: str) -> dict[str, Any]:
    if name not in list_scenarios():
        raise UsageError(f"There is no scenario {name}.", f"Choose from {', '.join(list_scenarios())}.")
    data: dict[str, Any] = tomllib.loads(FOLDER.joinpath(f"{name}.toml").read_text("utf-8"))
    return data


def _numbers(data: dict[str, Any], path: str = "") -> list[tuple[str, object, str]]:
    found: list[tuple[str, object, str]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            found += _numbers(value, f"{path}{key}.")
        elif _has_basis(value):
            found.append((path + key, value[0], value[1]))
    return found


def _has_basis(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[1], str) and value[1].startswith(BASES)  # noqa: PLR2004 - a pair


def _plain(table: dict[str, Any], where: str) -> dict[str, Any]:
    """The values without their bases; a number without one is an error."""
    for key, value in table.items():
        if not isinstance(value, dict) and not _has_basis(value):
            raise KetenError(
                f"{where}: {key} has no basis.", "Write [value, 'assumed'] or [value, 'calibrated: on what']."
            )
    return {key: _plain(value, where) if isinstance(value, dict) else value[0] for key, value in table.items()}


def _kansen(tables: dict[str, Any], where: str) -> dict[str, Kansen]:
    known = {field.name for field in fields(Kansen)}
    found = {}
    for wet in WETTEN:
        values = _plain({**tables["beide"], **tables[wet]}, where)
        if set(values) != known:
            raise KetenError(f"{where} {wet}: wrong names {sorted(set(values) ^ known)}.", "See scenario.Kansen.")
        found[wet] = Kansen(**values)
    return found


def _former(code: str, first: int, last: int) -> tuple[tuple[str, int], ...]:
    """The codes that became this gemeente within the days that are simulated."""
    rows = [
        (row["oude_gemeente"], date.fromisoformat(row["dag"]).toordinal(), row["nieuwe_gemeente"])
        for row in read_lijst("herindelingen")
    ]
    return tuple((old, day) for old, day, new in rows if new == code and first <= day <= last)


def _gemeente(row: Row, first: int, last: int) -> Gemeente:
    size = CLASS_SIZE[row["grootteklasse"][0]]
    return Gemeente(row["gemeente"], size, row["jeugdregio"], _former(row["gemeente"], first, last))


def _gemeenten(codes: list[str], first: int, last: int) -> tuple[Gemeente, ...]:
    rows = {row["gemeente"]: row for row in read_lijst("gemeenten_2026")}
    return tuple(_gemeente(rows[code], first, last) for code in (codes or sorted(rows)))


def load_scenario(name: str) -> Scenario:
    """The scenario of this name.

    Raises:
        UsageError: there is none.
    """
    data = _read(name)
    omvang = _plain(data["omvang"], name)
    van, tot = data["van"].toordinal(), data["tot"].toordinal()
    return Scenario(
        naam=name,
        titel=data["titel"],
        release=data["release"],
        van=van,
        tot=tot,
        **omvang,
        gemeenten=_gemeenten(data["gemeenten"], van - omvang["aanloop"], tot),
        kansen=_kansen(data["kansen"], name),
    )
