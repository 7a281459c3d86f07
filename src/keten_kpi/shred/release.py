"""Makes a folder of XSDs a release: finds its message types, compiles the mapping, writes the manifest."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from os.path import commonpath
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from keten_kpi.errors import KetenError, UsageError
from keten_kpi.shred.compile import NAMESPACE, Accounted, compile_message
from keten_kpi.standaard.schemas import MANIFEST, Release, package_schemas, releases, user_schemas

XS = "{http://www.w3.org/2001/XMLSchema}"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What came of building one release."""

    standaard: str
    release: str
    folder: Path
    berichten: tuple[str, ...]
    absent: tuple[str, ...]  # columns that no message of this release has an element for: NULL
    unnamed: tuple[str, ...]  # "JW301 Client/Nieuw": leaves outside the mapping: not stored


def _read(xsd: Path) -> ET.Element:
    try:
        return ET.parse(xsd).getroot()  # noqa: S314  # a schema that the user adds, not a message
    except (ET.ParseError, OSError):
        raise KetenError(f"{xsd} is not a readable XSD.", "Take the XSDs as iStandaarden publishes them.") from None


def _message_schemas(folder: Path) -> Iterator[tuple[str, str, str, Path]]:
    """Standard, release, message code and file of every message schema below ``folder``."""
    for xsd in sorted(folder.rglob("*.xsd")):
        found = NAMESPACE.fullmatch(_read(xsd).get("targetNamespace", ""))
        if found:
            standaard, release, code = found.groups()
            yield standaard, release.replace("_", "."), code.upper(), xsd


def _closure(xsd: Path, seen: set[Path]) -> set[Path]:
    """The schema and all that it includes and imports, by relative schemaLocation."""
    if xsd in seen:
        return seen
    seen.add(xsd)
    for child in _read(xsd):
        location = child.get("schemaLocation")
        if child.tag not in (f"{XS}include", f"{XS}import") or location is None:
            continue
        target = (xsd.parent / location).resolve()
        if "://" in location or not target.is_file():
            raise KetenError(
                f"{xsd} refers to {location}, which is not beside it.",
                "Put the base schema where the message schema looks.",
            )
        _closure(target, seen)
    return seen


def _absent(compiled: dict[str, Accounted]) -> tuple[str, ...]:
    """Columns that no message type fills in this release, though it has their table."""
    slots = [slot for found in compiled.values() for slots in found.plan["kolommen"].values() for slot in slots]
    filled = {slot.partition(":")[0] for slot in slots}
    missing = {column for found in compiled.values() for column in found.absent}
    return tuple(sorted(missing - filled))


def _types(compiled: dict[str, Accounted]) -> dict[str, Any]:
    """The simple types of all messages by name; those of the base schema are the same in each."""
    return {name: kind for found in compiled.values() for name, kind in sorted(found.types.items())}


def build_release(folder: Path) -> BuildReport:
    """Compiles the mapping against every message schema in ``folder`` and writes its manifest.

    Raises:
        KetenError: the folder holds no message schema, or more than one release, or one that the mapping does not fit.
    """
    found = list(_message_schemas(folder))
    kinds = {(standaard, release) for standaard, release, _, _ in found}
    if len(kinds) != 1:
        raise KetenError(f"{folder} holds {len(kinds)} releases of message schemas where one is expected.")
    ((standaard, release),) = kinds
    compiled = {code: compile_message(xsd, code) for _, _, code, xsd in found}
    manifest = {
        "standaard": standaard,
        "release": release,
        "typen": _types(compiled),
        "berichten": {
            code: {"xsd": xsd.relative_to(folder).as_posix(), **compiled[code].plan} for _, _, code, xsd in found
        },
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return BuildReport(
        standaard=standaard,
        release=release,
        folder=folder,
        berichten=tuple(compiled),
        absent=_absent(compiled),
        unnamed=tuple(f"{code} {path}" for code, result in compiled.items() for path in result.unnamed),
    )


def build_package_schemas() -> list[BuildReport]:
    """Builds every release that ships; run by ``make schemas`` after a change in a schema or in the mapping."""
    folders = sorted({xsd.parent for _, _, _, xsd in _message_schemas(package_schemas())})
    return [build_release(folder) for folder in folders]


def _install(standaard: str, release: str, schemas: list[Path], top: Path) -> BuildReport:
    files: set[Path] = set()
    for xsd in schemas:
        _closure(xsd.resolve(), files)
    base = Path(commonpath([file.parent for file in files]))
    target = top / standaard / release
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        staging = Path(made) / release
        for file in files:
            copy = staging / file.relative_to(base)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        report = build_release(staging)
        if target.exists():
            shutil.rmtree(target)
        staging.rename(target)
    return BuildReport(standaard, release, target, report.berichten, report.absent, report.unnamed)


def add_releases(folder: Path) -> list[BuildReport]:
    """Adds every release whose official XSDs lie in ``folder`` (recursive) to the user's schemas.

    Raises:
        UsageError: the folder holds no message schema of iJw or iWmo, or a release that ships with the package.
        KetenError: an XSD cannot be read, or the mapping does not fit it.
    """
    grouped: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for standaard, release, _, xsd in _message_schemas(folder):
        grouped[standaard, release].append(xsd)
    if not grouped:
        raise UsageError(
            f"{folder} holds no message schema of iJw or iWmo.",
            "Unpack the XSDs as iStandaarden publishes them and name that folder.",
        )
    shipped = {(r.standaard, r.release) for r in releases() if r.folder.is_relative_to(package_schemas())}
    for standaard, release in grouped.keys() & shipped:
        raise UsageError(
            f"{standaard} {release} ships with keten-kpi and cannot be replaced.", "Remove it from the folder."
        )
    top = user_schemas()
    return [_install(standaard, release, schemas, top) for (standaard, release), schemas in sorted(grouped.items())]


def known_releases() -> list[tuple[Release, bool]]:
    """Every known release, with whether it ships with the package."""
    return [(release, release.folder.is_relative_to(package_schemas())) for release in releases()]


def main() -> None:
    """Rebuilds the manifests of the package and says what they leave open."""
    for report in build_package_schemas():
        print(f"{report.standaard} {report.release}: {len(report.berichten)} message types")  # noqa: T201
        for path in report.unnamed:
            print(f"  not named by the mapping, not stored: {path}")  # noqa: T201


if __name__ == "__main__":
    main()
