"""How the figures were made: hiding, uncertainty, privacy, and the definitions of the catalogue."""

from __future__ import annotations

from keten_kpi import __version__
from keten_kpi.dashboard.blok import Blok, Pagina
from keten_kpi.dashboard.cijfers import Cijfers
from keten_kpi.kpi import list_kpis


def method_page(cijfers: Cijfers) -> Pagina:
    kpis = list_kpis()
    definitions = tuple((f"{kpi.titel} (versie {kpi.versie})", kpi.definitie.strip()) for kpi in kpis)
    blocks = (
        Blok("Kleine aantallen", (*_hiding(cijfers.minimum), "Een 0 is getoond: daar zit niemand achter.")),
        Blok(
            "Onzekerheid",
            (
                "Een interval van 95 % is dat van Wilson. Het zegt hoe ver toeval alleen een aandeel kan verschuiven.",
                "Een trechtergrafiek laat zien welke verschillen groter zijn dan wat toeval kan doen.",
            ),
        ),
        Blok(
            "Privacy",
            (
                "De bladzijden bevatten alleen aantallen, aandelen en doorlooptijden.",
                "Er staat geen client in, ook geen pseudoniem.",
            ),
        ),
        Blok("Definities", (), punten=definitions),
        Blok("Versie", (f"keten-kpi {__version__}; editie {cijfers.editie.naam}.",)),
    )
    return Pagina(
        "verantwoording.html", "Verantwoording", "Hoe deze cijfers zijn gemaakt, en wat zij niet zeggen.", blocks
    )


def _hiding(minimum: int) -> tuple[str, ...]:
    if not minimum:
        return ("In deze editie zijn kleine aantallen getoond: zij is niet bedoeld om door te geven.",)
    return (
        f"Aantallen van 1 tot {minimum} zijn niet getoond, en ook niet waaruit zij te berekenen zijn.",
        "Aantallen over oorzaken, werk dat wacht en losse productcodes zijn afgerond op vijf.",
    )
