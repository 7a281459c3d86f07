"""Writes a result: dates as YYYY-MM-DD, ids as text, amounts with cents, shares as fractions, unknown as null."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from keten_kpi.disk import sync
from keten_kpi.errors import KetenError, UsageError

if TYPE_CHECKING:
    import polars as pl

SUFFIXES = (".json", ".csv", ".parquet", ".xlsx")
SHEET = "gegevens"
FORMATS = {"_euro": "#,##0.00", "volume": "#,##0.00"}  # of numbers in a workbook, by their ending or beginning


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


def _cell(value: object) -> object:
    """As csv has it: an amount keeps its two decimals."""
    return str(value) if isinstance(value, Decimal) else _plain(value)


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
    writer.writerows([_cell(value) for value in row] for row in result.rows)
    return text.getvalue()


def _frame(result: Table) -> pl.DataFrame:
    import polars as pl

    kept = [[str(value) if isinstance(value, UUID) else value for value in row] for row in result.rows]
    return pl.DataFrame(kept, schema=list(result.columns), orient="row", infer_schema_length=None)


def _number_formats(frame: pl.DataFrame) -> dict[Any, Any]:
    """How a workbook shows a column that is not plain text: amounts with cents, years and counts without a point."""
    found = {name: "0.0 %" for name in frame.columns if name.startswith("aandeel_")}
    for part, form in FORMATS.items():
        found |= {name: form for name in frame.columns if name.endswith(part) or name.startswith(part)}
    return found


def write_workbook(sheets: Mapping[str, Table], path: Path) -> None:
    """A workbook with a sheet per table; codes stay text, so that their leading zeros stay.

    Raises:
        UsageError: the folder does not exist.
        KetenError: the file cannot be written.
    """
    replace_file(path, lambda part: _write_sheets(sheets, part))


def _write_sheets(sheets: Mapping[str, Table], path: Path) -> None:
    import xlsxwriter

    with path.open("wb") as file, xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        for name, result in sheets.items():
            frame = _frame(result)
            frame.write_excel(book, worksheet=name, autofit=True, column_formats=_number_formats(frame))


def write_file(result: Table, path: Path, form: str, *, private: bool = False) -> None:
    """Writes the result beside the old file and puts it in its place at the end.

    Args:
        result: figures or cases.
        path: where to.
        form: "json", "csv", "xlsx" or "parquet".
        private: for its owner only.

    Raises:
        UsageError: the folder does not exist.
        KetenError: the file cannot be written.
    """
    replace_file(path, lambda part: _write(result, part, form), private=private)


def _write(result: Table, path: Path, form: str) -> None:
    if form == "parquet":
        _frame(result).write_parquet(path)
    elif form == "xlsx":
        _write_sheets({SHEET: result}, path)
    else:
        path.write_text(json_text(result) + "\n" if form == "json" else csv_text(result), "utf-8")


def replace_file(path: Path, write: Callable[[Path], object], *, private: bool = False) -> None:
    """Lets ``write`` make a file beside ``path`` and puts it in its place: a reader never sees half of it.

    After a power cut too there is the old file or the new one, whole.

    With ``private`` only its owner may read it, from the first byte.

    Raises:
        UsageError: the folder does not exist.
        KetenError: the file cannot be written.
    """
    if not path.parent.is_dir():
        raise UsageError(f"The folder of {path} does not exist.", "Make it first.")
    part = path.with_name(path.name + ".part")
    try:
        if private:
            part.touch(mode=0o600)
        write(part)
        sync(part)
        part.replace(path)
        sync(path.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KetenError(f"{path} cannot be written: {error.strerror}.") from None
