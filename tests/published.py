"""A published database without traffic, in memory: for the fixtures of a module, since making one takes a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.spec.mutation import fresh

if TYPE_CHECKING:
    from keten_kpi.database import Connection


@contextmanager
def published() -> Iterator[Connection]:
    """Closed when it is done with."""
    with fresh() as con:
        yield con
