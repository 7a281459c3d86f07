"""The catalogue: every folder with a ``kpi.toml`` is a KPI, every ``soorten/*.toml`` a kind."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from keten_kpi.errors import UsageError
from keten_kpi.kpi.sjabloon import Invulling
from keten_kpi.views import SqlView

FOLDER = resources.files("keten_kpi.kpi")
KINDS = FOLDER.joinpath("soorten")
SENDING = ("bericht.dagtekening",)


@dataclass(frozen=True, slots=True)
class Aandeel:
    """The share that a kind is compared by: ``teller`` out of the sum of ``noemer``; a name after - is taken off."""

    naam: str
    teller: str
    noemer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statistiek:
    """What statistics must know of a kind's figures.

    ``optellingen`` are (total, parts) within a row; ``berust_op`` names the counts behind figures by how these start.
    ``geen_mensen`` are counts that are about no people, so that a small one tells of nobody; ``telt_op_over`` names the
    dimensions that a count adds up over, for those that do not over each (a case is in several groups).
    """

    aandeel: Aandeel | None
    optellingen: tuple[tuple[str, tuple[str, ...]], ...]
    berust_op: dict[str, tuple[str, ...]] = field(hash=False)
    geen_mensen: tuple[str, ...]
    telt_op_over: dict[str, tuple[str, ...]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Ding:
    """What cases are about and must be told apart before it is counted, such as the message of a line.

    ``select`` reads `keuze` and gives a row per ``groep`` and ``sleutel``, with columns that add up: how many cases
    (``aantal``) and the sums of its basis. ``oordeel`` are expressions on those.
    """

    sleutel: tuple[str, ...]
    select: str
    oordeel: dict[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Grondslag:
    """What figures rest on: what is alike in ``over`` may be counted together, with the sums of ``som``.

    ``naam`` is the relation in which it is read. It is cases, or with a ``ding`` what they are about: with
    ``is_in_een_groep`` all cases of one are in one group, however they are grouped.
    """

    naam: str
    over: tuple[str, ...]
    som: tuple[str, ...] = ()
    ding: Ding | None = None
    is_in_een_groep: bool = False


@dataclass(frozen=True, slots=True)
class Soort:
    """A kind of KPI: how its cases become figures, and what the evidence shows.

    ``gevallen`` reads the relations ``kpi`` and ``gevallen``; ``cijfers`` reads those of ``grondslag``: rows that carry
    ``groep``, and ``aantal``: for how many that are alike each stands.
    ``overtreding`` is the condition on a case view that picks the evidence; ``tabel`` and ``bewijs_tabel`` are the
    columns of figures and evidence that fit a screen. As read from its files a kind may be a template; a KPI has it
    filled in.
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
    cijfers_uitleg: dict[str, str] = field(hash=False)
    statistiek: Statistiek
    grondslag: tuple[Grondslag, ...]


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
    begin: tuple[str, ...] = SENDING  # columns of ``bron``: the last of these days starts the clock
    invulling: Invulling = field(default_factory=Invulling)
    eigen_dimensies: tuple[str, ...] = ()  # what figures can be grouped by beside the dimensions that every KPI has
    standaard_per: tuple[str, ...] = ()  # what they are grouped by when nobody says
    bijwerken: str | None = None  # what a new message changes cases by; None: any case may change by any message

    @property
    def cijfers(self) -> dict[str, str]:
        """The figures that this KPI has, in order, and what each is."""
        return {name: text for name, text in self.soort.cijfers_uitleg.items() if name not in self._absent}

    @property
    def bewijs(self) -> tuple[str, ...]:
        """The columns of the evidence that this KPI has, in order."""
        return tuple(name for name in self.soort.bewijs if name not in self._absent)

    @property
    def _absent(self) -> set[str]:
        return set(self.soort.kan_ontbreken) - set(self.uitkomsten)

    @property
    def view(self) -> str:
        """The case view that an analyst can query."""
        return f"kpi.{self.name}"

    @property
    def name(self) -> str:
        return self.id.replace("-", "_")


def _read(folder: Traversable, name: str) -> str:
    return folder.joinpath(name).read_text("utf-8")


