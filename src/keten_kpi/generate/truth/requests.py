"""Requests: the norms doorlooptijd, reactie, onderzoek and woonplaatsbeginsel, and verzoek-uitkomst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keten_kpi.generate.agenda import agenda
from keten_kpi.generate.events import Bericht, Wijziging
from keten_kpi.generate.truth.known import EXAMINED, REJECTED, Bekend, Reference, reference
from keten_kpi.generate.truth.tally import Tally, Termijn, geval, judge_termijn

WERKDAGEN = 5
FOLLOW_UP = 30  # dagen
EXAMINE = 56  # dagen
WOONPLAATS, WOONPLAATS_DAYS = "8", 14


@dataclass(frozen=True, slots=True)
class Request:
    """An AangevraagdProduct, or the Verzoek of a 317."""

    bericht: Bericht
    place: int
    referentie: str
    product_code: str
    key: Reference

    @property
    def is_vot(self) -> bool:
        return self.bericht.nummer == "315"


def count_requests(tally: Tally, bekend: Bekend) -> None:
    for request in _requests(bekend):
        if request.is_vot:
            _doorlooptijd(tally, bekend, request)
        _reactietermijn(tally, bekend, request)
        _onderzoek(tally, bekend, request)
        _woonplaats(tally, bekend, request)
        _uitkomst(tally, bekend, request)


def _requests(bekend: Bekend) -> Iterator[Request]:
    for bericht, place, vraag in bekend.requests():
        code = bericht.code_of(place, vraag.product.code) or ""
        yield Request(bericht, place, vraag.referentie, code, reference(bericht, vraag.referentie))
    for bericht in bekend.accepted("317"):
        for place, regel in enumerate(bericht.regels):
            if isinstance(regel, Wijziging):
                yield Request(bericht, place, regel.referentie, "", reference(bericht, regel.referentie))


def _granted(bekend: Bekend, request: Request) -> int | None:
    """The day of the 301 that answers: by reference, in release 2.3 else by client and product."""
    days = bekend.toegewezen.get(request.key)
    return days[0] if days else bekend.gekoppeld.get((request.bericht, request.place))


def _termijn(request: Request, uiterste: int, answer: int | None, exception: str | None = None) -> Termijn:
    return Termijn(
        request.bericht, request.place + 1, request.referentie, request.product_code, request.bericht.dag, uiterste,
        answer, exception,
    )  # fmt: skip


def _doorlooptijd(tally: Tally, bekend: Bekend, request: Request) -> None:
    day, exception = _granted(bekend, request), None
    rejected = bekend.first_answer(request.key, REJECTED)
    if day is None and rejected is not None:
        day, exception = rejected[0], "afgewezen"
        if _has_follow_up(bekend, request, day):
            exception = "afgewezen_met_vervolg"
    uiterste = agenda().after(request.bericht.dag, WERKDAGEN)
    judge_termijn(tally, "doorlooptijd-toewijzing", _termijn(request, uiterste, day, exception), bekend.peildatum)


def _has_follow_up(bekend: Bekend, request: Request, day: int) -> bool:
    """Whether the same client and aanbieder get something else without reference soon after."""
    bericht = request.bericht
    lines = bekend.nieuw.get((bericht.wet, bericht.gemeente, bericht.aanbieder, bericht.bsn or ""), ())
    return any(day <= line.day <= day + FOLLOW_UP for line in lines)


def _reactietermijn(tally: Tally, bekend: Bekend, request: Request) -> None:
    answered = bekend.first_answer(request.key, REJECTED, EXAMINED)
    days = [day for day in (_granted(bekend, request), answered[0] if answered else None) if day is not None]
    uiterste = agenda().after(request.bericht.dag, WERKDAGEN)
    case = _termijn(request, uiterste, min(days, default=None))
    judge_termijn(tally, "reactietermijn-verzoek", case, bekend.peildatum)


def _onderzoek(tally: Tally, bekend: Bekend, request: Request) -> None:
    examined = bekend.first_answer(request.key, EXAMINED)
    if examined is None:
        return
    days = [day for day in bekend.toegewezen.get(request.key, ()) if day >= examined[0]]
    days += [day for day, regel in bekend.antwoorden[request.key] if regel.antwoord == REJECTED and day >= examined[0]]
    case = _termijn(request, request.bericht.dag + EXAMINE, min(days, default=None))
    judge_termijn(tally, "onderzoekstermijn", case, bekend.peildatum)


def _woonplaats(tally: Tally, bekend: Bekend, request: Request) -> None:
    if request.bericht.wet != "Jw":
        return
    days = [day for day, regel in bekend.antwoorden.get(request.key, ()) if regel.reden == WOONPLAATS]
    if days:
        case = _termijn(request, request.bericht.dag + WOONPLAATS_DAYS, days[0])
        judge_termijn(tally, "woonplaatsbeginseltermijn", case, bekend.peildatum)


def _uitkomst(tally: Tally, bekend: Bekend, request: Request) -> None:
    bericht = request.bericht
    rejected = bekend.first_answer(request.key, REJECTED)
    reason = ""
    if _granted(bekend, request) is not None:
        outcome = "toegewezen"
    elif rejected is not None:
        outcome, reason = "afgewezen", rejected[1].reden or ""
    else:
        outcome = "in_onderzoek" if bekend.first_answer(request.key, EXAMINED) else "open"
    group = bericht.gemeente, bericht.wet, bericht.nummer
    tally.add("verzoek-uitkomst", group, outcome)
    if reason:
        tally.add("verzoek-uitkomst", group, f"afgewezen_reden_{reason}")
    row = (*geval(bericht, request.place + 1, request.referentie, request.product_code), outcome, reason)
    tally.cases["verzoek-uitkomst"].append(row)
