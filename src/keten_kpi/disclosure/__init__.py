"""Keeps small groups of people out of a table that is meant for others, and what they could be told from."""

from keten_kpi.disclosure.cells import Table, hidden_cells
from keten_kpi.disclosure.protect import protect, protect_beside
from keten_kpi.disclosure.rows import rows_to_hide, rows_to_leave_out
from keten_kpi.disclosure.system import Relation
from keten_kpi.disclosure.together import protect_together

__all__ = [
    "Relation",
    "Table",
    "hidden_cells",
    "protect",
    "protect_beside",
    "protect_together",
    "rows_to_hide",
    "rows_to_leave_out",
]
