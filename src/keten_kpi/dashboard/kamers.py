"""What other rooms know of a gemeente or a code: causes, work that waits, own codes. Rounded, for it shares its counts.

These counts hang together with those of the KPIs in too many ways to hide them one by one. So none is given exactly:
each is rounded to fives, what rests on fewer than the minimum is left out, never alone, and a share is worked out from
what is shown. A reader who subtracts is left with a range, or with a 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from keten_kpi.codes import Alles, Codes, WatAls
from keten_kpi.dashboard.cijfers import tijdnormen
from keten_kpi.dashboard.gevallen import PRODUCTCODES
from keten_kpi.disclosure import rows_to_leave_out
from keten_kpi.kpi import list_kpis

if TYPE_CHECKING:
    from keten_kpi.dashboard.gevallen import VanKpi
    from keten_kpi.dashboard.tabellen import Tabellen
    from keten_kpi.toets.oorzaak import Oorzaak

ROUND = 5
PEOPLE = ("clienten", "regels")
NEAREST = ("voorstel_code", "voorstel_omschrijving", "zekerheid")

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


class Kamers:
    """Asked once for all editions of a database; nothing is asked before a page wants it."""

    def __init__(self, tabellen: Tabellen) -> None:
        self.minimum = tabellen.minimum
        self._gevallen = tabellen.gevallen

    @property
    def afronding(self) -> str:
        """The sentence that tells of rounding; none where counts are exact."""
        return f"Aantallen zijn afgerond op {ROUND}." if self.minimum else ""

    @cached_property
    def _normen(self) -> dict[str, VanKpi]:
        return {kpi.id: self._gevallen(kpi.id) for kpi in tijdnormen(list_kpis())}

    @property
    def _alles(self) -> Alles:
        found = self._gevallen(PRODUCTCODES).codes
        if found is None:
            raise ValueError(PRODUCTCODES)
        return found

    @property
    def codes(self) -> Codes:
        """All codes that no national list has, exact: for sums, and for what is rounded below."""
        return self._alles.codes

    @cached_property
    def _codes_van(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self._alles.gemeenten:
            found[str(row["gemeente"])].append(row)
        return found

    @cached_property
    def _nearest(self) -> dict[tuple[object, ...], Row]:
        return {_code(row): {name: row[name] for name in NEAREST} for row in self._all_codes}

    @cached_property
    def _all_codes(self) -> list[Row]:
        return [dict(zip(self.codes.columns, row, strict=True)) for row in self.codes.rows]

    def oorzaken(self, gemeente: str) -> list[Kenmerk]:
        """The causes of its late cases that can be shown, per norm the largest first."""
        shown = (
            self._kenmerk(kpi, cause) for kpi, of in self._normen.items() for cause in of.oorzaken.get(gemeente, ())
        )
        return [kenmerk for kenmerk in shown if kenmerk]

    def _kenmerk(self, kpi: str, cause: Oorzaak) -> Kenmerk | None:
        """None when it rests on few cases, or on all but a few, or when chance is enough to explain it."""
        late, all_ = rounded(cause.buiten_norm, self.minimum), rounded(cause.aantal, self.minimum)
        on_time = rounded(cause.aantal - cause.buiten_norm, self.minimum)
        if not late or not all_ or on_time is None or cause.verschil == "geen verschil":
            return None
        return Kenmerk(kpi, cause.soort, cause.waarde, late, all_)

    def werk(self, gemeente: str) -> dict[str, int | None]:
        """How many cases are late without an answer, and how many fall due up to the end of the week."""
        counts = Counter[str]()
        for of in self._normen.values():
            counts.update(of.werk.get(gemeente, {}))
        week = sum(counts[name] for name in ("vandaag", "morgen", "deze_week"))
        return {"te_laat": rounded(counts["te_laat"], self.minimum), "deze_week": rounded(week, self.minimum)}

    def _shown(self, rows: Sequence[Row]) -> list[Row]:
        """Rows about enough clients, with rounded counts of people and of lines.

        What is left out is never one row alone, nor few clients together: the exact total of lines may be known.
        """
        people = [int(str(row["clienten"])) for row in rows]
        gone = rows_to_leave_out(people, self.minimum) if self.minimum else set()
        return [
            row | {name: rounded(int(str(row[name])), self.minimum) for name in PEOPLE if name in row}
            for at, row in enumerate(rows)
            if at not in gone
        ]

    def code_rijen(self) -> list[Row]:
        """The codes that enough clients have, the most used first."""
        return self._shown(self._all_codes)

    def code_rijen_van(self, gemeente: str) -> list[Row]:
        """The same of one gemeente, each with the nearest national code."""
        return [row | self._nearest[_code(row)] for row in self._shown(self._codes_van.get(gemeente, []))]

    def aantal_codes(self, gemeente: str) -> int:
        """How many different codes outside the list a gemeente has; codes are no people."""
        return len(self._codes_van.get(gemeente, []))

    @property
    def alle_aanbieders(self) -> list[Row]:
        """Of each aanbieder with how many gemeenten and codes it works: codes and gemeenten are no people."""
        return [{name: row[name] for name in ("gemeenten", "codes")} for row in self._alles.aanbieders]

    def aanbieders(self) -> list[Row]:
        """With how many gemeenten each aanbieder exchanges how many codes; only those with enough clients."""
        return self._shown(self._alles.aanbieders)

    @property
    def wat_als(self) -> WatAls:
        """What the suggestions would come to: those that are sure, or all when none is."""
        return self._alles.wat_als

    def aandeel_straks(self) -> float | None:
        """The share of messages outside the list then, of rounded counts; None where few would change or stay."""
        total = dict(zip(self.wat_als.columns, self.wat_als.rows[0], strict=True))
        now, then = (int(str(total[f"berichten_afwijkend{when}"])) for when in ("", "_straks"))
        share = float(str(total["aandeel_berichten_afwijkend_straks"] or 0))
        left = rounded(then, self.minimum)
        if not rounded(now - then, self.minimum) or left is None:
            return None
        of = rounded(round(then / share), self.minimum) if share else None
        return left / of if of else 0.0

    @property
    def is_zeker(self) -> bool:
        return self._alles.is_zeker


def _code(row: Row) -> tuple[object, ...]:
    return row["wet"], row["product_categorie"], row["product_code"]
