"""``keten-kpi verantwoording``: the yearly account of an aanbieder, from the traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.output import Format, FormatOption, Out, choose_format, deliver
from keten_kpi.cli.selection import Gemeente, Peildatum, Wet
from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from keten_kpi.inzicht import Verantwoording


SHOWN = (
    "gemeente", "wet", "product_code", "eenheid", "clienten", "volume", "gedeclareerd_euro", "toegekend_euro",
    "afgekeurd_euro", "gecrediteerd_euro", "onbeantwoord_euro",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    app.command("verantwoording")(verantwoording)


def verantwoording(
    aanbieder: Annotated[str, typer.Option("--aanbieder", metavar="CODE", help="AGB code of 8 digits.")],
    jaar: Annotated[int, typer.Option("--jaar", metavar="YEAR", help="Year in which the care ended.")],
    gemeente: Gemeente = None,
    wet: Wet = None,
    peildatum: Peildatum = None,
    verschillen: Annotated[bool, typer.Option("--verschillen", help="Only the list of what does not add up.")] = False,
    min_aantal: Annotated[
        int,
        typer.Option(
            "--min-aantal",
            min=0,
            metavar="N",
            help="Hide rows about fewer than N clients. Default 0: this account is between one aanbieder and its "
            "gemeenten, about clients whose messages both have. Give 10 for what others see.",
        ),
    ] = 0,
    output: FormatOption = None,
    out: Out = None,
    db: Db = DB_DEFAULT,
) -> None:
    """Account for a year of one aanbieder: per gemeente, wet and product what was declared and what was granted.

    A prestatie belongs to the year of its last day; 323/325 and, in release 2.3, 303/304. Euros in two decimals;
    credits are negative: gedeclareerd + gecrediteerd = toegekend + afgekeurd + onbeantwoord, to the cent.

    Columns: gemeente, wet, product_categorie, product_code, eenheid, clienten (distinct), prestaties, volume (credits
    taken off; of unit 83 in euros), volume_toegekend (of what was granted in full or in part), gedeclareerd_euro,
    gecrediteerd_euro, afgekeurd_euro, onbeantwoord_euro, toegekend_euro.
    What does not add up (--verschillen; also the second sheet of xlsx, and `verschillen` in json): soort, gemeente,
    wet, berichttype, identificatie, referentie_nummer, product_code, verwacht_euro, gevonden_euro, bericht_id. soort:
    declaratie_zonder_antwoord, declaratietotaal, antwoordtotaal, toekenningstotaal, antwoord_zonder_declaratie,
    tweede_antwoord, afkeuring_zonder_prestatie, toewijzing_onbekend, andere_productcode (than its toewijzing),
    code_van_andere_gemeente (the same, and only another gemeente uses it), credit_zonder_debet, credit_ander_bedrag,
    dubbel_gecrediteerd, dubbel_toegekend.
    json: {aanbieder, jaar, gemeente, wet, peildatum, totaal, verschillen, rows}. With --min-aantal no totals and no
    differences: they are about single clients; onderdrukt names what was hidden. Each reading is recorded; see
    `keten-kpi audit`.
    """
    from keten_kpi import inzicht, publish
    from keten_kpi.audit import record

    if verschillen and min_aantal:
        raise UsageError("Differences are about single clients.", "Leave --min-aantal or --verschillen out.")
    day = publish.parse_day(peildatum, "--peildatum") if peildatum else None
    with publish.reading(db) as con:
        found = inzicht.account_for(con, aanbieder, jaar, gemeente=gemeente, wet=wet, peildatum=day)
    record(db, "verantwoording", {**found.vraag, "min_aantal": min_aantal}, len(found.rows))
    if min_aantal:
        found = inzicht.protect_account(found, min_aantal)
    _deliver(found, output, out, only_differences=verschillen)


def _deliver(found: Verantwoording, output: Format | None, out: Path | None, *, only_differences: bool) -> None:
    title = f"Verantwoording {found.vraag['jaar']} van aanbieder {found.vraag['aanbieder']}"
    chosen = choose_format(output, out)
    if only_differences and found.verschillen is not None:
        deliver(found.verschillen, output, out, title=f"{title}: wat niet klopt")
    elif chosen is Format.XLSX and out is not None and found.verschillen is not None:
        _write_workbook(found, out)
    else:
        deliver(found, output, out, title=title, shown=SHOWN)
        if chosen is Format.TABLE:
            _show_totals(found)


def _write_workbook(found: Verantwoording, out: Path) -> None:
    from keten_kpi.report import write_workbook

    sheets = {"verantwoording": found, "verschillen": found.verschillen}
    write_workbook({name: sheet for name, sheet in sheets.items() if sheet is not None}, out)
    typer.echo(f"{len(found.rows):,} rows written to {out}", err=True)


def _show_totals(found: Verantwoording) -> None:
    from keten_kpi.cli.output import show_amount
    from keten_kpi.cli.screen import say

    if found.verschillen is None:
        return
    totals = ", ".join(f"{name.removesuffix('_euro')} {show_amount(value)}" for name, value in found.totaal.items())
    say(f"Samen in euro: {totals}.")
    number = len(found.verschillen.rows)
    typer.echo(f"Verschillen: {number}{'; toon ze met --verschillen' if number else ''}.")
