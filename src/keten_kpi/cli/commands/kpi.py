"""``keten-kpi kpi``: the figures of a KPI."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.output import Format, FormatOption, Out, deliver
from keten_kpi.cli.selection import Aanbieder, Gemeente, Indeling, Peildatum, Tot, Van, Wet, choose
from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from keten_kpi.publish import Kpi

FUNNEL = ("trechter_95_laag", "trechter_95_hoog", "trechter_998_laag", "trechter_998_hoog")


def register(app: typer.Typer) -> None:
    app.command("kpi")(kpi)


def kpi(
    kpi_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Which KPI; `--list` shows them.")] = None,
    per: Annotated[
        str | None,
        typer.Option(
            "--per",
            help="Group by, comma separated: gemeente, aanbieder, wet, maand, jeugdregio, release, berichttype, and "
            "what the KPI's page names. Default: as its page says; '' is one row for all.",
        ),
    ] = None,
    wet: Wet = None,
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    van: Van = None,
    tot: Tot = None,
    peildatum: Peildatum = None,
    output: FormatOption = None,
    out: Out = None,
    compare: Annotated[
        bool,
        typer.Option(
            "--vergelijk",
            help="Set the gemeente beside the rest of the country, its jeugdregio and its size class.",
        ),
    ] = False,
    indeling: Indeling = None,
    min_aantal: Annotated[
        int,
        typer.Option(
            "--min-aantal",
            min=0,
            metavar="N",
            help="Hide counts below N, and what would give them away; 10 for what others see.",
        ),
    ] = 0,
    db: Db = DB_DEFAULT,
    list_all: Annotated[bool, typer.Option("--list", help="Show the catalogue and stop.")] = False,
) -> None:
    """Compute a KPI and show it per group.

    A table shows the main columns; json, csv and parquet hold all of them. Shares are fractions 0..1 there, or null.
    The cases behind a figure: `keten-kpi violations ID`.

    json: {kpi, peildatum, rows}; the columns are the dimensions and the figures of the KPI (see docs/kpi).
    With --vergelijk a row each for groep eigen, land, jeugdregio and grootteklasse, with omschrijving, the figures, and
    aandeel_samen, trechter_95_laag, trechter_95_hoog, trechter_998_laag, trechter_998_hoog: where the own share would
    lie, were it that of both together; and verschil: hoger or lager (more than chance), mogelijk hoger, mogelijk lager,
    geen verschil.
    With --min-aantal also onderdrukt: which columns of the row are null because they were hidden. Totals over each
    dimension count as known; 0 is shown. It knows of this table only: give others one table per KPI, for several can
    tell together what each hides, or an edition of the dashboard.
    """
    from keten_kpi import publish

    if list_all:
        _show_catalogue(publish.list_kpis(), output)
        return
    if kpi_id is None:
        raise UsageError("Which KPI?", "Name one; `keten-kpi kpi --list` shows them.")
    selection = choose(wet, gemeente, aanbieder, van, tot, peildatum, indeling)
    dimensions = None if per is None else [name.strip() for name in per.split(",") if name.strip()]
    with publish.reading(db) as con:
        if compare:
            result = publish.compare(con, kpi_id, selection=selection, per=dimensions or ())
        else:
            result = publish.compute(con, kpi_id, per=dimensions, selection=selection)
    if min_aantal:
        result = publish.protect(result, min_aantal, overlap=compare)
    grouped = result.kpi.standaard_per if dimensions is None else dimensions
    shown = [*grouped, *result.kpi.soort.tabel] if result.kpi.soort.tabel else []
    if compare:
        shown = _shown_beside(result.kpi)
    deliver(result, output, out, title=result.kpi.titel, shown=shown)


def _shown_beside(found: Kpi) -> list[str]:
    """What fits a screen of a comparison: the share, what it is a share of, and the limits around it."""
    share = found.soort.statistiek.aandeel
    if share is None:
        return ["omschrijving", *found.soort.tabel]
    counts = [name.removeprefix("-") for name in share.noemer]
    return ["omschrijving", share.teller, *counts, share.naam, "verschil", *FUNNEL]


def _show_catalogue(kpis: list[Kpi], output: Format | None) -> None:
    from keten_kpi.cli.screen import print_table

    if output is Format.JSON:
        rows = [
            {"id": k.id, "titel": k.titel, "definitie": k.definitie.strip(), "wetten": list(k.wetten)} for k in kpis
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    print_table("KPI's", ("id", "titel", "geval"), [(k.id, k.titel, k.geval) for k in kpis])
