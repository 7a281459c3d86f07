"""Product codes and volume: productcode-afwijking, codevariatie, berichtvolume."""

from __future__ import annotations

from collections.abc import Iterator

from keten_kpi.generate.agenda import month_of
from keten_kpi.generate.codes import Oordeel, judge_code
from keten_kpi.generate.events import Bericht, Client, Prestatie, Product, Start, Stop, Toegewezen, Vraag, Wijziging
from keten_kpi.generate.truth.known import Bekend
from keten_kpi.generate.truth.tally import Tally, berichttype, geval

KPI, VARIATION, VOLUME = "productcode-afwijking", "codevariatie", "berichtvolume"
PER_TOEWIJZING = frozenset({"301", "303", "305", "307", "323"})  # a request names no toewijzing of its own

Line = tuple[int, str | None, str | None, int | None, str]  # regel_nr, categorie, code, ToewijzingNummer, bsn


def count_products(tally: Tally, bekend: Bekend) -> None:
    for nummer in ("301", "303", "305", "307", "315", "317", "323"):
        for bericht in bekend.per_type[nummer]:
            _count_message(tally, bericht)
    for nummer, berichten in bekend.per_type.items():
        for bericht in berichten:
            _count_volume(tally, bericht, nummer)


def _lines(bericht: Bericht) -> Iterator[Line]:
    for place, regel in enumerate(bericht.regels):
        if isinstance(regel, Wijziging):
            same = len(regel.ongewijzigd) + len(regel.te_wijzigen)
            for number, (product, _) in enumerate(regel.nieuw):
                yield same + number + 1, product.categorie, product.code, None, bericht.bsn or ""
        elif isinstance(regel, Prestatie):
            product = regel.toewijzing.product
            code = bericht.code_of(place, product.declaratie_code)
            yield place + 1, product.declaratie_categorie, code, regel.toewijzing.nummer, _bsn(bericht, regel.client)
        elif isinstance(regel, Vraag | Toegewezen | Start | Stop):
            product = _product(regel)
            nummer = None if isinstance(regel, Vraag) else _nummer(regel)
            yield place + 1, product.categorie, bericht.code_of(place, product.code), nummer, bericht.bsn or ""


def _product(regel: Vraag | Toegewezen | Start | Stop) -> Product:
    if isinstance(regel, Vraag):
        return regel.product
    return (regel.versie.toewijzing if isinstance(regel, Toegewezen) else regel.toewijzing).product


def _nummer(regel: Toegewezen | Start | Stop) -> int:
    return (regel.versie.toewijzing if isinstance(regel, Toegewezen) else regel.toewijzing).nummer


def _bsn(bericht: Bericht, client: Client) -> str:
    return bericht.bsn_of(client)


def _count_message(tally: Tally, bericht: Bericht) -> None:
    group = bericht.gemeente, bericht.wet
    seen: set[str] = set()
    for regel_nr, categorie, code, nummer, bsn in _lines(bericht):
        verdict, elsewhere = "", False
        if code is None:
            tally.add(KPI, group, "regels_zonder_code")
        else:
            found = judge_code(bericht.wet, categorie, code)
            verdict, elsewhere = found.oordeel, found.is_andere_categorie
            _count_line(tally, bericht, found, code)
            tally.meet_client(bericht.gemeente, bericht.wet, code, bsn)
            _count_toewijzing(tally, bericht, nummer, verdict)
            seen.add(verdict)
        row = (
            *geval(bericht, regel_nr, "", code),
            categorie or "",
            "" if nummer is None else nummer,
            verdict,
            "J" if elsewhere else "N",
        )
        tally.cases[KPI].append(row)
    if seen:
        tally.add(KPI, group, "berichten")
        if "afwijkend" in seen:
            tally.add(KPI, group, "berichten_afwijkend")
        elif "onbekend" in seen:
            tally.add(KPI, group, "berichten_onbekend")


def _count_line(tally: Tally, bericht: Bericht, found: Oordeel, code: str) -> None:
    verdict = found.oordeel
    group = bericht.gemeente, bericht.wet
    tally.add(KPI, group, "regels")
    if verdict != "landelijk":
        tally.add(KPI, group, f"regels_{verdict}")
    if verdict == "afwijkend":
        tally.add(KPI, group, "regels_niet_in_lijst")  # the lists that ship have no dates: no code lapses
        tally.meet(VARIATION, group, "codes_afwijkend", code)
    if found.is_andere_categorie:
        tally.add(KPI, group, "regels_categorie_past_niet")
    tally.meet(VARIATION, group, "codes", code)
    tally.meet(f"{VARIATION}-aanbieder", (bericht.aanbieder, bericht.wet), "codes", code)
    tally.meet(f"{VARIATION}-aanbieder", (bericht.aanbieder, bericht.wet), "gemeenten", bericht.gemeente)


def _count_toewijzing(tally: Tally, bericht: Bericht, nummer: int | None, verdict: str) -> None:
    """Each (gemeente, ToewijzingNummer) once; numbers do not cross shards, so the sets are counted per shard."""
    if nummer is None or bericht.nummer not in PER_TOEWIJZING:
        return
    group = bericht.gemeente, bericht.wet
    tally.meet(KPI, group, "toewijzingen", str(nummer))
    if verdict == "afwijkend":
        tally.meet(KPI, group, "toewijzingen_afwijkend", str(nummer))


def _count_volume(tally: Tally, bericht: Bericht, nummer: str) -> None:
    tally.add(VOLUME, (bericht.gemeente, bericht.wet, nummer, month_of(bericht.verzend_dag)), "berichten")
    tally.meet(f"{VOLUME}-deelname", (berichttype(bericht),), "gemeenten", bericht.gemeente)
    tally.meet(f"{VOLUME}-deelname", (berichttype(bericht),), "aanbieders", bericht.aanbieder)
