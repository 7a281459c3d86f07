"""Writes a database anew without the messages, proves that they are gone, and puts it in the place of the old one."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from keten_kpi.database import Connection, attach, check_layout, connect, old_path, scalar
from keten_kpi.disk import sync
from keten_kpi.doctor import examine
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.forget.choose import Before, Wanted, choose, count_with_others
from keten_kpi.forget.wipe import keep_name, wipe, wipe_left, wipe_stand
from keten_kpi.load import FORGOTTEN, create_tables
from keten_kpi.shred.mapping import load_mapping

_NEW = "keten_kpi_nieuw"
_ADDED = ("codelijst", "productcode", "codelijst_lacune")  # of these a user's rows stay
_NOT_KEPT = ("publicatie", "opgeslagen_tot")  # the new database is published anew
Publish = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What would be forgotten."""

    messages: int
    with_others: int  # of these, how many name more than one client
    kept: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What was forgotten, and where it was looked for afterwards.

    ``needles`` are the ids of the messages and the pseudonyms of clients of whom no message is left; ``found_before``
    tells how many of them the same search found in the old file, ``found_after`` how many in the new one.
    """

    messages: int
    lines: int
    clients: int
    kept: int
    needles: int
    found_before: int
    found_after: int
    searched: int  # bytes
    is_whole: bool


def look_up(path: Path, wanted: Wanted) -> Found:
    """How many messages are wanted; changes nothing.

    Raises:
        UsageError: there is no such database.
        KetenError: it cannot be used, or was made with another key.
    """
    with connect(path) as con:
        check_layout(con, path)
        choose(con, wanted)
        messages = _count(con, "vergeten")
        return Found(messages, count_with_others(con), _count(con, "bron.bericht") - messages)


def forget(path: Path, wanted: Wanted, publish: Publish) -> Proof:
    """Rewrites the database without what is wanted; the old file is written over with zeros.

    Until the new file is proven the old one stays as it is, also after a crash. What an earlier run that was stopped
    left of the old file is written over first, and so are the cases that ``refresh`` keeps.

    Args:
        path: the database; no one else can read or write it meanwhile.
        wanted: which messages.
        publish: installs reference tables and views in a database.

    Raises:
        UsageError: there is no such database.
        KetenError: it cannot be used, holds tables of the user's own, or the new one is not whole.
    """
    if not path.exists():
        raise UsageError(f"There is no database {path}.", "Name one with --db.")
    part = path.with_name(path.name + ".vergeten")
    _remove(part)
    wipe_left(path)
    wipe_stand(path)
    try:
        with connect(path, write=True) as con:
            check_layout(con, path)
            _check_own(con)
            con.execute("CHECKPOINT")
            choose(con, wanted)
            needles = _needles(con)
            with attach(con, part, _NEW):
                proof = _copy(con, wanted, publish)
            return _replace(path, part, needles, proof)
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    for name in (part, part.with_name(part.name + ".wal")):
        name.unlink(missing_ok=True)


def _check_own(con: Connection) -> None:
    """What a user made of the messages may hold what must be forgotten, and we cannot know what."""
    found = con.execute(
        """SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_tables()
        WHERE database_name = current_database() AND NOT internal AND NOT temporary AND schema_name NOT IN
            ('bron', 'beheer', 'verkeer', 'kpi')
        UNION
        SELECT DISTINCT schema_name || '.' || view_name FROM duckdb_views()
        WHERE database_name = current_database() AND NOT internal AND NOT temporary AND schema_name NOT IN
            ('bron', 'beheer', 'verkeer', 'kpi')
        ORDER BY 1"""
    ).fetchall()
    if found:
        raise KetenError(
            f"The database holds tables or views of your own, which may hold what must be forgotten: "
            f"{', '.join(str(row[0]) for row in found)}.",
            "Keep what you need of them elsewhere and drop them first. Nothing was changed.",
        )


def _count(con: Connection, table: str) -> int:
    return int(str(scalar(con, f"SELECT count(*) FROM {table}")))


def _needles(con: Connection) -> list[tuple[bytes, ...]]:
    """What must not be found afterwards: ids of messages in each form, and pseudonyms of who is in no other message."""
    ids = con.execute(
        "SELECT CAST(b.bericht_id AS VARCHAR) FROM bron.bericht AS b SEMI JOIN vergeten USING (bericht_nr)"
    ).fetchall()
    left = " UNION ".join(
        f"SELECT client_nr FROM bron.{table.name} AS l ANTI JOIN vergeten USING (bericht_nr)"
        for table in load_mapping().tables
        if table.with_client
    )
    gone = con.execute(
        f"""SELECT DISTINCT client_id FROM bron.client
        WHERE client_id NOT IN (SELECT c.client_id FROM bron.client AS c SEMI JOIN ({left}) AS l USING (client_nr))"""
    ).fetchall()
    return [*(_forms(str(row[0])) for row in ids), *((row[0], row[0].hex().encode()) for row in gone)]


def _forms(uuid: str) -> tuple[bytes, ...]:
    """An id as text, as hexadecimal digits, and as DuckDB stores it."""
    digits = uuid.replace("-", "")
    return uuid.encode(), digits.encode(), (int(digits, 16) ^ (1 << 127)).to_bytes(16, "little")


def _copy(con: Connection, wanted: Wanted, publish: Publish) -> Proof:
    old = str(scalar(con, "SELECT current_database()")).replace('"', '""')
    messages, lines = _count(con, "vergeten"), 0
    con.execute(f"USE {_NEW}")
    try:
        create_tables(con)
        publish(con)
        for table in load_mapping().tables:
            lines += _copy_kept(con, f'"{old}".bron.{table.name}', f"bron.{table.name}")
        clients = _copy_clients(con, old)
        _copy_beheer(con, old, wanted, messages)
        for name in _ADDED:
            _copy_added(con, old, name)
        kept = _count(con, "bron.bericht")
    finally:
        con.execute(f'USE "{old}"')
    return Proof(messages, lines - messages, clients, kept, 0, 0, 0, 0, is_whole=False)


def _copy_kept(con: Connection, source: str, target: str) -> int:
    """Copies all rows but those of the messages that are wanted; how many stayed behind."""
    con.execute(f"INSERT INTO {target} SELECT s.* FROM {source} AS s ANTI JOIN temp.vergeten USING (bericht_nr)")
    return _count(con, source) - _count(con, target)


def _copy_clients(con: Connection, old: str) -> int:
    used = " UNION ".join(
        f"SELECT client_nr FROM bron.{table.name}" for table in load_mapping().tables if table.with_client
    )
    con.execute(
        f"""INSERT INTO bron.client
        SELECT c.* FROM "{old}".bron.client AS c SEMI JOIN ({used}) AS u USING (client_nr)"""
    )
    return _count(con, f'"{old}".bron.client') - _count(con, "bron.client")


def _copy_beheer(con: Connection, old: str, wanted: Wanted, messages: int) -> None:
    before = wanted.day if isinstance(wanted, Before) else None
    con.execute(f'INSERT INTO beheer.run SELECT * FROM "{old}".beheer.run')
    _copy_kept(con, f'"{old}".beheer.ontvangst', "beheer.ontvangst")
    con.execute(
        f"""INSERT INTO beheer.bestand
        SELECT b.* FROM "{old}".beheer.bestand AS b SEMI JOIN beheer.ontvangst AS o USING (bestand_nr)"""
    )
    con.execute(
        f"""INSERT INTO beheer.quarantaine
        SELECT q.* FROM "{old}".beheer.quarantaine AS q INNER JOIN beheer.run AS r USING (run_nr)
        WHERE ? IS NULL OR r.begonnen_tijdstip >= ?""",
        [before, before],
    )
    con.execute(
        f"""INSERT OR IGNORE INTO beheer.kenmerk
        SELECT * FROM "{old}".beheer.kenmerk WHERE NOT list_contains(?, naam)""",
        [[*_NOT_KEPT, FORGOTTEN]],
    )
    known = scalar(
        con, f"""SELECT max(CAST(waarde AS BIGINT)) FROM "{old}".beheer.kenmerk WHERE naam = '{FORGOTTEN}'"""
    )
    con.execute(
        "INSERT OR REPLACE INTO beheer.kenmerk VALUES (?, ?)", [FORGOTTEN, str(int(str(known or 0)) + messages)]
    )


def _copy_added(con: Connection, old: str, table: str) -> None:
    """Code lists that a user added; a database that was never published has none."""
    there = con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'verkeer' AND table_name = ?",
        [old.replace('""', '"'), table],
    ).fetchall()
    if there == [(1,)]:
        con.execute(f'INSERT INTO verkeer.{table} SELECT * FROM "{old}".verkeer.{table} WHERE is_toegevoegd')


def _replace(path: Path, part: Path, needles: list[tuple[bytes, ...]], proof: Proof) -> Proof:
    """Proves that the new file is whole and holds nothing of what was wanted; then it takes the old one's place."""
    whole = examine(part).is_whole
    before, after = _search(path, needles), _search(part, needles)
    found = Proof(
        proof.messages, proof.lines, proof.clients, proof.kept, len(needles), before, after, part.stat().st_size, whole
    )
    if after or not whole:
        raise KetenError(
            "The new database is not as it must be; the old one is left as it was.",
            "Run `keten-kpi doctor` on it, and report what it says.",
        )
    with path.open("r+b") as old:
        sync(part)
        keep_name(path)
        part.replace(path)
        sync(path.parent)  # or a power cut could bring the old name back to a file of zeros
        wipe(old.fileno())
    old_path(path).unlink(missing_ok=True)
    return found


def _search(path: Path, needles: Iterable[tuple[bytes, ...]]) -> int:
    """How many of these are in the file, byte for byte, in any of their forms."""
    with path.open("rb") as file, _mapped(file.fileno()) as content:
        return sum(any(content.find(form) >= 0 for form in forms) for forms in needles)


@contextmanager
def _mapped(handle: int) -> Iterator[mmap.mmap]:
    with mmap.mmap(handle, 0, access=mmap.ACCESS_READ) as content:
        yield content
