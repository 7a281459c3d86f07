"""``keten-kpi ingest``: from a delivery to a database."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import (
    DB_DEFAULT,
    MAX_BERICHT_DEFAULT,
    MAX_UITGEPAKT_DEFAULT,
    MAX_VERHOUDING_DEFAULT,
    Db,
    KeyFile,
    MaxBericht,
    MaxUitgepakt,
    MaxVerhouding,
    Organisatie,
    Paths,
    limits_of,
)
from keten_kpi.errors import Exit, KetenError, UsageError

if TYPE_CHECKING:
    from keten_kpi.ingest import Summary

SHOWN_SENDERS = 10
_PERCENT = 100


class Engine(StrEnum):
    AUTO = "auto"
    LIBXML2 = "libxml2"


def register(app: typer.Typer) -> None:
    app.command("ingest")(ingest)


def ingest(
    paths: Paths,
    db: Db = DB_DEFAULT,
    key_file: KeyFile = None,
    organisatie: Organisatie = None,
    max_bericht: MaxBericht = MAX_BERICHT_DEFAULT,
    max_uitgepakt: MaxUitgepakt = MAX_UITGEPAKT_DEFAULT,
    max_verhouding: MaxVerhouding = MAX_VERHOUDING_DEFAULT,
    engine: Annotated[
        Engine,
        typer.Option(help="auto: compiled patterns, and libxml2 for all they do not recognise; libxml2: that alone."),
    ] = Engine.AUTO,
    audit: Annotated[
        str,
        typer.Option(
            metavar="SHARE",
            help="Share of what the patterns took that libxml2 judges too (1% or 0.01); a difference stops the run.",
        ),
    ] = "0",
    workers: Annotated[
        str,
        typer.Option(
            metavar="N|auto",
            help="Processes: one reads and writes, others judge. auto: one, and one per processor for many messages.",
        ),
    ] = "auto",
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="Refused: the installed DuckDB cannot encrypt safely; encrypt the disk.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
) -> None:
    """Read, validate and load messages; what cannot be loaded is quarantined and the rest goes on.

    The same delivery again changes nothing. Exit code 3 when something was quarantined.
    """
    from keten_kpi import ingest as left
    from keten_kpi.cli.screen import progress_line
    from keten_kpi.publish import publish_database, reopen

    if encrypt:
        raise KetenError(
            "The installed DuckDB cannot write an encrypted database safely; nothing was made.",
            "Encrypt the disk that the database is on; see docs/decisions/0011-encryption.md.",
        )
    options = left.Options(left.EngineKind(engine.value), audit_share(audit), worker_count(workers), organisatie)
    limits = limits_of(max_bericht, max_uitgepakt, max_verhouding)
    with progress_line() as progress:
        summary = left.ingest(
            paths, db, key_file=key_file, limits=limits, progress=progress, options=options, opened=reopen
        )
        publish_database(db)
    if as_json:
        typer.echo(json.dumps(_as_json(summary), ensure_ascii=False))
    else:
        _show(summary)
    if summary.quarantined:
        raise typer.Exit(Exit.QUARANTINED)


def audit_share(text: str) -> float:
    """A share of 0 to 1, from ``0.01`` or ``1%``.

    Raises:
        UsageError: it is no number, or below 0 or above 1.
    """
    try:
        share = float(text.removesuffix("%")) / (_PERCENT if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UsageError(f"--audit {text} is no share.", "Give one such as 1% or 0.01, from 0 to 100%.")
    return share


def worker_count(text: str) -> int | None:
    """The number of processes; None for ``auto``.

    Raises:
        UsageError: it is neither ``auto`` nor a whole number from 1.
    """
    if text == "auto":
        return None
    if not text.isdecimal() or not int(text):
        raise UsageError(f"--workers {text} is no number of processes.", "Give a whole number from 1, or auto.")
    return int(text)


def _as_json(summary: Summary) -> dict[str, object]:
    data = {part.name: getattr(summary, part.name) for part in fields(summary)}
    data["seconds"] = round(summary.seconds, 3)
    return {name: dict(sorted(value.items())) if isinstance(value, Counter) else value for name, value in data.items()}


def _rows(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items())


def _show(summary: Summary) -> None:
    from keten_kpi.cli.screen import print_table

    typer.echo(
        f"{summary.read:,} message{'' if summary.read == 1 else 's'} read: "
        f"{summary.loaded:,} loaded, {summary.duplicate:,} duplicate, "
        f"{summary.quarantined:,} quarantined, in {summary.seconds:.1f} s. Database: {summary.database}"
    )
    engine = summary.engine
    typer.echo(
        f"Judged by the fast engine {engine['fast']:,} ({engine['audited']:,} of them audited), "
        f"by libxml2 {engine['libxml2']:,}; processes: {summary.workers}."
    )
    if summary.loaded:
        print_table("Loaded, per type", ("berichttype", "messages"), _rows(summary.per_type), numeric=("messages",))
        print_table("Loaded, per release", ("release", "messages"), _rows(summary.per_release), numeric=("messages",))
        senders = sorted(summary.per_afzender.items(), key=lambda found: (-found[1], found[0]))[:SHOWN_SENDERS]
        title = f"Loaded, per sender (the largest {len(senders)} of {len(summary.per_afzender)})"
        print_table(title, ("afzender", "messages"), senders, numeric=("messages",))
    if summary.quarantined:
        print_table("Quarantined, per reason", ("reden", "documents"), _rows(summary.per_reden), numeric=("documents",))
        typer.echo(f"What is wrong with each: keten-kpi quarantine --db {summary.database}")
    if summary.key_made:
        typer.echo(
            f"\nA key was made: {summary.key_made}\n"
            "It turns each BSN into a pseudonym (client_id). Keep it safe, and apart from the database: whoever has\n"
            "both can tell who a client is; without it nothing can be added. The database stores only the key's id."
        )
