"""Rows enter the database here: once, all or nothing per batch."""

from keten_kpi.load.batch import Batch, Quarantined, Shredded
from keten_kpi.load.insert import known_ids, load_batch
from keten_kpi.load.run import open_run
from keten_kpi.load.tables import create_tables

__all__ = ["Batch", "Quarantined", "Shredded", "create_tables", "known_ids", "load_batch", "open_run"]
