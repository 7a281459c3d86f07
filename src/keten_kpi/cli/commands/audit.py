"""``keten-kpi audit``: who read cases, and whether the record of it is whole."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.errors import KetenError

if TYPE_CHECKING:
    from keten_kpi.audit import Chain, Entry

COLUMNS = ("tijdstip (UTC)", "wie", "namens", "opdracht", "selectie", "rijen")


def register(app: typer.Typer) -> None:
    app.command("audit")(audit)


def audit(
    db: Db = DB_DEFAULT,
    since: Annotated[
        str | None,
        typer.Option("--head", metavar="HASH", help="A last hash kept elsewhere, which must still be in the chain."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many of the last readings to show.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show who read cases (violations, werklijst, waarom, verantwoording, export), and check that no line was changed.

    The record is a file beside the database (or KETEN_KPI_AUDIT), in which each line holds the hash of all before it.
    A line changed, removed or put between breaks the chain; lines cut off at the end show only against a last hash that
    was kept elsewhere: print it now and then, and give it with --head. KETEN_KPI_NAMENS records on whose behalf.

    json: {pad, aantal, laatste_hash, is_heel, regels: [{tijdstip, wie, namens, opdracht, database, selectie,
    aantal_rijen}]}.
    """
    from keten_kpi.audit import audit_path, check_chain

    path = audit_path(db)
    chain = check_chain(path)
    if as_json:
        found = {"pad": str(path), "aantal": len(chain.entries), "laatste_hash": chain.head,
                 "is_heel": chain.broken is None, "regels": [asdict(entry) for entry in chain.entries]}  # fmt: skip
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        _show(str(path), chain, limit)
    _judge(str(path), chain, since)


def _judge(path: str, chain: Chain, since: str | None) -> None:
    if chain.broken is not None:
        raise KetenError(
            f"{path} was changed: line {chain.broken} does not follow from those before it.",
            "Keep the file as it is, and ask who could write to it.",
        )
    if since is not None and since not in chain.hashes:
        raise KetenError(
            f"The hash given is not in {path}: lines that it stood for are gone.",
            "Keep the file as it is, and ask who could write to it.",
        )


def _show(path: str, chain: Chain, limit: int) -> None:
    from keten_kpi.cli.screen import print_table

    if chain.entries:
        print_table("Readings of cases", COLUMNS, map(_row, chain.entries[-limit:]), numeric=("rijen",))
    typer.echo(f"{len(chain.entries):,} reading{'s' * (len(chain.entries) != 1)} in {path}")
    typer.echo(f"last hash: {chain.head}")


def _row(entry: Entry) -> tuple[object, ...]:
    selection = " ".join(f"{name}={value}" for name, value in entry.selectie.items())
    return (
        entry.tijdstip.removesuffix("+00:00"),
        entry.wie,
        entry.namens or "-",
        entry.opdracht,
        selection or "all",
        entry.aantal_rijen,
    )
