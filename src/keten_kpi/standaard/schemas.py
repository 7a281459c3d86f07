"""Which message types of which releases are known: schema folders in the package and added by the user."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import platformdirs

WETTEN = {"ijw": "Jw", "iwmo": "Wmo"}
# A retour repeats the header of the message it answers, so its sender stands there as Ontvanger (links.md, IV028).
RETOUR = frozenset({"302", "306", "308", "316", "318", "320"})
MANIFEST = "release.json"  # written by `keten-kpi schemas build` and `schemas add`


@dataclass(frozen=True, slots=True)
class Berichttype:
    """One message type of one release of one standard."""

    code: str  # "JW315"
    standaard: str  # "ijw"
    release: str  # "3.2"
    namespace: str
    root: str  # "Bericht"
    xsd: Path

    @property
    def wet(self) -> str:
        return WETTEN[self.standaard]

    @property
    def nummer(self) -> str:
        """The number without its wet: "315"."""
        return self.code[-3:]

    @property
    def is_retour(self) -> bool:
        return self.nummer in RETOUR


@dataclass(frozen=True)
class Release:
    """One schema folder: ``<standaard>/<release>/`` with its XSDs and its manifest."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text("utf-8"))
        return data

    @property
    def standaard(self) -> str:
        return str(self.manifest["standaard"])

    @property
    def release(self) -> str:
        return str(self.manifest["release"])

    @property
    def berichten(self) -> dict[str, dict[str, Any]]:
        """Per message type its namespace, root, xsd and shredding plan."""
        return dict(self.manifest["berichten"])

    def berichttypes(self) -> Iterator[Berichttype]:
        for code, facts in self.berichten.items():
            yield Berichttype(
                code=code,
                standaard=self.standaard,
                release=self.release,
                namespace=str(facts["namespace"]),
                root=str(facts["root"]),
                xsd=self.folder / str(facts["xsd"]),
            )


def package_schemas() -> Path:
    """The schemas that ship: inside the installed package, or at the top of a checkout."""
    inside = Path(__file__).parent.parent / "schemas"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "schemas"


def user_schemas() -> Path:
    """Where ``keten-kpi schemas add`` puts releases: ``KETEN_KPI_SCHEMAS``, or the user's data folder."""
    chosen = os.environ.get("KETEN_KPI_SCHEMAS")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("keten-kpi")) / "schemas"


def releases() -> list[Release]:
    """All known releases, the user's after the package's; one of the user's never replaces one that ships."""
    found: dict[tuple[str, str], Release] = {}
    for top in (package_schemas(), user_schemas()):
        for manifest in sorted(top.glob(f"*/*/{MANIFEST}")):
            release = Release(manifest.parent)
            found.setdefault((release.standaard, release.release), release)
    return list(found.values())
