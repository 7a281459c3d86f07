"""Events become bytes: valid by the schema, in the way of writing of the sender's software."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import groupby

from keten_kpi.generate import shapes
from keten_kpi.generate.agenda import iso
from keten_kpi.generate.codes import EURO
from keten_kpi.generate.events import (
    FROM_GEMEENTE,
    RETOUR_OF,
    Antwoord,
    Bericht,
    Prestatie,
    Product,
    Regel,
    Start,
    Stop,
    Toegewezen,
    Vraag,
    Wijziging,
)
from keten_kpi.generate.style import Templates, style_of
from keten_kpi.standaard.lijsten import read_lijst

STANDAARD = {"Jw": "ijw", "Wmo": "iwmo"}
PREFIX = {"Jw": "JW", "Wmo": "WMO"}
NO_REMARK = "0200"
ALL_GRANTED = "8001"
HEEN_OF = {retour: heen for heen, retour in RETOUR_OF.items()}
FROM_AANBIEDER_RETOUR = frozenset({"302", "320"})  # retouren that an aanbieder sends

Mark = Callable[[int, int], str]  # place of a line and depth in, the RetourCodes to write there out


@cache
def _berichtcodes() -> dict[str, str]:
    return {row["berichttype"]: row["berichtcodes"].split()[0] for row in read_lijst("berichttypen")}


def sender_of(bericht: Bericht) -> str:
    """Who really sends it: of a retour the receiver of its heenbericht."""
    if bericht.is_retour:
        return bericht.aanbieder if bericht.nummer in FROM_AANBIEDER_RETOUR else bericht.gemeente
    return bericht.gemeente if bericht.nummer in FROM_GEMEENTE else bericht.aanbieder


def file_name(bericht: Bericht) -> str:
    """Such as ``JW315_00000A1B.xml``: unique, and it tells nothing of a person."""
    return f"{PREFIX[bericht.wet]}{bericht.nummer}_{bericht.identificatie_retour or bericht.identificatie}.xml"


class Writer:
    """Writes the messages of one release."""

    def __init__(self, release: str) -> None:
        self._release = release
        self._is_old = release < "3"
        self._templates: dict[tuple[object, ...], Templates] = {}

    def write(self, bericht: Bericht) -> str:
        """The message as text; its prolog says UTF-8."""
        t = self._of(bericht)
        return t.document(self._header(t, bericht) + self._body(t, bericht))

    def _of(self, bericht: Bericht) -> Templates:
        style = style_of(sender_of(bericht))
        key = style, bericht.wet, bericht.nummer
        found = self._templates.get(key)
        if found is None:
            space = f"http://www.istandaarden.nl/{STANDAARD[bericht.wet]}/{self._release.replace('.', '_')}"
            own = f"{space}/{PREFIX[bericht.wet].lower()}{bericht.nummer}/schema"
            found = self._templates[key] = Templates(style, own, f"{space}/basisschema/schema", is_old=self._is_old)
        return found

    # headers

    def _header(self, t: Templates, bericht: Bericht) -> str:
        versie, subversie = self._release.split(".")
        values: dict[str, object] = {
            "berichtcode": _berichtcodes()[PREFIX[bericht.wet] + bericht.nummer],
            "versie": versie,
            "subversie": subversie,
            "identificatie": bericht.identificatie,
            "dagtekening": iso(bericht.dag),
        }
        if bericht.nummer in {"303", "304"}:
            return t.fill(
                shapes.HEADER_303, 1, **values, **self._ends_303(bericht), vervolg=self._amounts_303(t, bericht)
            )
        from_gemeente = HEEN_OF.get(bericht.nummer, bericht.nummer) in FROM_GEMEENTE
        ends = [bericht.gemeente, bericht.aanbieder] if from_gemeente else [bericht.aanbieder, bericht.gemeente]
        vervolg = self._header_rest(t, bericht)
        return t.fill(shapes.HEADER, 1, **values, afzender=ends[0], ontvanger=ends[1], vervolg=vervolg)

    def _header_rest(self, t: Templates, bericht: Bericht) -> str:
        if bericht.heen is None:
            return ""
        if bericht.nummer == "325":
            code = bericht.code or (NO_REMARK if bericht.regelcodes else ALL_GRANTED)
            return t.fill(
                shapes.HEADER_325, 2, heen_identificatie=bericht.heen.identificatie,
                heen_dagtekening=iso(bericht.heen.dag), codes=t.fill(shapes.CODES, 2, code=code),
            )  # fmt: skip
        code = bericht.code or (NO_REMARK if bericht.regelcodes else "")
        return t.fill(
            shapes.HEADER_RETOUR, 2, identificatie_retour=bericht.identificatie_retour,
            dagtekening_retour=iso(bericht.verzend_dag), codes=t.fill(shapes.CODES, 2, code=code) if code else "",
        )  # fmt: skip

    def _ends_303(self, bericht: Bericht) -> dict[str, object]:
        periode = (bericht.heen or bericht).periode
        days = {} if periode is None else {"periode_begin": iso(periode.begin), "periode_einde": iso(periode.einde)}
        return {"gemeente": bericht.gemeente, "aanbieder": bericht.aanbieder, **days}

    def _amounts_303(self, t: Templates, bericht: Bericht) -> str:
        if bericht.heen is None:
            return t.fill(shapes.BEDRAGEN_303, 2, **_signed(_total(bericht.regels), "totaal", "dc"))
        code = bericht.code or (NO_REMARK if bericht.regelcodes else ALL_GRANTED)
        return t.fill(
            shapes.BEDRAGEN_304, 2, **_answered(bericht), identificatie_retour=bericht.identificatie_retour,
            dagtekening_retour=iso(bericht.verzend_dag), codes=t.fill(shapes.CODES, 2, code=code),
        )  # fmt: skip

    # bodies

    def _body(self, t: Templates, bericht: Bericht) -> str:
        if bericht.nummer in {"323", "303", "325", "304"}:
            return self._money(t, bericht)
        if bericht.heen is None:
            return self._content(t, bericht.nummer, bericht, lambda _place, _depth: "")
        if not bericht.regelcodes:
            return ""
        heen = bericht.heen

        def mark(place: int, depth: int) -> str:
            return t.fill(shapes.CODES, depth, code=bericht.regelcodes.get(place, NO_REMARK))

        return self._content(t, heen.nummer, heen, mark)

    def _content(self, t: Templates, nummer: str, bericht: Bericht, mark: Mark) -> str:
        """The classes of a heenbericht; in a retour each with its code: those of a client ``NO_REMARK``."""
        nothing = -1  # place of what is no line
        if nummer == "319":
            return self._antwoord(t, bericht.regels[0], mark)
        if nummer == "301":
            return self._client_301(t, bericht, mark)
        if nummer == "317":
            verzoek = self._verzoek(t, bericht.regels[0], mark)
            bsn = bericht.bsn
            return t.fill(shapes.CLIENT_KORT, 1, bsn=bsn, vervolg=verzoek + mark(nothing, 2))
        inner = {"315": self._vraag, "305": self._start, "307": self._stop}[nummer]
        lines = "".join(inner(t, bericht, place, 3, mark) for place in range(len(bericht.regels)))
        name = {"315": "AangevraagdeProducten", "305": "StartProducten", "307": "StopProducten"}[nummer]
        status = "StatusAanlevering 1\n" if self._is_old and nummer != "315" else ""
        vervolg = (t.fill(status, 2) if status else "") + t.fill(shapes.group(name), 2, regels=lines) + mark(nothing, 2)
        return self._client(t, shapes.CLIENT, bericht, vervolg)

    def _client(self, t: Templates, shape: str, bericht: Bericht, vervolg: str, codes: str = "") -> str:
        client = bericht.client
        if client is None:
            return ""
        return t.fill(
            shape, 1, bsn=bericht.bsn, geboren=iso(client.geboren), geslacht=client.geslacht,
            achternaam=client.achternaam, voorletters=client.voorletters, huisnummer=client.huisnummer,
            postcode=client.postcode, straat=client.straat, codes=codes, vervolg=vervolg,
        )  # fmt: skip

    def _client_301(self, t: Templates, bericht: Bericht, mark: Mark) -> str:
        depth = 4 if self._is_old else 3
        lines = "".join(self._toegewezen(t, bericht, place, depth, mark) for place in range(len(bericht.regels)))
        if self._is_old:
            first = bericht.regels[0]
            ingang = first.versie.ingang if isinstance(first, Toegewezen) else bericht.dag
            vervolg = t.fill(
                shapes.BESCHIKKING, 2, nummer=int(bericht.identificatie, 36) % 10**9, afgifte=iso(bericht.dag),
                ingang=iso(ingang), regels=lines, codes=mark(-1, 3),
            )  # fmt: skip
        else:
            vervolg = t.fill(shapes.group("ToegewezenProducten"), 2, regels=lines)
        return self._client(t, shapes.CLIENT_301, bericht, vervolg + mark(-1, 2), mark(-1, 4))

    # lines

    def _product(self, t: Templates, bericht: Bericht, place: int, product: Product, depth: int) -> str:
        if product.categorie is None:
            return ""
        return t.fill(shapes.PRODUCT, depth, categorie=product.categorie, code=bericht.code_of(place, product.code))

    def _omvang(self, t: Templates, product: Product, depth: int, volume: int | None = None) -> str:
        if product.code is None:
            return ""
        return t.fill(
            shapes.OMVANG,
            depth,
            volume=volume or product.volume,
            eenheid=product.eenheid,
            frequentie=product.frequentie,
        )

    def _toegewezen(self, t: Templates, bericht: Bericht, place: int, depth: int, mark: Mark) -> str:
        regel = bericht.regels[place]
        assert isinstance(regel, Toegewezen)  # noqa: S101 - a 301 holds nothing else
        versie, product = regel.versie, regel.versie.toewijzing.product
        return t.fill(
            shapes.TOEGEWEZEN, depth, nummer=versie.toewijzing.nummer, referentie=regel.referentie,
            product=self._product(t, bericht, place, product, depth + 1), besluit_dag=iso(versie.besluit_dag),
            besluit_tijd=versie.besluit_tijd, ingang=iso(versie.ingang),
            einde=None if versie.einde is None else iso(versie.einde), reden=versie.reden,
            omvang=self._omvang(t, product, depth + 1), codes=mark(place, depth + 1),
        )  # fmt: skip

    def _vraag(self, t: Templates, bericht: Bericht, place: int, depth: int, mark: Mark) -> str:
        regel = bericht.regels[place]
        assert isinstance(regel, Vraag)  # noqa: S101 - a 315 holds nothing else
        return t.fill(
            shapes.VRAAG, depth, referentie=regel.referentie, ingang=iso(regel.ingang), verwijzer=regel.verwijzer,
            product=self._product(t, bericht, place, regel.product, depth + 1),
            omvang=self._omvang(t, regel.product, depth + 1), codes=mark(place, depth + 1),
        )  # fmt: skip

    def _start(self, t: Templates, bericht: Bericht, place: int, depth: int, mark: Mark) -> str:
        regel = bericht.regels[place]
        assert isinstance(regel, Start)  # noqa: S101 - a 305 holds nothing else
        return t.fill(
            shapes.START, depth, nummer=regel.toewijzing.nummer, ingang=iso(regel.ingang), begin=iso(regel.begin),
            product=self._product(t, bericht, place, regel.toewijzing.product, depth + 1), status=regel.status,
            codes=mark(place, depth + 1),
        )  # fmt: skip

    def _stop(self, t: Templates, bericht: Bericht, place: int, depth: int, mark: Mark) -> str:
        regel = bericht.regels[place]
        assert isinstance(regel, Stop)  # noqa: S101 - a 307 holds nothing else
        return t.fill(
            shapes.STOP, depth, nummer=regel.toewijzing.nummer, ingang=iso(regel.ingang), begin=iso(regel.begin),
            product=self._product(t, bericht, place, regel.toewijzing.product, depth + 1), status=regel.status,
            reden=regel.reden, einde=iso(regel.einde), codes=mark(place, depth + 1),
        )  # fmt: skip

    def _antwoord(self, t: Templates, regel: Regel, mark: Mark) -> str:
        assert isinstance(regel, Antwoord)  # noqa: S101 - a 319 holds nothing else
        where = t.fill(shapes.WOONPLAATS, 2, gemeente=regel.woonplaats, codes=mark(-1, 3)) if regel.woonplaats else ""
        return t.fill(
            shapes.ANTWOORD, 1, referentie=regel.referentie, antwoord=regel.antwoord, reden=regel.reden,
            woonplaats=where, codes=mark(0, 2),
        )  # fmt: skip

    def _verzoek(self, t: Templates, regel: Regel, mark: Mark) -> str:
        assert isinstance(regel, Wijziging)  # noqa: S101 - a 317 holds nothing else
        same = "".join(t.fill(shapes.ONGEWIJZIGD, 4, nummer=nummer, codes=mark(-1, 5)) for nummer in regel.ongewijzigd)
        other = "".join(
            t.fill(
                shapes.TE_WIJZIGEN, 4, nummer=toewijzing.nummer, ingang=iso(ingang), codes=mark(-1, 5),
                omvang=self._omvang(t, toewijzing.product, 5, volume),
            )
            for toewijzing, ingang, volume in regel.te_wijzigen
        )  # fmt: skip
        new = "".join(
            t.fill(
                shapes.NIEUW, 4, ingang=iso(ingang), omvang=self._omvang(t, product, 5), codes=mark(-1, 5),
                product="" if product.categorie is None
                else t.fill(shapes.PRODUCT, 5, categorie=product.categorie, code=product.code),
            )
            for product, ingang in regel.nieuw
        )  # fmt: skip
        return t.fill(
            shapes.VERZOEK, 2, referentie=regel.referentie, reden=regel.reden, codes=mark(0, 3),
            ongewijzigd=t.fill(shapes.group("OngewijzigdeProducten"), 3, regels=same) if same else "",
            te_wijzigen=t.fill(shapes.group("TeWijzigenProducten"), 3, regels=other),
            nieuw=t.fill(shapes.group("NieuweProducten"), 3, regels=new) if new else "",
        )  # fmt: skip

    # money

    def _money(self, t: Templates, bericht: Bericht) -> str:
        if bericht.nummer in {"303", "304"}:
            return self._clienten(t, bericht, 1)
        if bericht.heen is None:
            assert bericht.periode is not None  # noqa: S101 - a 323 has one
            return t.fill(
                shapes.DECLARATIE, 1, identificatie=bericht.identificatie, periode_begin=iso(bericht.periode.begin),
                periode_einde=iso(bericht.periode.einde), dagtekening=iso(bericht.dag),
                **_signed(_total(bericht.regels), "totaal", "dc"), vervolg=self._clienten(t, bericht, 2),
            )  # fmt: skip
        if bericht.code:
            return ""
        return t.fill(
            shapes.DECLARATIE_ANTWOORD, 1, heen_identificatie=bericht.heen.identificatie, **_answered(bericht),
            vervolg=self._clienten(t, bericht, 2), codes=t.fill(shapes.CODES, 2, code=NO_REMARK),
        )  # fmt: skip

    def _clienten(self, t: Templates, bericht: Bericht, depth: int) -> str:
        """The prestaties per client: of an answer the refused ones (325), or all when one is refused (304)."""
        heen = bericht.heen or bericht
        places = (
            range(len(heen.regels))
            if bericht.heen is None or (self._is_old and bericht.regelcodes)
            else sorted(bericht.regelcodes)
        )
        lines = [(place, regel) for place in places if isinstance(regel := heen.regels[place], Prestatie)]
        clients = [
            self._client_money(t, bericht, list(group), depth + 1)
            for _, group in groupby(lines, key=lambda line: line[1].client.bsn)
        ]
        return t.fill(shapes.group("Clienten"), depth, regels="".join(clients)) if clients else ""

    def _client_money(self, t: Templates, bericht: Bericht, lines: list[tuple[int, Prestatie]], depth: int) -> str:
        inner = "".join(self._prestatie(t, bericht, place, regel, depth + 2) for place, regel in lines)
        vervolg = t.fill(shapes.group("Prestaties"), depth + 1, regels=inner)
        if bericht.heen is not None:
            vervolg += t.fill(shapes.CODES, depth + 1, code=NO_REMARK)
        client = lines[0][1].client
        if not self._is_old:
            return t.fill(shapes.CLIENT_KORT, depth, bsn=bericht.bsn_of(client), vervolg=vervolg)
        return t.fill(
            shapes.CLIENT, depth, bsn=bericht.bsn_of(client), geboren=iso(client.geboren), geslacht=client.geslacht,
            achternaam=client.achternaam, voorletters=client.voorletters, vervolg=vervolg,
        )  # fmt: skip

    def _prestatie(self, t: Templates, bericht: Bericht, place: int, regel: Prestatie, depth: int) -> str:
        product = regel.toewijzing.product
        shape = shapes.PRESTATIE_303 if self._is_old else shapes.PRESTATIE
        answered = bericht.heen is not None
        code = bericht.regelcodes.get(place, NO_REMARK)
        dc = "C" if regel.is_credit else "D"
        toegekend = 0 if place in bericht.regelcodes else regel.centen
        return t.fill(
            shape, depth, referentie=regel.nummer, vorig=regel.vorig, nummer=regel.toewijzing.nummer,
            categorie=product.declaratie_categorie,
            code=(bericht.heen or bericht).code_of(place, product.declaratie_code),
            begin=iso(regel.begin), einde=iso(regel.einde), volume=regel.volume, eenheid=product.eenheid,
            tarief=None if product.eenheid == EURO else product.tarief, centen=regel.centen, dc=dc,
            toegekend=t.fill(shapes.TOEGEKEND, depth + 1, centen=regel.centen, toegekend=toegekend, dc=dc)
            if answered and self._is_old else "",
            codes=t.fill(shapes.CODES, depth + 1, code=code) if answered else "",
        )  # fmt: skip


def _total(regels: tuple[Regel, ...]) -> int:
    return sum(regel.bedrag for regel in regels if isinstance(regel, Prestatie))


def granted(answer: Bericht) -> int:
    """Cents that an answer grants: nothing when it refuses the whole declaratie."""
    heen = answer.heen
    if heen is None or answer.code:
        return 0
    return _total(tuple(regel for place, regel in enumerate(heen.regels) if place not in answer.regelcodes))


def _signed(centen: int, name: str, sign: str) -> dict[str, object]:
    return {name: abs(centen), sign: "C" if centen < 0 else "D"}


def _answered(answer: Bericht) -> dict[str, object]:
    asked = _total(answer.heen.regels) if answer.heen else 0
    return {**_signed(asked, "totaal", "dc"), **_signed(granted(answer), "toegekend", "toegekend_dc")}


def later_copy(bericht: Bericht, day: int) -> Bericht:
    """The same message with another date of sending: other bytes under the same key."""
    if bericht.dag_retour is not None:
        return replace(bericht, dag_retour=day)
    return replace(bericht, dag=day)
