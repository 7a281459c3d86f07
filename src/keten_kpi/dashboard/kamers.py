"""What other rooms know of a gemeente or a code: causes, work that waits, own codes. Rounded, for it shares its counts.

These counts hang together with those of the KPIs in too many ways to hide them one by one. So none is given exactly:
each is rounded to fives, what rests on fewer than the minimum is left out, and a share is worked out from what is
shown. A reader who subtracts is left with a range, never with a number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from keten_kpi.codes import (
    Afbeelding,
    Codes,
    WatAls,
    codes_per_aanbieder,
    codes_per_gemeente,
    list_codes,
    suggested_map,
    what_if_codes,
)
from keten_kpi.kpi import Selection
from keten_kpi.toets import causes_per_gemeente, work_per_gemeente

if TYPE_CHECKING:
    from datetime import date

    from keten_kpi.database import Connection
    from keten_kpi.toets.oorzaak import Oorzaak

ROUND = 5

Row = dict[str, object]


def rounded(count: int, minimum: int) -> int | None:
    """A count as it may be shown; None when it is small. With a minimum of 0 it is exact.

    >>> rounded(43, 10), rounded(9, 10), rounded(0, 10), rounded(43, 0)
    (45, None, 0, 43)
    """
    if not minimum or count == 0:
        return count
    return None if count < minimum else ROUND * round(count / ROUND)


@dataclass(frozen=True, slots=True)
class Kenmerk:
    """A group of cases of a gemeente that is late more often than its others."""

    kpi: str
    soort: str
    waarde: str
    te_laat: int
    gevallen: int


@dataclass(slots=True)
class Kamers:
    """Asked once for all editions of a database; nothing is asked before a page wants it."""

    con: Connection
    minimum: int
    _kept: dict[str, object] = field(default_factory=dict)

    def oorzaken(self, gemeente: str) -> list[Kenmerk]:
        """The causes of its late cases that can be shown, per norm the largest first."""
        if "oorzaken" not in self._kept:
            self._kept["oorzaken"] = causes_per_gemeente(self.con)
        found: dict[str, dict[str, tuple[Oorzaak, ...]]] = self._kept["oorzaken"]  # type: ignore[assignment]
        shown = (self._kenmerk(kpi, cause) for kpi, causes in found.get(gemeente, {}).items() for cause in causes)
        return [kenmerk for kenmerk in shown if kenmerk]

    def _kenmerk(self, kpi: str, cause: Oorzaak) -> Kenmerk | None:
        """None when it rests on few cases, or on all but a few, or when chance is enough to explain it."""
        late, all_ = rounded(cause.buiten_norm, self.minimum), rounded(cause.aantal, self.minimum)
        on_time = rounded(cause.aantal - cause.buiten_norm, self.minimum)
        if not late or not all_ or on_time is None or cause.verschil == "geen verschil":
            return None
        return Kenmerk(kpi, cause.soort, cause.waarde, late, all_)

    def werk(self, gemeente: str, peildatum: date) -> dict[str, int | None]:
        """How many cases are late without an answer, and how many fall due up to the end of the week."""
        if "werk" not in self._kept:
            self._kept["werk"] = work_per_gemeente(self.con, peildatum)
        found: dict[str, Counter[str]] = self._kept["werk"]  # type: ignore[assignment]
        counts = found.get(gemeente, Counter())
        week = sum(counts[name] for name in ("vandaag", "morgen", "deze_week"))
        return {"te_laat": rounded(counts["te_laat"], self.minimum), "deze_week": rounded(week, self.minimum)}

    def codes(self) -> Codes:
        """All codes that no national list has, exact: for sums and for what is rounded below."""
        if "codes" not in self._kept:
            self._kept["codes"] = list_codes(self.con, Selection())
        return self._kept["codes"]  # type: ignore[return-value]

    def code_rijen(self) -> list[Row]:
        """The codes that enough clients have, the most used first, with rounded counts."""
        names = self.codes().columns
        return [
            row | {"regels": rounded(int(str(row["regels"])), self.minimum), "clienten": self._clients(row)}
            for row in (dict(zip(names, found, strict=True)) for found in self.codes().rows)
            if self._clients(row)
        ]

    def _clients(self, row: Row) -> int | None:
        return rounded(int(str(row["clienten"])), self.minimum)

    def code_rijen_van(self, gemeente: str) -> list[Row]:
        """The same of one gemeente, each with the nearest national code; the second is how many codes it has in all."""
        if "per_gemeente" not in self._kept:
            columns, rows = codes_per_gemeente(self.con)
            self._kept["per_gemeente"] = [dict(zip(columns, row, strict=True)) for row in rows]
        found: list[Row] = self._kept["per_gemeente"]  # type: ignore[assignment]
        near = self._nearest()
        return [
            row
            | near[_code(row)]
            | {"regels": rounded(int(str(row["regels"])), self.minimum), "clienten": self._clients(row)}
            for row in found
            if row["gemeente"] == gemeente and self._clients(row)
        ]

    def aantal_codes(self, gemeente: str) -> int:
        """How many different codes outside the list a gemeente has; codes are no people."""
        self.code_rijen_van(gemeente)
        found: list[Row] = self._kept["per_gemeente"]  # type: ignore[assignment]
        return sum(row["gemeente"] == gemeente for row in found)

    def _nearest(self) -> dict[tuple[object, ...], Row]:
        wanted = ("voorstel_code", "voorstel_omschrijving", "zekerheid")
        rows = (dict(zip(self.codes().columns, row, strict=True)) for row in self.codes().rows)
        return {_code(row): {name: row[name] for name in wanted} for row in rows}

    def aanbieders(self) -> list[Row]:
        """With how many gemeenten each aanbieder exchanges how many codes; only those with enough clients."""
        if "aanbieders" not in self._kept:
            columns, rows = codes_per_aanbieder(self.con)
            self._kept["aanbieders"] = [dict(zip(columns, row, strict=True)) for row in rows]
        found: list[Row] = self._kept["aanbieders"]  # type: ignore[assignment]
        return [row | {"clienten": self._clients(row)} for row in found if self._clients(row)]

    def kaart(self) -> tuple[Afbeelding, ...]:
        """The replacements that the suggestions come to, as far as they are sure."""
        return suggested_map(self.codes())

    def wat_als(self) -> WatAls:
        if "wat_als" not in self._kept:
            self._kept["wat_als"] = what_if_codes(self.con, Selection(), self.kaart())
        return self._kept["wat_als"]  # type: ignore[return-value]


def _code(row: Row) -> tuple[object, ...]:
    return row["wet"], row["product_categorie"], row["product_code"]
