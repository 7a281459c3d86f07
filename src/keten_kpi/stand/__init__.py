"""Keeps the cases of every KPI beside the database, and mends those that a new day touches."""

from keten_kpi.stand.bestand import Stand, bring_up
from keten_kpi.stand.lezen import reading_stand

__all__ = ["Stand", "bring_up", "reading_stand"]
