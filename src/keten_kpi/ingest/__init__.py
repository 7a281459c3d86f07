"""The composition of the left half: from sources to a loaded database, in one process or several."""

from keten_kpi.ingest.engine import EngineKind
from keten_kpi.ingest.run import Options, ingest, judge, known_types
from keten_kpi.ingest.summary import Progress, Summary

__all__ = ["EngineKind", "Options", "Progress", "Summary", "ingest", "judge", "known_types"]
