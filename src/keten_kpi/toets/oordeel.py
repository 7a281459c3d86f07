"""The verdict on a case in a sentence, and what would change it. In Dutch: a policy officer reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from keten_kpi.toets.dagen import write_day

REDENEN = {
    "verzoek_afgekeurd": "het verzoek is in zijn retourbericht afgekeurd en geldt als niet verzonden (OP286)",
    "geen_norm_op_startdag": "op de dag waarop de klok begon, gold geen norm",
}
AFKEUR = "OP286"
LATER_GELEZEN = (
    "Is er wel een eerder antwoord verzonden, maar nog niet ingelezen? "
    "Dan verandert het oordeel zodra dat bericht is ingelezen."
)


@dataclass(frozen=True, slots=True)
class Stand:
    """What a verdict rests on. ``bronnen`` are the rules that the norm's definition names."""

    toestand: str | None
    reden_telt_niet: str | None
    start_dag: date
    uiterste_dag: date | None
    antwoord_dag: date | None
    peildatum: date
    bronnen: tuple[str, ...]
    is_eigen_antwoord: bool = False  # the message of the case is its own answer


def _day(day: date | None) -> str:
    return write_day(day) if day else "een onbekende dag"


def _why_useless(stand: Stand) -> str:
    if stand.antwoord_dag is not None and stand.antwoord_dag < stand.start_dag:
        return "het antwoord is van voor het begin"
    return "een van de dagen ligt buiten de kalender"


def verdict(stand: Stand) -> str:
    """One sentence: in which state the case is, and by which days."""
    if stand.reden_telt_niet is not None:
        return f"Telt niet mee: {REDENEN.get(stand.reden_telt_niet, stand.reden_telt_niet.replace('_', ' '))}."
    last, answered = _day(stand.uiterste_dag), _day(stand.antwoord_dag)
    open_now = f"op {_day(stand.peildatum)} is er nog geen antwoord"
    late = f"de uiterste dag was {last}"
    sentences = {
        "binnen_norm": f"Binnen de norm: het antwoord is van {answered}, {late}.",
        "buiten_norm": f"Buiten de norm: het antwoord is van {answered}, {late}."
        if stand.antwoord_dag
        else f"Buiten de norm: {open_now}, {late}.",
        "lopend": f"Lopend: {open_now}, en dat kan nog tot en met {last}.",
        "afgewezen": f"Geen doorlooptijd: het verzoek is op {answered} definitief afgewezen.",
        "afgewezen_met_vervolg": f"Geen doorlooptijd: het verzoek is op {answered} definitief afgewezen, "
        "en daarna kwam een toewijzing zonder referentie.",
        "niet_meetbaar": "Niet meetbaar: de norm telt vanaf een dag die niet in de berichten staat.",
        "onbruikbaar": f"Onbruikbaar: {_why_useless(stand)}.",
    }
    return sentences[stand.toestand or "onbruikbaar"]


def _when_late(stand: Stand) -> list[str]:
    in_time = f"Met een antwoord op of voor {_day(stand.uiterste_dag)} was het binnen de norm geweest."
    if stand.is_eigen_antwoord:
        return [in_time]
    if stand.antwoord_dag:
        return [in_time, LATER_GELEZEN]
    return [in_time, "Een antwoord van nu stopt de klok, maar verandert het oordeel niet meer.", LATER_GELEZEN]


def _when_open(stand: Stand) -> list[str]:
    last = stand.uiterste_dag
    after = _day(last + timedelta(days=1)) if last else _day(None)
    return [
        f"Met een antwoord op of voor {_day(last)} komt het binnen de norm; zonder is het vanaf {after} buiten de norm."
    ]


REFUSED = "Met een toewijzing (301) onder de referentie van dit verzoek zou het alsnog een doorlooptijd krijgen."
CHANGES: dict[str, Callable[[Stand], list[str]]] = {
    "binnen_norm": lambda stand: [
        f"Met een antwoord van na {_day(stand.uiterste_dag)} was het buiten de norm geweest."
    ],
    "buiten_norm": _when_late,
    "lopend": _when_open,
    "afgewezen": lambda _: [REFUSED],
    "afgewezen_met_vervolg": lambda _: [REFUSED],
    "niet_meetbaar": lambda _: ["Niets in de berichten: de dag waarvan de norm uitgaat, staat er niet in."],
    "onbruikbaar": lambda _: ["Een bericht met een datum die wel kan."],
}


def what_would_change(stand: Stand) -> tuple[str, ...]:
    """Sentences on what would lead to another verdict, the most likely first."""
    if stand.reden_telt_niet is not None:
        return ("Een nieuw bericht dat niet om deze reden afvalt, is een nieuw geval met een eigen klok.",)
    found = CHANGES[stand.toestand or "onbruikbaar"](stand)
    if AFKEUR in stand.bronnen and stand.toestand in {"binnen_norm", "buiten_norm", "lopend"}:
        start = "Wordt het bericht waarmee de klok begint in zijn retourbericht afgekeurd"
        found.append(f"{start}, dan telt het geval niet mee ({AFKEUR}).")
    return tuple(found)
