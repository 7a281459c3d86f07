"""Writes small valid messages: what a test does not name gets a plain default.

Names with ``b:`` are in the base namespace. Persons do not exist; BSNs are from the official test range.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.saxutils import escape

Content = str | list[tuple[str, "Content"]]

BSN = ("999900006", "999900018", "999900031", "999900043", "999900055", "999900067", "999900079", "999900080")
CODES = {
    "JW301": "436", "JW302": "437", "JW303": "432", "JW304": "433", "JW305": "438", "JW306": "439", "JW307": "440",
    "JW308": "441", "JW315": "446", "JW316": "447", "JW317": "486", "JW318": "487", "JW319": "488", "JW320": "489",
    "JW323": "490", "JW325": "491", "WMO301": "414", "WMO302": "415", "WMO303": "416", "WMO304": "417", "WMO305": "418",
    "WMO306": "419", "WMO307": "420", "WMO308": "421", "WMO315": "444", "WMO316": "445", "WMO317": "480",
    "WMO318": "481", "WMO319": "482", "WMO320": "483", "WMO323": "484", "WMO325": "485",
}  # fmt: skip
FROM_GEMEENTE = {
    "301",
    "302",
    "319",
    "320",
    "325",
}  # whose header has the gemeente as Afzender; a retour repeats its heenbericht


@dataclass(frozen=True)
class Lijn:
    """The two ends of a message and the release they speak."""

    gemeente: str = "0384"
    aanbieder: str = "42420001"
    wet: str = "Jw"
    release: str = "3.2"

    @property
    def standaard(self) -> str:
        return "ijw" if self.wet == "Jw" else "iwmo"

    def code(self, nummer: str) -> str:
        return ("JW" if self.wet == "Jw" else "WMO") + nummer


def _write(name: str, content: Content, depth: int) -> str:
    pad = "  " * depth
    tag = name if name.startswith("b:") else f"m:{name}"
    if isinstance(content, str):
        return f"{pad}<{tag}>{escape(content)}</{tag}>\n"
    return f"{pad}<{tag}>\n" + "".join(_write(n, c, depth + 1) for n, c in content) + f"{pad}</{tag}>\n"


def document(lijn: Lijn, nummer: str, content: list[tuple[str, Content]]) -> bytes:
    base = f"http://www.istandaarden.nl/{lijn.standaard}/{lijn.release.replace('.', '_')}"
    body = _write("Bericht", content, 0)
    spaces = f' xmlns:m="{base}/{lijn.code(nummer).lower()}/schema" xmlns:b="{base}/basisschema/schema"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n' + body.replace("<m:Bericht>", f"<m:Bericht{spaces}>", 1)
    ).encode()


def _versions(lijn: Lijn, name: str = "XsdVersie") -> list[tuple[str, Content]]:
    if lijn.release < "3":
        return []
    return [(name, [("b:BasisschemaXsdVersie", "1.0.0"), ("b:BerichtXsdVersie", "1.0.0")])]


def header(lijn: Lijn, nummer: str, nr: str, op: str) -> list[tuple[str, Content]]:
    versie, subversie = lijn.release.split(".")
    ends = [lijn.gemeente, lijn.aanbieder] if nummer in FROM_GEMEENTE else [lijn.aanbieder, lijn.gemeente]
    return [
        ("BerichtCode", CODES[lijn.code(nummer)]),
        ("BerichtVersie", versie),
        ("BerichtSubversie", subversie),
        ("Afzender", ends[0]),
        ("Ontvanger", ends[1]),
        ("BerichtIdentificatie", [("b:Identificatie", nr), ("b:Dagtekening", op)]),
        *_versions(lijn),
    ]


def _name(*, full: bool = False) -> list[tuple[str, Content]]:
    use: list[tuple[str, Content]] = [("b:NaamGebruik", "1")] if full else []
    return [("b:Geslachtsnaam", [("b:Achternaam", "Voorbeeld")]), ("b:Voorletters", "V"), *use]


def _client(bsn: str, *, full: bool = False) -> list[tuple[str, Content]]:
    return [("Bsn", bsn), ("Geboortedatum", [("b:Datum", "2012-05-06")]), ("Geslacht", "2"), ("Naam", _name(full=full))]


def product(code: str | None, categorie: str | None = None) -> list[tuple[str, Content]]:
    if code is None and categorie is None:
        return []
    inner: list[tuple[str, Content]] = [("b:Categorie", categorie or str(code)[:2])]
    return [("Product", [*inner, ("b:Code", code)] if code else inner)]


@dataclass(frozen=True)
class Vraag:
    """One AangevraagdProduct."""

    referentie: str
    code: str | None = "45A04"
    ingang: str = "2026-04-01"


def m315(lijn: Lijn, nr: str, op: str, vragen: list[Vraag], bsn: str = BSN[0]) -> bytes:
    lines: list[tuple[str, Content]] = [
        (
            "AangevraagdProduct",
            [
                ("ReferentieAanbieder", v.referentie),
                *product(v.code),
                ("ToewijzingIngangsdatum", v.ingang),
                ("Verwijzer", [("b:Type", "02")]),
            ],
        )
        for v in vragen
    ]
    client = [*_client(bsn), ("AangevraagdeProducten", lines)]
    return document(lijn, "315", [("Header", header(lijn, "315", nr, op)), ("Client", client)])


@dataclass(frozen=True)
class Toegewezen:
    """One ToegewezenProduct."""

    nummer: str
    referentie: str | None = None
    code: str | None = "45A04"
    besluit: str = "2026-04-01"
    tijd: str = "09:00:00"
    ingang: str = "2026-04-01"
    reden: str | None = None


def _toegewezen(t: Toegewezen) -> list[tuple[str, Content]]:
    return [
        ("ToewijzingNummer", t.nummer),
        *([("ReferentieAanbieder", t.referentie)] if t.referentie else []),
        *product(t.code),
        ("Toewijzingsdatum", t.besluit),
        ("Toewijzingstijd", t.tijd),
        ("Ingangsdatum", t.ingang),
        *([("RedenWijziging", t.reden)] if t.reden else []),
    ]


def m301(lijn: Lijn, nr: str, op: str, regels: list[Toegewezen], bsn: str = BSN[0]) -> bytes:
    lines: list[tuple[str, Content]] = [("ToegewezenProduct", _toegewezen(t)) for t in regels]
    client = [*_client(bsn, full=True), ("Contactgegevens", [("Contact", [("Soort", "01")])])]
    if lijn.release < "3":
        beschikking = [
            ("BeschikkingNummer", "1"),
            ("Afgiftedatum", op),
            ("Ingangsdatum", op),
            ("ToegewezenProducten", lines),
        ]
        client.append(("Beschikking", beschikking))  # type: ignore[arg-type]
    else:
        client.append(("ToegewezenProducten", lines))
    return document(lijn, "301", [("Header", header(lijn, "301", nr, op)), ("Client", client)])


def m319(lijn: Lijn, nr: str, op: str, referentie: str, antwoord: str = "1", reden: str | None = "3") -> bytes:
    inner: list[tuple[str, Content]] = [("ReferentieAanbieder", referentie), ("VerzoekAntwoord", antwoord)]
    if antwoord == "1" and reden:
        inner.append(("RedenAfwijzingVerzoek", reden))
    return document(lijn, "319", [("Header", header(lijn, "319", nr, op)), ("Antwoord", inner)])


def retour(lijn: Lijn, nummer: str, nr: str, op: str, terug_op: str, code: str | None = None) -> bytes:
    """The retour ``nummer`` (302, 316, ...) of a message with Identificatie ``nr`` sent on ``op``."""
    codes: list[tuple[str, Content]] = [("RetourCodes", [("RetourCode", code)])] if code else []
    head = [
        *header(lijn, nummer, nr, op),
        ("IdentificatieRetour", f"R{nr}"[:12]),
        ("DagtekeningRetour", terug_op),
        *_versions(lijn, "XsdVersieRetour"),
        *codes,
    ]
    return document(lijn, nummer, [("Header", head)])


def m305(
    lijn: Lijn,
    nr: str,
    op: str,
    toewijzing: str,
    begin: str,
    code: str | None = "45A04",
    status: str = "1",
    bsn: str = BSN[0],
) -> bytes:
    line = [("ToewijzingNummer", toewijzing), *product(code), ("Begindatum", begin), ("StatusAanlevering", status)]
    before: list[tuple[str, Content]] = [("StatusAanlevering", status)] if lijn.release < "3" else []
    client = [*_client(bsn), *before, ("StartProducten", [("StartProduct", line)])]
    return document(lijn, "305", [("Header", header(lijn, "305", nr, op)), ("Client", client)])


def m307(
    lijn: Lijn,
    nr: str,
    op: str,
    toewijzing: str,
    begin: str,
    eind: str,
    code: str | None = "45A04",
    reden: str = "31",
    status: str = "1",
    bsn: str = BSN[0],
) -> bytes:
    line = [
        ("ToewijzingNummer", toewijzing),
        *product(code),
        ("Begindatum", begin),
        ("RedenBeeindiging", reden),
        ("Einddatum", eind),
        ("StatusAanlevering", status),
    ]
    before: list[tuple[str, Content]] = [("StatusAanlevering", status)] if lijn.release < "3" else []
    client = [*_client(bsn), *before, ("StopProducten", [("StopProduct", line)])]
    return document(lijn, "307", [("Header", header(lijn, "307", nr, op)), ("Client", client)])


@dataclass(frozen=True)
class Geleverd:
    """One Prestatie, amounts in cents."""

    referentie: str
    toewijzing: str
    code: str = "45A04"
    centen: int = 12_500
    dc: str = "D"
    vorig: str | None = None
    bsn: str = BSN[0]


def _amount(name: str, centen: int, dc: str, inner: str = "b:Bedrag") -> tuple[str, Content]:
    return (name, [(inner, str(centen)), ("b:DebetCredit", dc)])


def _prestatie(p: Geleverd, begin: str, eind: str, extra: list[tuple[str, Content]]) -> tuple[str, Content]:
    previous: list[tuple[str, Content]] = [("b:VorigReferentieNummer", p.vorig)] if p.vorig else []
    return (
        "Prestatie",
        [
            ("ProductReferentie", [("b:ReferentieNummer", p.referentie), *previous]),
            ("ToewijzingNummer", p.toewijzing),
            ("ProductCategorie", p.code[:2]),
            ("ProductCode", p.code),
            ("ProductPeriode", [("b:Begindatum", begin), ("b:Einddatum", eind)]),
            ("GeleverdVolume", "10"),
            ("Eenheid", "04"),
            ("ProductTarief", str(p.centen // 10)),
            _amount("IngediendBedrag", p.centen, p.dc),
            *extra,
        ],
    )


def _month(maand: str) -> tuple[str, str]:
    first = date.fromisoformat(f"{maand}-01")
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.isoformat(), last.isoformat()


def _total(regels: list[Geleverd]) -> tuple[int, str]:
    total = sum(p.centen if p.dc == "D" else -p.centen for p in regels)
    return abs(total), "D" if total >= 0 else "C"


def m323(lijn: Lijn, nr: str, op: str, maand: str, regels: list[Geleverd]) -> bytes:
    begin, eind = _month(maand)
    lines = [_prestatie(p, begin, eind, []) for p in regels]
    body: list[tuple[str, Content]] = [
        ("DeclaratieNummer", f"D{nr}"[:12]),
        ("DeclaratiePeriode", [("b:Begindatum", begin), ("b:Einddatum", eind)]),
        ("DeclaratieDagtekening", op),
        _amount("TotaalIngediendBedrag", *_total(regels), "b:TotaalBedrag"),
        ("Clienten", [("Client", [("Bsn", regels[0].bsn), ("Prestaties", lines)])]),
    ]
    return document(lijn, "323", [("Header", header(lijn, "323", nr, op)), ("Declaratie", body)])


def m325(
    lijn: Lijn,
    nr: str,
    op: str,
    maand: str,
    van: tuple[str, str],
    ingediend: int,
    afgekeurd: list[tuple[Geleverd, str]],
) -> bytes:
    """The answer to the 323 ``van`` (Identificatie, Dagtekening): refused prestaties with their code."""
    begin, eind = _month(maand)
    codes = lambda code: ("RetourCodes", [("RetourCode", code)])  # noqa: E731
    lines = [_prestatie(p, begin, eind, [codes(code)]) for p, code in afgekeurd]
    granted = ingediend - sum(p.centen if p.dc == "D" else -p.centen for p, _ in afgekeurd)
    clients: list[tuple[str, Content]] = (
        [("Clienten", [("Client", [("Bsn", afgekeurd[0][0].bsn), ("Prestaties", lines), codes("0200")])])]
        if afgekeurd
        else []
    )
    body: list[tuple[str, Content]] = [
        ("DeclaratieNummer", f"D{van[0]}"[:12]),
        _amount("TotaalIngediendBedrag", ingediend, "D", "b:TotaalBedrag"),
        _amount("TotaalToegekendBedrag", abs(granted), "D" if granted >= 0 else "C", "b:TotaalBedrag"),
        *clients,
        codes("0200"),
    ]
    head = [
        *header(lijn, "325", nr, op),
        ("DeclaratieIdentificatie", [("b:Identificatie", van[0]), ("b:Dagtekening", van[1])]),
        *_versions(lijn, "XsdVersieDeclaratie"),
        codes("0200" if afgekeurd else "8001"),
    ]
    return document(lijn, "325", [("Header", head), ("DeclaratieAntwoord", body)])
