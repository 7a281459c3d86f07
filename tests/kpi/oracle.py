"""doorlooptijd-toewijzing once more, in plain Python: one case at a time, one day at a time, no set in sight."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from tests.kpi.traffic import Line, Message

FEESTDAGEN = Path(__file__).parents[1] / "fixtures" / "referentie" / "feestdagen_atw.csv"
NORM = 5
FOLLOW_DAYS = 30


@dataclass(frozen=True)
class Case:
    """What the SQL says of one request, in the same words."""

    geval_id: str
    uiterste_dag: date
    antwoord_dag: date | None
    antwoord: int | None
    werkdagen: int | None
    te_laat: int | None
    toestand: str | None
    koppeling: str | None


@cache
def _feestdagen() -> frozenset[date]:
    with FEESTDAGEN.open(encoding="utf-8") as file:
        return frozenset(date.fromisoformat(row["datum"]) for row in csv.DictReader(file))


def is_werkdag(day: date) -> bool:
    return day.weekday() < 5 and day not in _feestdagen()


def werkdagen(start: date, end: date) -> int:
    """Days d with start < d <= end that are werkdagen; negative when end lies before start."""
    if end < start:
        return -werkdagen(end, start)
    count, day = 0, start
    while day < end:
        day += timedelta(days=1)
        count += is_werkdag(day)
    return count


def uiterste_dag(start: date) -> date:
    day, left = start, NORM
    while left:
        day += timedelta(days=1)
        left -= is_werkdag(day)
    return day


def _key(message: Message) -> tuple[object, ...]:
    return (message.type, message.gemeente, message.aanbieder, message.identificatie, message.retour)


def _counting(messages: Sequence[Message], peildatum: date) -> list[Message]:
    first: dict[tuple[object, ...], Message] = {}
    for message in sorted(messages, key=lambda item: (item.verzend_dag, item.id)):
        first.setdefault(_key(message), message)
    return [message for message in first.values() if message.verzend_dag <= peildatum]


def _refused(message: Message, counting: Sequence[Message]) -> bool:
    def about(other: Message) -> bool:
        return bool(other.retour) and (
            other.wet,
            other.soort,
            other.gemeente,
            other.aanbieder,
            other.identificatie,
        ) == (
            message.wet,
            message.soort,
            message.gemeente,
            message.aanbieder,
            message.identificatie,
        )

    return any(code not in {"0200", "0233", "8001"} for other in counting if about(other) for code in other.codes)


Placed = tuple[Message, int, Line]


def _placed(messages: Sequence[Message], soort: str) -> list[Placed]:
    found = [
        (message, place, line)
        for message in messages
        if message.soort == soort and not message.retour
        for place, line in enumerate(message.lines, start=1)
    ]
    return sorted(found, key=lambda item: (item[0].dag, item[0].id, item[1]))


def _without_withdrawn(lines: list[Placed]) -> list[Placed]:
    last: dict[tuple[object, ...], Placed] = {}
    for item in sorted(
        lines, key=lambda one: (one[2].toewijzingsdatum, one[2].toewijzingstijd, one[0].dag, one[0].id, one[1])
    ):
        message, _, line = item
        last[message.wet, message.gemeente, line.nummer] = item
    gone = {key for key, item in last.items() if key[2] is not None and item[2].reden_wijziging == "13"}
    return [item for item in lines if (item[0].wet, item[0].gemeente, item[2].nummer) not in gone]


def _version(message: Message, line: Line) -> tuple[object, ...]:
    decided = (line.toewijzingsdatum, line.toewijzingstijd)
    if line.nummer is not None:
        return (message.wet, message.gemeente, line.nummer, *decided)
    product = (line.categorie, line.code, line.ingangsdatum)
    return (message.wet, message.gemeente, message.aanbieder, line.client, *product, *decided)


def _first_seen(lines: list[Placed]) -> list[Placed]:
    seen, found = set(), []
    for message, place, line in lines:
        version = _version(message, line)
        if version not in seen:
            found.append((message, place, line))
        seen.add(version)
    return found


def _same_parties(one: Message, other: Message) -> bool:
    return (one.wet, one.gemeente, one.aanbieder) == (other.wet, other.gemeente, other.aanbieder)


def _by_reference(request: Placed, answers: list[Placed]) -> Message | None:
    return next(
        (m for m, _, line in answers if _same_parties(m, request[0]) and line.referentie == request[2].referentie), None
    )


def _match_by_client(requests: list[Placed], lines: list[Placed]) -> dict[tuple[int, int], Message]:
    """Each line takes the latest request still open; one after the other."""
    found: dict[tuple[int, int], Message] = {}
    for message, _, line in lines:
        fitting = [
            (request.id, place)
            for request, place, asked in requests
            if request.dag <= message.dag
            and (request.id, place) not in found
            and _same_parties(request, message)
            and (asked.client, asked.categorie, asked.code) == (line.client, line.categorie, line.code)
        ]
        if fitting:
            found[fitting[-1]] = message
    return found


def judge(messages: Sequence[Message], peildatum: date) -> list[Case]:
    """Every case by the peildatum."""
    counting = _counting(messages, peildatum)
    sent = [message for message in counting if not _refused(message, counting)]
    allocations = _without_withdrawn(_placed(sent, "301"))
    refusals = [item for item in _placed(sent, "319") if item[2].antwoord == "1"]
    requests = _placed(counting, "315")
    with_reference = {(r[0].id, r[1]): _by_reference(r, allocations) for r in requests}
    refused = {(r[0].id, r[1]): _by_reference(r, refusals) for r in requests}
    fresh = [item for item in _first_seen(allocations) if item[2].referentie is None]
    still_open = [
        r for r in requests if r[0] in sent and not with_reference[r[0].id, r[1]] and not refused[r[0].id, r[1]]
    ]
    by_client = _match_by_client(still_open, [item for item in fresh if item[0].release.startswith("2.")])
    found = []
    for message, place, line in requests:
        key = (message.id, place)
        link = "referentie" if with_reference[key] or refused[key] else "client_product" if key in by_client else None
        allocation = with_reference[key] or by_client.get(key)
        answer = allocation or refused[key]
        state = _state(message, allocation, refused[key], peildatum) if message in sent else None
        if state == "afgewezen" and _followed(message, line, refused[key], fresh):
            state = "afgewezen_met_vervolg"
        found.append(_case(message, place, answer, state, link, peildatum))
    return found


def _state(request: Message, allocation: Message | None, refusal: Message | None, peildatum: date) -> str:
    answer = allocation or refusal
    if answer and answer.dag < request.dag:
        return "onbruikbaar"
    if refusal and not allocation:
        return "afgewezen"
    last = uiterste_dag(request.dag)
    if allocation:
        return "binnen_norm" if allocation.dag <= last else "buiten_norm"
    return "lopend" if peildatum <= last else "buiten_norm"


def _followed(request: Message, line: Line, refusal: Message | None, fresh: list[Placed]) -> bool:
    return refusal is not None and any(
        _same_parties(message, request)
        and other.client == line.client
        and 0 <= (message.dag - refusal.dag).days <= FOLLOW_DAYS
        for message, _, other in fresh
    )


def _case(
    request: Message, place: int, answer: Message | None, state: str | None, link: str | None, peildatum: date
) -> Case:
    last = uiterste_dag(request.dag)
    return Case(
        geval_id=f"{request.bericht_id}-{place}",
        uiterste_dag=last,
        antwoord_dag=answer.dag if answer else None,
        antwoord=answer.id if answer else None,
        werkdagen=werkdagen(request.dag, answer.dag) if answer else None,
        te_laat=werkdagen(last, answer.dag if answer else peildatum) if state == "buiten_norm" else None,
        toestand=state,
        koppeling=link,
    )
