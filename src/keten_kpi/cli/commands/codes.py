"""``keten-kpi codes``: the product codes that are no national ones, and what would change if they were."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.output import Format, FormatOption, Out, choose_format, deliver
from keten_kpi.cli.selection import Aanbieder, Gemeente, Peildatum, Wet, choose
from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from keten_kpi.inzicht import Afbeelding

codes = typer.Typer(help="Product codes in depth: which deviate, and what if they were replaced.", no_args_is_help=True)
SHOWN = (
    "wet", "product_categorie", "product_code", "reden", "regels", "aandeel_regels", "aandeel_opgeteld", "gemeenten",
    "eerste_dag", "voorstel_code", "zekerheid",
)  # fmt: skip
MinAantal = Annotated[
    int,
    typer.Option("--min-aantal", min=0, metavar="N", help="Leave out rows about fewer than N clients; 0 for own use."),
]
Omschrijvingen = Annotated[
    Path | None,
    typer.Option(
        "--omschrijvingen", exists=True, dir_okay=False, metavar="FILE.csv",
        help="What gemeenten say their codes mean: wet, code, omschrijving[, gemeente]. No message holds it.",
    ),
]  # fmt: skip


def register(app: typer.Typer) -> None:
    app.add_typer(codes, name="codes")


@codes.command("lijst")
def lijst(
    wet: Wet = None,
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    peildatum: Peildatum = None,
    omschrijvingen: Omschrijvingen = None,
    min_aantal: MinAantal = 10,
    output: FormatOption = None,
    out: Out = None,
    db: Db = DB_DEFAULT,
) -> None:
    """List the deviating product codes, the most used first, with the nearest national code of their category.

    Own codes are allowed by contract: a deviation describes, it breaks no rule.

    Columns: wet, product_categorie, product_code, reden (niet_in_lijst, vervallen_code, nog_niet_geldig), regels,
    berichten, clienten, aandeel_regels (of the deviating lines), aandeel_opgeteld (with all rows above it: the
    shortlist), gemeenten and aanbieders (that use it, in all traffic), in_gemeenten, eerste_dag, laatste_dag, eenheid
    (when always the same), omschrijving, voorstel_code, voorstel_omschrijving, gelijkenis (Jaro-Winkler of the
    descriptions, 0-1), zekerheid: hoog (0.9 or more and the same unit), redelijk (0.8 or more), laag, alleen_eenheid
    (no description: the
    national code most used with that unit), geen (nothing to go by).
    json: {peildatum, codes, codes_voor_80_procent, rows}.
    """
    from keten_kpi import inzicht, publish

    with publish.reading(db) as con:
        found = inzicht.list_codes(con, choose(wet, gemeente, aanbieder, None, None, peildatum), omschrijvingen)
    number = found.shortlist(0.8)
    shown = inzicht.without_small(found, min_aantal)
    deliver(shown, output, out, title="Afwijkende productcodes", shown=SHOWN)
    if choose_format(output, out) is Format.TABLE:
        typer.echo(f"{len(found.rows)} codes; {number} dekken 80 % van de afwijkende regels.")
        if len(shown.rows) < len(found.rows):
            typer.echo(f"{len(found.rows) - len(shown.rows)} over minder dan {min_aantal} clienten niet getoond.")


@codes.command("wat-als")
def wat_als(
    vervang: Annotated[
        Path | None,
        typer.Option(
            "--vervang",
            exists=True,
            dir_okay=False,
            metavar="MAP.csv",
            help="Map: wet, van, naar[, categorie, gemeente, naar_categorie].",
        ),
    ] = None,
    voorstel: Annotated[
        int | None,
        typer.Option("--voorstel", min=1, metavar="N", help="The suggested map of the N most used codes with one."),
    ] = None,
    onzeker: Annotated[bool, typer.Option("--onzeker", help="With --voorstel: unsure suggestions too.")] = False,
    omschrijvingen: Omschrijvingen = None,
    kpi: Annotated[str, typer.Option("--kpi", help="With --norm, --vrij: the time norm.")] = "doorlooptijd-toewijzing",
    norm: Annotated[int | None, typer.Option("--norm", min=0, metavar="N", help="Another norm, in its unit.")] = None,
    vrij: Annotated[
        Path | None,
        typer.Option(
            "--vrij",
            exists=True,
            dir_okay=False,
            metavar="FILE.csv",
            help="Another calendar: days that are no werkdag either, under the heading dag.",
        ),
    ] = None,
    wet: Wet = None,
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    peildatum: Peildatum = None,
    min_aantal: MinAantal = 10,
    output: FormatOption = None,
    out: Out = None,
    db: Db = DB_DEFAULT,
) -> None:
    """Recompute what other codes (--vervang, --voorstel), another norm or another calendar (--norm, --vrij) would do.

    No message is read again. A map may merge codes, rename them, or split one by categorie or gemeente; the row that
    says most holds.

    Columns with a map: aanbieder (the first row is all), clienten, codes (distinct, to maintain), codes_per_gemeente
    (distinct pairs), regels, regels_vervangen, regels_afwijkend, aandeel_geharmoniseerd (of the deviating lines,
    those that become national), berichten, berichten_afwijkend, aandeel_berichten_afwijkend; with _straks what they
    would be.
    json: {peildatum, vervangingen, rows}.
    Columns with a norm: situatie (nu, wat_als), binnen_norm, buiten_norm, lopend, aandeel_binnen_norm.
    """
    from keten_kpi import inzicht, publish

    selection = choose(wet, gemeente, aanbieder, None, None, peildatum)
    if sum((vervang is not None, voorstel is not None, norm is not None or vrij is not None)) != 1:
        raise UsageError("What if what?", "Give one: --vervang MAP.csv, --voorstel N, or --norm N and/or --vrij FILE.")
    with publish.reading(db) as con:
        if norm is not None or vrij is not None:
            found = inzicht.what_if_norm(con, kpi, selection, norm=norm, vrije_dagen=_days(vrij) if vrij else ())
            deliver(found, output, out, title=f"Wat als: {kpi}")
            return
        kaart: tuple[Afbeelding, ...] = inzicht.read_map(vervang) if vervang else ()
        if voorstel is not None:
            listed = inzicht.list_codes(con, selection, omschrijvingen)
            sure = ("hoog", "redelijk", "laag", "alleen_eenheid") if onzeker else ("hoog", "redelijk")
            kaart = inzicht.suggested_map(listed, sure)[:voorstel]
        result = inzicht.what_if_codes(con, selection, kaart)
    deliver(inzicht.without_small(result, min_aantal), output, out, title="Wat als deze codes worden vervangen")
    if choose_format(output, out) is Format.TABLE and not kaart:
        typer.echo("De kaart is leeg: er is geen voorstel dat zeker genoeg is. Zie --onzeker en --omschrijvingen.")


def _days(path: Path) -> list[date]:
    from keten_kpi.publish import parse_day

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    if not rows or "dag" not in rows[0]:
        raise UsageError(f"{path} has no column dag.", "Give a csv with the heading dag and a day per line.")
    return [parse_day(row["dag"], "--vrij") for row in rows]
