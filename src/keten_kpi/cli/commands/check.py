"""``keten-kpi check``: one party on every time norm, on one screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.selection import Aanbieder, Gemeente, Peildatum, Wet
from keten_kpi.errors import Exit

if TYPE_CHECKING:
    from keten_kpi.publish import Check
    from keten_kpi.toets.check import Maand, Norm, Stand

OTHERS = {"gemeente": "Wat aanbieders tegenover u moeten doen", "aanbieder": "Wat gemeenten tegenover u moeten doen"}
COLUMNS = (
    "norm",
    "binnen",
    "buiten",
    "lopend",
    "aandeel",
    "interval 95 %",
    "rest van het land",
    "zes maanden",
)
DEMAND = ("eis", "gehaald")
NUMBERS = ("binnen", "buiten", "lopend", "aandeel", "interval 95 %", "rest van het land", "eis")
CAUSES = ("norm", "wat opvalt", "buiten", "van", "aandeel buiten", "bij de overige", "meer dan verwacht", "toeval?")
CHANCE = {"hoger": "nee", "mogelijk hoger": "misschien", "geen verschil": "kan"}


def register(app: typer.Typer) -> None:
    app.command("check")(check)


def check(
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    wet: Wet = None,
    peildatum: Peildatum = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", dir_okay=False, help="TOML with, under [check], a share per norm that must be met."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    db: Db = DB_DEFAULT,
) -> None:
    """Hold a gemeente or aanbieder to every time norm: its share, the rest of the country, the trend, the causes.

    Ends in 3 when a norm in the config is not met, so that a batch job can alarm:

    [check]
    doorlooptijd-toewijzing = 0.90

    A demand is on what the party must do itself; of a norm that only the other side must meet, on that. The causes are
    the groups of own cases (by other party, product category, weekday and end of month of the start day) with the most
    late cases more than if they were late as often as the others; verschil tells whether that may be chance.

    json: {gemeente or aanbieder, peildatum, is_gehaald, normen: [{kpi, titel, regelcode, aan_zet, is_eigen_plicht,
    eigen and elders: {binnen_norm, buiten_norm, lopend, aandeel_binnen_norm, aandeel_binnen_norm_laag,
    aandeel_binnen_norm_hoog}, maanden: [{maand, stand: as eigen, is_voorlopig}], oorzaken: [{soort, waarde,
    buiten_norm, aantal, aandeel_buiten, aandeel_buiten_overig, extra, verschil}], eis, is_gehaald}]}.
    """
    from keten_kpi import publish
    from keten_kpi.report import plain_json

    partij = publish.choose_partij(gemeente, aanbieder)
    day = publish.parse_day(peildatum, "--peildatum") if peildatum else None
    eisen = publish.read_config(config, publish.norm_ids()) if config else {}
    with publish.reading(db) as con:
        found = publish.check_party(con, partij, wet=wet, peildatum=day, eisen=eisen)
    if as_json:
        typer.echo(plain_json(found.as_dict()))
    else:
        _show(found)
    if not found.is_gehaald:
        raise typer.Exit(Exit.NOT_MET)


def _show(found: Check) -> None:
    from keten_kpi.cli.screen import say

    typer.echo(f"Check van {found.partij.soort} {found.partij.code}, peildatum {found.peildatum or 'onbekend'}")
    own = [norm for norm in found.normen if norm.is_eigen_plicht]
    others = [norm for norm in found.normen if not norm.is_eigen_plicht]
    if not found.normen:
        typer.echo("Er zijn geen gevallen.")
    _table("Wat u zelf moet doen", own)
    _causes(own)
    _table(OTHERS[found.partij.soort], others)
    if any(month.is_voorlopig for norm in found.normen for month in norm.maanden):
        say("* voorlopig: van deze maand lopen nog gevallen, en wie te laat is, komt het laatst.")
    for norm in found.normen:
        if norm.is_gehaald is False:
            say(f"Niet gehaald: {norm.kpi}, {_missed(norm)}.")


def _missed(norm: Norm) -> str:
    high = norm.eigen.aandeel_binnen_norm_hoog
    chance = (
        " (het interval sluit toeval niet uit)"
        if high is not None and norm.eis is not None and high >= norm.eis
        else ""
    )
    return f"{_percent(norm.eigen.aandeel_binnen_norm)} binnen de norm, gevraagd {_percent(norm.eis)}{chance}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:.1f} %".replace(".", ",")


def _interval(stand: Stand) -> str:
    if stand.aandeel_binnen_norm_laag is None or stand.aandeel_binnen_norm_hoog is None:
        return "-"
    return f"{stand.aandeel_binnen_norm_laag * 100:.0f}-{stand.aandeel_binnen_norm_hoog * 100:.0f} %"


def _month(month: Maand) -> str:
    share = month.stand.aandeel_binnen_norm
    return ("-" if share is None else f"{share * 100:.0f}") + ("*" if month.is_voorlopig else "")


def _table(title: str, norms: list[Norm]) -> None:
    from keten_kpi.cli.screen import print_table

    if not norms:
        return
    asked = any(norm.eis is not None for norm in norms)
    rows = [
        (
            norm.kpi, norm.eigen.binnen_norm, norm.eigen.buiten_norm, norm.eigen.lopend,
            _percent(norm.eigen.aandeel_binnen_norm), _interval(norm.eigen), _percent(norm.elders.aandeel_binnen_norm),
            " ".join(map(_month, norm.maanden)), *(_demand(norm) if asked else ()),
        )
        for norm in norms
    ]  # fmt: skip
    print_table(
        f"{title} (maanden {norms[0].maanden[0].maand} tot en met {norms[0].maanden[-1].maand})",
        (*COLUMNS, *(DEMAND if asked else ())),
        rows,
        numeric=NUMBERS,
    )


def _demand(norm: Norm) -> tuple[str, str]:
    return _percent(norm.eis), "-" if norm.is_gehaald is None else "ja" if norm.is_gehaald else "nee"


def _causes(norms: list[Norm]) -> None:
    from keten_kpi.cli.screen import print_table

    rows = [
        (
            norm.kpi, f"{cause.soort} {cause.waarde}" if cause.soort != "maandeinde" else cause.waarde,
            cause.buiten_norm, cause.aantal, _percent(cause.aandeel_buiten), _percent(cause.aandeel_buiten_overig),
            f"{cause.extra:.1f}".replace(".", ","), CHANCE[cause.verschil],
        )
        for norm in norms
        for cause in norm.oorzaken
    ]  # fmt: skip
    if rows:
        print_table("Wat opvalt aan de gevallen buiten de norm", CAUSES, rows, numeric=CAUSES[2:7])
