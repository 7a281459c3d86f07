"""All gemeenten on one page, for who may see them by name: a tile each, and a line each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from html import escape
from statistics import median

from keten_kpi.dashboard import grafiek
from keten_kpi.dashboard.blok import Blok, Pagina, Tabel
from keten_kpi.dashboard.cijfers import Cijfers, Row, kpi_of
from keten_kpi.dashboard.paginas.delen import (
    AFWIJKEND,
    BINNEN,
    DOORLOOPTIJD,
    FEW,
    PRODUCTCODES,
    TOO_FEW,
    VRIJ,
    points,
    share_of,
    start_words,
)
from keten_kpi.dashboard.woorden import procent
from keten_kpi.kpi import Kpi

LEAST_MONTHS = 3  # fewer points are no line
HALF = 0.5


def gemeenten_page(cijfers: Cijfers) -> Pagina:
    tijd, codes = kpi_of(DOORLOOPTIJD), kpi_of(PRODUCTCODES)
    known = points(cijfers, tijd.id, BINNEN)
    many = sum(punt.aandeel >= HALF for _, punt in known)
    finding = (
        f"In {many} van de {len(known)} gemeenten met cijfers is ten minste de helft op tijd toegewezen."
        if known
        else f"In hoeveel gemeenten de helft op tijd is toegewezen, {TOO_FEW}"
    )
    blocks = (
        *_tiles(cijfers, tijd, BINNEN, "op tijd toegewezen"),
        *_lines(cijfers, tijd, BINNEN),
        *_tiles(cijfers, codes, AFWIJKEND, "berichten met een code buiten de landelijke lijst"),
    )
    return Pagina("gemeenten.html", "Gemeenten", finding, blocks)


def _tiles(cijfers: Cijfers, kpi: Kpi, share: str, words: str) -> Iterator[Blok]:
    rows = cijfers.rijen(kpi.id, "gemeente")
    if not rows:
        return
    tiles = [
        grafiek.Tegel(cijfers.naam(code), cijfers.namen.gemeente(code).provincie, share_of(row, share))
        for row in rows
        if (code := str(row["gemeente"]))
    ]
    known = [tile.aandeel for tile in tiles if tile.aandeel is not None]
    if not known:
        return
    title = f"Percentage {words}: de middelste gemeente heeft {procent(median(known))}"
    columns = ("gemeente", "naam", "provincie", share)
    values: list[tuple[object, ...]] = [
        (row["gemeente"], tile.naam, tile.groep, tile.aandeel) for row, tile in zip(rows, tiles, strict=True)
    ]
    table = Tabel(f"{kpi.id}-tegels", f"{kpi.titel}: een tegel per gemeente", columns, values, columns[1:],
                  links="gemeente/{}.html")  # fmt: skip
    notes = ["Elke tegel is een gemeente, op naam binnen haar provincie; waar zij ligt, zegt de tegel niet."]
    notes.append("Hoe donkerder, hoe hoger; een punt is een gemeente waarvan het aandeel niet te tonen is.")
    yield Blok(
        title, (" ".join(notes), *((VRIJ,) if share == AFWIJKEND else ())), grafiek.tegelkaart(tiles, title), table
    )


def _lines(cijfers: Cijfers, kpi: Kpi, share: str) -> Iterator[Blok]:
    """A small line for each gemeente that has enough months."""
    per: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in cijfers.rijen(kpi.id, "gemeente", "maand"):
        per[str(row["gemeente"])][str(row["maand"])] = row
    months = sorted({month for found in per.values() for month in found})
    cards, better = [], 0
    shown: list[tuple[object, ...]] = []
    for code, found in sorted(per.items(), key=lambda pair: cijfers.naam(pair[0])):
        ended = (row for month, row in sorted(found.items()) if cijfers.is_af(kpi, month))
        known = [value for row in ended if (value := share_of(row, share)) is not None]
        if len(known) >= LEAST_MONTHS:
            line = grafiek.klein([found.get(month, {}) for month in months], share)
            better += known[-1] > known[0]
            last = f'<span class="stand">{procent(known[0])} &rarr; {procent(known[-1])}</span>'
            shown.append((code, cijfers.naam(code), known[0], known[-1], len(known)))
            cards.append(f'<li><a href="gemeente/{code}.html">{escape(cijfers.naam(code))}</a> {last}{line}</li>')
    if not cards:
        yield Blok("Per maand zijn er in geen gemeente genoeg gevallen voor een lijn", (FEW,))
        return
    title = (
        f"In {better} van de {len(cards)} gemeenten is het aandeel op tijd in de laatste maand hoger dan in de eerste"
    )
    note = f"Eerste en laatste aandeel, en de lijn ertussen van 0 tot 100 %: de streep is 50 %. {start_words(share)}"
    without = len(per) - len(cards)
    notes = (note, *((f"Van {without} gemeenten zijn er te weinig maanden te tonen.",) if without else ()))
    columns = ("gemeente", "naam", "aandeel_eerste_maand", "aandeel_laatste_maand", "maanden")
    table = Tabel(f"{kpi.id}-lijnen", f"{kpi.titel}: eerste en laatste maand per gemeente", columns, shown, columns[1:],
                  links="gemeente/{}.html")  # fmt: skip
    lines = f'<ul class="lijntjes">{"".join(cards)}</ul>'
    yield Blok(title, notes, lines, table, bestand=_per_month(cijfers, kpi))


def _per_month(cijfers: Cijfers, kpi: Kpi) -> Tabel:
    """All months of all gemeenten: too many rows for a page, each gemeente has its own on its page."""
    result = cijfers.tabel(kpi.id, "gemeente", "maand")
    columns = ("gemeente", "naam", *result.columns[1:])
    values = [(row[0], cijfers.naam(str(row[0])), *row[1:]) for row in result.rows]
    return Tabel(f"{kpi.id}-per-gemeente-en-maand", f"{kpi.titel}, per gemeente en maand", columns, values, columns)
