"""Care: retourtermijn, starttermijn, stoptermijn, start-voor-toewijzing, ketenvolledigheid, afkeur-berichten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from keten_kpi.generate.agenda import agenda, iso
from keten_kpi.generate.events import HARMLESS, Bericht, Prestatie, Start, Stop, Toewijzing
from keten_kpi.generate.truth.known import Bekend, line_key
from keten_kpi.generate.truth.money import answer_term
from keten_kpi.generate.truth.tally import Tally, Termijn, berichttype, geval, judge_termijn

RETOUR, REGIE = 3, 5  # werkdagen
WITHDRAWS, FIRST = "3", "1"
TEMPORARY = "20"
Key = tuple[object, ...]


def count_care(tally: Tally, bekend: Bekend) -> None:
    for bericht in bekend.heen():
        _retour(tally, bekend, bericht)
    starts, stops = list(_starts(bekend)), list(_stops(bekend))
    _start(tally, bekend, starts)
    _stop(tally, bekend, stops)
    _keten(tally, bekend, starts)


def _retour(tally: Tally, bekend: Bekend, bericht: Bericht) -> None:
    retour = bekend.retour.get(bericht)
    uiterste = agenda().after(bericht.dag, RETOUR)
    case = Termijn(bericht, 0, "", "", bericht.dag, uiterste, retour.verzend_dag if retour else None)
    judge_termijn(tally, "retourtermijn", case, bekend.peildatum)
    group = bericht.gemeente, bericht.wet, bericht.nummer
    tally.add("afkeur-berichten", group, "berichten")
    if retour is None or not bericht.is_afgekeurd:
        return
    tally.add("afkeur-berichten", group, "afgekeurd")
    for code in sorted({code for code in retour.codes if code not in HARMLESS}):
        tally.add("afkeur-berichten", group, f"afgekeurd_{code}")
        row = (bericht.gemeente, bericht.wet, bericht.aanbieder, berichttype(bericht), bericht.identificatie, code)
        tally.cases["afkeur-berichten"].append(row)


def _starts(bekend: Bekend) -> Iterator[tuple[Bericht, int, Start]]:
    """First lines that no later line takes back."""
    lines = [
        (b, place, regel)
        for b in bekend.accepted("305")
        for place, regel in enumerate(b.regels)
        if isinstance(regel, Start)
    ]
    back = _taken_back((line_key(b, place, regel), b.dag) for b, place, regel in lines if regel.status == WITHDRAWS)
    for bericht, place, regel in lines:
        if regel.status == FIRST and back.get(line_key(bericht, place, regel), 0) < bericht.dag:
            yield bericht, place, regel


def _stops(bekend: Bekend) -> Iterator[tuple[Bericht, int, Stop]]:
    lines = [
        (b, place, regel)
        for b in bekend.accepted("307")
        for place, regel in enumerate(b.regels)
        if isinstance(regel, Stop)
    ]
    back = _taken_back((_stop_key(bekend, *line), line[0].dag) for line in lines if line[2].status == WITHDRAWS)
    for bericht, place, regel in lines:
        if regel.status == FIRST and back.get(_stop_key(bekend, bericht, place, regel), 0) < bericht.dag:
            yield bericht, place, regel


def _stop_key(bekend: Bekend, bericht: Bericht, place: int, regel: Stop) -> Key:
    """With RedenBeeindiging since release 3.2."""
    reason = "" if bekend.scenario.is_oud else regel.reden
    return (*line_key(bericht, place, regel), regel.einde, reason)


def _taken_back(lines: Iterator[tuple[Key, int]]) -> dict[Key, int]:
    """The last day on which a key was withdrawn: what was sent up to that day does not count."""
    found: dict[Key, int] = {}
    for key, day in lines:
        found[key] = max(day, found.get(key, 0))
    return found


def _start(tally: Tally, bekend: Bekend, starts: list[tuple[Bericht, int, Start]]) -> None:
    for bericht, place, regel in starts:
        first = bekend.eerste_301.get(regel.toewijzing)
        granted = first.dag if first and first.aanbieder == bericht.aanbieder else None
        code = bericht.code_of(place, regel.toewijzing.product.code) or ""
        nummer = str(regel.toewijzing.nummer)
        since = regel.begin if granted is None else max(regel.begin, granted)
        case = Termijn(bericht, place + 1, nummer, code, since, agenda().after(since, REGIE), bericht.dag)
        judge_termijn(tally, "starttermijn", case, bekend.peildatum)
        outcome = (
            "toewijzing_onbekend"
            if granted is None
            else "voor_toewijzing"
            if regel.begin < granted
            else "vanaf_toewijzing"
        )
        group = bericht.gemeente, bericht.wet
        tally.add("start-voor-toewijzing", group, "starts")
        tally.add("start-voor-toewijzing", group, outcome)
        row = (
            *geval(bericht, place + 1, nummer, code),
            iso(regel.begin),
            "" if granted is None else iso(granted),
            outcome,
        )
        tally.cases["start-voor-toewijzing"].append(row)


def _stop(tally: Tally, bekend: Bekend, stops: list[tuple[Bericht, int, Stop]]) -> None:
    paused: dict[Key, int] = {}
    for bericht, place, regel in stops:
        if regel.reden == TEMPORARY:
            key = line_key(bericht, place, regel)
            paused[key] = min(bericht.dag, paused.get(key, bericht.dag))
    for bericht, place, regel in stops:
        since = paused.get(line_key(bericht, place, regel))
        is_follow_up = regel.reden != TEMPORARY and since is not None and since <= bericht.dag
        code = bericht.code_of(place, regel.toewijzing.product.code) or ""
        case = Termijn(
            bericht, place + 1, str(regel.toewijzing.nummer), code, regel.einde, agenda().after(regel.einde, REGIE),
            bericht.dag, "niet_meetbaar" if is_follow_up else None,
        )  # fmt: skip
        judge_termijn(tally, "stoptermijn", case, bekend.peildatum)


def _keten(tally: Tally, bekend: Bekend, starts: list[tuple[Bericht, int, Start]]) -> None:
    """Per toewijzing: what of its chain is missing first, of what could have been there by the peildatum?"""
    started: dict[Toewijzing, list[Bericht]] = defaultdict(list)
    later: dict[Toewijzing, list[Bericht]] = defaultdict(list)
    for bericht, _, regel in starts:
        started[regel.toewijzing].append(bericht)
    for nummer in ("307", "323", "303"):
        for bericht in bekend.per_type[nummer]:
            for toewijzing in {regel.toewijzing for regel in bericht.regels if isinstance(regel, Stop | Prestatie)}:
                later[toewijzing].append(bericht)
    for toewijzing, first in bekend.eerste_301.items():
        missing = _first_missing(bekend, toewijzing, started[toewijzing], later[toewijzing])
        group = first.gemeente, first.wet
        for column in ("toewijzingen", *(("onvolledig", missing) if missing else ("volledig",))):
            tally.add("ketenvolledigheid", group, column)
        row = (first.gemeente, first.wet, first.aanbieder, toewijzing.nummer, missing or "")
        tally.cases["ketenvolledigheid"].append(row)


def _first_missing(bekend: Bekend, toewijzing: Toewijzing, started: list[Bericht], later: list[Bericht]) -> str | None:
    """In the order of the chain. What is not there while its term still runs is not missing."""
    first = bekend.eerste_301[toewijzing]
    uiterste_start = agenda().after(max(first.dag, bekend.geldend[toewijzing].ingang), REGIE)
    missing = {
        "retour_toewijzing": _lacks_answer(bekend, first, RETOUR),
        "start": not started and uiterste_start < bekend.peildatum,
        "retour_start": bool(started) and all(_lacks_answer(bekend, bericht, RETOUR) for bericht in started),
        "retour_stop": any(b.nummer == "307" and _lacks_answer(bekend, b, RETOUR) for b in later),
        "antwoord_declaratie": any(b.nummer != "307" and _lacks_answer(bekend, b, answer_term(b)) for b in later),
    }
    return next((name for name, holds in missing.items() if holds), None)


def _lacks_answer(bekend: Bekend, bericht: Bericht, werkdagen: int) -> bool:
    return bericht not in bekend.retour and agenda().after(bericht.dag, werkdagen) < bekend.peildatum
