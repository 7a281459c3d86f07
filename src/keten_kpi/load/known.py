"""Whole files that were read before, as the database keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keten_kpi.load.insert import transaction

if TYPE_CHECKING:
    from keten_kpi.database import Connection


@dataclass(frozen=True, slots=True)
class KnownFile:
    """One file by its bytes, and what its messages came to: per reason of quarantine, and "" for those loaded."""

    sha256: str
    size: int
    outcomes: Mapping[str, int]


def known_files(con: Connection, judged: str) -> list[KnownFile]:
    """The files of which the messages were judged in this way; what is known of others is dropped."""
    con.execute("DELETE FROM beheer.gelezen_bestand WHERE grondslag <> ?", [judged])
    found: dict[tuple[str, int], dict[str, int]] = {}
    for sha256, size, reason, number in con.execute(
        "SELECT sha256, grootte, coalesce(reden, ''), aantal FROM beheer.gelezen_bestand"
    ).fetchall():
        found.setdefault((sha256, size), {})[reason] = number
    return [KnownFile(sha256, size, outcomes) for (sha256, size), outcomes in found.items()]


def keep_files(con: Connection, files: Iterable[KnownFile], judged: str) -> None:
    """These are known from now on."""
    with transaction(con):
        for file in files:
            con.execute("DELETE FROM beheer.gelezen_bestand WHERE sha256 = ?", [file.sha256])
            for reason, number in file.outcomes.items():
                con.execute(
                    "INSERT INTO beheer.gelezen_bestand VALUES (?, ?, ?, ?, ?)",
                    [file.sha256, file.size, judged, reason or None, number],
                )
