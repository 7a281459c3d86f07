"""``keten-kpi key``: the pseudonymisation key of a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db, KeyFile, Organisatie
from keten_kpi.errors import KetenError

group = typer.Typer(help="The key that makes pseudonyms.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="key")


@group.command("make")
def make(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where the key is to be; must not exist.")],
) -> None:
    """Make a key of 256 bits in a file that its owner only can read."""
    from keten_kpi.pseudoniem import make_key

    made = make_key(path)
    typer.echo(f"A key with id {made.key_id} was made in {path}. Keep it apart from the database and its backups.")


@group.command("check")
def check(db: Db = DB_DEFAULT, key_file: KeyFile = None, organisatie: Organisatie = None) -> None:
    """Tell whether a key is the one that a database was made with."""
    from keten_kpi.doctor import examine
    from keten_kpi.pseudoniem import find_key

    stored = examine(db).properties.get("sleutel_id")
    given = find_key(db, key_file, organisatie).pseudonymiser.key_id
    if given != stored:
        raise KetenError(
            f"{db} was made with another key (id {stored}) than the one given (id {given}).",
            "The same key with another --organisatie is another key.",
        )
    typer.echo(f"{db} was made with this key (id {given}).")


@group.command("rotate")
def rotate(db: Db = DB_DEFAULT) -> None:
    """Refuse, and tell how a database gets a new key: a pseudonym cannot be turned into another one.

    Only a BSN makes a pseudonym, and no BSN is stored. That is what protects people, and the reason why a new key needs
    the messages again.
    """
    raise KetenError(
        "A key cannot be rotated: pseudonyms are made from BSNs, and the database holds none.",
        f"Make a key (`keten-kpi key make new.key`), ingest the deliveries again "
        f"(`keten-kpi ingest DELIVERIES --db new.duckdb --key-file new.key`), compare the figures, "
        f"put new.duckdb in the place of {db}, and destroy the old key and every copy of {db.name}.",
    )
