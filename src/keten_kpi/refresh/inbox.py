"""What lies in the inbox, and where it goes when it was read."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from keten_kpi.errors import KetenError, UsageError

UNFINISHED = (".part", ".tmp", ".filepart")  # names that programs give to what they are still writing


def _is_ready(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.suffix not in UNFINISHED


def _found(top: Path, entry: str) -> Iterator[Path]:
    whole = top / entry
    if whole.is_dir():
        yield from whole.rglob("*")
    elif whole.exists():
        yield whole
    elif any(sign in entry for sign in "*?["):
        anchor = Path(whole.anchor)
        yield from anchor.glob(str(whole.relative_to(anchor)))
    else:
        raise UsageError(f"The inbox {whole} does not exist.", "Make it, or change inbox in the config.")


def list_inbox(top: Path, entries: Iterable[str]) -> list[Path]:
    """The files that are ready to be read, sorted; not what is hidden or still being written.

    Raises:
        UsageError: a folder or file that is named does not exist.
    """
    return sorted({path for entry in entries for path in _found(top, entry) if _is_ready(path)})


def _free(target: Path) -> Path:
    """A name that nothing has: the same, or with a number."""
    number, free = 0, target
    while free.exists():
        number += 1
        free = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return free


def archive_files(files: Iterable[Path], archive: Path) -> None:
    """Moves files; nothing in the archive is overwritten.

    Raises:
        KetenError: a file cannot be moved; it is where it was.
    """
    for path in files:
        try:
            archive.mkdir(parents=True, exist_ok=True)
            shutil.move(path, _free(archive / path.name))
        except OSError as error:
            raise KetenError(f"{path} cannot be moved to {archive}: {error.strerror}.", "It is still there.") from None
