"""A batch on its way into the database: messages as rows, and what could not be loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from keten_kpi.envelope import Envelope
from keten_kpi.shred import Rows
from keten_kpi.source import Fault, Origin
from keten_kpi.standaard.schemas import Berichttype


@dataclass(frozen=True, slots=True)
class Shredded:
    """One message that may be loaded."""

    bericht_id: str  # first 128 bits of the sha-256 of its bytes, 32 hex digits
    berichttype: Berichttype
    rows: Rows
    origin: Origin
    envelope: Envelope | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One document that may not, with every fault found; ``sha256`` is None where it was not read whole."""

    origin: Origin
    sha256: str | None
    berichttype: Berichttype | None
    faults: Sequence[Fault]


@dataclass(slots=True)
class Batch:
    """What is committed together. ``read`` = shredded + duplicate + quarantined."""

    shredded: list[Shredded] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    duplicate: int = 0

    @property
    def read(self) -> int:
        return len(self.shredded) + self.duplicate + len(self.quarantined)
