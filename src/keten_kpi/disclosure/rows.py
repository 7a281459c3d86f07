"""Which whole rows of a list of figures to hide, or to leave out, because they are about few people."""

from __future__ import annotations

from collections.abc import Sequence

from keten_kpi.disclosure.cells import Table, hidden_cells
from keten_kpi.disclosure.system import Group
from keten_kpi.errors import KetenError


def rows_to_hide(groups: Sequence[Group], counts: Sequence[int], minimum: int) -> set[int]:
    """The places of rows whose figures are to be hidden while the row stays: small ones, and what would tell on them.

    The totals over each column of ``groups`` count as known.

    Raises:
        KetenError: no choice of rows would do.
    """
    hidden = hidden_cells(Table(groups, {"aantal": counts}), minimum)
    if hidden is None:
        raise KetenError(
            "This table cannot be shown with --min-aantal: its totals would give small counts away.",
            "Ask for a wider selection.",
        )
    return {place for place, _ in hidden}


def rows_to_leave_out(counts: Sequence[int], minimum: int) -> set[int]:
    """The places of rows to leave out of a list whose total may be known.

    Those below the minimum, and the next smallest until what is left out is more than one row and not small together.

    >>> sorted(rows_to_leave_out([50, 3, 12, 40], 10))
    [1, 2]
    """
    gone: set[int] = set()
    together = 0
    for place in sorted(range(len(counts)), key=lambda at: (counts[at], at)):
        if counts[place] >= minimum and (not gone or (len(gone) > 1 and together >= minimum)):
            break
        gone.add(place)
        together += counts[place]
    return gone
