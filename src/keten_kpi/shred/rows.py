"""What the shredder hands on: the rows of one message, per table, in the order of the mapping's columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

Value = str | int | date | None


class Client(NamedTuple):
    """All that is kept of a person; ``client_id`` is None where the message gives no BSN."""

    client_id: bytes
    geboortejaar: int | None
    geslacht: str | None


class Row(NamedTuple):
    """One row below the message: its place, what its table adds to the key, and its mapped columns."""

    regel_nr: int
    soort: str | None
    niveau: str | None
    niveau_nr: int | None
    client: Client | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """One message as rows; ``bericht`` are the mapped columns of table bericht."""

    bericht: tuple[Value, ...]
    lines: Mapping[str, list[Row]]
