"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from keten_kpi.source import Limits

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
MaxUitgepakt = Annotated[
    float,
    typer.Option(
        "--max-uitgepakt",
        min=0,
        metavar="GIB",
        help="Most that the archives of one path may unpack to, in GiB; what goes beyond is quarantined.",
    ),
]
MAX_UITGEPAKT_DEFAULT = 512
MaxVerhouding = Annotated[
    int,
    typer.Option(
        "--max-verhouding",
        min=1,
        metavar="N",
        help="How many times its size an archive may unpack to, looked at from 1 GiB on; messages are 5 to 30.",
    ),
]
MAX_VERHOUDING_DEFAULT = 250
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


def limits_of(max_bericht: int, max_uitgepakt: float, max_verhouding: int) -> Limits:
    """What may be read, of the options above."""
    from keten_kpi.source import Limits

    return Limits(
        document_bytes=max_bericht * 1024**2,
        archive_bytes=int(max_uitgepakt * 1024**3),
        archive_ratio=max_verhouding,
    )
