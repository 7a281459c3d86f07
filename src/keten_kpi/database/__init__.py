"""The only door to DuckDB. Rooms on both sides get their connection here."""

from typing import TYPE_CHECKING, Any

from keten_kpi.database.connect import Frame, attach, attach_reading, connect, scalar
from keten_kpi.database.layout import LAYOUT, check_layout, database_property, old_path, stand_path

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection
    from duckdb import Error as DatabaseError

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


def __getattr__(name: str) -> Any:
    """DuckDB's own classes, so that it is not loaded where nothing asks for them."""
    import duckdb

    own = {"Connection": duckdb.DuckDBPyConnection, "DatabaseError": duckdb.Error}
    if name not in own:
        raise AttributeError(name)
    return own[name]
