"""A map of product codes: csv with wet, van, naar and, where they matter, categorie, gemeente and naar_categorie."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from keten_kpi.errors import UsageError

REQUIRED = ("wet", "van", "naar")
OPTIONAL = ("categorie", "gemeente", "naar_categorie")
WETTEN = ("Jw", "Wmo")
CODE = re.compile(r"[0-9A-Za-z]{1,5}")


@dataclass(frozen=True, slots=True)
class Afbeelding:
    """One row of a map: this code becomes that one, everywhere or only in a category or gemeente."""

    wet: str
    van: str
    naar: str
    categorie: str | None = None
    gemeente: str | None = None
    naar_categorie: str | None = None

    @property
    def sleutel(self) -> tuple[str | None, ...]:
        """What it is about: a map says one thing of it."""
        return self.wet, self.van, self.categorie, self.gemeente


def _row(path: Path, number: int, row: dict[str, str | None]) -> Afbeelding:
    cells = {name: (row.get(name) or "").strip() for name in (*REQUIRED, *OPTIONAL)}
    if cells["wet"] not in WETTEN:
        raise UsageError(f"{path}, line {number}: wet is not Jw or Wmo.", "Write Jw or Wmo.")
    for name in ("van", "naar"):
        if not CODE.fullmatch(cells[name]):
            raise UsageError(
                f"{path}, line {number}: {name} is no product code.", "Give letters and digits, at most 5."
            )
    return Afbeelding(cells["wet"], cells["van"], cells["naar"], *(cells[name] or None for name in OPTIONAL))


def _rows(path: Path, lines: Iterable[str]) -> Iterator[Afbeelding]:
    reader = csv.DictReader(lines)
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(
            f"{path} has no column {missing[0]}.", f"Columns: {', '.join(REQUIRED)}; if wanted {', '.join(OPTIONAL)}."
        )
    for row in reader:
        yield _row(path, reader.line_num, row)


def read_map(path: Path) -> tuple[Afbeelding, ...]:
    """The rows of a map. Several codes may become one (merge); one may become several by categorie or gemeente (split).

    Raises:
        UsageError: it cannot be read, lacks a column, or says two things of one code.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = tuple(_rows(path, file))
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read as csv in UTF-8.", "Give another file.") from None
    seen: set[tuple[str | None, ...]] = set()
    for place in found:
        if place.sleutel in seen:
            raise UsageError(
                f"{path} says two things of {place.wet} {place.van}.",
                "Tell them apart by categorie or gemeente, or keep one.",
            )
        seen.add(place.sleutel)
    return found
