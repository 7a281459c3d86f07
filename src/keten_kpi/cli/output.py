"""Where a result goes: a table for people, or JSON, csv, xlsx or Parquet for programs."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from keten_kpi.report import Table


HIDDEN = "x"
DUTCH = str.maketrans(",.", ".,")  # points between thousands, a comma before the cents
SHARES = ("aandeel_", "trechter_")
EUROS = "euro_"


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format", help="table (default on a screen), json, csv, xlsx or parquet; with --out told by its ending."
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help="Write to this file instead of the screen.", dir_okay=False)]


def choose_format(form: Format | None, out: Path | None) -> Format:
    """The form that was asked for, or that the ending of the file tells.

    Raises:
        UsageError: they do not go together.
    """
    if form is None and out is not None:
        try:
            return Format(out.suffix.lstrip(".").lower())
        except ValueError:
            raise UsageError(
                f"The ending of {out} is no format.", "End it in .json, .csv, .xlsx or .parquet, or give --format."
            ) from None
    chosen = form or Format.TABLE
    if chosen is Format.TABLE and out is not None:
        raise UsageError("A table is for the screen.", "Give --format json, csv, xlsx or parquet with --out.")
    if chosen in (Format.PARQUET, Format.XLSX) and out is None:
        raise UsageError(f"{chosen.value.capitalize()} is no text.", f"Give --out FILE.{chosen.value}.")
    return chosen


def deliver(result: Table, form: Format | None, out: Path | None, *, title: str, shown: Sequence[str] = ()) -> None:
    """Shows or writes the result; ``shown`` are the columns of a table, in that order (all when empty)."""
    from keten_kpi.report import csv_text, json_text, write_file

    chosen = choose_format(form, out)
    if out is not None:
        write_file(result, out, chosen.value)
        typer.echo(f"{len(result.rows):,} rows written to {out}", err=True)
    elif chosen is Format.JSON:
        typer.echo(json_text(result))
    elif chosen is Format.CSV:
        typer.echo(csv_text(result), nl=False)
    else:
        _show(result, title, shown)


def show_amount(value: Decimal) -> str:
    """As a Dutch reader writes it: 1.234,50."""
    return f"{value:,.2f}".translate(DUTCH)


def _cell(name: str, value: object, hidden: Collection[str] = ()) -> str:
    if value is None:
        return HIDDEN if name in hidden else "-"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return _number(name, value) if isinstance(value, int | float | Decimal) else str(value)


def _number(name: str, value: float | Decimal) -> str:
    if name.startswith(SHARES):
        return f"{float(value) * 100:.1f} %".translate(DUTCH)
    if isinstance(value, Decimal) or name.startswith(EUROS):
        return show_amount(Decimal(value))
    return f"{value:,.1f}".translate(DUTCH) if isinstance(value, float) else f"{value:,}".translate(DUTCH)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _show(result: Table, title: str, shown: Sequence[str]) -> None:
    from keten_kpi.cli.screen import print_table, say

    names = [name for name in dict.fromkeys(shown) if name in result.columns] or result.columns
    at = [result.columns.index(name) for name in names]
    gone = result.columns.index("onderdrukt") if "onderdrukt" in result.columns else None
    hidden = [str(row[gone] or "").split(", ") if gone is not None else [] for row in result.rows]
    rows = [
        [_cell(name, row[place], names_hidden) for name, place in zip(names, at, strict=True)]
        for row, names_hidden in zip(result.rows, hidden, strict=True)
    ]
    numeric = [
        name for name, place in zip(names, at, strict=True) if any(_is_number(row[place]) for row in result.rows)
    ]
    peildatum = f", peildatum {result.kop['peildatum']}" if result.kop.get("peildatum") else ""
    print_table(f"{title}{peildatum}", names, rows, numeric=numeric)
    if not result.rows:
        typer.echo("Geen gevallen in deze selectie.")
    if any(HIDDEN in row for row in rows):
        say(f"{HIDDEN}: niet getoond, want het gaat over weinig gevallen of zou zulke gevallen verraden.")
