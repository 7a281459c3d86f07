"""What lies in the inbox, and where it goes when it was read."""

from __future__ import annotations

import errno
import filecmp
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from keten_kpi.disk import sync
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


Stamp = tuple[int, int]


def stamp_files(files: Iterable[Path]) -> dict[Path, Stamp]:
    """Size and time of each, by which a file that changed is told; a file that is gone by now is left out."""
    found = {}
    for path in files:
        with suppress(FileNotFoundError):
            facts = path.stat()
            found[path] = (facts.st_size, facts.st_mtime_ns)
    return found


def _place(path: Path, archive: Path) -> Path:
    """Where it goes: a name that nothing has, or that has these very bytes already, of a run that was killed."""
    number, place = 0, archive / path.name
    while place.exists() and not filecmp.cmp(path, place, shallow=False):
        number += 1
        place = archive / f"{path.stem}-{number}{path.suffix}"
    return place


def _move(path: Path, place: Path) -> None:
    """Moves a file, also to another disk: under its name there it is whole, or not there, and here until then."""
    try:
        path.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = place.with_name(f".{place.name}.part")
        shutil.copy2(path, part)
        sync(part)
        part.replace(place)
        sync(place.parent)
        path.unlink()


def archive_files(files: Mapping[Path, Stamp], archive: Path) -> list[Path]:
    """Moves files that are as they were; nothing in the archive is overwritten. Returns those that changed meanwhile.

    Raises:
        KetenError: a file cannot be moved; it is where it was.
    """
    now = stamp_files(files)
    for path in now:
        if now[path] != files[path]:
            continue
        try:
            archive.mkdir(parents=True, exist_ok=True)
            _move(path, _place(path, archive))
        except OSError as error:
            raise KetenError(f"{path} cannot be moved to {archive}: {error.strerror}.", "It is still there.") from None
    return [path for path in now if now[path] != files[path]]
