"""How each answer sheet lies beside the figures of its KPI: which groups, and which column is which."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keten_kpi import publish

if TYPE_CHECKING:
    from keten_kpi.database import Connection

Rows = list[dict[str, str]]
SHARED = ("gemeente", "wet")


@dataclass(frozen=True)
class Sheet:
    """One answer sheet. ``kolommen`` says of a column of the KPI which columns of the sheet add up to it.

    With ``verdeeld`` the figures are divided by that dimension of the KPI: its value ends the name of the sheet's
    column, which begins with what ``kolommen`` names.
    """

    kpi: str
    kolommen: dict[str, tuple[str, ...]]
    per: tuple[str, ...] = SHARED
    naam: str = ""
    verdeeld: str | None = None

    @property
    def file(self) -> str:
        return self.naam or self.kpi

    def __str__(self) -> str:
        return f"{self.file}, per {self.verdeeld}" if self.verdeeld else self.file


def _same(*names: str) -> dict[str, tuple[str, ...]]:
    return {name: (name,) for name in names}


TIME = _same(
    "binnen_norm", "buiten_norm", "lopend", "onbruikbaar", "aandeel_binnen_norm", "mediaan_werkdagen", "p90_werkdagen",
    "mediaan_werkdagen_km",
)  # fmt: skip
REFUSED = _same("afgewezen", "afgewezen_met_vervolg")
TYPE = (*SHARED, "berichttype")
SHEETS = (
    Sheet("doorlooptijd-toewijzing", TIME | REFUSED),
    *(Sheet(kpi, TIME) for kpi in (
        "reactietermijn-verzoek", "onderzoekstermijn", "woonplaatsbeginseltermijn", "retourtermijn", "starttermijn",
        "declaratietermijn", "declaratie-antwoordtermijn",
    )),
    Sheet("stoptermijn", TIME | _same("niet_meetbaar")),
    Sheet("productcode-afwijking", _same(
        "berichten", "berichten_afwijkend", "berichten_onbekend", "regels", "regels_afwijkend", "regels_onbekend",
        "regels_zonder_code", "toewijzingen", "toewijzingen_afwijkend", "regels_niet_in_lijst",
        "regels_categorie_past_niet",
    )),
    Sheet("verzoek-uitkomst", _same("toegewezen", "afgewezen", "in_onderzoek", "open"), per=TYPE),
    Sheet("verzoek-uitkomst", {"afgewezen": ("afgewezen_reden_",)}, per=TYPE, verdeeld="reden"),
    Sheet("afkeur-berichten", _same("berichten", "afgekeurd"), per=TYPE),
    Sheet("afkeur-berichten", {"afgekeurd": ("afgekeurd_",)}, per=TYPE, verdeeld="retourcode"),
    Sheet("afkeur-declaraties", {
        "prestaties": ("prestaties_beantwoord",),
        "afgekeurd": ("prestaties_afgekeurd", "prestaties_in_afgekeurde_declaratie"),
        "euro_prestaties": ("centen_beantwoord",),
        "euro_afgekeurd": ("centen_afgekeurd", "centen_in_afgekeurde_declaratie"),
    }),
    Sheet("afkeur-declaraties", {"afgekeurd": ("prestaties_code_",)}, verdeeld="retourcode"),
    Sheet("start-voor-toewijzing", _same("starts", "voor_toewijzing", "toewijzing_onbekend", "vanaf_toewijzing")),
    Sheet("ketenvolledigheid", _same("toewijzingen", "volledig", "onvolledig")),
    Sheet("ketenvolledigheid", {"onvolledig": ("",)}, verdeeld="ontbreekt"),
    Sheet("berichtvolume", _same("berichten"), per=(*TYPE, "maand")),
    Sheet("berichtvolume", _same("gemeenten", "aanbieders"), per=("berichttype",), naam="berichtvolume-deelname"),
    Sheet("codevariatie", {
        "codes": ("codes",), "paren": ("codes",), "paren_eigen_code": ("codes_afwijkend",),
        "paren_een_client": ("codes_een_client",),
    }),
    Sheet("codevariatie", _same("codes"), per=("aanbieder", "wet"), naam="codevariatie-aanbieder"),
)  # fmt: skip


def _key(row: dict[str, str], per: tuple[str, ...]) -> tuple[str, ...]:
    """The group of a row of a sheet; a type without its wet gets it."""
    prefix = {"Jw": "JW", "Wmo": "WMO"}
    return tuple(
        prefix[row["wet"]] + row[name] if name == "berichttype" and row[name].isdigit() else row[name] for name in per
    )


def _told(sheet: Sheet, rows: Rows) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """What the sheet says: group, column of the KPI, value; of a divided sheet only what is there."""
    for row in rows:
        key = _key(row, sheet.per)
        for column, parts in sheet.kolommen.items():
            if sheet.verdeeld is None:
                values = [row[part] for part in parts if part in row]
                yield key, column, values[0] if len(values) == 1 else str(sum(map(int, values)))
                continue
            for name in row:
                if name.startswith(parts[0]) and row[name] not in {"0", ""} and name not in _WHOLE:
                    yield (*key, name.removeprefix(parts[0])), column, row[name]


_WHOLE = {*SHARED, "berichttype", "toewijzingen", "volledig", "onvolledig"}


def _found(con: Connection, sheet: Sheet) -> dict[tuple[str, ...], dict[str, object]]:
    per = (*sheet.per, *((sheet.verdeeld,) if sheet.verdeeld else ()))
    result = publish.compute(con, sheet.kpi, per=per)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    if sheet.verdeeld:
        rows = [row for row in rows if row[sheet.verdeeld] and any(row[column] for column in sheet.kolommen)]
    return {tuple(str(row[name]) for name in per): row for row in rows}


def _equal(told: str, found: object, *, is_euro: bool) -> bool:
    if told == "" or found is None:
        return told == "" and found is None
    return math.isclose(float(told) / (100 if is_euro else 1), float(str(found)), rel_tol=1e-12, abs_tol=1e-12)


def differences(con: Connection, sheet: Sheet, rows: Rows) -> Iterator[str]:
    """What the KPI finds otherwise than its sheet, in words; a group without any case may be in one of them only."""
    found, told = _found(con, sheet), list(_told(sheet, rows))
    for key in found.keys() - {key for key, _, _ in told}:
        yield f"{key}: only in the KPI"
    for key in {key for key, _, value in told if value not in {"0", ""}} - found.keys():
        yield f"{key}: only in the sheet"
    for key, column, value in told:
        if key in found and not _equal(value, found[key][column], is_euro=column.startswith("euro_")):
            yield f"{key} {column}: {value} by the sheet, {found[key][column]} by the KPI"
