"""The accessibility statement of the edition; docs/toegankelijkheid.md says the same at length."""

from __future__ import annotations

from keten_kpi.dashboard.blok import Blok, Pagina


def access_page() -> Pagina:
    blocks = (
        Blok("Waar wij naar streven", ("Deze bladzijden zijn gemaakt om te voldoen aan WCAG 2.2, niveau A en AA.",)),
        Blok("Wat is getoetst", (
            "De tests van het programma toetsen elke bladzijde van een voorbeeld in een browser met axe.",
            "Zij toetsen ook dat niets wegvalt op een breedte van 320 pixels (400 % vergroting).",
            "Zij toetsen de volgorde van koppen en oriëntatiepunten, en die van het toetsenbord.",
            "Elke grafiek heeft een titel, een omschrijving en een tabel met haar cijfers.",
            "Wat een kleur zegt, zegt ook een vorm, een plaats of een woord.",
        )),
        Blok("Wat niet is getoetst", (
            "Niemand die een schermlezer of andere hulpmiddelen gebruikt, heeft deze bladzijden getoetst.",
            "Een onderzoek door een onafhankelijke partij is er niet.",
        )),
        Blok("Melden", ("Loopt u ergens tegenaan? Meld het aan wie u deze bladzijden geeft.",)),
    )  # fmt: skip
    return Pagina("toegankelijkheid.html", "Toegankelijkheid", "Iedereen moet deze cijfers kunnen lezen.", blocks)
