"""Writes batches in transactions: all of one or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl

from keten_kpi.database import Frame, scalar
from keten_kpi.load.batch import Batch, Quarantined, Receipt
from keten_kpi.shred.mapping import Column, Table, load_mapping

if TYPE_CHECKING:
    from keten_kpi.database import Connection

_SAME_CLIENT = """c.client_id = s.client_id
    AND c.geboortejaar IS NOT DISTINCT FROM s.geboortejaar
    AND c.geslacht IS NOT DISTINCT FROM s.geslacht"""
Kinds = Mapping[str, type[pl.DataType]]


@contextmanager
def transaction(con: Connection) -> Iterator[None]:
    """Commits at the end, rolls back on any error, also on Ctrl-C."""
    with _within(con, begins=True, ends=True):
        yield


@contextmanager
def _within(con: Connection, *, begins: bool, ends: bool) -> Iterator[None]:
    """A part of a transaction, which any error rolls back."""
    if begins:
        con.execute("BEGIN")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    if ends:
        con.execute("COMMIT")


@contextmanager
def _staged(con: Connection, frame: pl.DataFrame) -> Iterator[None]:
    """The frame as table ``staging``, for the time of the block."""
    con.register("staging", Frame(frame))
    try:
        yield
    finally:
        con.unregister("staging")


def _frame(rows: Sequence[Sequence[object]], schema: Kinds) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(schema), orient="row")


def known_ids(con: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these bericht_ids (32 hex digits) are in the database."""
    with _staged(con, pl.DataFrame({"id": pl.Series(ids, dtype=pl.String)})):
        found = con.execute(
            "SELECT s.id FROM staging AS s SEMI JOIN bron.bericht AS b ON b.bericht_id = CAST(s.id AS UUID)"
        ).fetchall()
    return {row[0] for row in found}


def _selected(columns: Sequence[Column]) -> list[str]:
    return [f"CAST(s.{c.name} AS {c.sql_type})" if c.type == "tijd" else f"s.{c.name}" for c in columns]


def _insert_berichten(con: Connection, berichten: pl.DataFrame, base: int) -> None:
    columns = ", ".join(_selected(load_mapping().table("bericht").columns))
    with _staged(con, berichten):
        con.execute(
            f"""INSERT INTO bron.bericht
            SELECT s.bericht_nr + ?, CAST(s.bericht_id AS UUID), s.wet, s.berichttype, s.release, {columns}
            FROM staging AS s""",
            [base],
        )


