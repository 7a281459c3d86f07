"""``keten-kpi validate``: the verdict on every message, without a database."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import (
    MAX_BERICHT_DEFAULT,
    MAX_UITGEPAKT_DEFAULT,
    MAX_VERHOUDING_DEFAULT,
    MaxBericht,
    MaxUitgepakt,
    MaxVerhouding,
    Paths,
    limits_of,
)
from keten_kpi.errors import Exit

if TYPE_CHECKING:
    from keten_kpi.validate import Verdict


class Format(StrEnum):
    TEXT = "text"
    JSONL = "jsonl"


def register(app: typer.Typer) -> None:
    app.command("validate")(validate)


def validate(
    paths: Paths,
    output: Annotated[
        Format, typer.Option("--format", help="text for people, jsonl for one JSON object per message.")
    ] = Format.TEXT,
    max_bericht: MaxBericht = MAX_BERICHT_DEFAULT,
    max_uitgepakt: MaxUitgepakt = MAX_UITGEPAKT_DEFAULT,
    max_verhouding: MaxVerhouding = MAX_VERHOUDING_DEFAULT,
) -> None:
    """Say of every message whether its schema accepts it, and if not, where and why.

    jsonl: {"source", "bericht", "release", "valid", "errors": [{"line", "path", "message"}]}.
    Exit code 3 when one is invalid.
    """
    from keten_kpi.ingest import judge

    valid = invalid = 0
    for verdict in judge(paths, limits_of(max_bericht, max_uitgepakt, max_verhouding)):
        if verdict.valid:
            valid += 1
        else:
            invalid += 1
        typer.echo(_jsonl(verdict) if output is Format.JSONL else _text(verdict))
    if output is Format.TEXT:
        typer.echo(f"{valid:,} valid, {invalid:,} not.")
    if invalid:
        raise typer.Exit(Exit.QUARANTINED)


def _jsonl(verdict: Verdict) -> str:
    kind = verdict.berichttype
    return json.dumps(
        {
            "source": str(verdict.bericht.origin),
            "bericht": kind.code if kind else None,
            "release": kind.release if kind else None,
            "valid": verdict.valid,
            "errors": [{"line": f.line, "path": f.path, "message": f.message} for f in verdict.faults],
        },
        ensure_ascii=False,
    )


def _text(verdict: Verdict) -> str:
    kind = verdict.berichttype
    name = f"{kind.code} {kind.release}" if kind else "no known message"
    head = f"{verdict.bericht.origin}: {'valid' if verdict.valid else 'NOT valid'} ({name})"
    return "\n".join([head, *(f"  {_place(f.line, f.path)}{f.message}" for f in verdict.faults)])


def _place(line: int | None, path: str | None) -> str:
    place = ", ".join([*([f"line {line}"] if line else []), *([path] if path else [])])
    return f"{place}: " if place else ""
