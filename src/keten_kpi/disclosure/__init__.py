"""Keeps small groups of people out of a table that is meant for others, and what they could be told from."""

from keten_kpi.disclosure.cells import Relation, Table, hidden_cells
from keten_kpi.disclosure.protect import protect

__all__ = ["Relation", "Table", "hidden_cells", "protect"]
