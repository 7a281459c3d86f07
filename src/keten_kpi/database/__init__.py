"""The only door to DuckDB. Rooms on both sides get their connection here."""

from keten_kpi.database.connect import Connection, Frame, attach, connect, scalar

__all__ = ["Connection", "Frame", "attach", "connect", "scalar"]