def _insert_clients(con: Connection, clients: pl.DataFrame) -> None:
    """New clients get their numbers; ``client_of`` tells the number of each client of the batch."""
    with _staged(con, clients):
        con.execute(
            f"""INSERT INTO bron.client
            SELECT
                (SELECT coalesce(max(client_nr), 0) FROM bron.client) + row_number() OVER (ORDER BY min(s.client_nr))
              , s.client_id, s.geboortejaar, s.geslacht
            FROM staging AS s ANTI JOIN bron.client AS c ON {_SAME_CLIENT}
            GROUP BY s.client_id, s.geboortejaar, s.geslacht"""
        )
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE client_of AS
            SELECT s.client_nr AS plaats, c.client_nr
            FROM staging AS s JOIN bron.client AS c ON {_SAME_CLIENT}"""
        )


def _insert_lines(con: Connection, table: Table, lines: pl.DataFrame, base: int) -> None:
    made = {"bericht_nr": "s.bericht_nr + ?", "client_nr": "c.client_nr"}
    keys = [made.get(name, f"s.{name}") for name, _ in table.key_columns]
    join = " LEFT JOIN client_of AS c ON c.plaats = s.client_nr" if table.with_client else ""
    columns = ", ".join([*keys, *_selected(table.columns)])
    with _staged(con, lines):
        con.execute(f"INSERT INTO bron.{table.name} SELECT {columns} FROM staging AS s{join}", [base])


_RECEIPT: dict[str, type[pl.DataType]] = {
    "pad": pl.String,
    "lid": pl.String,
    "soort": pl.String,
    "tijdstip": pl.Datetime,
    "zender": pl.String,
    "ontvanger": pl.String,
    "referentie": pl.String,
}


def _receipt_frame(receipts: Sequence[Receipt], base: int) -> pl.DataFrame:
    origins, envelopes = zip(*receipts, strict=True)
    cells: dict[str, Sequence[object]] = dict(zip(("pad", "lid"), zip(*origins, strict=True), strict=True))
    if any(envelopes):
        for name in list(_RECEIPT)[2:]:
            cells[name] = [getattr(envelope, name) if envelope else None for envelope in envelopes]
    series = [
        pl.Series(name, cells[name], dtype=kind)
        if name in cells
        else pl.repeat(None, len(receipts), dtype=kind, eager=True).alias(name)
        for name, kind in _RECEIPT.items()
    ]
    return pl.DataFrame([pl.int_range(base, base + len(receipts), eager=True).alias("bericht_nr"), *series])


def _insert_receipts(con: Connection, receipts: Sequence[Receipt], base: int, run_nr: int) -> None:
    with _staged(con, _receipt_frame(receipts, base)):
        con.execute(
            """INSERT INTO beheer.bestand
            SELECT
                (SELECT coalesce(max(bestand_nr), 0) FROM beheer.bestand)
                    + row_number() OVER (ORDER BY min(s.bericht_nr))
              , s.pad
            FROM staging AS s ANTI JOIN beheer.bestand AS b ON b.pad = s.pad
            GROUP BY s.pad"""
        )
        con.execute(
            """INSERT INTO beheer.ontvangst
            SELECT s.bericht_nr, ?, b.bestand_nr, s.lid, s.soort, s.tijdstip, s.zender, s.ontvanger, s.referentie
            FROM staging AS s JOIN beheer.bestand AS b ON b.pad = s.pad""",
            [run_nr],
        )


def _release_from_quarantine(con: Connection, berichten: pl.DataFrame) -> None:
    with _staged(con, berichten.select("bericht_id")):
        con.execute("DELETE FROM beheer.quarantaine WHERE left(sha256, 32) IN (SELECT s.bericht_id FROM staging AS s)")


_QUARANTINE: dict[str, type[pl.DataType]] = {
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
    with _staged(con, _frame([_quarantine_row(q, run_nr) for q in reversed(unique.values())], _QUARANTINE)):
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
    """Writes one batch: its messages with all their lines, its quarantine, and the counts of the run.

    Commits when the batch is one that ends. The messages must be new: no bericht_id twice in what is committed
    together, none that ``known_ids`` finds.
    """
    with _within(con, begins=batch.begins, ends=batch.ends):
        if batch.receipts:
            _insert_messages(con, batch, run_nr)
        _insert_quarantine(con, batch.quarantined, run_nr)
        con.execute(
            """UPDATE beheer.run SET
                aantal_gelezen = aantal_gelezen + ?
              , aantal_geladen = aantal_geladen + ?
              , aantal_dubbel = aantal_dubbel + ?
              , aantal_in_quarantaine = aantal_in_quarantaine + ?
            WHERE run_nr = ?""",
            [batch.read, batch.loaded, batch.duplicate, batch.refused, run_nr],
        )


def _insert_messages(con: Connection, batch: Batch, run_nr: int) -> None:
    base = int(str(scalar(con, "SELECT coalesce(max(bericht_nr), 0) + 1 FROM bron.bericht")))
    _insert_berichten(con, batch.tables["bericht"], base)
    _insert_clients(con, batch.tables["client"])
    for table in load_mapping().tables:
        if table.name != "bericht" and table.name in batch.tables:
            _insert_lines(con, table, batch.tables[table.name], base)
    _insert_receipts(con, batch.receipts, base, run_nr)
    _release_from_quarantine(con, batch.tables["bericht"])
