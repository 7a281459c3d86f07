"""The audit trail: one JSON object per line, each with the hash of all before it."""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from keten_kpi.errors import KetenError

PLACE_VARIABLE = "KETEN_KPI_AUDIT"
BEHALF_VARIABLE = "KETEN_KPI_NAMENS"
START = "0" * 64  # what the first line has before it
_OTHERS = 0o077
_TAIL = 64 * 1024  # bytes; far more than a line


@dataclass(frozen=True, slots=True)
class Entry:
    """One reading of cases."""

    tijdstip: str  # UTC
    wie: str  # account on this machine
    namens: str | None  # on whose behalf, as KETEN_KPI_NAMENS says
    opdracht: str  # the command
    database: str
    selectie: Mapping[str, str]
    aantal_rijen: int


@dataclass(frozen=True, slots=True)
class Chain:
    """What the log holds, up to the first line that does not follow from those before it: ``broken``, from 1."""

    entries: tuple[Entry, ...]
    hashes: tuple[str, ...]
    broken: int | None

    @property
    def head(self) -> str:
        return self.hashes[-1] if self.hashes else START


def audit_path(database: Path) -> Path:
    """Where readings of this database are recorded: ``KETEN_KPI_AUDIT``, else beside it."""
    chosen = os.environ.get(PLACE_VARIABLE)
    return Path(chosen) if chosen else database.with_name(database.name + ".audit.jsonl")


def record(database: Path, command: str, selection: Mapping[str, object], rows: int) -> None:
    """Adds one line, on disk when this returns; call it before the cases are shown.

    What this process writes from then on, such as the cases themselves, is for its owner only.

    Raises:
        KetenError: it cannot be recorded, and so the cases may not be shown.
    """
    entry = Entry(
        tijdstip=datetime.now(UTC).isoformat(timespec="seconds"),
        wie=_account(),
        namens=os.environ.get(BEHALF_VARIABLE) or None,
        opdracht=command,
        database=str(database.resolve()),
        selectie={name: str(value) for name, value in selection.items() if value not in (None, False, "")},
        aantal_rijen=rows,
    )
    os.umask(_OTHERS)
    path = audit_path(database)
    try:
        with _locked(path) as file:
            file.write(_line(entry, _head(file)))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise KetenError(
            f"That these cases are read cannot be recorded in {path}: {error.strerror}; nothing is shown.",
            f"Make that file writable for you, or name another with {PLACE_VARIABLE}.",
        ) from None


def check_chain(path: Path) -> Chain:
    """Reads the whole log and follows its hashes.

    Raises:
        KetenError: it cannot be read.
    """
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise KetenError(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from None
    entries: list[Entry] = []
    hashes = [START]
    broken = None
    for number, line in enumerate(lines, start=1):
        found = _follow(line, hashes[-1])
        if found is None:
            broken = number
            break
        entries.append(found[0])
        hashes.append(found[1])
    return Chain(tuple(entries), tuple(hashes[1:]), broken)


def _follow(line: bytes, before: str) -> tuple[Entry, str] | None:
    """The entry and the hash of a line, or None when it does not follow from the hash before it."""
    try:
        raw = json.loads(line)
        told = raw.pop("hash")
        entry = Entry(**raw)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return (entry, told) if told == _hash(entry, before) else None


def _account() -> str:
    """The account that runs this; of a command by sudo also who gave it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid {os.getuid()}"
    given = os.environ.get("SUDO_USER")
    return f"{name} (sudo: {given})" if given and given != name else name


def _plain(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in Entry.__dataclass_fields__}


def _hash(entry: Entry, before: str) -> str:
    text = json.dumps(_plain(entry), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def _line(entry: Entry, before: str) -> bytes:
    return (json.dumps({**_plain(entry), "hash": _hash(entry, before)}, ensure_ascii=False) + "\n").encode()


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    """The log, opened to be added to by one process at a time; made for its owner only."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _head(file: IO[bytes]) -> str:
    """The hash of the last line, with the file at its end.

    A line that was cut short is taken away: it was never confirmed, so nothing was shown for it.
    """
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _TAIL)
    file.seek(start)
    tail = file.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    file.truncate(start + len(whole))
    file.seek(0, os.SEEK_END)
    lines = whole.splitlines()
    if not lines:
        return START
    try:
        return str(json.loads(lines[-1])["hash"])
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(lines[-1]).hexdigest()  # not ours: the break stays visible, and new lines follow it
