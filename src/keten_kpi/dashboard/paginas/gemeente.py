"""One gemeente: its figures beside its region and the country, its place among others, and what may explain it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import quantiles

from keten_kpi.dashboard import grafiek
from keten_kpi.dashboard.blok import Blok, Pagina, Tabel
from keten_kpi.dashboard.cijfers import Cijfers, Row, kpi_of, tijdnormen
from keten_kpi.dashboard.kamers import Kamers, Kenmerk
from keten_kpi.dashboard.paginas.delen import (
    AANDEEL,
    AFWIJKEND,
    BINNEN,
    BUITEN_LIJST,
    DOORLOOPTIJD,
    GEEN_TERMIJN,
    MAG,
    PRODUCTCODES,
    SHOWN,
    TIJD,
    TOO_FEW,
    VERZOEKEN,
    VRIJ,
    key_median,
    key_share,
    norm_words,
    point,
    points,
    share_of,
    start_words,
    too_few_months,
    trend_title,
)
from keten_kpi.dashboard.woorden import dag, getal, opsomming, procent
from keten_kpi.kpi import Kpi, funnel, list_kpis

ANDEREN = 8  # other gemeenten of which a distribution tells nothing about one
SPREIDING = ("10 % ligt lager", "25 % ligt lager", "de middelste", "75 % ligt lager", "90 % ligt lager")
MOST_CODES = 10
SOORTEN = {
    "aanbieder": "bij aanbieder {}",
    "productcategorie": "in productcategorie {}",
    "weekdag": "op {}",
    "maandeinde": "in de {}",
}


def gemeente_page(cijfers: Cijfers, kamers: Kamers, code: str) -> Pagina:
    naam, tijd, codes = cijfers.naam(code), kpi_of(DOORLOOPTIJD), kpi_of(PRODUCTCODES)
    row, norm = cijfers.gemeente(DOORLOOPTIJD, code), cijfers.norm(tijd)
    share, land = share_of(row, BINNEN), share_of(cijfers.land(DOORLOOPTIJD), BINNEN)
    beside = f"; landelijk is dat {procent(land)}" if land is not None else ""
    finding = (
        f"{naam} wees {procent(share)} van de verzoeken op tijd toe{beside}."
        if share is not None
        else f"Hoe vaak {naam} op tijd toewees, {TOO_FEW}"
    )
    keys = (
        key_share(VERZOEKEN, row, BINNEN, norm_words(norm)),
        key_median(row, norm_words(norm)),
        key_share(BUITEN_LIJST, cijfers.gemeente(PRODUCTCODES, code), AFWIJKEND, MAG),
    )
    blocks = (
        *_beside(cijfers, tijd, BINNEN, code),
        *_place(cijfers, tijd, BINNEN, code),
        *_trend(cijfers, tijd, BINNEN, code),
        *_causes(kamers, code, naam),
        *_work(cijfers, kamers, code, naam),
        _own_norms(cijfers, code, naam),
        *_beside(cijfers, codes, AFWIJKEND, code),
        *_place(cijfers, codes, AFWIJKEND, code),
        *_trend(cijfers, codes, AFWIJKEND, code),
        *_own_codes(kamers, code, naam),
    )
    return Pagina(f"gemeente/{code}.html", naam, finding, blocks, keys)


def _region(cijfers: Cijfers, kpi: Kpi, code: str) -> tuple[str, Row]:
    """The jeugdregio and its figures; none in an edition that would see few others in it."""
    regio = cijfers.namen.gemeente(code).jeugdregio
    rows = cijfers.rijen(kpi.id, "jeugdregio") if regio and cijfers.mag_regio(kpi.id, regio) else []
    found: Row = next((row for row in rows if row["jeugdregio"] == regio), {})
    own = cijfers.gemeente(kpi.id, code)
    is_alone = all(found.get(name) == value for name, value in own.items() if name in found)
    return f"Jeugdregio {regio}", {} if is_alone else found


def _beside(cijfers: Cijfers, kpi: Kpi, share: str, code: str) -> Iterator[Blok]:
    """The gemeente, its region and the country in one picture."""
    regio, region = _region(cijfers, kpi, code)
    naam = cijfers.naam(code)
    found = {naam: cijfers.gemeente(kpi.id, code), regio: region, "Nederland": cijfers.land(kpi.id)}
    known = {name: row for name, row in found.items() if share_of(row, share) is not None}
    if naam not in known:
        return
    drawn = [point(name, row, share) for name, row in known.items()]
    title = f"{kpi.titel}: {opsomming([f'{punt.naam} {procent(punt.aandeel)}' for punt in drawn])}"
    columns = ("wie", *SHOWN[share], f"{share}_hoog", "onderdrukt")
    values: list[tuple[object, ...]] = [
        (name, *(row.get(column) for column in columns[1:])) for name, row in known.items()
    ]
    table = Tabel(f"{kpi.id}-naast-{code}", f"{kpi.titel}: {naam}, regio en land", columns, values, columns[:-2])
    notes = (VRIJ,) if share == AFWIJKEND else ()
    yield Blok(title, notes, grafiek.rangorde(drawn, title), table)


def _place(cijfers: Cijfers, kpi: Kpi, share: str, code: str) -> Iterator[Blok]:
    """Where the gemeente lies: for the Ketenbureau among named others, for itself among what is told of them."""
    middle = share_of(cijfers.land(kpi.id), share)
    known = points(cijfers, kpi.id, share)
    mine = next((punt for other, punt in known if other == code), None)
    if middle is None or mine is None:
        return
    seen = [punt for _, punt in known] if cijfers.editie.gemeente is None else [mine]
    verdict = funnel(mine.gevallen, middle).verdict(mine.aandeel)
    title = f"{kpi.titel}: {AANDEEL[share]} {_verdict_words(verdict)}"
    columns = ("gemeente", "aandeel", "gevallen", "aandeel_land", "oordeel")
    rows: list[tuple[object, ...]] = [(mine.naam, mine.aandeel, mine.gevallen, middle, verdict)]
    table = Tabel(f"{kpi.id}-{code}", f"{kpi.titel}: {mine.naam} naast het land", columns, rows, columns)
    note = "Buiten de lichte band ligt een gemeente door toeval in 2 van de 1.000 gevallen; de stippellijn is het land."
    yield Blok(title, (note,), grafiek.trechter(seen, middle, title, own=mine.naam), table)
    yield from _spread(kpi, [punt for other, punt in known if other != code], mine, code)


def _spread(kpi: Kpi, others: Sequence[grafiek.Punt], mine: grafiek.Punt, code: str) -> Iterator[Blok]:
    """What the others have, without saying who: in whole percents, and only of enough of them."""
    if len(others) < ANDEREN:
        return
    cuts = quantiles([punt.aandeel for punt in others], n=20, method="inclusive")
    limits = [round(cuts[at], 2) for at in (1, 4, 9, 14, 17)]
    low, _, high = limits[1:4]
    where = "onder" if mine.aandeel < low else "boven" if mine.aandeel > high else "in"
    half = f"{round(low * 100)} tot {round(high * 100)} %"
    title = f"{mine.naam} ligt {where} de middelste helft van de andere gemeenten ({half})"
    columns = ("plaats", "aandeel")
    rows: list[tuple[object, ...]] = [*zip(SPREIDING, limits, strict=True), (mine.naam, mine.aandeel)]
    table = Tabel(f"{kpi.id}-spreiding-{code}", f"{kpi.titel}: {mine.naam} en de spreiding", columns, rows, columns)
    note = (
        f"Het blok is de middelste helft van {len(others)} andere gemeenten, de streep 80 % van hen; in hele procenten."
    )
    yield Blok(title, (note,), grafiek.spreiding(limits, mine.aandeel, mine.naam, title), table)


def _verdict_words(verdict: str) -> str:
    return {
        "lager": "lager dan het land, meer dan toeval",
        "hoger": "hoger dan het land, meer dan toeval",
        "mogelijk lager": "mogelijk lager dan het land",
        "mogelijk hoger": "mogelijk hoger dan het land",
        "geen verschil": "geen verschil met het land dat toeval te boven gaat",
    }[verdict]


def _trend(cijfers: Cijfers, kpi: Kpi, share: str, code: str) -> Iterator[Blok]:
    """Its own months, beside those of the country for who may see these."""
    result = cijfers.tabel(kpi.id, "gemeente", "maand")
    own = {str(row["maand"]): row for row in cijfers.van_gemeente(kpi.id, code)}
    if not own:
        return
    country = cijfers.rijen(kpi.id, "maand") if cijfers.editie.gemeente is None else []
    months = sorted({*own, *(str(row["maand"]) for row in country)})
    rows: list[Row] = [own.get(month, {"maand": month}) for month in months]
    land = {str(row["maand"]): row for row in country}
    naam = cijfers.naam(code)
    columns = result.columns[1:]
    values = [tuple(row[name] for name in columns) for row in own.values()]
    table = Tabel(
        f"{kpi.id}-per-maand-{code}", f"{kpi.titel}: {naam}, per maand", columns, values, ("maand", *SHOWN[share])
    )
    finding = trend_title(cijfers, kpi, rows, share)
    if finding:
        title = f"{naam}: {finding[0].lower()}{finding[1:]}"
        drawn = grafiek.trend(rows, share, title, [land.get(month, {}) for month in months] if land else ())
        yield Blok(title, (start_words(share),), drawn, table)
    else:
        yield too_few_months(kpi)


def _cause_words(kenmerk: Kenmerk) -> str:
    return SOORTEN[kenmerk.soort].format(kenmerk.waarde)


def _causes(kamers: Kamers, code: str, naam: str) -> Iterator[Blok]:
    """What its late cases have in common, as far as it rests on enough of them."""
    found = kamers.oorzaken(code)
    if not found:
        return
    titles = {kpi.id: kpi.titel for kpi in list_kpis()}
    first = found[0]
    title = f"{titles[first.kpi]}: vaker te laat {_cause_words(first)}"
    columns = ("termijn", "waar", "te_laat", "gevallen", "aandeel_te_laat")
    rows: list[tuple[object, ...]] = [
        (titles[item.kpi], _cause_words(item), item.te_laat, item.gevallen, item.te_laat / item.gevallen)
        for item in found
    ]
    table = Tabel(f"oorzaken-{code}", f"Waar {naam} vaker te laat is", columns, rows, columns, is_open=True)
    note = f"Meer dan toeval verklaart, en geen bewijs van een oorzaak. {kamers.afronding}"
    yield Blok(title, (note,), None, table)


def _work(cijfers: Cijfers, kamers: Kamers, code: str, naam: str) -> Iterator[Blok]:
    """How much waits for an answer; the cases themselves are in `keten-kpi werklijst`."""
    day = cijfers.peildatum
    if day is None:
        return
    work = kamers.werk(code)
    late, week = (_about(work[name], kamers.minimum) for name in ("te_laat", "deze_week"))
    title = f"Op {dag(day)} wachtten {late} gevallen te lang op {naam}; tot het einde van die week kwamen er {week} bij"
    note = f"Over alle termijnen waarin de gemeente aan zet is. {kamers.afronding}"
    yield Blok(title, (note, "De gevallen zelf staan hier niet: die geeft keten-kpi werklijst aan de gemeente."))


def _about(number: int | None, minimum: int) -> str:
    if number is None:
        return f"minder dan {minimum}"
    return f"ongeveer {getal(number)}" if number and minimum else getal(number) if number else "geen"


def _is_known(land: Row) -> bool:
    """Whether the share of the country is shown, or is none."""
    return bool(land) and BINNEN not in str(land.get("onderdrukt") or "").split(", ")


def _own_norms(cijfers: Cijfers, code: str, naam: str) -> Blok:
    rows: list[tuple[object, ...]] = []
    for kpi in tijdnormen(list_kpis()):
        row, land = cijfers.gemeente(kpi.id, code), cijfers.land(kpi.id)
        hidden = [str(name) for name in (row.get("onderdrukt"), None if _is_known(land) else "aandeel_land") if name]
        figures = (*(row.get(name) for name in TIJD), share_of(land, BINNEN))
        rows.append((kpi.id, kpi.titel, *figures, ", ".join(hidden) or None))
    columns = ("norm", "titel", *TIJD, "aandeel_land", "onderdrukt")
    shown = ("titel", BINNEN, "aandeel_land", "binnen_norm", "buiten_norm")
    pairs = [(share_of(found, BINNEN), share_of(found, "aandeel_land"))
             for row in rows for found in (dict(zip(columns, row, strict=True)),)]  # fmt: skip
    known = [(own, land) for own, land in pairs if own is not None and land is not None]
    higher = sum(own > land for own, land in known)
    title = (
        f"Bij {higher} van de {len(known)} termijnen met cijfers is het aandeel op tijd hoger dan landelijk"
        if known
        else GEEN_TERMIJN
    )
    table = Tabel(f"normen-{code}", f"Alle termijnen van {naam}", columns, rows, shown, is_open=True,
                  links="../norm/{}.html")  # fmt: skip
    return Blok(title, (), None, table)


def _own_codes(kamers: Kamers, code: str, naam: str) -> Iterator[Blok]:
    """Its most used codes that no national list has, with the nearest one that a list has."""
    many = kamers.aantal_codes(code)
    if not many:
        return
    columns = (
        "wet",
        "product_categorie",
        "product_code",
        "regels",
        "voorstel_code",
        "voorstel_omschrijving",
        "zekerheid",
    )
    found = kamers.code_rijen_van(code)[:MOST_CODES]
    values = [tuple(row[name] for name in columns) for row in found]
    title = f"{naam} gebruikt {getal(many)} codes die in geen landelijke lijst gelden"
    if not found:
        yield Blok(title, ("Geen daarvan is voor genoeg cliënten gebruikt om haar te tonen.", VRIJ))
        return
    table = Tabel(f"codes-{code}", f"De meest gebruikte codes buiten de lijst van {naam}", columns, values, columns,
                  is_open=True)  # fmt: skip
    note = f"De naaste landelijke code is een voorstel, naar omschrijving of eenheid. {kamers.afronding}"
    yield Blok(title, (VRIJ, note), None, table)
