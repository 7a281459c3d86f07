"""Parts that several pages have: a key figure, a trend, a ranking, a distribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from keten_kpi.dashboard import grafiek
from keten_kpi.dashboard.blok import Blok, Kerncijfer, Tabel, table_of
from keten_kpi.dashboard.cijfers import Cijfers, Norm, Row
from keten_kpi.dashboard.woorden import getal, maand, opsomming, procent
from keten_kpi.kpi import Kpi

DOORLOOPTIJD, PRODUCTCODES, VARIATIE = "doorlooptijd-toewijzing", "productcode-afwijking", "codevariatie"
BINNEN, AFWIJKEND = "aandeel_binnen_norm", "aandeel_berichten_afwijkend"
TIJD = ("binnen_norm", "buiten_norm", "lopend", BINNEN, f"{BINNEN}_laag", "mediaan_werkdagen")
CODES = ("berichten", "berichten_afwijkend", "berichten_onbekend", AFWIJKEND, f"{AFWIJKEND}_laag")
AANDEEL = {BINNEN: "aandeel op tijd", AFWIJKEND: "aandeel berichten met een code buiten de lijst"}
SHOWN = {BINNEN: TIJD, AFWIJKEND: CODES}
CASES = {BINNEN: ("binnen_norm", "buiten_norm"), AFWIJKEND: ("berichten", "-berichten_onbekend")}
MOST_NAMED = 40  # rows in a ranking; of more, one point each
FEW = "Niet getoond: het gaat over weinig gevallen, of zou zulke gevallen verraden."
TOO_FEW = "is niet te tonen: het gaat over weinig gevallen, of zou zulke gevallen verraden."  # ends the head of a page
GEEN_TERMIJN = "Van geen termijn is het aandeel op tijd te tonen"
VRIJ = "Eigen codes zijn bij contract toegestaan: een afwijking beschrijft en is geen overtreding."
LEEG = Blok("Geen cijfers om te tonen", (FEW,))
WEEKEND = "Een antwoord in het weekend na de uiterste dag is te laat, met evenveel werkdagen."
EERDER = "Maanden van voor het eerste bericht staan alleen in de tabel: daarvan is vooral bekend wat te laat was."
VERZOEKEN = "Verzoeken die op tijd zijn toegewezen"
BUITEN_LIJST = "Berichten met een code buiten de landelijke lijst"
MAG = "geen norm: eigen codes mogen"


def share_of(row: Mapping[str, object], name: str) -> float | None:
    value = row.get(name)
    return float(str(value)) if value is not None else None


def number_of(row: Mapping[str, object], name: str) -> int | None:
    value = row.get(name)
    return int(str(value)) if value is not None else None


def cases_of(row: Row, share: str) -> int:
    """How many cases a share is of."""
    parts = CASES[share]
    return sum(-int(str(row[p[1:]] or 0)) if p.startswith("-") else int(str(row[p] or 0)) for p in parts)


def interval_words(row: Row, name: str) -> str:
    low, high = share_of(row, f"{name}_laag"), share_of(row, f"{name}_hoog")
    return f"95%-interval: {procent(low)} tot {procent(high)}" if low is not None and high is not None else ""


def key_share(label: str, row: Row, name: str, norm: str = "") -> Kerncijfer:
    share = share_of(row, name)
    return Kerncijfer(label, procent(share) if share is not None else None, norm, interval_words(row, name))


def key_median(row: Row, norm: str) -> Kerncijfer:
    value = share_of(row, "mediaan_werkdagen")
    shown = f"{getal(value, 0 if value == int(value) else 1)} werkdagen" if value is not None else None
    return Kerncijfer("De helft van de beantwoorde verzoeken wachtte hoogstens", shown, norm)


def norm_words(norm: Norm | None) -> str:
    return f"norm: {norm.waarde} {norm.eenheid} ({norm.regelcode})" if norm else "norm verschilt per bericht"


def point(naam: str, row: Row, share: str) -> grafiek.Punt:
    value, low, high = (float(str(row[name])) for name in (share, f"{share}_laag", f"{share}_hoog"))
    return grafiek.Punt(naam, value, low, high, cases_of(row, share))


def points(cijfers: Cijfers, kpi_id: str, share: str) -> list[tuple[str, grafiek.Punt]]:
    """Code and point of each gemeente whose share can be shown, from high to low."""
    return cijfers.eenmaal(("points", kpi_id, share), lambda: _points(cijfers, kpi_id, share))


def _points(cijfers: Cijfers, kpi_id: str, share: str) -> list[tuple[str, grafiek.Punt]]:
    found = [
        (code, point(cijfers.naam(code), row, share))
        for row in cijfers.rijen(kpi_id, "gemeente")
        if share_of(row, share) is not None and (code := str(row["gemeente"]))
    ]
    return sorted(found, key=lambda pair: (-pair[1].aandeel, pair[0]))


def ranking(cijfers: Cijfers, kpi: Kpi, share: str, top: str = "") -> Iterator[Blok]:
    """The gemeenten by share, for who may see them by name."""
    if cijfers.editie.gemeente is not None:
        return
    result = cijfers.tabel(kpi.id, "gemeente")
    named = replace(
        result,
        columns=("gemeente", "naam", *result.columns[1:]),
        rows=[(row[0], cijfers.naam(str(row[0])), *row[1:]) for row in result.rows],
    )
    caption, links = f"{kpi.titel}, per gemeente", top + "gemeente/{}.html"
    table = table_of(named, f"{kpi.id}-per-gemeente", caption, ("naam", *SHOWN[share]), links=links)
    known = [punt for _, punt in points(cijfers, kpi.id, share)]
    hidden = len(result.rows) - len(known)
    note = (f"Van {hidden} van de {len(result.rows)} gemeenten is het aandeel niet te tonen.",) if hidden else ()
    if not known:
        yield Blok("Van geen gemeente is het aandeel te tonen", note, tabel=table)
        return
    title = (
        f"Tussen gemeenten loopt het {AANDEEL[share]} van {procent(known[-1].aandeel)} tot {procent(known[0].aandeel)}"
    )
    if len(known) > MOST_NAMED:
        note = (*note, "Elk punt is een gemeente, de streep is haar 95%-interval; de namen staan in de tabel.")
        yield Blok(title, note, grafiek.rups(known[::-1], title), table)
    else:
        yield Blok(title, note, grafiek.rangorde(known, title), table)


def histogram(cijfers: Cijfers, kpi: Kpi) -> Blok | None:
    norm = cijfers.norm(kpi)
    bars = cijfers.verdeling(kpi)
    if norm is None or not bars:
        return None
    late = sum(bar.aantal for bar in bars if bar.toestand == "buiten_norm")
    total = sum(bar.aantal for bar in bars)
    title = f"{getal(late)} van de {getal(total)} gevallen gingen over de norm van {norm.waarde} {norm.eenheid}"
    rows: list[tuple[object, ...]] = [(bar.label, bar.aantal, bar.toestand.replace("_", " ")) for bar in bars]
    columns = (norm.eenheid, "aantal", "oordeel")
    table = Tabel(f"{kpi.id}-verdeling", f"{kpi.titel}: verdeling in {norm.eenheid}", columns, rows, columns)
    notes = ["Open staven zijn binnen de norm, dichte erbuiten; de laatste telt ook wat nog open is."]
    if any(bar.toestand == "buiten_norm" and bar.van <= norm.waarde for bar in bars):
        notes.append(WEEKEND)
    if cijfers.minimum:
        notes.append(f"Staven met minder dan {cijfers.minimum} gevallen zijn samengenomen.")
    return Blok(title, (" ".join(notes),), grafiek.histogram(bars, norm.waarde, norm.eenheid, title), table)


def trend(cijfers: Cijfers, kpi: Kpi, share: str) -> Iterator[Blok]:
    """Per month. Not in an edition for one gemeente: of some month it may be almost alone with another."""
    if cijfers.editie.gemeente is not None:
        return
    result, rows = cijfers.tabel(kpi.id, "maand"), cijfers.rijen(kpi.id, "maand")
    drawn = [row for row in rows if str(row["maand"]) >= cijfers.tabellen.eerste_maand]
    title = trend_title(cijfers, kpi, drawn, share)
    if not title:
        yield too_few_months(kpi)
        return
    table = table_of(result, f"{kpi.id}-per-maand", f"{kpi.titel}, per maand", ("maand", *SHOWN[share]))
    notes = (start_words(share), *((EERDER,) if len(drawn) < len(rows) else ()))
    yield Blok(title, notes, grafiek.trend(every_month(drawn), share, title), table)


def too_few_months(kpi: Kpi) -> Blok:
    return Blok(f"{kpi.titel}: per maand te weinig gevallen om een lijn te tonen", (FEW,))


def every_month(rows: Sequence[Row]) -> list[Row]:
    """The rows per month, and one without figures for each month in between that has no case."""
    found = {str(row["maand"]): row for row in rows}
    first, last = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (min(found), max(found)))
    months = (f"{at // 12}-{at % 12 + 1:02}" for at in range(first, last + 1))
    return [found.get(month, {"maand": month}) for month in months]


def trend_title(cijfers: Cijfers, kpi: Kpi, rows: Sequence[Row], share: str) -> str:
    """From the first to the last month that is shown and had its term; empty when there are no two."""
    known = [row for row in rows if share_of(row, share) is not None and cijfers.is_af(kpi, str(row["maand"]))]
    if len(known) < 2:  # noqa: PLR2004 - one point is no line
        return ""
    first, last = (f"{procent(float(str(row[share])))} in {maand(str(row['maand']))}" for row in (known[0], known[-1]))
    return f"Het {AANDEEL[share]} ging van {first} naar {last}"


def start_words(share: str) -> str:
    return (
        "De maand is die van de start; de kop gaat tot de laatste maand waarvan elk geval zijn termijn heeft gehad."
        if share == BINNEN
        else "De maand is die van de dagtekening."
    )


def per_wet(cijfers: Cijfers, kpi: Kpi, share: str) -> Iterator[Blok]:
    result = cijfers.tabel(kpi.id, "wet")
    rows = cijfers.rijen(kpi.id, "wet")
    allowed = all(cijfers.mag_land(kpi.id, str(row["wet"])) for row in rows)  # one alone follows from the total
    if not rows or not allowed:
        return
    known = [point(str(row["wet"]), row, share) for row in rows if share_of(row, share) is not None]
    parts = [f"{punt.naam} {procent(punt.aandeel)}" for punt in known]
    values = [tuple(row[name] for name in result.columns) for row in rows]
    table = Tabel(f"{kpi.id}-per-wet", f"{kpi.titel}, per wet", result.columns, values, ("wet", *SHOWN[share]))
    title = f"{kpi.titel}: {opsomming(parts) if parts else 'per wet niet getoond'}"
    yield Blok(title, (), grafiek.rangorde(known, title) if known else None, table)
