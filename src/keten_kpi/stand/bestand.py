"""The file beside a database that holds the cases of every KPI, and what they were made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from keten_kpi.database import DatabaseError, attach_reading, connect, scalar, stand_path
from keten_kpi.errors import KetenError
from keten_kpi.kpi import Kpi, Selection, Telling, as_of, list_kpis, make_counts, mend_counts
from keten_kpi.stand.bijwerken import HASH, Wijziging, work_out_changes, write_changes
from keten_kpi.stand.deel import BERICHTEN, number_all, read_lopend, read_rules, read_sleutels

if TYPE_CHECKING:
    from keten_kpi.database import Connection

Tellingen = Mapping[str, Sequence[Telling]]  # of each KPI, by its id
LISTS = ("codelijst", "productcode", "codelijst_lacune")  # what a user may add to


@dataclass(frozen=True, slots=True)
class Grondslag:
    """What a stand was made of; its cases are those of ``dag``.

    ``berichten`` stands for the messages up to ``tot``, the last bericht_nr, and ``lijsten`` for the code lists.
    """

    uitgave: str
    lijsten: str
    berichten: str
    tot: int
    dag: date


@dataclass(frozen=True, slots=True)
class Stand:
    """What ``bring_up`` did: ``wijze`` is none (there is no message), made, mended or unchanged.

    ``wijzigingen`` tells of each KPI that was mended how many rows went and came; ``reden`` why one that was there was
    made anew, and ``fout`` that it was a fault: in the file, or in what mends it.
    """

    wijze: str
    wijzigingen: tuple[Wijziging, ...] = ()
    reden: str | None = None
    fout: bool = False


def bring_up(db: Path, uitgave: str, *, tellingen: Tellingen | None = None, vandaag: date | None = None) -> Stand:
    """Makes the stand of a database hold its cases as of now: mended where that can be, else made anew.

    Args:
        db: a published database with its stored views; nobody writes to it meanwhile.
        uitgave: stands for the SQL and the lists that are installed in it.
        tellingen: what is counted of the cases of each KPI, and kept beside them.
        vandaag: the day of the run, when it is not today.
    """
    path, gewenst = stand_path(db), _Gewenst(uitgave, tellingen or {})
    reden, fout = None, False
    if path.exists():
        try:
            found = _bring_up_to_date(db, gewenst, vandaag)
        except (DatabaseError, KetenError) as error:  # it holds nothing that cannot be made anew
            reden, fout = type(error).__name__, True  # not its text: that may quote a value
        else:
            if isinstance(found, Stand):
                return found
            reden = found
    remove(path)
    return replace(_make(db, gewenst, vandaag), reden=reden, fout=fout)


@dataclass(frozen=True, slots=True)
class _Gewenst:
    """What a stand must be made by, and of."""

    uitgave: str
    tellingen: Tellingen

    def of(self, kpi: Kpi) -> Sequence[Telling]:
        return self.tellingen.get(kpi.id, ())

    @property
    def mark(self) -> str:
        """Stands for all of it: what was made or mended in another way is made anew."""
        marks = "\x00".join(telling.mark for kpi in sorted(self.tellingen) for telling in self.tellingen[kpi])
        return f"{self.uitgave} {HASH} {_rules()} {sha256(marks.encode()).hexdigest()}"


def remove(path: Path) -> None:
    for name in (path, path.with_name(path.name + ".wal")):
        name.unlink(missing_ok=True)


@contextmanager
def _opened(db: Path, vandaag: date | None) -> Iterator[tuple[Connection, str, date | None]]:
    """A connection that writes the stand and reads the database, in which names are looked up, as of now.

    With it the name of the stand in SQL, and the day up to which traffic is known.
    """
    with connect(stand_path(db), write=True) as con:
        con.execute("RESET memory_limit")  # nobody else is at work
        own = f'"{scalar(con, "SELECT current_database()")}"'
        with attach_reading(con, db, BERICHTEN):
            con.execute(f"USE {BERICHTEN}")
            try:
                with as_of(con, Selection(), vandaag) as day:
                    yield con, own, day
            finally:
                con.execute(f"USE {own}")


def _sum(row: str) -> str:
    """Stands for all rows of a table. Hashed twice: hashed once, rows that swap their values come to the same."""
    return f"count(*) || ' ' || coalesce(bit_xor(hash(hash({row}))), 0)"


def _messages_up_to(con: Connection, tot: int) -> str:
    return str(scalar(con, f"SELECT {_sum('bericht_nr, bericht_id')} FROM bron.bericht WHERE bericht_nr <= ?", [tot]))


def _lists(con: Connection) -> str:
    sums = (scalar(con, f"SELECT {_sum('lijst')} FROM verkeer.{name} AS lijst") for name in LISTS)
    return ", ".join(map(str, sums))


@cache
def _rules() -> str:
    """A hash of how cases are mended: what was mended in another way is made anew. DuckDB's `hash` is its version's."""
    queries = [*read_rules(), *read_sleutels()]
    parts = [version("duckdb"), *(query.name + query.select for query in queries), read_lopend()]
    parts += [f"{kpi.id} {kpi.bijwerken}" for kpi in list_kpis()]
    return sha256("\x00".join(parts).encode()).hexdigest()


def _now(con: Connection, gewenst: _Gewenst, dag: date) -> Grondslag:
    tot = int(str(scalar(con, "SELECT coalesce(max(bericht_nr), 0) FROM bron.bericht")))
    return Grondslag(gewenst.mark, _lists(con), _messages_up_to(con, tot), tot, dag)


def _made_of(con: Connection, own: str) -> Grondslag | None:
    """None when the stand was never finished."""
    if not scalar(con, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'stand' AND table_name = 'grondslag'"):
        return None
    rows = con.execute(f"SELECT uitgave, lijsten, berichten, tot, dag FROM {own}.stand.grondslag").fetchall()
    return Grondslag(*rows[0]) if rows else None


def read_dag(con: Connection, own: str) -> date | None:
    """The day of the stand that is attached under this name."""
    made_of = _made_of(con, own)
    return made_of.dag if made_of else None


def _why_not(con: Connection, old: Grondslag, new: Grondslag) -> str | None:
    """Why cases made of one cannot be mended to be of the other; None when they can."""
    if old.uitgave != new.uitgave:
        return "another version"
    if old.lijsten != new.lijsten:
        return "other code lists"
    if old.dag > new.dag:
        return "an earlier day"
    return None if old.berichten == _messages_up_to(con, old.tot) else "messages that it knows are gone"


def _bring_up_to_date(db: Path, gewenst: _Gewenst, vandaag: date | None) -> Stand | str:
    """What was done, or why the stand must be made anew."""
    with _opened(db, vandaag) as (con, own, day):
        old = _made_of(con, own)
        if day is None:
            return "no messages"
        if old is None or not _is_whole(con, own, stand_path(db)):
            return "not whole"
        new = _now(con, gewenst, day)
        if old == new:
            return Stand("unchanged")
        if why := _why_not(con, old, new):
            return why
        changes = work_out_changes(con, own, old.tot, old.dag)
        with _whole(con):
            write_changes(con, own, changes)
            for change in changes:
                _mend_counts(con, own, change, gewenst.of(change.kpi))
            _write_grondslag(con, own, new)
        con.execute(f"CHECKPOINT {own}")
        return Stand("mended", changes)


def _is_whole(con: Connection, own: str, path: Path) -> bool:
    """DuckDB opens a file that was cut short, and fails where it reads what is gone."""
    query = "SELECT block_size * total_blocks FROM pragma_database_size() WHERE database_name = ?"
    size = scalar(con, query, [own.strip('"')])
    return path.stat().st_size >= int(str(size))


@contextmanager
def _whole(con: Connection) -> Iterator[None]:
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _mend_counts(con: Connection, own: str, change: Wijziging, tellingen: Sequence[Telling]) -> None:
    if change.weg or change.bij:
        name = change.kpi.name
        for telling in tellingen:
            mend_counts(con, telling, f"temp.weg_{name}", f"temp.bij_{name}", f"{own}.tellingen")


def _make(db: Path, gewenst: _Gewenst, vandaag: date | None) -> Stand:
    with _opened(db, vandaag) as (con, own, day):
        if day is not None:
            for schema in ("gevallen", "tellingen", "stand"):
                con.execute(f"CREATE SCHEMA {own}.{schema}")
            for kpi in list_kpis():
                cases = f"{own}.gevallen.{kpi.name}"
                con.execute(f"CREATE TABLE {cases} AS SELECT *, hash(geval_id) AS {HASH} FROM {kpi.view}")
                for telling in gewenst.of(kpi):
                    make_counts(con, telling, cases, f"{own}.tellingen")
            number_all(con, own)
            columns = "uitgave VARCHAR, lijsten VARCHAR, berichten VARCHAR, tot BIGINT, dag DATE"
            con.execute(f"CREATE TABLE {own}.stand.grondslag ({columns})")
            _write_grondslag(con, own, _now(con, gewenst, day))
            return Stand("made")
    remove(stand_path(db))
    return Stand("none")


def _write_grondslag(con: Connection, own: str, grondslag: Grondslag) -> None:
    con.execute(f"DELETE FROM {own}.stand.grondslag")
    con.execute(f"INSERT INTO {own}.stand.grondslag VALUES (?, ?, ?, ?, ?)", list(astuple(grondslag)))
