"""Lets the cases of KPIs be read from the stand, where it is of today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from keten_kpi.database import attach_reading, stand_path
from keten_kpi.kpi.bewaard import STAND, cases_from_stand
from keten_kpi.stand.bestand import read_dag

if TYPE_CHECKING:
    from keten_kpi.database import Connection


@contextmanager
def reading_stand(con: Connection, db: Path) -> Iterator[None]:
    """Within it cases as of the day of the stand are read from it; without a stand all are worked out as ever.

    Args:
        con: reads the database at ``db``, for which ``bring_up`` was called after its last change.
        db: the database.
    """
    path = stand_path(db)
    if not path.exists():
        yield
        return
    with attach_reading(con, path, STAND), cases_from_stand(con, read_dag(con, STAND)):
        yield
