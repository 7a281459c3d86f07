"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Db = Annotated[
    Path,
    typer.Option("--db", envvar="KETEN_KPI_DB", help="The DuckDB file.", show_default=True, dir_okay=False),
]
DB_DEFAULT = Path("keten.duckdb")
Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Files, folders, archives (zip, tar, gz, zst), or - for standard input."),
]
MaxBericht = Annotated[
    int,
    typer.Option(
        "--max-bericht",
        min=1,
        metavar="MIB",
        help="Largest document that is read, in MiB; a larger one is quarantined.",
    ),
]
MAX_BERICHT_DEFAULT = 64
KeyFile = Annotated[
    Path | None,
    typer.Option(help="File with the key (hex, 256 bits or more); else KETEN_KPI_KEY, else one beside the database."),
]
Organisatie = Annotated[
    str | None,
    typer.Option(
        envvar="KETEN_KPI_ORGANISATIE",
        metavar="CODE",
        help="Whose database it is: under one key each organisation has pseudonyms of its own.",
    ),
]
