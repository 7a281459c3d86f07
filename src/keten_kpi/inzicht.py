"""The right half beyond the KPIs: productieverantwoording, the product codes in depth, the event log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from keten_kpi.disclosure.cells import Table, hidden_cells
from keten_kpi.errors import KetenError
from keten_kpi.publish import reading
from keten_kpi.verantwoording import Verantwoording, Verschillen, account_for

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Verantwoording", "Verschillen", "account_for", "protect_account", "reading"]


def _small(groups: Sequence[tuple[object, ...]], counts: Sequence[int], minimum: int) -> set[int]:
    """The rows whose count is to be hidden, or would give such a count away."""
    hidden = hidden_cells(Table(groups, {"aantal": counts}), minimum)
    if hidden is None:
        raise KetenError(
            "This table cannot be shown with --min-aantal: its totals would give small counts away.",
            "Ask for a wider selection.",
        )
    return {place for place, _ in hidden}


def protect_account(found: Verantwoording, minimum: int) -> Verantwoording:
    """The same without the figures of rows that are about few clients, without totals and without differences.

    Raises:
        KetenError: no choice of rows to hide would do.
    """
    key = found.columns.index("clienten")
    groups = [row[:key] for row in found.rows]
    small = _small(groups, [int(str(row[key])) for row in found.rows], minimum)
    rows = [(*row[:key], *(None for _ in row[key:])) if place in small else row for place, row in enumerate(found.rows)]
    return replace(found, rows=rows, verschillen=None)
