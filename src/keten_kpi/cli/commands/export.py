"""``keten-kpi export``: the traffic for other tools."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.selection import Aanbieder, Gemeente, Peildatum, Wet, choose
from keten_kpi.errors import UsageError

export = typer.Typer(help="The traffic for other tools, at the level of cases.", no_args_is_help=True)


class LogFormat(StrEnum):
    OCEL2 = "ocel2"
    XES = "xes"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


ENDINGS = {".json": LogFormat.OCEL2, ".jsonocel": LogFormat.OCEL2} | {f".{form}": form for form in LogFormat}


class Geval(StrEnum):
    VERZOEK = "verzoek"
    TOEWIJZING = "toewijzing"
    LEVERING = "levering"
    DECLARATIE = "declaratie"
    CLIENT = "client"


def register(app: typer.Typer) -> None:
    app.add_typer(export, name="export")


@export.command("eventlog")
def eventlog(
    out: Annotated[Path, typer.Option("--out", dir_okay=False, help="The file to write.")],
    form: Annotated[
        LogFormat | None,
        typer.Option("--format", help="ocel2 (JSON), xes, csv, xlsx or parquet; default: by the ending of the file."),
    ] = None,
    geval: Annotated[Geval, typer.Option("--geval", help="Of xes: what is a case.")] = Geval.TOEWIJZING,
    wet: Wet = None,
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    peildatum: Peildatum = None,
    db: Db = DB_DEFAULT,
) -> None:
    """Write the traffic as an event log for process miners. A message is an event, at midnight of its day of sending.

    It holds single cases under pseudonyms, so it is personal data: keep it on the analyst's machine. No small cells are
    hidden in it, for a log has none. Messages that are about none of the objects (a retour to an unknown message) are
    left out. Product codes, amounts, birth years and sexes are not in it. Messages of one day stand in the order of the
    chain: request, answer, toewijzing, start, stop, declaratie.

    Endings: .json and .jsonocel are ocel2 (valid by the published schema of OCEL 2.0), .xes (valid by IEEE 1849-2016),
    .csv, .xlsx, .parquet.

    Object types: verzoek, toewijzing, levering (started or stopped care of a toewijzing), declaratie, client. Ids are
    hashes of keys. Columns of csv, xlsx and parquet, one row per event and object: event_id, activiteit (berichttype),
    verzend_dag, wet, gemeente, aanbieder, release, object_type, object_id. ocel2: these as events with attributes and
    relationships. xes: a trace per object of --geval; an event that is about two cases stands in both. Each export is
    recorded; see `keten-kpi audit`.
    """
    from keten_kpi import inzicht, publish
    from keten_kpi.audit import record

    chosen = form or _by_ending(out)
    selection = choose(wet, gemeente, aanbieder, None, None, peildatum)
    with publish.reading(db) as con, inzicht.event_log(con, selection) as log:
        record(db, "export eventlog", {**asdict(selection), "format": chosen.value}, log.omvang().events)
        omvang = inzicht.write_event_log(log, out, chosen.value, geval.value)
    held = ", ".join(f"{number:,} {name}" for name, number in omvang.objecten.items())
    typer.echo(
        f"{omvang.events:,} events from {omvang.van} to {omvang.tot} written to {out}; objects: {held}", err=True
    )
    typer.echo("It holds single cases under pseudonyms: personal data, not for publication.", err=True)


def _by_ending(out: Path) -> LogFormat:
    try:
        return ENDINGS[out.suffix.lower()]
    except KeyError:
        raise UsageError(
            f"The ending of {out} is no format.", f"End it in {', '.join(ENDINGS)}, or give --format."
        ) from None
