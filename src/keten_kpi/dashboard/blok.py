"""What a page is made of: a finding, key figures, and blocks of a chart with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keten_kpi.dashboard.woorden import cel, getal, interval, kolomwoord
from keten_kpi.kpi import Result

LOW, HIGH = "_laag", "_hoog"
MOST_ROWS = 500  # of a table on a page; its csv has them all


@dataclass(frozen=True, slots=True)
class Cel:
    tekst: str
    is_getal: bool
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Tabel:
    """A table as read and as downloaded. ``naam`` is the name of its csv, unique in an edition.

    ``columns`` and ``rows`` are the values, as ``report.csv_text`` takes them; ``getoond`` are the columns on the page,
    where a lower bound stands for the whole interval.
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
        heads = self.koppen
        return [self._regel(dict(zip(self.columns, row, strict=True)), heads) for row in self.rows[:MOST_ROWS]]

    @property
    def rest(self) -> str:
        """The sentence that tells that there are more rows than the page has."""
        many = len(self.rows)
        if many <= MOST_ROWS:
            return ""
        return f"Hier staan de eerste {MOST_ROWS} van {getal(many)} rijen; het csv-bestand heeft ze alle."

    def _regel(self, row: dict[str, object], heads: Sequence[Cel]) -> list[Cel]:
        hidden = frozenset(str(row.get("onderdrukt") or "").split(", "))
        cells = [
            Cel(self._tekst(row, name, hidden), head.is_getal) for name, head in zip(self.getoond, heads, strict=True)
        ]
        code = row.get(self.columns[0])
        if self.links and code:
            cells[0] = Cel(cells[0].tekst, is_getal=False, link=self.links.format(code))
        return cells

    def _tekst(self, row: dict[str, object], name: str, hidden: frozenset[str]) -> str:
        high = name.removesuffix(LOW) + HIGH
        if name.endswith(LOW) and row[name] is not None and row.get(high) is not None:
            return interval(float(str(row[name])), float(str(row[high])))
        return cel(name, row[name], hidden)


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
    waarde: str | None
    norm: str = ""
    onzekerheid: str = ""

    @property
    def is_getoond(self) -> bool:
        return self.waarde is not None


@dataclass(frozen=True, slots=True)
class Blok:
    """``titel`` states the finding; ``beeld`` is a finished chart."""

    titel: str
    tekst: tuple[str, ...] = ()
    beeld: str | None = None
    tabel: Tabel | None = None
    punten: tuple[tuple[str, str], ...] = ()  # words with their explanation
    bestand: Tabel | None = None  # what the chart rests on, where that is more than a page holds: a file only

    @property
    def bestanden(self) -> list[Tabel]:
        """All that is to be downloaded."""
        return [table for table in (self.tabel, self.bestand) if table]


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
