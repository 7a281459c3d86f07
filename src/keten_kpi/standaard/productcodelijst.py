"""Reads a list of national product codes as published: csv or xlsx, with headers that differ per year."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from keten_kpi.errors import KetenError, UsageError

HEADERS = {
    "code": ("productcode", "code", "productcodes"),
    "categorie": ("productcategorie", "categorie", "categoriecode", "productcategoriecode", "codecategorie"),
    "omschrijving": ("omschrijving", "productomschrijving", "omschrijvingproduct", "productcodeomschrijving"),
    "uitvoeringsvariant": ("uitvoeringsvariant", "variant"),
    "geldig_van": ("begin", "begindatum", "ingang", "ingangsdatum", "datumingang", "geldigvan", "geldigvanaf"),
    "geldig_tot": ("eind", "einde", "einddatum", "datumeinde", "geldigtot", "geldigtotenmet", "geldigtm"),
    "is_groepskop": ("groepskop", "isgroepskop"),
}
REQUIRED = ("code", "categorie")
HEADER_WITHIN = 40  # rows of title above the header, at most
CATEGORIES = {"Jw": range(31, 56), "Wmo": range(1, 19)}
MAIN_LIST = {"Jw": "JZ21", "Wmo": "WMO021"}
CODE = re.compile(r"[0-9A-Z]{1,5}")
DATE_SHAPES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%d %H:%M:%S")
VERSION = re.compile(r"\d{4}(-\d{2}){0,2}")
EXPECTED = "Expected a row with at least the headers productcode (or code) and productcategorie (or categorie)."

Sheet = tuple[str, list[list[object]]]


@dataclass(frozen=True, slots=True)
class Productcode:
    """One row of a list; dates are inclusive, None where the list gives none."""

    code: str
    categorie: str
    omschrijving: str = ""
    uitvoeringsvariant: str = ""
    geldig_van: date | None = None
    geldig_tot: date | None = None
    is_groepskop: bool = False

    def as_row(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Lacune:
    """Codes that a list is known not to cover: a pattern of the whole code, or a category."""

    code_patroon: str | None = None
    categorie: str | None = None
    uitleg: str = ""

    def as_row(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Productcodelijst:
    """One vintage of one list. Without lacunes it is complete: it judges every code of its wet."""

    wet: str
    codelijst: str
    lijstversie: str
    lijst_dag: date
    bron: str
    codes: tuple[Productcode, ...]
    lacunes: tuple[Lacune, ...] = field(default=())

    @property
    def dekking(self) -> str:
        if not self.lacunes:
            return "volledig"
        return "zonder " + ", ".join(
            lacune.uitleg or lacune.code_patroon or f"categorie {lacune.categorie}" for lacune in self.lacunes
        )


def _normal(header: object) -> str:
    return re.sub(r"[^a-z]", "", str(header or "").lower())


def _columns(row: Sequence[object]) -> dict[str, int]:
    """Which column stands where, for a row that may be the header."""
    normal = [_normal(cell) for cell in row]
    found = {}
    for column, names in HEADERS.items():
        place = next((normal.index(name) for name in names if name in normal), None)
        if place is not None:
            found[column] = place
    return found


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for number, row in enumerate(sheet[1][:HEADER_WITHIN]):
        columns = _columns(row)
        if all(name in columns for name in REQUIRED):
            return number, columns
    return None


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _csv_sheet(path: Path, content: bytes) -> Sheet:
    text = _decode(content)
    separator = max(";,\t", key=text.count)
    return path.name, [list(row) for row in csv.reader(io.StringIO(text), delimiter=separator)]


def _xlsx_sheets(path: Path, content: bytes) -> Iterator[Sheet]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise KetenError(f"{path} is no readable xlsx file.", "Open and save it again as xlsx or csv.") from None
    for sheet in book.worksheets:
        yield f"sheet {sheet.title}", [list(row) for row in sheet.iter_rows(values_only=True)]
    book.close()


def _sheets(path: Path) -> list[Sheet]:
    try:
        content = path.read_bytes()
    except OSError:
        raise UsageError(f"{path} cannot be read.", "Check the path and who may read the file.") from None
    return list(_xlsx_sheets(path, content)) if content.startswith(b"PK") else [_csv_sheet(path, content)]


def _found_headers(sheets: Iterable[Sheet]) -> str:
    """The row of each sheet that looks most like a header, for the error."""
    parts = []
    for name, rows in sheets:
        best = max(
            rows[:HEADER_WITHIN], key=lambda row: (len(_columns(row)), sum(bool(cell) for cell in row)), default=[]
        )
        parts.append(f"{name}: {', '.join(str(cell) for cell in best if cell) or 'nothing'}")
    return "; ".join(parts)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _day(value: object, where: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    text = _text(value)
    if not text:
        return None
    for shape in DATE_SHAPES:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise KetenError(f"{where}: {text} is no date.", "Write dates as 2025-02-01 or 01-02-2025.")


def _categorie(value: object) -> str:
    digits = re.match(r"\d{1,2}", _text(value))
    return digits.group().zfill(2) if digits else ""


def _product(row: Sequence[object], columns: dict[str, int], where: str) -> Productcode | None:
    """The row as a product; None for an empty row, a heading without code, or a note in one cell."""
    cells = {name: row[place] if place < len(row) else None for name, place in columns.items()}
    code = _text(cells["code"]).upper()
    if not code or sum(bool(_text(cell)) for cell in row) == 1:
        return None
    categorie = _categorie(cells["categorie"])
    if not CODE.fullmatch(code) or not categorie:
        raise KetenError(
            f"{where}: no product code of at most 5 letters and digits with a category of 2 digits.",
            "Correct the row, or remove it when it is a note.",
        )
    return Productcode(
        code=code,
        categorie=categorie,
        omschrijving=_text(cells.get("omschrijving")),
        uitvoeringsvariant=_text(cells.get("uitvoeringsvariant")),
        geldig_van=_day(cells.get("geldig_van"), where),
        geldig_tot=_day(cells.get("geldig_tot"), where),
        is_groepskop=_text(cells.get("is_groepskop")).upper() in {"J", "JA", "TRUE", "1"},
    )


def read_products(path: Path) -> tuple[Productcode, ...]:
    """The products of the first sheet that has the headers; equal rows once.

    Raises:
        UsageError: the file cannot be read.
        KetenError: no sheet has the headers, or a row is no product code; names the sheet and the row.
    """
    sheets = _sheets(path)
    for sheet in sheets:
        header = _header(sheet)
        if header:
            number, columns = header
            rows = enumerate(sheet[1][number + 1 :], start=number + 2)
            found = (_product(row, columns, f"{path}, {sheet[0]}, row {line}") for line, row in rows)
            return tuple(dict.fromkeys(product for product in found if product))
    raise KetenError(f"{path} has no sheet with the headers of a code list. Found {_found_headers(sheets)}.", EXPECTED)


def tell_wet(products: Iterable[Productcode], path: Path) -> str:
    """The wet that has all these categories."""
    numbers = {int(product.categorie) for product in products}
    fitting = [wet for wet, known in CATEGORIES.items() if numbers and all(number in known for number in numbers)]
    if len(fitting) != 1:
        raise UsageError(
            f"The categories in {path} do not tell the wet: Jw has 31-55, Wmo 01-18.", "Say --wet Jw or --wet Wmo."
        )
    return fitting[0]


def tell_version(path: Path) -> str:
    """The date in the file's name, as YYYY-MM-DD or YYYY-MM."""
    name = path.stem
    reversed_date = re.search(r"(?<!\d)(\d{2})[-_.](\d{2})[-_.](20\d{2})(?!\d)", name)
    if reversed_date:
        return "-".join(reversed(reversed_date.groups()))
    found = re.search(r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])(?:[-_.]?([0-3]\d))?(?!\d)", name)
    if not found:
        raise UsageError(f"The name of {path} holds no date that tells the vintage.", "Say --lijstversie 2025-02.")
    return "-".join(part for part in found.groups() if part)


