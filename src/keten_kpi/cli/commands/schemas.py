"""``keten-kpi schemas``: which releases are known, and adding one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

schemas = typer.Typer(help="Which releases of iJw and iWmo are known, and adding one.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(schemas, name="schemas")


@schemas.command("list")
def list_schemas(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """Show every known release with its message types."""
    from keten_kpi.cli.screen import print_table
    from keten_kpi.shred.release import known_releases

    rows = [
        {
            "standaard": release.standaard,
            "release": release.release,
            "berichten": list(release.berichten),
            "herkomst": "keten-kpi" if ships else str(release.folder),
        }
        for release, ships in known_releases()
    ]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    cells = [(r["standaard"], r["release"], len(r["berichten"]), " ".join(r["berichten"]), r["herkomst"]) for r in rows]
    print_table("Known releases", ("standaard", "release", "types", "berichten", "from"), cells, numeric=("types",))


@schemas.command("add")
def add(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="Folder with the official XSDs, as published."
        ),
    ],
) -> None:
    """Add the releases whose XSDs lie in a folder; from then on their messages are validated and loaded.

    Stored in the user's data folder, or in KETEN_KPI_SCHEMAS. Columns that the release has no element for, and elements
    that the mapping does not name, are reported here: the first stay empty, the second are not stored.
    """
    from keten_kpi.shred.release import add_releases

    for report in add_releases(folder):
        typer.echo(
            f"{report.standaard} {report.release}: {len(report.berichten)} message types: {' '.join(report.berichten)}"
        )
        typer.echo(f"  stored in {report.folder}")
        for column in report.absent:
            typer.echo(f"  no element for {column}: it stays empty for this release")
        for leaf in report.unnamed:
            typer.echo(f"  not stored, because the mapping does not name it: {leaf}")
