"""One run of the left half, for the benchmark: ``python -m benchmarks.one_ingest SOURCE DB WORKERS``."""

from __future__ import annotations

import sys
from pathlib import Path

from keten_kpi.ingest import Options, ingest

if __name__ == "__main__":
    source, db, workers = sys.argv[1:]
    ingest([source], Path(db), options=Options(workers=int(workers)))
