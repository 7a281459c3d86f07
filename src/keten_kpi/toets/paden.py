"""Where in a message a line or a date stands, from the mapping as it was compiled for the message's release."""

from __future__ import annotations

from functools import cache
from typing import Any

from keten_kpi.standaard.schemas import releases

NO_LINES = {"bericht", "retourcode"}


@cache
def _plan(berichttype: str, release: str) -> dict[str, Any]:
    """The compiled mapping of a message type; empty when the release is not known any more."""
    for known in releases():
        if known.release == release and berichttype in known.berichten:
            return known.berichten[berichttype]
    return {}


def _root(plan: dict[str, Any]) -> str:
    return f"/{plan['root']}"


def line_table(berichttype: str, release: str) -> str | None:
    """The table of ``bron`` that holds the lines of this type; None when it has none."""
    rows = _plan(berichttype, release).get("rijen", {})
    found = [
        (path.count("/"), path, table) for path, tables in rows.items() for table in tables if table not in NO_LINES
    ]
    return min(found)[2] if found else None


def line_path(berichttype: str, release: str) -> str | None:
    """The element that one line is, such as ``/Bericht/Client/AangevraagdeProducten/AangevraagdProduct``."""
    plan, table = _plan(berichttype, release), line_table(berichttype, release)
    paths = [path for path, tables in plan.get("rijen", {}).items() if table in tables and path]
    return f"{_root(plan)}/{min(paths)}" if paths else None


def column_path(berichttype: str, release: str, column: str) -> str | None:
    """The element that fills a column such as ``bericht.dagtekening``; None when the type has none."""
    plan = _plan(berichttype, release)
    for path, columns in plan.get("kolommen", {}).items():
        if column in columns:
            return f"{_root(plan)}/{path}"
    return None
