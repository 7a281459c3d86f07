"""Rows enter the database here: once, all or nothing per batch."""

from keten_kpi.load.batch import Batch, Gathering, Quarantined, Receipt, keep_messages
from keten_kpi.load.insert import known_ids, load_batch
from keten_kpi.load.known import KnownFile, keep_files, known_files
from keten_kpi.load.portion import Portion
from keten_kpi.load.run import FORGOTTEN, open_run
from keten_kpi.load.tables import create_tables

__all__ = [
    "FORGOTTEN",
    "Batch",
    "Gathering",
    "KnownFile",
    "Portion",
    "Quarantined",
    "Receipt",
    "create_tables",
    "keep_files",
    "keep_messages",
    "known_files",
    "known_ids",
    "load_batch",
    "open_run",
]
