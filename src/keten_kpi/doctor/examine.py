"""Examines a database, read only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keten_kpi.database import Connection, check_layout, connect, old_path, scalar, stand_path
from keten_kpi.doctor.questions import questions
from keten_kpi.pseudoniem import key_path
from keten_kpi.shred.mapping import load_mapping
from keten_kpi.standaard.schemas import releases

_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question; ``wrong`` counts what is not as it must be."""

    name: str
    sentence: str
    wrong: int


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, and what the database was made with. ``notes`` are no faults, but worth knowing."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    properties: dict[str, str]
    messages: dict[str, int]  # "ijw 3.2 JW301": how many
    lists: tuple[dict[str, object], ...]

    @property
    def is_whole(self) -> bool:
        return not any(finding.wrong for finding in self.findings)


def examine(path: Path) -> Examination:
    """Asks all questions; changes nothing.

    Raises:
        UsageError: there is no such database.
        KetenError: it is no database of keten-kpi, of another layout, or another process writes to it.
    """
    with connect(path) as con:
        check_layout(con, path)
        findings = [_columns(con), *_answers(con)]
        return Examination(
            findings=tuple(findings),
            notes=(*_notes(con), *_files(path)),
            properties=dict(con.execute("SELECT naam, waarde FROM beheer.kenmerk ORDER BY naam").fetchall()),
            messages=_messages(con),
            lists=_lists(con),
        )


def _columns(con: Connection) -> Finding:
    """The tables of messages have the columns that the mapping gives them, in that order."""
    found = con.execute(
        """SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = 'bron' GROUP BY table_name"""
    ).fetchall()
    there = {str(table): list(columns) for table, columns in found}
    wanted = {
        table.name: [*(name for name, _ in table.key_columns), *(column.name for column in table.columns)]
        for table in load_mapping().tables
    }
    wrong = sum(there.get(name) != columns for name, columns in wanted.items())
    return Finding("columns", "Every table of messages has the columns of this version.", wrong)


def _answers(con: Connection) -> Iterator[Finding]:
    for question in questions():
        yield Finding(question.name, question.sentence, int(str(scalar(con, question.query) or 0)))


def _notes(con: Connection) -> Iterator[str]:
    stopped = con.execute("SELECT count(*) FROM beheer.run WHERE status <> 'klaar'").fetchall()[0][0]
    if stopped:
        yield f"{stopped} runs of ingest did not reach their end; what they had committed counts."
    known = {f"{r.standaard} {r.release} {code}" for r in releases() for code in r.berichten}
    for kind in _messages(con).keys() - known:
        yield f"No schema is at hand any more for {kind}, of which messages were loaded."


def _files(path: Path) -> Iterator[str]:
    for file in (path, key_path(path), stand_path(path)):
        if file.exists() and file.stat().st_mode & _OTHERS:
            yield f"{file} can be read by others: chmod 600 keeps them out."
    if key_path(path).exists():
        yield f"The key lies beside the database: keep {key_path(path).name} where a copy of the database does not go."
    if path.with_name(path.name + ".wal").exists():
        yield "A WAL lies beside the database: a run was cut short. The next command that writes takes it in."
    if old_path(path).exists():
        yield f"{old_path(path).name} is what `keten-kpi forget`, stopped halfway, left: run it again to wipe it."


def _messages(con: Connection) -> dict[str, int]:
    found = con.execute(
        """SELECT CASE wet WHEN 'Jw' THEN 'ijw' ELSE 'iwmo' END || ' ' || release || ' ' || berichttype, count(*)
        FROM bron.bericht GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    return {str(kind): int(number) for kind, number in found}


def _lists(con: Connection) -> tuple[dict[str, object], ...]:
    if not scalar(con, "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'verkeer' AND table_name = 'codelijst'"):
        return ()
    names = ("wet", "codelijst", "lijstversie", "aantal_codes", "is_toegevoegd")
    found = con.execute(
        """SELECT wet, codelijst, lijstversie, aantal_codes, is_toegevoegd
        FROM verkeer.codelijst ORDER BY wet, codelijst, lijstversie"""
    ).fetchall()
    return tuple(dict(zip(names, row, strict=True)) for row in found)
