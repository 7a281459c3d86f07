"""Writes one batch in one transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import polars as pl

from keten_kpi.database import Connection, Frame, scalar
from keten_kpi.load.batch import Batch, Quarantined, Shredded
from keten_kpi.shred import Row
from keten_kpi.shred.mapping import Column, Table, load_mapping

_POLARS: dict[str, type[pl.DataType]] = {
    "tekst": pl.String,
    "code": pl.String,
    "getal": pl.Int64,
    "datum": pl.Date,
    "tijd": pl.String,
    "centen": pl.Int64,
}
_CLIENT = {"client_id": pl.Binary, "geboortejaar": pl.Int16, "geslacht": pl.String}
_SAME_CLIENT = """c.client_id = s.client_id
    AND c.geboortejaar IS NOT DISTINCT FROM s.geboortejaar
    AND c.geslacht IS NOT DISTINCT FROM s.geslacht"""


@contextmanager
def transaction(con: Connection) -> Iterator[None]:
    """Commits at the end, rolls back on any error, also on Ctrl-C."""
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


@contextmanager
def _staged(con: Connection, rows: Iterable[Sequence[object]], schema: dict[str, type[pl.DataType]]) -> Iterator[None]:
    """The rows as table ``staging``, for the time of the block."""
    con.register("staging", Frame(pl.DataFrame(list(rows), schema=schema, orient="row")))
    try:
        yield
    finally:
        con.unregister("staging")


def known_ids(con: Connection, ids: Iterable[str]) -> set[str]:
    """Which of these bericht_ids (32 hex digits) are in the database."""
    with _staged(con, ([i] for i in ids), {"id": pl.String}):
        found = con.execute(
            "SELECT s.id FROM staging AS s SEMI JOIN bron.bericht AS b ON b.bericht_id = CAST(s.id AS UUID)"
        ).fetchall()
    return {row[0] for row in found}


def _schema(columns: Sequence[Column]) -> dict[str, type[pl.DataType]]:
    return {column.name: _POLARS[column.type] for column in columns}


def _selected(columns: Sequence[Column]) -> list[str]:
    return [f"CAST(s.{c.name} AS {c.sql_type})" if c.type == "tijd" else f"s.{c.name}" for c in columns]


def _insert_berichten(con: Connection, messages: Sequence[Shredded], base: int) -> None:
    table = load_mapping().table("bericht")
    rows = [
        (base + at, m.bericht_id, m.berichttype.wet, m.berichttype.code, m.berichttype.release, *m.rows.bericht)
        for at, m in enumerate(messages)
    ]
    keys = {
        "bericht_nr": pl.Int64,
        "bericht_id": pl.String,
        "wet": pl.String,
        "berichttype": pl.String,
        "release": pl.String,
    }
    with _staged(con, rows, keys | _schema(table.columns)):
        columns = ", ".join(_selected(table.columns))
        con.execute(
            "INSERT INTO bron.bericht SELECT s.bericht_nr, CAST(s.bericht_id AS UUID), s.wet, s.berichttype, s.release, "
            f"{columns} FROM staging AS s"
        )


def _insert_clients(con: Connection, messages: Sequence[Shredded]) -> None:
    clients = {row.client for m in messages for rows in m.rows.lines.values() for row in rows if row.client}
    if not clients:
        return
    with _staged(con, clients, _CLIENT):
        con.execute(
            f"""INSERT INTO bron.client
            SELECT (SELECT coalesce(max(client_nr), 0) FROM bron.client) + row_number() OVER (), s.*
            FROM staging AS s ANTI JOIN bron.client AS c ON {_SAME_CLIENT}"""
        )


def _line(table: Table, number: int, row: Row) -> tuple[object, ...]:
    keys: list[object] = [number, row.regel_nr]
    if table.with_soort:
        keys.append(row.soort)
    if table.with_niveau:
        keys += [row.niveau, row.niveau_nr]
    if table.with_client:
        keys += row.client or (None, None, None)
    return (*keys, *row.values)


def _line_schema(table: Table) -> dict[str, type[pl.DataType]]:
    schema: dict[str, type[pl.DataType]] = {"bericht_nr": pl.Int64, "regel_nr": pl.Int32}
    if table.with_soort:
        schema["soort"] = pl.String
    if table.with_niveau:
        schema |= {"niveau": pl.String, "niveau_nr": pl.Int32}
    if table.with_client:
        schema |= _CLIENT
    return schema | _schema(table.columns)


def _insert_lines(con: Connection, table: Table, messages: Sequence[Shredded], base: int) -> None:
    rows = [_line(table, base + at, row) for at, m in enumerate(messages) for row in m.rows.lines.get(table.name, ())]
    if not rows:
        return
    with _staged(con, rows, _line_schema(table)):
        keys = [f"c.{name}" if name == "client_nr" else f"s.{name}" for name, _ in table.key_columns]
        join = f" LEFT JOIN bron.client AS c ON {_SAME_CLIENT}" if table.with_client else ""
        columns = ", ".join([*keys, *_selected(table.columns)])
        con.execute(f"INSERT INTO bron.{table.name} SELECT {columns} FROM staging AS s{join}")


def _insert_receipts(con: Connection, messages: Sequence[Shredded], base: int, run_nr: int) -> None:
    with _staged(con, [[path] for path in {m.origin.source: None for m in messages}], {"pad": pl.String}):
        con.execute(
            """INSERT INTO beheer.bestand
            SELECT (SELECT coalesce(max(bestand_nr), 0) FROM beheer.bestand) + row_number() OVER (), s.pad
            FROM staging AS s ANTI JOIN beheer.bestand AS b ON b.pad = s.pad"""
        )
    rows = []
    for at, m in enumerate(messages):
        e = m.envelope
        envelope = (e.soort, e.tijdstip, e.zender, e.ontvanger, e.referentie) if e else (None,) * 5
        rows.append((base + at, run_nr, m.origin.source, m.origin.member, *envelope))
    schema: dict[str, type[pl.DataType]] = {
        "bericht_nr": pl.Int64,
        "run_nr": pl.Int32,
        "pad": pl.String,
        "lid": pl.String,
    }
    schema |= {
        "soort": pl.String,
        "tijdstip": pl.Datetime,
        "zender": pl.String,
        "ontvanger": pl.String,
        "referentie": pl.String,
    }
    with _staged(con, rows, schema):
        con.execute(
            """INSERT INTO beheer.ontvangst
            SELECT s.bericht_nr, s.run_nr, b.bestand_nr, s.lid, s.soort, s.tijdstip, s.zender, s.ontvanger, s.referentie
            FROM staging AS s JOIN beheer.bestand AS b ON b.pad = s.pad"""
        )


def _release_from_quarantine(con: Connection, messages: Sequence[Shredded]) -> None:
    with _staged(con, [[m.bericht_id] for m in messages], {"id": pl.String}):
        con.execute("DELETE FROM beheer.quarantaine WHERE left(sha256, 32) IN (SELECT s.id FROM staging AS s)")


_QUARANTINE = {
    "bron": pl.String,
    "lid": pl.String,
    "sha256": pl.String,
    "berichttype": pl.String,
    "release": pl.String,
    "reden": pl.String,
    "uitleg": pl.String,
    "regel": pl.Int32,
    "pad": pl.String,
    "aantal_fouten": pl.Int32,
    "run_nr": pl.Int32,
}


def _quarantine_row(item: Quarantined, run_nr: int) -> tuple[object, ...]:
    first = item.faults[0]
    kind = (item.berichttype.code, item.berichttype.release) if item.berichttype else (None, None)
    place = (item.origin.source, item.origin.member)
    return (
        *place,
        item.sha256,
        *kind,
        first.reason.value,
        first.message,
        first.line,
        first.path,
        len(item.faults),
        run_nr,
    )


def _insert_quarantine(con: Connection, items: Sequence[Quarantined], run_nr: int) -> None:
    """One row per content and reason; content that was never read whole has its place instead."""
    unique = {
        (q.sha256, None, None, None) if q.sha256 else (None, q.origin.source, q.origin.member, q.faults[0].reason): q
        for q in reversed(items)
    }
    if not unique:
        return
    with _staged(con, [_quarantine_row(q, run_nr) for q in reversed(unique.values())], dict(_QUARANTINE)):
        con.execute(
            """DELETE FROM beheer.quarantaine AS q
            WHERE EXISTS (SELECT 1 FROM staging AS s WHERE s.sha256 = q.sha256 AND s.reden <> q.reden)"""
        )
        con.execute(
            """INSERT INTO beheer.quarantaine
            SELECT s.* FROM staging AS s
            ANTI JOIN beheer.quarantaine AS q
                ON q.reden = s.reden
                AND q.sha256 IS NOT DISTINCT FROM s.sha256
                AND (s.sha256 IS NOT NULL OR (q.bron = s.bron AND q.lid IS NOT DISTINCT FROM s.lid))"""
        )


def load_batch(con: Connection, batch: Batch, run_nr: int) -> None:
    """Commits one batch: its messages with all their lines, its quarantine, and the counts of the run.

    The messages must be new: no bericht_id twice in the batch, none that ``known_ids`` finds.
    """
    with transaction(con):
        messages = batch.shredded
        if messages:
            base = int(str(scalar(con, "SELECT coalesce(max(bericht_nr), 0) + 1 FROM bron.bericht")))
            _insert_berichten(con, messages, base)
            _insert_clients(con, messages)
            for table in load_mapping().tables:
                if table.name != "bericht":
                    _insert_lines(con, table, messages, base)
            _insert_receipts(con, messages, base, run_nr)
            _release_from_quarantine(con, messages)
        _insert_quarantine(con, batch.quarantined, run_nr)
        con.execute(
            """UPDATE beheer.run SET
                aantal_gelezen = aantal_gelezen + ?
              , aantal_geladen = aantal_geladen + ?
              , aantal_dubbel = aantal_dubbel + ?
              , aantal_in_quarantaine = aantal_in_quarantaine + ?
            WHERE run_nr = ?""",
            [batch.read, len(messages), batch.duplicate, len(batch.quarantined), run_nr],
        )
