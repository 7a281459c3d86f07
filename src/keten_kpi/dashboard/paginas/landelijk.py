"""The first page: the figures of the 0-measurement in a minute, and who takes part."""

from __future__ import annotations

from collections.abc import Iterator

from keten_kpi.dashboard import grafiek
from keten_kpi.dashboard.blok import Blok, Pagina, Tabel
from keten_kpi.dashboard.cijfers import Cijfers, kpi_of, tijdnormen
from keten_kpi.dashboard.paginas.delen import (
    AFWIJKEND,
    BINNEN,
    BUITEN_LIJST,
    DOORLOOPTIJD,
    GEEN_TERMIJN,
    MAG,
    PRODUCTCODES,
    TIJD,
    VERZOEKEN,
    histogram,
    key_median,
    key_share,
    norm_words,
    number_of,
    per_wet,
    point,
    ranking,
    share_of,
    trend,
)
from keten_kpi.dashboard.woorden import getal, procent
from keten_kpi.kpi import list_kpis

VOLUME = "berichtvolume"
HALF = 0.5
WITHHELD = ", ".join((*TIJD, f"{BINNEN}_hoog"))  # of a country in which an edition would see few others
FIGURES = ("berichten", "gemeenten", "aanbieders", "verzenders")


def index_page(cijfers: Cijfers) -> Pagina:
    tijd, codes = kpi_of(DOORLOOPTIJD), kpi_of(PRODUCTCODES)
    row, code_row, norm = cijfers.land(DOORLOOPTIJD), cijfers.land(PRODUCTCODES), cijfers.norm(tijd)
    share, limit = share_of(row, BINNEN), f"{norm.waarde} {norm.eenheid}" if norm else "de norm"
    finding = (
        f"Van de verzoeken om zorg is {procent(share)} binnen {limit} toegewezen."
        if share is not None
        else "Het landelijke aandeel toewijzingen binnen de norm is in deze editie niet te tonen."
    )
    keys = (
        key_share(VERZOEKEN, row, BINNEN, norm_words(norm)),
        key_median(row, norm_words(norm)),
        key_share(BUITEN_LIJST, code_row, AFWIJKEND, MAG),
    )
    spread = histogram(cijfers, tijd)
    blocks = (
        *((spread,) if spread else ()),
        *per_wet(cijfers, tijd, BINNEN),
        *trend(cijfers, tijd, BINNEN),
        *ranking(cijfers, tijd, BINNEN),
        *per_wet(cijfers, codes, AFWIJKEND),
        *trend(cijfers, codes, AFWIJKEND),
        _norms(cijfers),
        *_adoption(cijfers),
    )
    return Pagina("index.html", "Landelijk beeld", finding, blocks, keys)


def _norms(cijfers: Cijfers) -> Blok:
    """All time norms, each leading to its page."""
    found = {kpi: cijfers.land(kpi.id) for kpi in tijdnormen(list_kpis())}
    rows: list[tuple[object, ...]] = [
        (
            kpi.id,
            kpi.titel,
            *(row.get(name) for name in (*TIJD, f"{BINNEN}_hoog")),
            row.get("onderdrukt") if row else WITHHELD,
        )
        for kpi, row in found.items()
    ]
    columns = ("norm", "titel", *TIJD, f"{BINNEN}_hoog", "onderdrukt")
    shown = ("titel", "binnen_norm", "buiten_norm", BINNEN, f"{BINNEN}_laag")
    table = Tabel("normen", "Alle termijnen, landelijk", columns, rows, shown, is_open=True, links="norm/{}.html")
    known = [point(_short(kpi.titel), row, BINNEN) for kpi, row in found.items() if share_of(row, BINNEN) is not None]
    half = sum(punt.aandeel >= HALF for punt in known)
    title = f"Bij {half} van de {len(known)} termijnen met cijfers is ten minste de helft op tijd"
    title = title if known else GEEN_TERMIJN
    known.sort(key=lambda punt: (-punt.aandeel, punt.naam))
    return Blok(title, (), grafiek.rangorde(known, title) if known else None, table)


def _short(title: str) -> str:
    """What the term is of: all names in the chart are of terms."""
    name = title.removeprefix("Termijn van ")
    return name[:1].upper() + name[1:]


def _adoption(cijfers: Cijfers) -> Iterator[Blok]:
    """How many gemeenten and aanbieders take part in each type of message: not for an edition of one gemeente."""
    if cijfers.editie.gemeente is not None:
        return
    rows = cijfers.rijen(VOLUME, "berichttype")
    kinds = {str(row["berichttype"]): cijfers.namen.bericht(str(row["berichttype"])) for row in rows}
    columns = ("berichttype", "bericht", "wet", *FIGURES, "onderdrukt")
    values: list[tuple[object, ...]] = [
        (kind, kinds[kind].naam, kinds[kind].wet, *(row[name] for name in FIGURES), row.get("onderdrukt"))
        for row in rows
        if (kind := str(row["berichttype"]))
    ]
    table = Tabel("berichten-per-type", "Wie doet mee, per soort bericht", columns, values, columns[:-1], is_open=True)
    sent = [
        (f"{kinds[kind].naam} ({kind})", number_of(row, "verzenders") or 0)
        for row in rows
        if not kinds[kind := str(row["berichttype"])].is_retour
    ]
    bars = sorted(((naam, number) for naam, number in sent if number), key=lambda pair: (-pair[1], pair[0]))
    title = (
        f"De meeste partijen verzenden {bars[0][0]}: {getal(bars[0][1])}"
        if bars
        else f"Er gaan {len(rows)} soorten berichten rond"
    )
    note = "Verzenders zijn verschillende gemeenten of aanbieders; retourberichten staan alleen in de tabel."
    drawn = [(naam, float(number), getal(number)) for naam, number in bars]
    yield Blok(title, (note,), grafiek.staven(drawn, title) if drawn else None, table)
