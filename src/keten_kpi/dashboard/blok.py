"""What a page is made of: a finding, key figures, and blocks of a chart with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keten_kpi.dashboard.woorden import cel, kolomwoord
from keten_kpi.kpi import Result


@dataclass(frozen=True, slots=True)
class Cel:
    tekst: str
    is_getal: bool
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Tabel:
    """A table as read and as downloaded. ``naam`` is the name of its csv, unique in an edition.

    ``columns`` and ``rows`` are the values, as ``report.csv_text`` takes them; ``getoond`` are the columns on the page.
    """

    naam: str
    bijschrift: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    getoond: tuple[str, ...]
    is_open: bool = False
    links: str | None = None  # the first column leads to this page, with its value for {}

    @property
    def kop(self) -> dict[str, object]:
        return {}

    @property
    def koppen(self) -> list[Cel]:
        places = [self.columns.index(name) for name in self.getoond]
        numeric = (any(isinstance(row[at], int | float) for row in self.rows) for at in places)
        return [Cel(kolomwoord(name), is_getal) for name, is_getal in zip(self.getoond, numeric, strict=True)]

    @property
    def regels(self) -> list[list[Cel]]:
        return [self._regel(dict(zip(self.columns, row, strict=True))) for row in self.rows]

    def _regel(self, row: dict[str, object]) -> list[Cel]:
        hidden = frozenset(str(row.get("onderdrukt") or "").split(", "))
        cells = [Cel(cel(name, row[name], hidden), isinstance(row[name], int | float)) for name in self.getoond]
        code = row.get(self.columns[0])
        if self.links and code:
            cells[0] = Cel(cells[0].tekst, is_getal=False, link=self.links.format(code))
        return cells


def table_of(  # noqa: PLR0913 - what a table on a page is made of
    result: Result,
    naam: str,
    bijschrift: str,
    getoond: Sequence[str],
    *,
    is_open: bool = False,
    links: str | None = None,
) -> Tabel:
    """The table of a protected result; figures that this KPI lacks are left out."""
    known = tuple(name for name in getoond if name in result.columns)
    return Tabel(naam, bijschrift, result.columns, result.rows, known, is_open, links)


@dataclass(frozen=True, slots=True)
class Kerncijfer:
    """A number with its norm and how sure it is."""

    label: str
    waarde: str
    norm: str = ""
    onzekerheid: str = ""


@dataclass(frozen=True, slots=True)
class Blok:
    """``titel`` states the finding; ``svg`` is a finished chart."""

    titel: str
    tekst: tuple[str, ...] = ()
    svg: str | None = None
    tabel: Tabel | None = None
    punten: tuple[tuple[str, str], ...] = ()  # words with their explanation


@dataclass(frozen=True, slots=True)
class Pagina:
    """One page. ``pad`` is its place in the folder of the edition."""

    pad: str
    titel: str
    bevinding: str
    blokken: tuple[Blok, ...]
    kerncijfers: tuple[Kerncijfer, ...] = ()

    @property
    def top(self) -> str:
        """The way back to the folder of the edition."""
        return "../" * self.pad.count("/")
