"""Takes the transport envelope off: StUF-GGk (bare or in SOAP) and VECOZO's SOAP."""

from keten_kpi.envelope.bericht import Bericht, Envelope
from keten_kpi.envelope.unwrap import unwrap, unwrap_all

__all__ = ["Bericht", "Envelope", "unwrap", "unwrap_all"]
