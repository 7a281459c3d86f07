"""The catalogue: every folder with a ``kpi.toml`` is a KPI, every ``soorten/*.toml`` a kind."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from keten_kpi.errors import UsageError
from keten_kpi.views import SqlView

FOLDER = resources.files("keten_kpi.kpi")
KINDS = FOLDER.joinpath("soorten")


@dataclass(frozen=True, slots=True)
class Soort:
    """A kind of KPI: how its cases become figures, and what the evidence shows.

    ``gevallen`` reads the relations ``kpi`` and ``gevallen``; ``cijfers`` reads ``keuze``, whose rows carry ``groep``.
    ``overtreding`` is the condition on a case view that picks the evidence; ``tabel`` and ``bewijs_tabel`` are the
    columns of figures and evidence that fit a screen.
    """

    naam: str
    omschrijving: str
    kan_ontbreken: tuple[str, ...]
    overtreding: str
    bewijs: tuple[str, ...]
    bewijs_alle: tuple[str, ...]
    tabel: tuple[str, ...]
    bewijs_tabel: tuple[str, ...]
    gevallen: str
    cijfers: str


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI as its folder declares it. Texts are Dutch: a policy officer reads them."""

    id: str
    titel: str
    definitie: str
    soort: Soort
    norm: str | None
    wetten: tuple[str, ...]
    geval: str
    klok: str
    uitkomsten: tuple[str, ...]
    versie: int
    bronnen: tuple[str, ...]
    gevallen: str
    voorbeelden: str

    @property
    def view(self) -> str:
        """The case view that an analyst can query."""
        return f"kpi.{self.name}"

    @property
    def name(self) -> str:
        return self.id.replace("-", "_")


def _read(folder: Traversable, name: str) -> str:
    return folder.joinpath(name).read_text("utf-8")


@cache
def read_soort(naam: str) -> Soort:
    raw = tomllib.loads(_read(KINDS, f"{naam}.toml"))
    return Soort(
        naam=naam,
        omschrijving=raw["omschrijving"],
        kan_ontbreken=tuple(raw["kan_ontbreken"]),
        overtreding=raw["overtreding"],
        bewijs=tuple(raw["bewijs"]),
        bewijs_alle=tuple(raw["bewijs_alle"]),
        tabel=tuple(raw["tabel"]),
        bewijs_tabel=tuple(raw["bewijs_tabel"]),
        gevallen=_read(KINDS, f"{naam}.gevallen.sql"),
        cijfers=_read(KINDS, f"{naam}.cijfers.sql"),
    )


def _read_kpi(folder: Traversable) -> Kpi:
    raw = tomllib.loads(_read(folder, "kpi.toml"))
    return Kpi(
        id=raw["id"],
        titel=raw["titel"],
        definitie=raw["definitie"].strip(),
        soort=read_soort(raw["kind"]),
        norm=raw.get("norm"),
        wetten=tuple(raw["wetten"]),
        geval=raw["geval"],
        klok=raw["klok"],
        uitkomsten=tuple(raw["uitkomsten"]),
        versie=raw["versie"],
        bronnen=tuple(raw["bronnen"]),
        gevallen=_read(folder, "gevallen.sql"),
        voorbeelden=_read(folder, "voorbeelden.md"),
    )


@cache
def _catalogue() -> tuple[Kpi, ...]:
    folders = sorted((item for item in FOLDER.iterdir() if item.joinpath("kpi.toml").is_file()), key=lambda item: item.name)
    return tuple(_read_kpi(folder) for folder in folders)


def list_kpis() -> list[Kpi]:
    """All KPIs, by id."""
    return list(_catalogue())


def find_kpi(kpi_id: str) -> Kpi:
    """The KPI with this id.

    Raises:
        UsageError: there is none; names those that there are.
    """
    for kpi in _catalogue():
        if kpi.id == kpi_id:
            return kpi
    raise UsageError(f"There is no KPI {kpi_id}.", f"Choose from {', '.join(kpi.id for kpi in _catalogue())}.")


def case_select(kpi: Kpi) -> str:
    """The query behind the case view: the KPI's cases, judged by its kind."""
    grain, _, _ = kpi.gevallen.partition("\n")
    return (
        f"{grain}\nWITH kpi AS (\n    SELECT '{kpi.id}' AS kpi\n)\n\n, gevallen AS (\n{kpi.gevallen}\n)\n\n"
        f"SELECT * FROM (\n{kpi.soort.gevallen}\n) AS geval\n"  # noqa: S608
    )


def kpi_views() -> list[SqlView]:
    """The case views of schema ``kpi``, one per KPI."""
    return [SqlView("kpi", kpi.name, case_select(kpi)) for kpi in _catalogue()]
