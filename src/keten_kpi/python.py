"""The door from Python: a published database as Polars frames. ``import keten_kpi`` and ``keten_kpi.open(path)``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from keten_kpi.audit import record
from keten_kpi.inzicht import (
    Afbeelding,
    Codes,
    Kalender,
    account_for,
    list_codes,
    read_calendar,
    reading,
    what_if_judged,
    what_if_replaced,
)
from keten_kpi.publish import Selection, compute, list_kpis, protect, violations

if TYPE_CHECKING:
    import polars as pl

    from keten_kpi.database import Connection
    from keten_kpi.report import Table


def _frame(table: Table) -> pl.DataFrame:
    import polars as pl

    rows = [[str(value) if type(value).__name__ == "UUID" else value for value in row] for row in table.rows]
    return pl.DataFrame(rows, schema=list(table.columns), orient="row", infer_schema_length=None)


class Keten:
    """A database of messages, open for reading. Use it in ``with``, or ``close()`` it.

    What the methods ask for by name: ``wet`` ("Jw", "Wmo"), ``gemeente`` (4 digits), ``aanbieder`` (8 digits), ``van``
    and ``tot`` (days on which the clock starts, inclusive), ``peildatum`` (what was sent later is not known).

    Attributes:
        con: the DuckDB connection, read-only. Its views are described in ``docs/views.md``.
    """

    con: Connection

    def __init__(self, path: str | Path) -> None:
        self._path, self._stack = Path(path), ExitStack()
        self.con = self._stack.enter_context(reading(self._path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection."""
        self._stack.close()

    def catalogue(self) -> pl.DataFrame:
        """A row per KPI: id, titel, definitie, soort, wetten (list), geval, view."""
        import polars as pl

        return pl.DataFrame(
            [
                {
                    "id": kpi.id,
                    "titel": kpi.titel,
                    "definitie": kpi.definitie.strip(),
                    "soort": kpi.soort.naam,
                    "wetten": list(kpi.wetten),
                    "geval": kpi.geval,
                    "view": kpi.view,
                }
                for kpi in list_kpis()
            ]
        )

    def kpi(self, kpi_id: str, per: Sequence[str] | None = (), *, min_aantal: int = 0, **keuze: Any) -> pl.DataFrame:
        """A row per group: the dimensions in ``per``, then the figures; shares are fractions. None: as its page does.

        With ``min_aantal`` small counts, and what would give them away, are null; the column ``onderdrukt`` names them.

        Raises:
            UsageError: no such KPI, dimension or selection.
            KetenError: the table cannot be shown with this ``min_aantal``.
        """
        found = compute(self.con, kpi_id, per=per, selection=Selection(**keuze))
        return _frame(protect(found, min_aantal) if min_aantal else found)

    def cases(self, kpi_id: str, *, alle: bool = False, **keuze: Any) -> pl.DataFrame:
        """A row per case that breaks the norm or deviates; with ``alle`` every case and why one does not count.

        The reading is recorded, as that of ``keten-kpi violations``.
        """
        found = violations(self.con, kpi_id, selection=Selection(**keuze), alle=alle)
        record(self._path, "violations", {"kpi": kpi_id, **keuze, "alle": alle}, len(found.rows))
        return _frame(found)

    def codes(self, omschrijvingen: str | Path | None = None, *, min_aantal: int = 0, **keuze: Any) -> pl.DataFrame:
        """A row per deviating product code, the most used first, with its nearest national code.

        With ``min_aantal`` without the codes of fewer clients; what is added up is over the others then.
        """
        return _frame(self._codes(omschrijvingen, min_aantal, keuze))

    def korte_lijst(
        self,
        dekking: float = 0.8,
        eerste: int = 5,
        omschrijvingen: str | Path | None = None,
        *,
        min_aantal: int = 0,
        **keuze: Any,
    ) -> pl.DataFrame:
        """Two rows: the fewest codes that cover this share of the deviating lines, and the first codes to map.

        Columns: codes (list), aandeel_regels, aandeel_berichten: what of the deviating lines and messages closes when
        each of these codes becomes a national one.
        """
        import polars as pl

        found = self._codes(omschrijvingen, min_aantal, keuze)
        return pl.DataFrame([asdict(found.shortlist(dekking)), asdict(found.first(eerste))])

    def _codes(self, omschrijvingen: str | Path | None, min_aantal: int, keuze: dict[str, Any]) -> Codes:
        described = Path(omschrijvingen) if omschrijvingen else None
        return list_codes(self.con, Selection(**keuze), described, min_aantal)

    def wat_als(
        self,
        vervang: str | Path | Sequence[Afbeelding] = (),
        voorstel: int | None = None,
        *,
        min_aantal: int = 0,
        **keuze: Any,
    ) -> pl.DataFrame:
        """Codes and deviations now and (``_straks``) with a map; the row without aanbieder is for all.

        The map is a file, rows, or the first ``voorstel`` suggestions.
        """
        kaart = Path(vervang) if isinstance(vervang, str) else vervang
        selection = Selection(**keuze)
        return _frame(what_if_replaced(self.con, selection, vervang=kaart, voorstel=voorstel, min_aantal=min_aantal))

    def wat_als_norm(
        self,
        kpi_id: str,
        norm: int | Sequence[int] = (),
        kalender: str | Path | Kalender | None = None,
        *,
        min_aantal: int = 0,
        **keuze: Any,
    ) -> pl.DataFrame:
        """A row situatie ``nu``, and a row ``wat_als`` per norm: a time norm's figures under that norm and calendar.

        ``kalender`` is "weekdagen" (feast days are werkdagen too), a csv of days (dag, is_werkdag) or a ``Kalender``.
        """
        normen = [norm] if isinstance(norm, int) else norm
        other = read_calendar(str(kalender)) if isinstance(kalender, str | Path) else kalender
        selection = Selection(**keuze)
        return _frame(what_if_judged(self.con, kpi_id, selection, normen=normen, kalender=other, min_aantal=min_aantal))

    def verantwoording(self, aanbieder: str, jaar: int, **keuze: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
        """A year's account, a row per gemeente, wet, product and eenheid; and a row per thing that does not add up.

        The reading is recorded, as that of ``keten-kpi verantwoording``.
        """
        found = account_for(self.con, aanbieder, jaar, **keuze)
        record(self._path, "verantwoording", found.vraag, len(found.rows))
        return _frame(found), _frame(found.verschillen) if found.verschillen else _frame(found).clear()

    def sql(self, query: str) -> pl.DataFrame:
        """The rows of a query of your own."""
        import polars as pl

        done = self.con.execute(query)
        names = [column[0] for column in done.description or ()]
        return pl.DataFrame(done.fetchall(), schema=names, orient="row", infer_schema_length=None)
