"""Writes a result: dates as YYYY-MM-DD, ids as text, shares as fractions, what is unknown as null or empty."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from keten_kpi.errors import KetenError, UsageError
from keten_kpi.kpi import Result

SUFFIXES = (".json", ".csv", ".parquet")


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    return value


def _rows(result: Result) -> list[dict[str, object]]:
    return [dict(zip(result.columns, map(_plain, row), strict=True)) for row in result.rows]


def json_text(result: Result) -> str:
    """``{"kpi": id, "peildatum": "YYYY-MM-DD", "rows": [{column: value}]}``."""
    peildatum = result.peildatum.isoformat() if result.peildatum else None
    return json.dumps({"kpi": result.kpi.id, "peildatum": peildatum, "rows": _rows(result)}, ensure_ascii=False, indent=1)


def csv_text(result: Result) -> str:
    """A header and one line per row; separated by commas, decimal points, empty for null."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([_plain(value) for value in row] for row in result.rows)
    return text.getvalue()


def _write_parquet(result: Result, path: Path) -> None:
    import polars as pl

    kept = [[str(value) if isinstance(value, UUID) else value for value in row] for row in result.rows]
    pl.DataFrame(kept, schema=list(result.columns), orient="row", infer_schema_length=None).write_parquet(path)


def write_file(result: Result, path: Path, form: str) -> None:
    """Writes the result beside the old file and puts it in its place at the end.

    Args:
        result: figures or cases.
        path: where to.
        form: "json", "csv" or "parquet".

    Raises:
        UsageError: the folder does not exist.
        KetenError: the file cannot be written.
    """
    if not path.parent.is_dir():
        raise UsageError(f"The folder of {path} does not exist.", "Make it first.")
    part = path.with_name(path.name + ".part")
    try:
        if form == "parquet":
            _write_parquet(result, part)
        else:
            part.write_text(json_text(result) + "\n" if form == "json" else csv_text(result), "utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KetenError(f"{path} cannot be written: {error.strerror}.") from None
