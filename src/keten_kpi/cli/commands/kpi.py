"""``keten-kpi kpi``: the figures of a KPI."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.output import Format, FormatOption, Out, deliver
from keten_kpi.cli.selection import Aanbieder, Gemeente, Peildatum, Tot, Van, Wet, choose
from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from keten_kpi.publish import Kpi


def register(app: typer.Typer) -> None:
    app.command("kpi")(kpi)


def kpi(
    kpi_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Which KPI; `--list` shows them.")] = None,
    per: Annotated[
        str,
        typer.Option(
            "--per", help="Group by, comma separated: gemeente, aanbieder, wet, maand, jeugdregio, release, berichttype."
        ),
    ] = "",
    wet: Wet = None,
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    van: Van = None,
    tot: Tot = None,
    peildatum: Peildatum = None,
    output: FormatOption = None,
    out: Out = None,
    db: Db = DB_DEFAULT,
    list_all: Annotated[bool, typer.Option("--list", help="Show the catalogue and stop.")] = False,
) -> None:
    """Compute a KPI and show it per group.

    A table shows the main columns; json, csv and parquet hold all of them. Shares are fractions 0..1 there, or null.
    The cases behind a figure: `keten-kpi violations ID`.
    """
    from keten_kpi import publish

    if list_all:
        _show_catalogue(publish.list_kpis(), output)
        return
    if kpi_id is None:
        raise UsageError("Which KPI?", "Name one; `keten-kpi kpi --list` shows them.")
    selection = choose(wet, gemeente, aanbieder, van, tot, peildatum)
    dimensions = [name.strip() for name in per.split(",") if name.strip()]
    with publish.reading(db) as con:
        result = publish.compute(con, kpi_id, per=dimensions, selection=selection)
    shown = [*dimensions, *result.kpi.soort.tabel] if result.kpi.soort.tabel else []
    deliver(result, output, out, title=result.kpi.titel, shown=shown)


def _show_catalogue(kpis: list[Kpi], output: Format | None) -> None:
    from keten_kpi.cli.screen import print_table

    if output is Format.JSON:
        rows = [{"id": k.id, "titel": k.titel, "definitie": k.definitie.strip(), "wetten": list(k.wetten)} for k in kpis]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    print_table("KPI's", ("id", "titel", "geval"), [(k.id, k.titel, k.geval) for k in kpis])
