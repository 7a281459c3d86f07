"""What one run came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from keten_kpi.load import Batch
from keten_kpi.standaard.schemas import RETOUR, WETTEN

_STANDAARD = {wet: standaard for standaard, wet in WETTEN.items()}


def _no_messages() -> dict[str, int]:
    return {"fast": 0, "libxml2": 0, "audited": 0}


@dataclass(slots=True)
class Summary:
    """What one run came to. ``read`` = loaded + duplicate + quarantined, always."""

    database: str = ""
    run_nr: int = 0
    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    quarantined: int = 0
    per_type: Counter[str] = field(default_factory=Counter)  # loaded messages
    per_release: Counter[str] = field(default_factory=Counter)  # loaded messages, "ijw 3.2"
    per_afzender: Counter[str] = field(default_factory=Counter)  # loaded messages, by who really sent them
    per_reden: Counter[str] = field(default_factory=Counter)  # quarantined
    engine: dict[str, int] = field(default_factory=_no_messages)  # judged messages, by which engine
    workers: int = 1  # processes, the one that reads and writes included
    seconds: float = 0.0
    key_made: str | None = None  # path of the key file when this run made it

    def add(self, batch: Batch) -> None:
        """Counts a batch that was written."""
        self.read += batch.read
        self.loaded += batch.loaded
        self.duplicate += batch.duplicate
        self.quarantined += batch.refused
        self.per_reden.update(batch.again)
        self.per_reden.update(item.faults[0].reason.value for item in batch.quarantined)
        if batch.loaded:
            self._add_berichten(batch.tables["bericht"])

    def take(self, other: Summary) -> None:
        """Adds what another one counted of batches."""
        self.read += other.read
        self.loaded += other.loaded
        self.duplicate += other.duplicate
        self.quarantined += other.quarantined
        self.per_type += other.per_type
        self.per_release += other.per_release
        self.per_afzender += other.per_afzender
        self.per_reden += other.per_reden

    def add_engine(self, counts: Mapping[str, int]) -> None:
        for name, number in counts.items():
            self.engine[name] += number

    def _add_berichten(self, berichten: pl.DataFrame) -> None:
        for code, wet, release, number in berichten.group_by("berichttype", "wet", "release").len().iter_rows():
            self.per_type[code] += number
            self.per_release[f"{_STANDAARD[wet]} {release}"] += number
        for sender, number in berichten.group_by(_sender().alias("zender")).len().iter_rows():
            self.per_afzender[str(sender)] += number


Progress = Callable[[Summary], None]


def _sender() -> pl.Expr:
    """Who sent it: of a retour the header is that of the heenbericht; a 303 or 304 names gemeente and aanbieder."""
    nummer = pl.col("berichttype").str.slice(-3)
    other = pl.when(nummer == "304").then(pl.col("gemeente")).otherwise(pl.col("aanbieder"))
    heen = pl.coalesce(pl.col("afzender"), other)
    return pl.when(nummer.is_in(sorted(RETOUR))).then(pl.col("ontvanger")).otherwise(heen)
