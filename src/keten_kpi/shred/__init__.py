"""From a valid message to rows: only what the mapping names, persons as pseudonyms."""

from keten_kpi.shred.rows import Client, Row, Rows
from keten_kpi.shred.tree import Shredder
from keten_kpi.shred.values import NotStorableError

__all__ = ["Client", "NotStorableError", "Row", "Rows", "Shredder"]
