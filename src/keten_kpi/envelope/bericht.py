"""What the envelope room hands on: the bytes of one message and what its envelope said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from keten_kpi.source import Fault, Origin


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is kept of a transport envelope: no person, no payload.

    ``tijdstip`` is local Dutch time without zone (StUF ``tijdstipBericht``); VECOZO's SOAP holds none.
    """

    soort: str  # "stuf-ggk" or "vecozo"
    tijdstip: datetime | None
    zender: str | None
    ontvanger: str | None
    referentie: str | None


class Bericht(NamedTuple):
    """One message as bytes. Exactly one of ``content`` and ``fault`` is set."""

    origin: Origin
    content: bytes | None = None
    envelope: Envelope | None = None
    fault: Fault | None = None
