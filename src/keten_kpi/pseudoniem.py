"""Pseudonyms of people: a keyed hash that nobody without the key can make or undo."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from keten_kpi.disk import sync
from keten_kpi.errors import KetenError, UsageError

KEY_VARIABLE = "KETEN_KPI_KEY"
_KEY_BITS = 256
_HEX = re.compile(r"[0-9a-fA-F]+")
_CODE = re.compile(r"[0-9A-Za-z]+")


@dataclass(frozen=True)
class Pseudonymiser:
    """Makes client_id from a BSN with HMAC-SHA-256.

    The key itself is used for nothing but deriving two others, so that the id that a database keeps of its key
    says nothing about the key that makes pseudonyms.
    """

    _client_key: bytes
    key_id: str  # 16 hex digits; safe to store

    @classmethod
    def from_key(cls, key: bytes, organisatie: str | None = None) -> Pseudonymiser:
        """The same key gives each organisation pseudonyms of its own, so that their databases cannot be joined."""
        domain = f"/organisatie/{organisatie}" if organisatie else ""
        uses = ("client", "key-id")
        derived = {use: hmac.digest(key, f"keten-kpi/{use}/v1{domain}".encode(), "sha256") for use in uses}
        return cls(derived["client"], derived["key-id"].hex()[:16])

    def client_id(self, bsn: str) -> bytes:
        """32 bytes that stand for the person with this BSN wherever the same key is used."""
        return _client_id(self._client_key, bsn)


@lru_cache(maxsize=1 << 16)
def _client_id(key: bytes, bsn: str) -> bytes:
    return hmac.digest(key, bsn.encode(), hashlib.sha256)


def _parse(text: str, where: str) -> bytes:
    digits = text.strip()
    if len(digits) * 4 < _KEY_BITS or len(digits) % 2 or not _HEX.fullmatch(digits):
        raise KetenError(
            f"The key in {where} is not a hexadecimal number of at least {_KEY_BITS} bits.",
            "Make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'",
        )
    return bytes.fromhex(digits)


def key_path(database: Path) -> Path:
    """The key file that belongs to a database when no other key is given."""
    return database.with_name(database.name + ".key")


def _make(path: Path) -> bytes:
    key = secrets.token_bytes(_KEY_BITS // 8)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)
    return key


def make_key(path: Path) -> Pseudonymiser:
    """Makes a key of 256 bits in a file of its owner's only.

    Raises:
        KetenError: there is such a file already, or it cannot be made.
    """
    try:
        return Pseudonymiser.from_key(_make(path))
    except FileExistsError:
        raise KetenError(f"{path} exists, and a key is never written over.", "Give another name.") from None
    except OSError:
        raise KetenError(f"No key file can be made at {path}.", "Check the permissions of that folder.") from None


def _read(path: Path) -> bytes:
    try:
        return _parse(path.read_text("ascii"), str(path))
    except (OSError, UnicodeDecodeError):
        raise KetenError(f"The key file {path} cannot be read.", "Check its name and its permissions.") from None


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key and where it came from; ``made`` when it was made just now, which the user should be told."""

    pseudonymiser: Pseudonymiser
    path: Path | None
    made: bool


def find_key(database: Path, key_file: Path | None = None, organisatie: str | None = None) -> FoundKey:
    """The key to pseudonymise with: ``--key-file``, else ``KETEN_KPI_KEY``, else the file beside the database.

    With none of these a key is made beside the database, readable by its owner only.

    Args:
        database: what the key is for.
        key_file: where the key is.
        organisatie: whose database it is; a key derived for it is used in the place of the key itself.

    Raises:
        UsageError: the organisation is no code.
        KetenError: the key is no hexadecimal number of at least 256 bits, or its file cannot be read or made.
    """
    if organisatie is not None and not _CODE.fullmatch(organisatie):
        raise UsageError("--organisatie is no code.", "Give letters and digits, such as the CBS code 0384.")
    key, path, made = _find(database, key_file)
    return FoundKey(Pseudonymiser.from_key(key, organisatie), path, made)


def _find(database: Path, key_file: Path | None) -> tuple[bytes, Path | None, bool]:
    """The key, where it is, and whether it was made just now."""
    if key_file is not None:
        return _read(key_file), key_file, False
    if given := os.environ.get(KEY_VARIABLE):
        return _parse(given, f"the variable {KEY_VARIABLE}"), None, False
    beside = key_path(database)
    if beside.exists():
        return _read(beside), beside, False
    if database.exists():
        raise KetenError(
            f"{database} exists, and the key that it was made with is not here.",
            f"Give it with {KEY_VARIABLE} or --key-file, or put {beside.name} back beside the database.",
        )
    try:
        return _make(beside), beside, True
    except OSError:
        raise KetenError(f"No key file can be made at {beside}.", "Check the permissions of that folder.") from None
