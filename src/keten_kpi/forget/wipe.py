"""Writes the file of an old database over with zeros, also when an earlier run was stopped before it did."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from keten_kpi.database import old_path, stand_path

_PIECE = 1 << 20


def keep_name(path: Path) -> None:
    """Gives the database's file a second name, so that a run that is stopped leaves something to write over.

    On a file system without second names it has none, and is written over all the same.
    """
    with suppress(OSError):
        os.link(path, old_path(path))


def wipe_left(path: Path) -> bool:
    """Writes over what a run that was stopped left beside this database; False when there is nothing.

    Raises:
        OSError: it cannot be written to.
    """
    left = old_path(path)
    if not left.exists():
        return False
    is_old = not (path.exists() and left.samefile(path))  # else the run was stopped before the new one came
    if is_old:
        with left.open("r+b") as file:
            wipe(file.fileno())
    left.unlink()
    return is_old


def wipe_stand(path: Path) -> None:
    """Writes over the cases that were kept of this database: the next refresh makes them anew, of what there is then.

    Raises:
        OSError: they cannot be written to.
    """
    stand = stand_path(path)
    for kept in (stand, stand.with_name(stand.name + ".wal")):
        if kept.exists():
            with kept.open("r+b") as file:
                wipe(file.fileno())
            kept.unlink()


def wipe(handle: int) -> None:
    """Writes a file over with zeros; returns when they are on disk."""
    size = os.fstat(handle).st_size
    os.lseek(handle, 0, os.SEEK_SET)
    for at in range(0, size, _PIECE):
        os.write(handle, bytes(min(_PIECE, size - at)))
    os.fsync(handle)
