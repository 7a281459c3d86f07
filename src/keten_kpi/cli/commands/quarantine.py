"""``keten-kpi quarantine``: what could not be loaded, and why."""

from __future__ import annotations

import json
from collections import Counter
from typing import Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db


def register(app: typer.Typer) -> None:
    app.command("quarantine")(quarantine)


def quarantine(
    db: Db = DB_DEFAULT,
    reden: Annotated[str | None, typer.Option(help="Only this reason code.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to list on the screen.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print all as a JSON array.")] = False,
) -> None:
    """List and summarise what could not be loaded: where it came from, what is wrong, where in the message."""
    from keten_kpi import publish
    from keten_kpi.cli.screen import print_table

    with publish.reading(db) as con:
        found = publish.quarantined(con, reden)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        typer.echo("Nothing is in quarantine.")
        return
    counts = Counter(str(row["reden"]) for row in found)
    print_table("In quarantine, per reason", ("reden", "documents"), sorted(counts.items()), numeric=("documents",))
    for row in found[:limit]:
        typer.echo(_lines(row))
    if len(found) > limit:
        typer.echo(f"... and {len(found) - limit:,} more: --limit {len(found)} or --json shows all.")


def _lines(row: dict[str, object]) -> str:
    source = f"{row['bron']}!/{row['lid']}" if row["lid"] else str(row["bron"])
    kind = f"{row['berichttype']} {row['release']}" if row["berichttype"] else "no known message"
    place = ", ".join([*([f"line {row['regel']}"] if row["regel"] else []), *([str(row["pad"])] if row["pad"] else [])])
    more = f" (and {int(str(row['aantal_fouten'])) - 1} more faults)" if int(str(row["aantal_fouten"])) > 1 else ""
    return f"{source}\n  {row['reden']}, {kind}{', ' + place if place else ''}\n  {row['uitleg']}{more}"
