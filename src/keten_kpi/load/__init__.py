"""Rows enter the database here: once, all or nothing per batch."""

from keten_kpi.load.batch import Batch, Gathering, Quarantined, Receipt
from keten_kpi.load.insert import known_ids, load_batch
from keten_kpi.load.portion import Portion
from keten_kpi.load.run import FORGOTTEN, LAYOUT, database_property, open_run
from keten_kpi.load.tables import create_tables

__all__ = [
    "FORGOTTEN",
    "LAYOUT",
    "Batch",
    "Gathering",
    "Portion",
    "Quarantined",
    "Receipt",
    "create_tables",
    "database_property",
    "known_ids",
    "load_batch",
    "open_run",
]
