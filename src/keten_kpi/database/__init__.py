"""The only door to DuckDB. Rooms on both sides get their connection here."""

from keten_kpi.database.connect import Connection, Frame, attach, connect, scalar
from keten_kpi.database.layout import LAYOUT, check_layout, database_property, old_path

__all__ = [
    "LAYOUT",
    "Connection",
    "Frame",
    "attach",
    "check_layout",
    "connect",
    "database_property",
    "old_path",
    "scalar",
]
