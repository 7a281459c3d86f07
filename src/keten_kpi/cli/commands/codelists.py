"""``keten-kpi codelists``: the national product code lists in a database, and adding a newer one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.selection import Wet

codelists = typer.Typer(help="The product code lists that judge, and adding a newer one.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(codelists, name="codelists")


@codelists.command("list")
def list_codelists(
    db: Db = DB_DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """Show each list with its vintage, its number of codes and what it is known not to cover.

    Where there is no database yet: the lists that ship.
    """
    from keten_kpi import publish
    from keten_kpi.cli.screen import print_table

    if db == DB_DEFAULT and not db.exists():
        lists = publish.codelists()
        typer.echo("There is no database here: these are the lists that ship.", err=True)
    else:
        with publish.reading(db) as con:
            lists = publish.codelists(con)
    if as_json:
        typer.echo(json.dumps(lists, ensure_ascii=False, default=str))
        return
    names = list(lists[0]) if lists else []
    print_table(
        "Product code lists", names, [[row[name] for name in names] for row in lists], numeric=("aantal_codes",)
    )


@codelists.command("add")
def add(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="csv, or xlsx as published.")
    ],
    wet: Wet = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the list, such as JZ21; default: that of its wet.")
    ] = None,
    vintage: Annotated[
        str | None,
        typer.Option(
            "--vintage", help="Version of the list: YYYY, YYYY-MM or YYYY-MM-DD; default: from the file name."
        ),
    ] = None,
    db: Db = DB_DEFAULT,
) -> None:
    """Add a newer list of product codes to a database; it judges from then on, without ingesting again.

    Columns are told by their header: productcode, omschrijving, productcategorie, uitvoeringsvariant, and dates of
    validity where the list has them. An added list is taken to be complete: what it lacks deviates.
    """
    from keten_kpi import publish
    from keten_kpi.database import connect

    with connect(db, write=True) as con:
        if not publish.is_published(con):
            publish.publish(con)
        added = publish.add_codelist(con, file, wet=wet, codelijst=name, lijstversie=vintage)
    typer.echo(f"{added.wet} {added.codelijst} {added.lijstversie}: {len(added.codes):,} codes added from {file.name}")
