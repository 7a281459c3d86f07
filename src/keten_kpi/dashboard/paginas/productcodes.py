"""The product codes: how many messages have one outside the list, which codes those are, and what could change."""

from __future__ import annotations

from collections.abc import Iterator

from keten_kpi.codes import DEKKING, EERSTE
from keten_kpi.dashboard import grafiek
from keten_kpi.dashboard.blok import Blok, Pagina, Tabel
from keten_kpi.dashboard.cijfers import Cijfers, kpi_of
from keten_kpi.dashboard.kamers import Kamers
from keten_kpi.dashboard.paginas.delen import (
    AFWIJKEND,
    BUITEN_LIJST,
    MAG,
    PRODUCTCODES,
    TOO_FEW,
    VARIATIE,
    VRIJ,
    key_share,
    per_wet,
    ranking,
    share_of,
    trend,
)
from keten_kpi.dashboard.woorden import getal, heel_procent, procent

PAREN = "aandeel_paren_een_client"
UNSURE_WORDS = (
    "Geen voorstel is zeker: zonder omschrijving van de codes rust het op hun eenheid. "
    "Lees dit als bovengrens van wat kan."
)
MOST_DRAWN, MOST_LISTED = 10, 100


def codes_page(cijfers: Cijfers, kamers: Kamers) -> Pagina:
    row, kpi = cijfers.land(PRODUCTCODES), kpi_of(PRODUCTCODES)
    share = share_of(row, AFWIJKEND)
    finding = (
        f"{procent(share)} van de berichten heeft een code buiten de landelijke lijst."
        if share is not None
        else f"Hoeveel berichten een code buiten de landelijke lijst hebben, {TOO_FEW}"
    )
    keys = (
        key_share(BUITEN_LIJST, row, AFWIJKEND, MAG),
        key_share("Codes die een gemeente voor één client gebruikt", cijfers.land(VARIATIE), PAREN),
    )
    blocks = (
        Blok("Een eigen code mag", (VRIJ,)),
        *per_wet(cijfers, kpi, AFWIJKEND),
        *trend(cijfers, kpi, AFWIJKEND),
        *_codes(cijfers, kamers),
        *_what_if(cijfers, kamers),
        *ranking(cijfers, kpi, AFWIJKEND),
    )
    return Pagina("productcodes.html", "Productcodes", finding, blocks, keys)


def _codes(cijfers: Cijfers, kamers: Kamers) -> Iterator[Blok]:
    """Which codes, how often, by how many gemeenten: those of other gemeenten only for the Ketenbureau."""
    codes = kamers.codes
    if cijfers.editie.gemeente is not None or not codes.rows:
        return
    rows = kamers.code_rijen()[:MOST_LISTED]
    short, first = codes.shortlist(DEKKING), codes.first(EERSTE)
    title = (
        f"{getal(len(short.codes))} van de {getal(codes.aantal)} codes buiten de lijst maken samen "
        f"{heel_procent(DEKKING)} van de regels met zo'n code"
    )
    closes = (
        f"Wie de eerste {len(first.codes)} vervangt, heeft {heel_procent(first.aandeel_regels)} van die regels gehad."
    )
    columns = ("wet", "product_categorie", "product_code", "regels", "clienten", "gemeenten", "aanbieders",
               "voorstel_code", "voorstel_omschrijving", "zekerheid")  # fmt: skip
    values = [tuple(row[name] for name in columns) for row in rows]
    table = Tabel("codes", "Codes buiten de landelijke lijst, de meest gebruikte eerst", columns, values, columns[:8])
    drawn = [
        (f"{row['product_code']} ({row['wet']})", float(str(row["regels"])), _use(row)) for row in rows[:MOST_DRAWN]
    ]
    few = f" Codes voor minder dan {kamers.minimum} cliënten staan er niet in." if kamers.minimum else ""
    note = f"De tabel heeft er hoogstens {MOST_LISTED}.{few} {kamers.afronding}"
    yield Blok(title, (closes, note), grafiek.staven(drawn, title) if drawn else None, table if rows else None)


def _use(row: dict[str, object]) -> str:
    many = int(str(row["gemeenten"]))
    return f"{getal(int(str(row['regels'])))} regels, {many} gemeente{'n' if many > 1 else ''}"


def _what_if(cijfers: Cijfers, kamers: Kamers) -> Iterator[Blok]:
    """What would remain if the suggestions that are sure were taken: a figure of the country."""
    if not cijfers.mag_land(PRODUCTCODES) or not kamers.codes.rows:
        return
    found = kamers.wat_als
    now = share_of(cijfers.land(PRODUCTCODES), AFWIJKEND)
    if now is None:
        return
    sure = "Alleen voorstellen die hoog of redelijk zeker zijn." if kamers.is_zeker else UNSURE_WORDS
    if not found.vervangingen:
        yield Blok(
            "Wat als: van geen code is zeker genoeg welke landelijke code haar kan vervangen",
            ("Zonder omschrijving van eigen codes is er niets om op te vergelijken: gemeenten kunnen die aanleveren.",),
        )
        return
    then = kamers.aandeel_straks()
    if then is None:
        return
    title = f"Wat als {getal(found.vervangingen)} codes hun voorstel volgen: van {procent(now)} naar {procent(then)}"
    rows: list[tuple[object, ...]] = [("nu", now), ("met de voorstellen", then)]
    columns = ("situatie", AFWIJKEND)
    table = Tabel("wat-als", "Berichten met een code buiten de lijst, nu en straks", columns, rows, columns)
    drawn = [(str(name), float(str(value)), procent(float(str(value)))) for name, value in rows]
    yield Blok(title, (f"{sure} {kamers.afronding}".strip(),), grafiek.staven(drawn, title, most=1), table)
