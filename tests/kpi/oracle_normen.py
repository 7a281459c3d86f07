"""Every time norm once more, in plain Python: one case at a time, one day at a time, as kpi.md has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.kpi.oracle import is_werkdag, werkdagen
from tests.kpi.traffic_alle import ANTWOORD, RETOUR, Message

HARMLESS = {"0200", "0233", "8001"}
NEXT = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """What the SQL says of one case, in the same words."""

    geval_id: str
    start_dag: date
    uiterste_dag: date
    antwoord_dag: date | None
    antwoord: int | None
    werkdagen: int | None
    toestand: str | None


@dataclass(frozen=True)
class Known:
    """The messages that count by the peildatum, in order of sending."""

    messages: tuple[Message, ...]
    peildatum: date

    def of(self, *types: str) -> Iterator[Message]:
        return (message for message in self.messages if message.soort in types)

    def refused(self, message: Message) -> bool:
        retour = RETOUR.get(message.soort)
        return any(
            str(row["code"]) not in HARMLESS
            for other in self.of(retour or "")
            if same_key(other, message)
            for row in other.rows["retourcode"]
        )

    def sent(self, *types: str) -> list[Message]:
        """Those that were not refused: what was, counts as not sent."""
        return [message for message in self.of(*types) if not self.refused(message)]


def know(messages: Sequence[Message], peildatum: date) -> Known:
    first: dict[object, Message] = {}
    for message in sorted(messages, key=lambda item: (item.verzend_dag, item.id)):
        key = (message.type, message.gemeente, message.aanbieder, message.identificatie, message.retour)
        first.setdefault(key, message)
    return Known(tuple(m for m in first.values() if m.verzend_dag <= peildatum), peildatum)


def same_parties(one: Message, other: Message) -> bool:
    return (one.wet, one.gemeente, one.aanbieder) == (other.wet, other.gemeente, other.aanbieder)


def same_key(one: Message, other: Message) -> bool:
    return same_parties(one, other) and one.identificatie == other.identificatie


def after_werkdagen(start: date, number: int) -> date:
    day = start
    while number:
        day += NEXT
        number -= is_werkdag(day)
    return day


def after_days(start: date, number: int) -> date:
    return start + timedelta(days=number)


def end_of_next_month(start: date, number: int) -> date:
    """The last day of the month so many months later: walk until the month has changed once too often."""
    day, changes = start, 0
    while True:
        changes += (day + NEXT).month != day.month
        if changes > number:
            return day
        day += NEXT


def state(start: date, answer: date | None, last: date, peildatum: date) -> str:
    if answer is not None and answer < start:
        return "onbruikbaar"
    if answer is None:
        return "lopend" if peildatum <= last else "buiten_norm"
    return "binnen_norm" if answer <= last else "buiten_norm"


def case(
    known: Known,
    geval_id: str,
    start: date,
    answer: Message | None,
    last: date,
    *,
    counts: bool = True,
    measurable: bool = True,
) -> Case:
    day = answer.verzend_dag if answer else None
    found = state(start, day, last, known.peildatum)
    if not measurable and found != "onbruikbaar":
        found = "niet_meetbaar"
    return Case(
        geval_id, start, last, day, answer.id if answer else None, werkdagen(start, day) if day else None,
        found if counts else None,
    )  # fmt: skip


def retourtermijn(known: Known) -> Iterator[Case]:
    for message in known.of(*RETOUR):
        retour = next((r for r in known.of(RETOUR[message.soort]) if same_key(r, message)), None)
        yield case(known, str(message.bericht_id), message.dag, retour, after_werkdagen(message.dag, 3))


def declaratie_antwoordtermijn(known: Known) -> Iterator[Case]:
    for message in known.of(*ANTWOORD):
        answers = (
            a
            for a in known.of(ANTWOORD[message.soort])
            if same_parties(a, message) and (a.declaratie or a.identificatie) == message.identificatie
        )
        last = after_werkdagen(message.dag, 10 if message.soort == "323" else 20)
        yield case(known, str(message.bericht_id), message.dag, next(answers, None), last)


def declaratietermijn(known: Known) -> Iterator[Case]:
    for message in known.of(*ANTWOORD):
        for place, row in message.lines("declaratie"):
            end: Any = row["periode_einddatum"]
            yield case(known, f"{message.bericht_id}-{place}", end, message, end_of_next_month(end, 1))


Request = tuple[Message, int, str]


def requests(known: Known) -> Iterator[Request]:
    for message in known.of("315", "317"):
        for place, row in message.lines("aangevraagd_product" if message.soort == "315" else "verzoek_wijziging"):
            yield message, place, str(row["referentie_aanbieder"])


def withdrawn(known: Known) -> set[object]:
    """(wet, gemeente, number) of which the version that holds takes it back."""
    last: dict[object, tuple[Any, str | None]] = {}
    for message in known.sent("301"):
        for place, row in message.lines("toegewezen_product"):
            order = (row["toewijzingsdatum"], row["toewijzingstijd"], message.dag, message.id, place)
            key = (message.wet, message.gemeente, row["toewijzing_nummer"])
            if row["toewijzing_nummer"] is not None and (key not in last or last[key][0] < order):
                last[key] = (order, row["reden_wijziging"])  # type: ignore[assignment]
    return {key for key, (_, reason) in last.items() if reason == "13"}


def answers(known: Known, request: Request) -> Iterator[tuple[Message, str, object]]:
    """What answers by reference, in order: the message, 301 or VerzoekAntwoord, and the reason."""
    gone = withdrawn(known)
    message, _, reference = request
    for other in known.sent("301", "319"):
        if not same_parties(other, message):
            continue
        for _, row in other.lines("toegewezen_product"):
            key = (other.wet, other.gemeente, row["toewijzing_nummer"])
            if row["referentie_aanbieder"] == reference and key not in gone:
                yield other, "301", None
        for _, row in other.lines("antwoord"):
            if row["referentie_aanbieder"] == reference:
                yield other, str(row["verzoek_antwoord"]), row["reden_afwijzing_verzoek"]


def reactietermijn(known: Known) -> Iterator[Case]:
    for request in requests(known):
        message, place, _ = request
        first = next((answer for answer, _, _ in answers(known, request)), None)
        last = after_werkdagen(message.dag, 5)
        yield case(known, f"{message.bericht_id}-{place}", message.dag, first, last, counts=not known.refused(message))


def onderzoekstermijn(known: Known) -> Iterator[Case]:
    for request in requests(known):
        message, place, _ = request
        found = list(answers(known, request))
        examined = next((answer.dag for answer, kind, _ in found if kind == "2"), None)
        if examined is None:
            continue
        end = next((answer for answer, kind, _ in found if kind != "2" and answer.dag >= examined), None)
        last = after_days(message.dag, 56)
        yield case(known, f"{message.bericht_id}-{place}", message.dag, end, last, counts=not known.refused(message))


def woonplaatsbeginseltermijn(known: Known) -> Iterator[Case]:
    for request in requests(known):
        message, place, _ = request
        end = next((answer for answer, _, reason in answers(known, request) if reason == "8"), None)
        if end is None or message.wet != "Jw":
            continue
        last = after_days(message.dag, 14)
        yield case(known, f"{message.bericht_id}-{place}", message.dag, end, last, counts=not known.refused(message))


Line = tuple[Message, int, dict[str, object]]


def delivered(known: Known, soort: str, table: str) -> Iterator[Line]:
    return ((message, place, row) for message in known.of(soort) for place, row in message.lines(table))


def line_key(line: Line, *, with_reason: bool) -> tuple[object, ...]:
    message, _, row = line
    names = ["client", "toewijzing_nummer", "product_categorie", "product_code", "begindatum", "einddatum"]
    names += ["reden_beeindiging"] if with_reason else []
    return (message.wet, message.gemeente, message.aanbieder, *(row.get(name) for name in names))


def taken_back(known: Known, line: Line, lines: list[Line]) -> bool:
    """Whether a line that was sent later, or that day in another message, withdraws it."""
    message = line[0]
    for other in lines:
        with_reason = other[0].release == "3.2"
        if (
            other[2]["status_aanlevering"] == "3"
            and other[0] != message
            and other[0].dag >= message.dag
            and not known.refused(other[0])
            and line_key(other, with_reason=with_reason) == line_key(line, with_reason=with_reason)
        ):
            return True
    return False


def starttermijn(known: Known) -> Iterator[Case]:
    lines, gone = list(delivered(known, "305", "start_product")), withdrawn(known)
    for line in lines:
        message, place, row = line
        if row["status_aanlevering"] != "1":
            continue
        granted = [
            other.dag
            for other in known.sent("301")
            if same_parties(other, message)
            for _, grant in other.lines("toegewezen_product")
            if grant["toewijzing_nummer"] == row["toewijzing_nummer"] is not None
            and (other.wet, other.gemeente, grant["toewijzing_nummer"]) not in gone
        ]
        begin: Any = row["begindatum"]
        start = max([begin, *granted[:1]])
        counts = not known.refused(message) and not taken_back(known, line, lines)
        yield case(known, f"{message.bericht_id}-{place}", start, message, after_werkdagen(start, 5), counts=counts)


def stoptermijn(known: Known) -> Iterator[Case]:
    lines = list(delivered(known, "307", "stop_product"))
    first = [line for line in lines if line[2]["status_aanlevering"] == "1"]
    counting = [line for line in first if not known.refused(line[0]) and not taken_back(known, line, lines)]
    for line in first:
        message, place, row = line
        paused = any(
            other[2]["reden_beeindiging"] == "20"
            and other[0].dag <= message.dag
            and line_key(other, with_reason=False)[:-1] == line_key(line, with_reason=False)[:-1]
            for other in counting
        )
        end: Any = row["einddatum"]
        yield case(
            known, f"{message.bericht_id}-{place}", end, message, after_werkdagen(end, 5),
            counts=line in counting, measurable=row["reden_beeindiging"] == "20" or not paused,
        )  # fmt: skip


NORMS: dict[str, Callable[[Known], Iterator[Case]]] = {
    "retourtermijn": retourtermijn,
    "reactietermijn-verzoek": reactietermijn,
    "onderzoekstermijn": onderzoekstermijn,
    "woonplaatsbeginseltermijn": woonplaatsbeginseltermijn,
    "starttermijn": starttermijn,
    "stoptermijn": stoptermijn,
    "declaratietermijn": declaratietermijn,
    "declaratie-antwoordtermijn": declaratie_antwoordtermijn,
}
