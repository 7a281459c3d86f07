"""Writes a result: dates as YYYY-MM-DD, ids as text, shares as fractions, what is unknown as null or empty."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol
from uuid import UUID

from keten_kpi.errors import KetenError, UsageError

SUFFIXES = (".json", ".csv", ".parquet")


class Table(Protocol):
    """Anything that leaves the program as rows: figures, cases, a worklist."""

    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> list[tuple[object, ...]]: ...
    @property
    def kop(self) -> dict[str, object]:
        """What stands above the rows in JSON."""


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    return value


def _rows(result: Table) -> list[dict[str, object]]:
    return [dict(zip(result.columns, map(_plain, row), strict=True)) for row in result.rows]


def json_text(result: Table) -> str:
    """``{"kpi": id, "peildatum": "YYYY-MM-DD", "rows": [{column: value}]}``; other tables have another head."""
    return plain_json({**result.kop, "rows": _rows(result)})


def plain_json(document: dict[str, object]) -> str:
    """A document of one object as text."""
    return json.dumps(document, ensure_ascii=False, indent=1, default=_plain)


def csv_text(result: Table) -> str:
    """A header and one line per row; separated by commas, decimal points, empty for null."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([_plain(value) for value in row] for row in result.rows)
    return text.getvalue()


def _write_parquet(result: Table, path: Path) -> None:
    import polars as pl

    kept = [[str(value) if isinstance(value, UUID) else value for value in row] for row in result.rows]
    pl.DataFrame(kept, schema=list(result.columns), orient="row", infer_schema_length=None).write_parquet(path)


def write_file(result: Table, path: Path, form: str) -> None:
    """Writes the result beside the old file and puts it in its place at the end.

    Args:
        result: figures or cases.
        path: where to.
        form: "json", "csv" or "parquet".

    Raises:
        UsageError: the folder does not exist.
        KetenError: the file cannot be written.
    """
    if form == "parquet":
        replace_file(path, lambda part: _write_parquet(result, part))
    else:
        text = json_text(result) + "\n" if form == "json" else csv_text(result)
        replace_file(path, lambda part: part.write_text(text, "utf-8"))


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Lets ``write`` make a file beside ``path`` and puts it in its place: a reader never sees half of it.

    Raises:
        UsageError: the folder does not exist.
        KetenError: the file cannot be written.
    """
    if not path.parent.is_dir():
        raise UsageError(f"The folder of {path} does not exist.", "Make it first.")
    part = path.with_name(path.name + ".part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KetenError(f"{path} cannot be written: {error.strerror}.") from None
