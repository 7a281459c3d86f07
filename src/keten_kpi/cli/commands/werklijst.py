"""``keten-kpi werklijst``: what waits for an answer today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.output import Format, FormatOption, Out, deliver
from keten_kpi.cli.selection import Aanbieder, Gemeente, Wet

if TYPE_CHECKING:
    from keten_kpi.publish import Werklijst

HEADINGS = {
    "te_laat": "te laat",
    "vandaag": "vandaag",
    "morgen": "morgen",
    "deze_week": "deze week",
    "later": "later",
}
SHOWN = ("wanneer", "uiterste_dag", "werkdagen_over", "kpi", "wet", "berichttype", "referentie")
DAY = "Day that counts as today (YYYY-MM-DD); default: the day of the run. Of what was sent later nothing is known."


def register(app: typer.Typer) -> None:
    app.command("werklijst")(werklijst)


def werklijst(
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    wet: Wet = None,
    peildatum: Annotated[str | None, typer.Option("--peildatum", metavar="DAY", help=DAY)] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many rows to show on the screen.")] = 50,
    output: FormatOption = None,
    out: Out = None,
    db: Db = DB_DEFAULT,
) -> None:
    """List what is open now and waits for this gemeente or aanbieder, by uiterste dag, over all time norms.

    Only norms in which the party named must act. A request that two norms apply to is in the list for both; each row
    is one case in `lopend` or `buiten_norm` of its KPI, so that the list counts back to `keten-kpi kpi`.
    Each reading is recorded; see `keten-kpi audit`.

    json: {gemeente or aanbieder, peildatum, laatste_dag, aantal: {te_laat, vandaag, morgen, deze_week, later}, rows}.
    Columns of json, csv and parquet: wanneer (te_laat, vandaag, morgen, deze_week: up to Sunday, later), uiterste_dag,
    werkdagen_over (werkdagen left; negative: too late), kpi, regelcode, wet, gemeente, aanbieder, berichttype,
    referentie, start_dag, toestand, start_bericht_id, geval_id (see `keten-kpi waarom`).
    """
    from keten_kpi import publish
    from keten_kpi.audit import record

    partij = publish.choose_partij(gemeente, aanbieder)
    day = publish.parse_day(peildatum, "--peildatum") if peildatum else date.today()  # noqa: DTZ011  # the user's own day
    with publish.reading(db) as con:
        found = publish.list_work(con, partij, wet=wet, peildatum=day)
    record(db, "werklijst", {partij.soort: partij.code, "wet": wet, "peildatum": day}, len(found.rows))
    if (output or Format.TABLE) is Format.TABLE and out is None:
        _show(found, limit)
    else:
        deliver(found, output, out, title="")


def _show(found: Werklijst, limit: int) -> None:
    from keten_kpi.cli.screen import print_table

    names = [*SHOWN, found.partij.tegenpartij, "start_dag"]
    at = [found.columns.index(name) for name in names]
    rows = [[_cell(name, row[place]) for name, place in zip(names, at, strict=True)] for row in found.rows[:limit]]
    title = f"Werklijst van {found.partij.soort} {found.partij.code} op {found.peildatum}"
    typer.echo(title)
    typer.echo(", ".join(f"{HEADINGS[name]}: {number:,}".replace(",", ".") for name, number in found.aantal.items()))
    if found.laatste_dag and found.laatste_dag < found.peildatum:
        typer.echo(f"De berichten zijn bekend tot en met {found.laatste_dag}.")
    if not rows:
        typer.echo("Er staat niets open.")
        return
    print_table("", names, rows, numeric=("werkdagen_over",))
    if len(found.rows) > limit:
        typer.echo(f"... en nog {len(found.rows) - limit:,}: --limit {len(found.rows)} of --format csv toont alles.")


def _cell(name: str, value: object) -> str:
    if value is None:
        return "-"
    return HEADINGS[str(value)] if name == "wanneer" else str(value)
