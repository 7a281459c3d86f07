"""Does the message traffic between gemeenten and aanbieders do what was agreed?"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from keten_kpi.python import Keten

__all__ = ["__version__", "open"]
__version__ = version("keten-kpi")


def open(path: str | Path) -> Keten:  # noqa: A001 - read as keten_kpi.open
    """The database in this file, as ``keten-kpi ingest`` made it, open for reading.

    Raises:
        UsageError: there is no such database.
        KetenError: another process writes to it.
    """
    from keten_kpi.python import Keten

    return Keten(path)
