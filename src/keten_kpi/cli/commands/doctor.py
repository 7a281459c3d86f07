"""``keten-kpi doctor``: whether a database is whole."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.errors import Exit

if TYPE_CHECKING:
    from keten_kpi.doctor import Examination


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(
    db: Db = DB_DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Examine a database: counts add up, every line has its message, keys are unique. Repairs nothing.

    Also tells the layout, the id of the key, which schemas and code lists the messages were judged by, and who can read
    the files. Ends in 3 when something is not as it must be.

    json: {is_whole, findings: [{name, sentence, wrong}], notes, properties, messages, lists}.
    """
    from keten_kpi.doctor import examine

    found = examine(db)
    if as_json:
        typer.echo(json.dumps({"is_whole": found.is_whole, **asdict(found)}, ensure_ascii=False))
    else:
        _show(found)
    if not found.is_whole:
        raise typer.Exit(Exit.QUARANTINED)


def _show(found: Examination) -> None:
    from keten_kpi.cli.screen import print_table, say

    wrong = [finding for finding in found.findings if finding.wrong]
    for finding in wrong:
        say(f"NOT SO ({finding.wrong:,}): {finding.sentence}")
    typer.echo(f"{len(found.findings) - len(wrong)} of {len(found.findings)} questions answered well.")
    for note in found.notes:
        say(f"note: {note}")
    properties = {**found.properties, "publicatie": found.properties.get("publicatie", "-")[:16]}
    print_table("The database", ("property", "value"), sorted(properties.items()))
    print_table("Messages, by the schema that judged them", ("schema", "messages"), found.messages.items(),
                numeric=("messages",))  # fmt: skip
    rows = [[row[name] for name in ("wet", "codelijst", "lijstversie", "aantal_codes")] for row in found.lists]
    print_table("Lists of product codes", ("wet", "list", "vintage", "codes"), rows, numeric=("codes",))
    if wrong:
        typer.echo("Nothing was changed. Keep this file, and ingest the deliveries again into a new database.")
