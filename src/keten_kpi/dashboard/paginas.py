"""The pages of an edition: for each the finding first, then the numbers, the chart and the table it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from keten_kpi import __version__
from keten_kpi.dashboard import grafiek
from keten_kpi.dashboard.blok import Blok, Kerncijfer, Pagina, Tabel, table_of
from keten_kpi.dashboard.cijfers import FOLDER, Cijfers, Norm, Row, kpi_of, tijdnormen
from keten_kpi.dashboard.woorden import dag, getal, procent
from keten_kpi.kpi import Kpi, list_kpis

DOORLOOPTIJD, PRODUCTCODES = "doorlooptijd-toewijzing", "productcode-afwijking"
BINNEN, AFWIJKEND = "aandeel_binnen_norm", "aandeel_berichten_afwijkend"
TIJD = ("binnen_norm", "buiten_norm", "lopend", BINNEN, f"{BINNEN}_laag", f"{BINNEN}_hoog", "mediaan_werkdagen")
CODES = ("berichten", "berichten_afwijkend", "berichten_onbekend", AFWIJKEND, f"{AFWIJKEND}_laag", f"{AFWIJKEND}_hoog")
MOST_RANKED = 40
FEW = "Niet getoond: het gaat over weinig gevallen, of zou zulke gevallen verraden."
VRIJ = "Eigen codes zijn bij contract toegestaan: een afwijking beschrijft en is geen overtreding."
LEEG = Blok("Geen cijfers om te tonen", (FEW,))


def _share(row: Row, name: str) -> float | None:
    value = row.get(name)
    return float(str(value)) if value is not None else None


def _interval(row: Row, name: str) -> str:
    low, high = _share(row, f"{name}_laag"), _share(row, f"{name}_hoog")
    return f"95%-interval: {procent(low)} tot {procent(high)}" if low is not None and high is not None else ""


def _key_share(label: str, row: Row, name: str, norm: str = "") -> Kerncijfer:
    share = _share(row, name)
    return Kerncijfer(label, procent(share) if share is not None else "niet getoond", norm, _interval(row, name))


def _key_median(row: Row, norm: str) -> Kerncijfer:
    value = _share(row, "mediaan_werkdagen")
    shown = f"{getal(value, 0 if value == int(value) else 1)} werkdagen" if value is not None else "niet getoond"
    return Kerncijfer("De helft van de beantwoorde verzoeken wachtte hoogstens", shown, norm)


def _norm_words(norm: Norm | None) -> str:
    return f"norm: {norm.waarde} {norm.eenheid} ({norm.regelcode})" if norm else "norm verschilt per bericht"


def _named(cijfers: Cijfers, rows: Sequence[Row], share: str) -> list[Row]:
    """Rows per gemeente that have a share, with their name, the largest share first."""
    known = [row | {"naam": cijfers.naam(str(row["gemeente"]))} for row in rows if _share(row, share) is not None]
    return sorted(known, key=lambda row: (-float(str(row[share])), str(row["gemeente"])))


def _per_gemeente(cijfers: Cijfers, kpi: Kpi, share: str, shown: Sequence[str], top: str = "") -> Iterator[Blok]:
    """The ranking of gemeenten, for who may see them by name."""
    result = cijfers.tabel(kpi.id, "gemeente")
    if cijfers.editie.gemeente is not None:
        return
    if result is None:
        yield LEEG
        return
    named = replace(
        result,
        columns=("gemeente", "naam", *result.columns[1:]),
        rows=[(row[0], cijfers.naam(str(row[0])), *row[1:]) for row in result.rows],
    )
    caption, links = f"{kpi.titel}, per gemeente", top + "gemeente/{}.html"
    table = table_of(named, f"{kpi.id}-per-gemeente", caption, ("naam", *shown), links=links)
    rows = _named(cijfers, cijfers.rijen(kpi.id, "gemeente"), share)
    hidden = len(result.rows) - len(rows)
    note = (f"Van {hidden} van de {len(result.rows)} gemeenten is het aandeel niet te tonen.",) if hidden else ()
    if not rows:
        yield Blok("Van geen gemeente is het aandeel te tonen", note, tabel=table)
        return
    low, high = float(str(rows[-1][share])), float(str(rows[0][share]))
    title = f"Tussen gemeenten loopt het aandeel van {procent(low)} tot {procent(high)}"
    more = (f"De grafiek toont de eerste {MOST_RANKED}; de tabel heeft alle.",) if len(rows) > MOST_RANKED else ()
    svg = grafiek.ranking(rows[:MOST_RANKED], share, "naam", title)
    yield Blok(title, (*note, *more), svg, table)


def _histogram(cijfers: Cijfers, kpi: Kpi) -> Blok | None:
    norm = cijfers.norm(kpi)
    bars = cijfers.verdeling(kpi, norm) if norm else []
    if norm is None or not bars:
        return None
    late = sum(bar.aantal for bar in bars if bar.toestand == "buiten_norm")
    total = sum(bar.aantal for bar in bars)
    title = f"{getal(late)} van de {getal(total)} gevallen gingen over de norm van {norm.waarde} {norm.eenheid}"
    rows: list[tuple[object, ...]] = [(bar.label, bar.aantal, bar.toestand.replace("_", " ")) for bar in bars]
    columns = (norm.eenheid, "aantal", "oordeel")
    table = Tabel(f"{kpi.id}-verdeling", f"{kpi.titel}: verdeling in {norm.eenheid}", columns, rows, columns)
    note = f"Balken met minder dan {cijfers.minimum} gevallen zijn samengenomen; de laatste telt ook wat nog open is."
    svg = grafiek.histogram(bars, norm.waarde, norm.eenheid, title)
    return Blok(title, (note,) if cijfers.minimum else (), svg, table)


def _trend(cijfers: Cijfers, kpi: Kpi, share: str, shown: Sequence[str]) -> Iterator[Blok]:
    """Per month. Not in an edition for one gemeente: of some month it may be almost alone with another."""
    result = cijfers.tabel(kpi.id, "maand") if cijfers.editie.gemeente is None else None
    rows = [row for row in cijfers.rijen(kpi.id, "maand") if _share(row, share) is not None] if result else []
    if result is None or len(rows) < 2:  # noqa: PLR2004 - one point is no line
        return
    first, last = (float(str(row[share])) for row in (rows[0], rows[-1]))
    title = f"Van {procent(first)} in {rows[0]['maand']} naar {procent(last)} in {rows[-1]['maand']}"
    note = (
        "De maand is die van de start. Wat dan nog loopt, telt pas mee als het beantwoord of te laat is."
        if "lopend" in result.columns
        else "De maand is die van de dagtekening."
    )
    table = table_of(result, f"{kpi.id}-per-maand", f"{kpi.titel}, per maand", ("maand", *shown))
    yield Blok(title, (note,), grafiek.trend(rows, share, title), table)


def _per_wet(cijfers: Cijfers, kpi: Kpi, share: str, shown: Sequence[str]) -> Iterator[Blok]:
    result = cijfers.tabel(kpi.id, "wet")
    rows = cijfers.rijen(kpi.id, "wet")
    allowed = all(cijfers.mag_land(kpi.id, str(row["wet"])) for row in rows)  # one alone follows from the total
    if result is None or not rows or not allowed:
        return
    parts = [f"{row['wet']} {procent(value)}" for row in rows if (value := _share(row, share)) is not None]
    values = [tuple(row[name] for name in result.columns) for row in rows]
    table = Tabel(f"{kpi.id}-per-wet", f"{kpi.titel}, per wet", result.columns, values, ("wet", *shown), is_open=True)
    yield Blok(f"{kpi.titel}: {', '.join(parts) or 'niet getoond'}", (), None, table)


def index_page(cijfers: Cijfers) -> Pagina:
    tijd, codes = kpi_of(DOORLOOPTIJD), kpi_of(PRODUCTCODES)
    row, code_row, norm = cijfers.land(DOORLOOPTIJD), cijfers.land(PRODUCTCODES), cijfers.norm(tijd)
    share, limit = _share(row, BINNEN), f"{norm.waarde} {norm.eenheid}" if norm else "de norm"
    finding = (
        f"Van de verzoeken om zorg is {procent(share)} binnen {limit} toegewezen."
        if share is not None
        else "Het landelijke aandeel toewijzingen binnen de norm is in deze editie niet te tonen."
    )
    keys = (
        _key_share("Verzoeken die op tijd zijn toegewezen", row, BINNEN, _norm_words(norm)),
        _key_median(row, _norm_words(norm)),
        _key_share(
            "Berichten met een code buiten de landelijke lijst", code_row, AFWIJKEND, "geen norm: eigen codes mogen"
        ),
    )
    histogram = _histogram(cijfers, tijd)
    blocks = (
        *((histogram,) if histogram else ()),
        *_per_wet(cijfers, tijd, BINNEN, TIJD),
        *_trend(cijfers, tijd, BINNEN, TIJD),
        *_per_gemeente(cijfers, tijd, BINNEN, TIJD),
        *_per_wet(cijfers, codes, AFWIJKEND, CODES),
        _norm_overview(cijfers),
    )
    return Pagina("index.html", "Landelijk beeld", finding, blocks, keys)


def _norm_overview(cijfers: Cijfers) -> Blok:
    """All time norms in one table, each leading to its page."""
    rows: list[tuple[object, ...]] = []
    for kpi in tijdnormen(list_kpis()):
        row = cijfers.land(kpi.id)
        rows.append((kpi.id, kpi.titel, *(row.get(name) for name in TIJD), row.get("onderdrukt")))
    columns = ("norm", "titel", *TIJD, "onderdrukt")
    shown = ("titel", "binnen_norm", "buiten_norm", BINNEN)
    table = Tabel("normen", "Alle termijnen, landelijk", columns, rows, shown, is_open=True, links="norm/{}.html")
    known = [share for row in rows if (share := row[columns.index(BINNEN)]) is not None]
    half = sum(float(str(share)) >= 0.5 for share in known)  # noqa: PLR2004 - more than half
    return Blok(f"Bij {half} van de {len(known)} termijnen met cijfers is ten minste de helft op tijd", (), None, table)


def norm_page(cijfers: Cijfers, kpi: Kpi) -> Pagina:
    row, norm = cijfers.land(kpi.id), cijfers.norm(kpi)
    share = _share(row, BINNEN)
    finding = f"{procent(share)} blijft binnen de norm." if share is not None else FEW
    histogram = _histogram(cijfers, kpi)
    if norm is None or norm.eenheid == "kalendermaanden":
        explained: tuple[str, ...] = (
            "Van deze norm is geen verdeling getekend: zij is niet voor elk bericht hetzelfde aantal dagen.",
        )
    else:
        explained = (FEW,) if histogram is None else ()
    blocks = (
        histogram or Blok("Verdeling", explained),
        *_per_wet(cijfers, kpi, BINNEN, TIJD),
        *_per_gemeente(cijfers, kpi, BINNEN, TIJD, "../"),
        _definition(kpi, norm),
        *((_left_out(row),) if row else ()),
    )
    keys = (_key_share("Binnen de norm", row, BINNEN, _norm_words(norm)),)
    return Pagina(f"norm/{kpi.id}.html", kpi.titel, finding, blocks, keys)


def _definition(kpi: Kpi, norm: Norm | None) -> Blok:
    facts = [("Een geval", kpi.geval), ("De klok", kpi.klok)]
    if norm:
        facts.append(("De norm", f"{norm.waarde} {norm.eenheid}, regel {norm.regelcode}; aan zet: {norm.aan_zet}"))
    facts += [("Bronnen", ", ".join(kpi.bronnen)), ("Versie van de definitie", str(kpi.versie))]
    return Blok("Wat telt en wat niet", (kpi.definitie.strip(),), punten=tuple(facts))


def _left_out(row: Row) -> Blok:
    names = ("lopend", "afgewezen", "niet_meetbaar", "onbruikbaar")
    known = tuple(name for name in names if name in row)
    hidden = set(str(row.get("onderdrukt") or "").split(", "))
    words = tuple((name.replace("_", " "), _number(row, name, hidden)) for name in known)
    return Blok("Gevallen die niet in het aandeel zitten", (), punten=words)


def _number(row: Row, name: str, hidden: set[str]) -> str:
    return "niet getoond" if name in hidden else getal(int(str(row[name] or 0)))


def gemeente_page(cijfers: Cijfers, code: str) -> Pagina:
    naam = cijfers.naam(code)
    row, norm = cijfers.gemeente(DOORLOOPTIJD, code), cijfers.norm(kpi_of(DOORLOOPTIJD))
    share, land = _share(row, BINNEN), _share(cijfers.land(DOORLOOPTIJD), BINNEN)
    beside = f"; landelijk is dat {procent(land)}" if land is not None else ""
    finding = f"{naam} wees {procent(share)} van de verzoeken op tijd toe{beside}." if share is not None else FEW
    keys = (
        _key_share("Verzoeken die op tijd zijn toegewezen", row, BINNEN, _norm_words(norm)),
        _key_median(row, _norm_words(norm)),
        _key_share("Berichten met een code buiten de landelijke lijst", cijfers.gemeente(PRODUCTCODES, code), AFWIJKEND,
                   "geen norm: eigen codes mogen"),
    )  # fmt: skip
    blocks = (
        *_place(cijfers, DOORLOOPTIJD, BINNEN, ("binnen_norm", "buiten_norm"), code),
        _own_norms(cijfers, code, naam),
        *_place(cijfers, PRODUCTCODES, AFWIJKEND, ("berichten", "-berichten_onbekend"), code),
    )
    return Pagina(f"gemeente/{code}.html", naam, finding, blocks, keys)


def _cases(row: Row, parts: Sequence[str]) -> int:
    return sum(-int(str(row[p[1:]] or 0)) if p.startswith("-") else int(str(row[p] or 0)) for p in parts)


def _place(cijfers: Cijfers, kpi_id: str, share: str, parts: Sequence[str], code: str) -> Iterator[Blok]:
    """Where the gemeente lies in the funnel; others are dots without a name, and only for the Ketenbureau."""
    from keten_kpi.kpi import funnel

    middle, kpi = _share(cijfers.land(kpi_id), share), kpi_of(kpi_id)
    known = [row for row in cijfers.rijen(kpi_id, "gemeente") if _share(row, share) is not None]
    mine = next((row for row in known if row["gemeente"] == code), None)
    if middle is None or mine is None:
        return
    seen = known if cijfers.editie.gemeente is None else [mine]
    points = [(cijfers.naam(str(row["gemeente"])), _cases(row, parts), float(str(row[share]))) for row in seen]
    naam, value, cases = cijfers.naam(code), float(str(mine[share])), _cases(mine, parts)
    verdict = funnel(cases, middle).verdict(value)
    title = f"{kpi.titel}: {_verdict_words(verdict)}"
    columns = ("gemeente", "aandeel", "gevallen", "aandeel_land", "oordeel")
    rows: list[tuple[object, ...]] = [(naam, value, cases, middle, verdict)]
    table = Tabel(f"{kpi_id}-{code}", f"{kpi.titel}: {naam} naast het land", columns, rows, columns)
    notes = (VRIJ,) if kpi_id == PRODUCTCODES else ()
    note = "Buiten de lichte band ligt een gemeente door toeval in 2 van de 1.000 gevallen; de stippellijn is het land."
    yield Blok(title, (note, *notes), grafiek.trechter(points, middle, title, own=naam), table)


def _verdict_words(verdict: str) -> str:
    return {
        "lager": "lager dan het land, meer dan toeval",
        "hoger": "hoger dan het land, meer dan toeval",
        "mogelijk lager": "mogelijk lager dan het land",
        "mogelijk hoger": "mogelijk hoger dan het land",
        "geen verschil": "geen verschil met het land dat toeval te boven gaat",
    }[verdict]


def _own_norms(cijfers: Cijfers, code: str, naam: str) -> Blok:
    rows: list[tuple[object, ...]] = []
    for kpi in tijdnormen(list_kpis()):
        row = cijfers.gemeente(kpi.id, code)
        land = _share(cijfers.land(kpi.id), BINNEN)
        rows.append((kpi.id, kpi.titel, *(row.get(name) for name in TIJD), land, row.get("onderdrukt")))
    columns = ("norm", "titel", *TIJD, "aandeel_land", "onderdrukt")
    shown = ("titel", BINNEN, "aandeel_land", "binnen_norm", "buiten_norm")
    at = columns.index(BINNEN)
    known = [(float(str(row[at])), float(str(row[at + 4]))) for row in rows
             if row[at] is not None and row[at + 4] is not None]  # fmt: skip
    higher = sum(own > land for own, land in known)
    title = f"Bij {higher} van de {len(known)} termijnen met cijfers is het aandeel op tijd hoger dan landelijk"
    links = "../norm/{}.html"
    return Blok(title, (), None, Tabel(f"normen-{code}", f"Alle termijnen van {naam}", columns, rows, shown,
                                       is_open=True, links=links))  # fmt: skip


def codes_page(cijfers: Cijfers) -> Pagina:
    row, kpi = cijfers.land(PRODUCTCODES), kpi_of(PRODUCTCODES)
    share = _share(row, AFWIJKEND)
    finding = (
        f"{procent(share)} van de berichten heeft een code buiten de landelijke lijst." if share is not None else FEW
    )
    spread, pairs = cijfers.land("codevariatie"), "aandeel_paren_een_client"
    keys = (
        _key_share("Berichten met een code buiten de landelijke lijst", row, AFWIJKEND, "geen norm: eigen codes mogen"),
        _key_share("Codes die een gemeente voor één client gebruikt", spread, pairs),
    )
    blocks = (
        Blok("Wat een afwijking is", (VRIJ,)),
        *_per_wet(cijfers, kpi, AFWIJKEND, CODES),
        *_trend(cijfers, kpi, AFWIJKEND, CODES),
        *_per_gemeente(cijfers, kpi, AFWIJKEND, CODES),
    )
    return Pagina("productcodes.html", "Productcodes", finding, blocks, keys)


def aanbieders_page(cijfers: Cijfers) -> Pagina:
    codes, spread = cijfers.tabel(PRODUCTCODES, "aanbieder"), cijfers.tabel("codevariatie", "aanbieder")
    waiting = cijfers.tabel(DOORLOOPTIJD, "aanbieder")
    shown = ("aanbieder", "codes", "paren", "regels")
    blocks: list[Blok] = []
    if spread:
        table = table_of(spread, "codes-per-aanbieder", "Codes per aanbieder", shown)
        title = f"{getal(len(spread.rows))} aanbieders stuurden of kregen een productcode"
        blocks.append(Blok(title, ("Paren zijn combinaties van gemeente en code.",), None, table))
    if codes:
        table = table_of(codes, "afwijking-per-aanbieder", "Productcodes per aanbieder", ("aanbieder", *CODES))
        blocks.append(Blok("Welk deel van de berichten een eigen code heeft", (VRIJ,), None, table))
    if waiting:
        table = table_of(waiting, "doorlooptijd-per-aanbieder", "Doorlooptijd per aanbieder", ("aanbieder", *TIJD))
        blocks.append(Blok("Hoe snel hun verzoeken worden toegewezen", ("Aan zet is de gemeente.",), None, table))
    return Pagina("aanbieders.html", "Aanbieders", "Hoe gemeenten antwoorden, en hoeveel codes zij vragen.",
                  tuple(blocks) or (LEEG,))  # fmt: skip


def quality_page(cijfers: Cijfers) -> Pagina:
    day = cijfers.peildatum
    until = f"Het verkeer is bekend tot en met {dag(day)}." if day else "Er is nog geen bericht bekend."
    blocks = [*([] if cijfers.editie.gemeente else _received(cijfers)), _lists(cijfers)]
    return Pagina("datakwaliteit.html", "Datakwaliteit", until, tuple(blocks))


def _received(cijfers: Cijfers) -> Iterator[Blok]:
    volume = cijfers.tabel("berichtvolume", "berichttype")
    if volume:
        table = table_of(volume, "berichten-per-type", "Berichten per type", volume.columns[:-1])
        yield Blok(f"Er kwamen {getal(len(volume.rows))} soorten berichten binnen", (), None, table)
    found = cijfers.con.execute(FOLDER.joinpath("kwaliteit.sql").read_text("utf-8")).fetchall()
    total = sum(int(row[1]) for row in found)
    columns = ("reden", "documenten")
    table = Tabel("quarantaine", "Niet geladen, per reden", columns, found, columns, is_open=True)
    yield Blok(f"{getal(total)} documenten zijn niet geladen", (), None, table if found else None)
    row = cijfers.con.execute("SELECT COUNT(*) FROM verkeer.conflict").fetchone()
    conflicts = getal(int(row[0]) if row else 0)
    text = "Twee berichten met dezelfde sleutel en andere inhoud: alleen het eerste telt."
    yield Blok(f"{conflicts} berichten tellen niet mee door een conflict", (text,))


def _lists(cijfers: Cijfers) -> Blok:
    found = cijfers.con.execute(
        "SELECT wet, codelijst, lijstversie, aantal_codes FROM verkeer.codelijst ORDER BY wet, codelijst, lijstversie"
    ).fetchall()
    columns = ("wet", "codelijst", "lijstversie", "aantal_codes")
    rows: list[tuple[object, ...]] = [(wet, lijst, str(versie), aantal) for wet, lijst, versie, aantal in found]
    table = Tabel("codelijsten", "Landelijke lijsten van productcodes", columns, rows, columns)
    return Blok(f"Codes zijn beoordeeld met {len(rows)} versies van landelijke lijsten", (), None, table)


def method_page(cijfers: Cijfers) -> Pagina:
    kpis = list_kpis()
    definitions = tuple((f"{kpi.titel} (versie {kpi.versie})", kpi.definitie.strip()) for kpi in kpis)
    hiding = (
        f"Aantallen van 1 tot {cijfers.minimum} zijn niet getoond, en per tabel ook niet waaruit zij te berekenen zijn."
        if cijfers.minimum
        else "In deze editie zijn kleine aantallen getoond: zij is niet bedoeld om door te geven."
    )
    blocks = (
        Blok("Kleine aantallen", (hiding, "Een 0 is getoond: daar zit niemand achter.")),
        Blok(
            "Onzekerheid",
            ("Een interval van 95 % is dat van Wilson. Het zegt hoe ver toeval alleen een aandeel kan verschuiven.",),
        ),
        Blok(
            "Privacy",
            (
                "De bladzijden bevatten alleen aantallen, aandelen en doorlooptijden.",
                "Er staat geen client in, ook geen pseudoniem.",
            ),
        ),
        Blok("Definities", (), punten=definitions),
        Blok("Versie", (f"keten-kpi {__version__}; editie {cijfers.editie.naam}.",)),
    )
    return Pagina(
        "verantwoording.html", "Verantwoording", "Hoe deze cijfers zijn gemaakt, en wat zij niet zeggen.", blocks
    )


def access_page(_: Cijfers) -> Pagina:
    blocks = (
        Blok("Waar wij naar streven", ("Deze bladzijden zijn gemaakt om te voldoen aan WCAG 2.2, niveau A en AA.",)),
        Blok("Wat is getoetst", (
            "De tests van het programma toetsen elke bladzijde van een voorbeeld in een browser met axe.",
            "Zij toetsen ook dat niets wegvalt op een breedte van 320 pixels (400 % vergroting).",
            "Elke grafiek heeft een titel, een omschrijving en een tabel met haar cijfers.",
        )),
        Blok("Wat niet is getoetst", (
            "Niemand die een schermlezer of andere hulpmiddelen gebruikt, heeft deze bladzijden getoetst.",
            "Een onderzoek door een onafhankelijke partij is er niet.",
        )),
        Blok("Melden", ("Loopt u ergens tegenaan? Meld het aan wie u deze bladzijden geeft.",)),
    )  # fmt: skip
    return Pagina("toegankelijkheid.html", "Toegankelijkheid", "Iedereen moet deze cijfers kunnen lezen.", blocks)


def all_pages(cijfers: Cijfers, gemeenten: Sequence[str]) -> Iterator[Pagina]:
    """Every page of the edition; per gemeente only those that it may see."""
    yield index_page(cijfers)
    own = cijfers.editie.gemeente
    yield from map(partial(gemeente_page, cijfers), [own] if own else gemeenten)
    yield from map(partial(norm_page, cijfers), tijdnormen(list_kpis()))
    yield codes_page(cijfers)
    if own is None:
        yield aanbieders_page(cijfers)
    yield quality_page(cijfers)
    yield method_page(cijfers)
    yield access_page(cijfers)