def version_day(version: str) -> date:
    """The first day of a vintage: of 2025-02 that is 1 February 2025."""
    parts = [int(part) for part in version.split("-")] if VERSION.fullmatch(version) else []
    try:
        return date(*[*parts, 1, 1][:3])
    except (TypeError, ValueError):
        raise UsageError(f"{version} is no vintage.", "Write it as 2025, 2025-02 or 2025-02-01.") from None


def read_productcodelijst(
    path: Path,
    *,
    wet: str | None = None,
    codelijst: str | None = None,
    lijstversie: str | None = None,
    lacunes: Sequence[Lacune] = (),
) -> Productcodelijst:
    """A code list from a file; what is not given is told from the categories and the file's name.

    Args:
        path: csv (semicolon, comma or tab; UTF-8 or Windows-1252) or xlsx.
        wet: Jw or Wmo.
        codelijst: name of the list; the main list of the wet (JZ21, WMO021) when not given, so that its lacunes end.
        lijstversie: the vintage: YYYY, YYYY-MM or YYYY-MM-DD.
        lacunes: what the list is known not to cover.
    """
    if wet is not None and wet not in MAIN_LIST:
        raise UsageError(f"There is no wet {wet}.", "Choose Jw or Wmo.")
    products = read_products(path)
    if not products:
        raise KetenError(f"{path} has the headers of a code list, and no codes.", "Is it the right sheet?")
    wet = wet or tell_wet(products, path)
    version = lijstversie or tell_version(path)
    return Productcodelijst(
        wet=wet,
        codelijst=codelijst or MAIN_LIST[wet],
        lijstversie=version,
        lijst_dag=version_day(version),
        bron=path.name,
        codes=products,
        lacunes=tuple(lacunes),
    )
