"""Does the message traffic between gemeenten and aanbieders do what was agreed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from keten_kpi.python import Keten

__all__ = ["__version__", "open"]
__version__: str


if not TYPE_CHECKING:  # else every name would be one of this package

    def __getattr__(name: str) -> str:
        """``__version__``, when it is asked for: reading what is installed would cost every command its time."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import version

        return version("keten-kpi")


def open(path: str | Path) -> Keten:  # noqa: A001 - read as keten_kpi.open
    """The database in this file, as ``keten-kpi ingest`` made it, open for reading.

    Raises:
        UsageError: there is no such database.
        KetenError: another process writes to it.
    """
    from keten_kpi.python import Keten

    return Keten(path)
