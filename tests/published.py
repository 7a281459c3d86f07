"""A published database without traffic, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from keten_kpi.load import create_tables
from keten_kpi.publish import publish

if TYPE_CHECKING:
    from keten_kpi.database import Connection


@contextmanager
def published() -> Iterator[Connection]:
    """For the fixtures of a module: making one takes a while."""
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        create_tables(con)
        publish(con)
        yield con
