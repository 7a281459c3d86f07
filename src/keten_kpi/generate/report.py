"""The page ``docs/pilot.md``: the published figures of the 0-measurement beside what is found in the synthetic pilot.

The wing knows no KPI: who calls hands it what was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keten_kpi.generate.make import Made
from keten_kpi.generate.scenario import load_scenario

SCENARIO, SEED = "pilot", 1
PUBLISHED = {"": 53, "Jw": 57, "Wmo": 47}  # per wet, "" for both: % of messages that deviate, 0-measurement 2020
HEADING = """<!-- Made by `keten-kpi generate --report`; change it in src/keten_kpi/generate/report.py. -->
# De pilot die er nooit was

**De rechterkant van deze tabel is synthetisch.** De berichten zijn door `keten-kpi generate` verzonnen: geen cliënt,
geen aanbieder en geen afspraak erin bestaat, en de gemeentecodes zijn willekeurig gekozen. De cijfers zeggen dus niets
over deze gemeenten, en niets over enige andere. Het deel afwijkende berichten en de trage toewijzingen zijn er met
opzet zo in gelegd. Wat de tabel laat zien: het gereedschap vindt in zulk verkeer terug wat erin zit.
"""
NOTES = """
Over doorlooptijden was bij het maken van deze pagina geen gepubliceerd cijfer voorhanden; daarom staat er geen
naast. Dat toewijzingen hier vaak later komen dan na 5 werkdagen is een aanname van het scenario.

Een afwijkende code is een eigen code van een gemeente. Die mag in een contract worden afgesproken: een afwijking
beschrijft, ze overtreedt geen regel.
"""
COLUMNS = (
    "wet",
    "0-meting 2020, gepubliceerd: berichten met een afwijkende code",
    "synthetische pilot: idem",
    "synthetische pilot: heenberichten met een code",
    "synthetische pilot: toewijzing binnen 5 werkdagen",
    "synthetische pilot: mediaan in werkdagen",
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the KPIs found for one wet, or for both: shares 0-1."""

    berichten: int
    aandeel_berichten_afwijkend: float
    aandeel_binnen_norm: float
    mediaan_werkdagen: float


def pilot_page(made: Made, found: Mapping[str, Found]) -> str:
    """The page as Markdown, in Dutch; ``found`` per wet, "" for both together."""
    scenario = load_scenario(SCENARIO)
    story = (
        f"Scenario `{SCENARIO}`, seed {SEED}: {len(scenario.gemeenten)} gemeenten, release {scenario.release}, "
        f"{_whole(made.count)} berichten van {made.van} tot en met {made.tot}."
    )
    commands = (
        f"keten-kpi generate pilot --scenario {SCENARIO} --seed {SEED}",
        "keten-kpi ingest pilot/berichten --db pilot.duckdb",
        "keten-kpi kpi productcode-afwijking --per wet --db pilot.duckdb",
        "keten-kpi kpi doorlooptijd-toewijzing --per wet --db pilot.duckdb",
    )
    lines = "\n".join(commands)
    return f"{HEADING}\n{story}\nNa te maken met:\n\n```console\n{lines}\n```\n\n{_table(found)}{NOTES}"


def _table(found: Mapping[str, Found]) -> str:
    rows = [COLUMNS, ("---", *["---:"] * (len(COLUMNS) - 1)), *(_row(wet, found[wet]) for wet in PUBLISHED)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(wet: str, found: Found) -> tuple[str, ...]:
    return (
        wet or "alle",
        f"{PUBLISHED[wet]} %",
        _percent(found.aandeel_berichten_afwijkend),
        _whole(found.berichten),
        _percent(found.aandeel_binnen_norm),
        _number(found.mediaan_werkdagen),
    )


def _percent(share: float) -> str:
    return f"{_number(100 * share)} %"


def _number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _whole(value: int) -> str:
    return f"{value:,}".replace(",", ".")
