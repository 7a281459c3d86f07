"""The only door to DuckDB. Rooms on both sides get their connection here."""

from keten_kpi.database.connect import Connection, DatabaseError, Frame, attach, attach_reading, connect, scalar
from keten_kpi.database.layout import LAYOUT, check_layout, database_property, old_path, stand_path

__all__ = [
    "LAYOUT",
    "Connection",
    "DatabaseError",
    "Frame",
    "attach",
    "attach_reading",
    "check_layout",
    "connect",
    "database_property",
    "old_path",
    "scalar",
    "stand_path",
]
