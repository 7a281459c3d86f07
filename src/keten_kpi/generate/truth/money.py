"""Declaraties: declaratietermijn, declaratie-antwoordtermijn, afkeur-declaraties."""

from __future__ import annotations

from keten_kpi.generate.agenda import agenda, month_end
from keten_kpi.generate.events import Bericht, Prestatie
from keten_kpi.generate.truth.known import Bekend
from keten_kpi.generate.truth.tally import Tally, Termijn, judge_termijn

ANSWER, ANSWER_OLD = 10, 20  # werkdagen: a 323, a 303


def answer_term(bericht: Bericht) -> int:
    """Within how many werkdagen a declaratie is answered."""
    return ANSWER_OLD if bericht.nummer == "303" else ANSWER


def count_money(tally: Tally, bekend: Bekend) -> None:
    for nummer in ("323", "303"):
        for bericht in bekend.per_type[nummer]:
            answer = bekend.retour.get(bericht)
            _termijnen(tally, bekend, bericht, answer)
            _refusals(tally, bericht, answer)


def _termijnen(tally: Tally, bekend: Bekend, bericht: Bericht, answer: Bericht | None) -> None:
    if bericht.periode is None:
        return
    end = bericht.periode.einde
    case = Termijn(bericht, 0, "", "", end, month_end(end + 1), bericht.dag)
    judge_termijn(tally, "declaratietermijn", case, bekend.peildatum)
    uiterste = agenda().after(bericht.dag, answer_term(bericht))
    case = Termijn(bericht, 0, "", "", bericht.dag, uiterste, answer.verzend_dag if answer else None)
    judge_termijn(tally, "declaratie-antwoordtermijn", case, bekend.peildatum)


def _refusals(tally: Tally, bericht: Bericht, answer: Bericht | None) -> None:
    """Prestaties that were refused one by one; those in a declaratie refused as a whole apart. Amounts in cents."""
    kpi, group = "afkeur-declaraties", (bericht.gemeente, bericht.wet)
    tally.add(kpi, group, "declaraties")
    for what in ("declaraties_beantwoord",) if answer else ():
        tally.add(kpi, group, what)
    if answer and answer.code:
        tally.add(kpi, group, "declaraties_afgekeurd")
    for place, regel in enumerate(bericht.regels):
        if not isinstance(regel, Prestatie):
            continue
        names = ["ingediend"]
        code = ""
        if answer:
            names.append("beantwoord")
            code = answer.code or answer.regelcodes.get(place, "")
            names += ["in_afgekeurde_declaratie"] if answer.code else ["afgekeurd"] if code else []
        for name in names:
            tally.add(kpi, group, f"prestaties_{name}")
            tally.add(kpi, group, f"centen_{name}", regel.bedrag)
        if code:
            tally.add(kpi, group, f"prestaties_code_{code}")
            row = (
                bericht.gemeente,
                bericht.wet,
                bericht.aanbieder,
                bericht.identificatie,
                regel.nummer,
                regel.bedrag,
                code,
            )
            tally.cases[kpi].append(row)
