"""A batch on its way into the database: messages as tables, and what could not be loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

import polars as pl

from keten_kpi.envelope import Envelope
from keten_kpi.source import Fault, Origin
from keten_kpi.standaard.schemas import Berichttype

Receipt = tuple[Origin, Envelope | None]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One document that may not, with every fault found; ``sha256`` is None where it was not read whole."""

    origin: Origin
    sha256: str | None
    berichttype: Berichttype | None
    faults: Sequence[Fault]


@dataclass(slots=True)
class Batch:
    """What is written at once. ``read`` = loaded + duplicate + quarantined.

    All from one that ``begins`` to one that ``ends`` are committed together.

    ``tables`` are frames as a Portion makes them: messages and clients are numbered from 0 within the batch.
    ``receipts`` has one per message, in that order. ``again`` counts, per reason, what was quarantined before and came
    again in a file that is known.
    """

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    duplicate: int = 0
    again: Counter[str] = field(default_factory=Counter)
    begins: bool = True
    ends: bool = True

    def drop(self, known: Collection[str]) -> None:
        """Takes out the messages with these bericht_ids (32 hex digits): they are in the database."""
        refused = [item for item in self.quarantined if item.sha256 is None or item.sha256[:32] not in known]
        kept = [True] * self.loaded
        if "bericht" in self.tables:
            ids = self.tables["bericht"].sort("bericht_nr")["bericht_id"]
            kept = (~ids.is_in(list(known))).to_list()
            self.tables = keep_messages(self.tables, kept)
        self.duplicate += kept.count(False) + len(self.quarantined) - len(refused)
        self.receipts = list(compress(self.receipts, kept))
        self.quarantined = refused

    def ids(self) -> list[str]:
        """The bericht_ids (32 hex digits) of all that was read whole, loaded or not."""
        loaded = self.tables["bericht"]["bericht_id"].to_list() if "bericht" in self.tables else []
        return [*loaded, *(item.sha256[:32] for item in self.quarantined if item.sha256)]

    @property
    def loaded(self) -> int:
        return len(self.receipts)

    @property
    def refused(self) -> int:
        return len(self.quarantined) + self.again.total()

    @property
    def read(self) -> int:
        return self.loaded + self.duplicate + self.refused


def keep_messages(tables: Mapping[str, pl.DataFrame], kept: Sequence[bool]) -> dict[str, pl.DataFrame]:
    """The tables of a batch or portion with these of its messages only, and with who they are about."""
    keep = pl.Series(kept, dtype=pl.Boolean)
    number, of_bericht = keep.cum_sum().cast(pl.Int64) - 1, pl.col("bericht_nr")
    found = {
        name: rows.filter(pl.lit(keep).gather(of_bericht)).with_columns(
            pl.lit(number).gather(of_bericht).alias("bericht_nr")
        )
        for name, rows in tables.items()
        if name != "client"
    }
    named = set[int | None]().union(*(rows["client_nr"] for rows in found.values() if "client_nr" in rows.columns))
    return {"client": tables["client"].filter(pl.col("client_nr").is_in(list(named))), **found}


@dataclass(slots=True)
class Gathering:
    """A batch that portions are still added to, in the order in which their messages were read."""

    batch: Batch = field(default_factory=Batch)
    _portions: list[tuple[int, int, dict[str, pl.DataFrame]]] = field(default_factory=list)
    _clients: int = 0

    def add(self, frames: dict[str, pl.DataFrame]) -> None:
        """The tables of one portion; call it before the portion's receipts are added."""
        if frames:
            self._portions.append((self.batch.loaded, self._clients, frames))
            numbers = frames["client"]["client_nr"]  # some may have been dropped
            self._clients += numbers[-1] + 1 if len(numbers) else 0

    def whole(self) -> Batch:
        """The batch with the tables of all portions put together."""
        names = dict.fromkeys(name for _, _, frames in self._portions for name in frames)
        for name in names:
            parts = [
                _shifted(frames[name], first, client) for first, client, frames in self._portions if name in frames
            ]
            keys = ["client_nr"] if name == "client" else ["bericht_nr", "regel_nr"]
            self.batch.tables[name] = pl.concat(parts).sort([key for key in keys if key in parts[0].columns])
        self._portions.clear()
        return self.batch


def _shifted(frame: pl.DataFrame, first: int, client: int) -> pl.DataFrame:
    """The frame with its messages numbered from ``first`` and its clients from ``client``."""
    by = {"bericht_nr": first, "client_nr": client}
    return frame.with_columns(pl.col(name) + add for name, add in by.items() if name in frame.columns)
