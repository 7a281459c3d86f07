"""``keten-kpi forget``: takes messages out of a database, and proves it."""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db, KeyFile, Organisatie
from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from keten_kpi.forget import Found, Proof, Wanted


def register(app: typer.Typer) -> None:
    app.command("forget")(forget)


def forget(
    before: Annotated[
        str | None, typer.Option("--before", metavar="DAY", help="Messages sent before this day (YYYY-MM-DD).")
    ] = None,
    client: Annotated[
        bool, typer.Option("--client", help="Messages that name one client; the BSN is asked on the terminal.")
    ] = False,
    key_file: KeyFile = None,
    organisatie: Organisatie = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to go on; for a batch job.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the proof as one JSON object.")] = False,
    db: Db = DB_DEFAULT,
) -> None:
    """Forget messages and all that came of them: the database is written anew without them, and the proof is printed.

    With --client also the answers to those messages. A message that names others as well goes as a whole. The old file
    is written over with zeros; on a copy-on-write disk, in snapshots, backups and deliveries the data may still stand:
    remove them there. A delivery that holds the messages brings them back when it is ingested again.

    json: {messages, lines, clients, kept, needles, found_before, found_after, searched, is_whole}.
    """
    from keten_kpi import forget as room
    from keten_kpi.publish import publish, publish_database

    wanted = _wanted(before, client, key_file, organisatie, db)
    if room.wipe_left(db):
        typer.echo("What an earlier run that was stopped left of the old file is written over.", err=True)
    found = room.look_up(db, wanted)
    if not found.messages:
        typer.echo("No message is found; nothing was changed.", err=as_json)
        return
    _ask(found, yes)
    proof = room.forget(db, wanted, publish)
    publish_database(db)
    if as_json:
        typer.echo(json.dumps(asdict(proof)))
    else:
        _show(proof)


def _wanted(before: str | None, client: bool, key_file: Path | None, organisatie: str | None, db: Path) -> Wanted:
    from keten_kpi import forget as room
    from keten_kpi.publish import parse_day

    if client == (before is not None):
        raise UsageError("What is to be forgotten?", "Give one of --before DAY and --client.")
    if before is not None:
        return room.Before(parse_day(before, "--before"))
    from keten_kpi.pseudoniem import find_key

    if not db.exists():
        raise UsageError(f"There is no database {db}.", "Name one with --db.")
    if not sys.stdin.isatty():
        raise UsageError("A BSN is asked on the terminal, and there is none here.", "Run the command by hand.")
    key = find_key(db, key_file, organisatie)
    return room.Client.of(room.parse_bsn(getpass.getpass("BSN: ")), key.pseudonymiser)


def _ask(found: Found, yes: bool) -> None:
    typer.echo(f"{found.messages:,} messages are found, {found.kept:,} stay.", err=True)
    if found.with_others:
        typer.echo(f"{found.with_others:,} of them name other clients too, and go as a whole.", err=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to say whether to go on.", "Give --yes.")
    if not typer.confirm("Forget them for good?", err=True):
        raise UsageError("Nothing was changed.")


def _show(proof: Proof) -> None:
    typer.echo(f"Forgotten: {proof.messages:,} messages, {proof.lines:,} lines, {proof.clients:,} clients.")
    typer.echo(f"Kept: {proof.kept:,} messages. The new database is whole (keten-kpi doctor).")
    typer.echo(
        f"Proof: {proof.needles:,} ids and pseudonyms were looked for, byte for byte. The old file showed "
        f"{proof.found_before:,} of them, the new one, in {proof.searched:,} bytes, {proof.found_after:,}."
    )
    typer.echo("Remove what was forgotten from backups, snapshots and deliveries too.")
