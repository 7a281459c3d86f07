"""A published database without traffic, made once."""

from __future__ import annotations

import duckdb
import pytest

from keten_kpi.load import create_tables
from keten_kpi.publish import publish


@pytest.fixture(scope="module")
def empty():
    connection = duckdb.connect(":memory:", config={"threads": 1})
    create_tables(connection)
    publish(connection)
    yield connection
    connection.close()