def _read_statistiek(raw: dict[str, Any]) -> Statistiek:
    share = raw.get("aandeel")
    return Statistiek(
        aandeel=Aandeel(share["naam"], share["teller"], tuple(share["noemer"])) if share else None,
        optellingen=tuple((sum_["totaal"], tuple(sum_["delen"])) for sum_ in raw.get("optellingen", ())),
        berust_op={name: tuple(counts) for name, counts in raw.get("berust_op", {}).items()},
        geen_mensen=tuple(raw.get("geen_mensen", ())),
        telt_op_over={name: tuple(dimensions) for name, dimensions in raw.get("telt_op_over", {}).items()},
    )


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
        cijfers_uitleg=raw["cijfers"],
        statistiek=_read_statistiek(raw.get("statistiek", {})),
        grondslag=tuple(_read_grondslag(naam, name, basis) for name, basis in raw["grondslag"].items()),
    )


def _read_grondslag(soort: str, naam: str, raw: dict[str, Any]) -> Grondslag:
    over, sums = raw["over"], tuple(raw.get("som", ()))
    if "ding" not in raw:
        return Grondslag(naam, tuple(over), sums)
    thing = Ding(tuple(raw["ding"]), _read(KINDS, f"{soort}.{naam}.sql"), over)
    return Grondslag(naam, tuple(over), sums, thing, raw["is_in_een_groep"])


def fill(soort: Soort, invulling: Invulling, words: dict[str, str]) -> Soort:
    """A kind with the open names of one KPI filled in; ``words`` are the KPI's own for its figures."""
    return replace(
        soort,
        kan_ontbreken=invulling.names(soort.kan_ontbreken),
        overtreding=next(invulling.block([soort.overtreding])),
        bewijs=invulling.names(soort.bewijs),
        bewijs_alle=invulling.names(soort.bewijs_alle),
        tabel=invulling.names(soort.tabel),
        bewijs_tabel=invulling.names(soort.bewijs_tabel),
        gevallen=invulling.sql(soort.gevallen),
        cijfers=invulling.sql(soort.cijfers),
        cijfers_uitleg=invulling.words(soort.cijfers_uitleg) | words,
        statistiek=_fill_statistiek(soort.statistiek, invulling),
    )


def _fill_statistiek(statistiek: Statistiek, invulling: Invulling) -> Statistiek:
    share = statistiek.aandeel
    sums = ((next(invulling.block([total])), invulling.names(parts)) for total, parts in statistiek.optellingen)
    if share:
        naam, teller = invulling.block([share.naam, share.teller])
        share = Aandeel(naam, teller, tuple(invulling.names(share.noemer)))
    return replace(
        statistiek,
        aandeel=share,
        optellingen=tuple(sums),
        berust_op={name: invulling.names(counts) for name, counts in statistiek.berust_op.items()},
    )


def _read_kpi(folder: Traversable) -> Kpi:
    raw = tomllib.loads(_read(folder, "kpi.toml"))
    outcomes, dimensions = tuple(raw["uitkomsten"]), tuple(raw.get("eigen_dimensies", ()))
    invulling = Invulling(
        geheel=raw.get("geheel", ""),
        uitkomsten=outcomes,
        kolommen=(*dimensions, *raw.get("eigen_kolommen", ())),
        aandacht=tuple(raw.get("aandacht", ())),
    )
    return Kpi(
        id=raw["id"],
        titel=raw["titel"],
        definitie=raw["definitie"].strip(),
        soort=fill(read_soort(raw["kind"]), invulling, raw.get("cijfers", {})),
        norm=raw.get("norm"),
        wetten=tuple(raw["wetten"]),
        geval=raw["geval"],
        klok=raw["klok"],
        uitkomsten=(*outcomes, *raw.get("ook", ())),
        versie=raw["versie"],
        bronnen=tuple(raw["bronnen"]),
        gevallen=_read(folder, "gevallen.sql"),
        voorbeelden=_read(folder, "voorbeelden.md"),
        begin=tuple(raw.get("begin", SENDING)),
        invulling=invulling,
        eigen_dimensies=dimensions,
        standaard_per=tuple(raw.get("standaard_per", ())),
        bijwerken=raw.get("bijwerken"),
    )


@cache
def _catalogue() -> tuple[Kpi, ...]:
    folders = sorted(
        (item for item in FOLDER.iterdir() if item.joinpath("kpi.toml").is_file()), key=lambda item: item.name
    )
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
    relations = f"kpi AS (\n    SELECT '{kpi.id}' AS kpi\n)\n\n, gevallen AS (\n{kpi.gevallen}\n)"
    return f"{grain}\nWITH {relations}\n\nSELECT * FROM (\n{kpi.soort.gevallen}\n) AS geval\n"


def kpi_views() -> list[SqlView]:
    """The case views of schema ``kpi``, one per KPI."""
    return [SqlView("kpi", kpi.name, case_select(kpi)) for kpi in _catalogue()]
