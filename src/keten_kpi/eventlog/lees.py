"""Reads events and their objects from the database, a portion at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING

from keten_kpi.kpi import Selection, as_of

if TYPE_CHECKING:
    from keten_kpi.database import Connection

OBJECT_TYPES = ("verzoek", "toewijzing", "levering", "declaratie", "client")
ATTRIBUTES = ("wet", "gemeente", "aanbieder", "release")
COLUMNS = ("event_id", "activiteit", "verzend_dag", *ATTRIBUTES, "object_type", "object_id")
PORTION = 10_000
# Messages tell their day only: of those of one day the chain says which comes first.
CHAIN = ("315", "316", "317", "318", "319", "320", "301", "302", "305", "306", "307", "308", "303", "304", "323", "325")
IN_TIME = f"verzend_dag, list_position({list(CHAIN)}, right(activiteit, 3)), activiteit, event_id"


@dataclass(frozen=True, slots=True)
class Event:
    """A message with what it is about; attributes are wet, gemeente, aanbieder, release."""

    event_id: str
    activiteit: str
    dag: date
    attributen: dict[str, str]
    objecten: tuple[tuple[str, str], ...]  # type and id


@dataclass(frozen=True, slots=True)
class Omvang:
    """How much a log holds: what is told whoever exports it."""

    events: int
    objecten: dict[str, int]
    van: date | None
    tot: date | None


class Eventlog:
    """A log that can be read more than once, in the order of time."""

    def __init__(self, con: Connection) -> None:
        self._con = con

    def _rows(self, query: str) -> Iterator[tuple[str, ...]]:
        done = self._con.execute(query)
        while portion := done.fetchmany(PORTION):
            yield from portion

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of a row per event and object."""
        return COLUMNS

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """All relations at once, for formats that cannot be written in portions."""
        return [*self.relations()]

    @property
    def kop(self) -> dict[str, object]:
        """What it holds."""
        return asdict(self.omvang())

    @property
    def activiteiten(self) -> list[str]:
        found = self._con.execute("SELECT DISTINCT activiteit FROM eventlog_regel ORDER BY activiteit").fetchall()
        return [name for (name,) in found]

    def relations(self) -> Iterator[tuple[str, ...]]:
        """One row per event and object, in the columns ``COLUMNS``."""
        order = f"ORDER BY {IN_TIME}, object_type, object_id"
        return self._rows(f"SELECT {', '.join(COLUMNS)} FROM eventlog_regel {order}")  # noqa: S608 - our own names

    def events(self) -> Iterator[Event]:
        """One event per message."""
        for _, rows in groupby(self.relations(), key=lambda row: row[0]):
            yield _event([*rows])

    def objects(self) -> Iterator[tuple[str, str]]:
        """Type and id of each object."""
        return self._rows("SELECT DISTINCT object_type, object_id FROM eventlog_regel ORDER BY ALL")  # type: ignore[return-value]

    def traces(self, object_type: str) -> Iterator[tuple[str, list[Event]]]:
        """Each object of this type with its events in the order of time."""
        query = f"SELECT object_id AS geval, {', '.join(COLUMNS)} FROM eventlog_regel"  # noqa: S608 - our own names
        order = f"WHERE object_type = '{object_type}' ORDER BY object_id, {IN_TIME}"
        for case, rows in groupby(self._rows(f"{query} {order}"), key=lambda row: row[0]):
            yield case, [_event([row[1:]]) for row in rows]

    def omvang(self) -> Omvang:
        """What is in it."""
        found = self._con.execute(
            "SELECT count(DISTINCT event_id), min(verzend_dag), max(verzend_dag) FROM eventlog_regel"
        ).fetchall()
        objects = dict.fromkeys(OBJECT_TYPES, 0) | dict(
            self._con.execute(
                "SELECT object_type, count(DISTINCT object_id) FROM eventlog_regel GROUP BY object_type"
            ).fetchall()
        )
        ((events, first, last),) = found
        return Omvang(events, objects, first, last)


def _event(rows: list[tuple[str, ...]]) -> Event:
    first = dict(zip(COLUMNS, rows[0], strict=True))
    attributes = {name: first[name] for name in ATTRIBUTES}
    day: date = first["verzend_dag"]  # type: ignore[assignment]
    return Event(first["event_id"], first["activiteit"], day, attributes, tuple((row[-2], row[-1]) for row in rows))


@contextmanager
def event_log(con: Connection, selection: Selection) -> Iterator[Eventlog]:
    """Within it the log of a selection (wet, gemeente, aanbieder, peildatum) can be read.

    Raises:
        UsageError: the selection cannot be meant.
    """
    query = resources.files("keten_kpi.eventlog").joinpath("gebeurtenis.sql").read_text("utf-8")
    with as_of(con, selection):
        con.execute(
            "CREATE OR REPLACE TEMP TABLE eventlog_keuze AS "
            "SELECT CAST(? AS VARCHAR) AS wet, CAST(? AS VARCHAR) AS gemeente, CAST(? AS VARCHAR) AS aanbieder",
            [selection.wet, selection.gemeente, selection.aanbieder],
        )
        con.execute(f"CREATE OR REPLACE TEMP TABLE eventlog_regel AS\n{query}")
        yield Eventlog(con)
        con.execute("DROP TABLE temp.eventlog_regel")
