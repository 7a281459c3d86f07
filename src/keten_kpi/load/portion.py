"""A portion of messages as columns: where both engines bring their rows, in the text of the messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache

import polars as pl

from keten_kpi.shred import Client, Rows
from keten_kpi.shred.fast import PERSON, Texts
from keten_kpi.shred.mapping import Column, Table, load_mapping
from keten_kpi.shred.values import parse_year
from keten_kpi.standaard.schemas import Berichttype

Person = tuple[str, str | None, str | None]  # bsn, birth date and geslacht as the message has them
Cells = list[object]

_POLARS: dict[str, type[pl.DataType]] = {
    "tekst": pl.String,
    "code": pl.String,
    "getal": pl.Int64,
    "datum": pl.Date,
    "tijd": pl.String,
    "centen": pl.Int64,
}
_KEYS: dict[str, type[pl.DataType]] = {
    "bericht_nr": pl.Int64,
    "bericht_id": pl.String,
    "wet": pl.String,
    "berichttype": pl.String,
    "release": pl.String,
    "regel_nr": pl.Int32,
    "soort": pl.String,
    "niveau": pl.String,
    "niveau_nr": pl.Int32,
    "client_nr": pl.Int32,
}
CLIENT_SCHEMA = {"client_nr": pl.Int32, "client_id": pl.Binary, "geboortejaar": pl.Int16, "geslacht": pl.String}


class _Sheet:
    """The rows of one table: a list of cells per column, keys first. Amounts have their sign."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.keys = [name for name, _ in table.key_columns]
        self.cells: dict[str, Cells] = {name: [] for name in (*self.keys, *(c.name for c in table.columns))}

    @property
    def schema(self) -> dict[str, type[pl.DataType]]:
        return {name: _KEYS.get(name, pl.String) for name in self.cells}

    def frame(self) -> pl.DataFrame:
        """What was added row by row, its mapped columns as text."""
        return pl.DataFrame([pl.Series(name, self.cells[name], dtype=kind) for name, kind in self.schema.items()])


@cache
def _typed(table: str) -> list[pl.Expr]:
    """The mapped columns of a table, from their texts."""
    return [_parsed(column) for column in load_mapping().table(table).columns]


def _parsed(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    if column.type == "datum":
        return text.str.to_date("%Y-%m-%d", strict=True)
    return text if _POLARS[column.type] == pl.String else text.cast(_POLARS[column.type], strict=True)


def text_of(value: object) -> str | None:
    """A value as the message would have it."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


class Portion:
    """The rows of some messages, which are known by their places in a series.

    Clients are numbered: ``client_nr`` of a row is the place of its client in the table ``client``.

    Args:
        pseudonym: makes client_id from a BSN.
        ids: the bericht_id of each message in the series, also of those that are not added.
    """

    def __init__(self, pseudonym: Callable[[str], bytes], ids: Sequence[str]) -> None:
        self._pseudonym = pseudonym
        self._ids = ids
        self._sheets = {table.name: _Sheet(table) for table in load_mapping().tables}
        self._clients: dict[Client, tuple[int, int]] = {}  # of the reference: their numbers, and the place of the first
        self._texts: list[Texts] = []
        self._places: list[int] = []

    def add_texts(self, texts: Texts) -> None:
        """Messages as the fast reader brings them up."""
        if texts.taken:
            self._texts.append(texts)
            self._places += texts.taken

    def add_rows(self, place: int, berichttype: Berichttype, rows: Rows) -> None:
        """One message as the reference shredder gives it."""
        self._places.append(place)
        kind = (berichttype.wet, berichttype.code, berichttype.release)
        self._append("bericht", (place, self._ids[place], *kind), rows.bericht)
        for name, lines in rows.lines.items():
            table = self._sheets[name].table
            for line in lines:
                keys: list[object] = [place, line.regel_nr]
                keys += [line.soort] if table.with_soort else []
                keys += [line.niveau, line.niveau_nr] if table.with_niveau else []
                if table.with_client:
                    keys.append(line.client and self._number(line.client, place))
                self._append(name, keys, line.values)

    def _number(self, client: Client, place: int) -> int:
        return self._clients.setdefault(client, (len(self._clients), place))[0]

    def _append(self, name: str, keys: Sequence[object], values: Sequence[object]) -> None:
        sheet = self._sheets[name]
        texts = [*keys, *map(text_of, values)]
        for column, text in zip(sheet.cells.values(), texts, strict=True):
            column.append(text)

    @property
    def messages(self) -> int:
        return len(self._places)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Every table that has rows, in no order, and ``client``: who they are about.

        ``bericht_nr`` counts the messages that were added, from 0, in the order of their places.
        """
        kept = [self._kept(texts.clients) for texts in self._texts]
        numbered = self._numbered([texts.clients["bericht_nr"].to_list() for texts in self._texts], kept)
        own, *others = (_numbers(numbered, clients) for clients in (self._clients, *kept))
        message = self._number_of_message()
        asked: dict[str, pl.LazyFrame] = {}
        for name, sheet in self._sheets.items():
            parts = [(sheet.frame(), own)] if sheet.cells["bericht_nr"] else []
            parts += [
                (texts.tables[name], numbers)
                for texts, numbers in zip(self._texts, others, strict=True)
                if name in texts.tables
            ]
            if parts:
                made = [rows.lazy().select(self._columns(sheet, message, numbers)) for rows, numbers in parts]
                asked[name] = pl.concat(made)
        tables = pl.collect_all(asked.values(), optimizations=pl.QueryOptFlags.none(), engine="in-memory")
        return {"client": _client_frame(numbered), **dict(zip(asked, tables, strict=True))}

    def _columns(self, sheet: _Sheet, message: pl.Expr, clients: pl.Series) -> list[pl.Expr]:
        """The columns of a table from its rows, with the numbers that messages and clients have in the portion."""
        made = {"bericht_nr": message}
        if "bericht_id" in sheet.keys:
            made["bericht_id"] = pl.lit(pl.Series(self._ids)).gather("bericht_nr").alias("bericht_id")
        if "client_nr" in sheet.keys:
            made["client_nr"] = pl.lit(clients).gather("client_nr").alias("client_nr")
        return [*(made.get(name, pl.col(name)) for name in sheet.keys), *_typed(sheet.table.name)]

    def _number_of_message(self) -> pl.Expr:
        """Its place among those that were added."""
        if self.messages == len(self._ids):
            return pl.col("bericht_nr")
        place = pl.Series(sorted(self._places), dtype=pl.Int64)
        number = pl.Series([0] * len(self._ids), dtype=pl.Int64).scatter(place, pl.int_range(len(place), eager=True))
        return pl.lit(number).gather("bericht_nr").alias("bericht_nr")

    def _kept(self, clients: pl.DataFrame) -> list[Client]:
        """The clients as they are kept, one for each row."""
        return [
            Client(self._pseudonym(bsn), None if born is None else parse_year(born), geslacht)
            for bsn, born, geslacht in clients.select(PERSON).iter_rows()
        ]

    def _numbered(self, places: Sequence[Sequence[int]], kept: Sequence[Sequence[Client]]) -> dict[Client, int]:
        """All clients, numbered in the order of the messages that told of them first."""
        first = [(place, client) for client, (_, place) in self._clients.items()]
        for where, clients in zip(places, kept, strict=True):
            first += zip(where, clients, strict=True)
        numbered: dict[Client, int] = {}
        for _, client in sorted(first, key=lambda told: told[0]):
            numbered.setdefault(client, len(numbered))
        return numbered

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """The same as values, with clients as who they are; sorted, so that two portions compare."""
        frames = self.frames()
        people = [row[1:] for row in frames.pop("client").iter_rows()]
        found: dict[str, list[tuple[object, ...]]] = {}
        for name, frame in frames.items():
            at = frame.columns.index("client_nr") if "client_nr" in frame.columns else None
            rows = sorted(frame.iter_rows(), key=lambda row: row[:2])
            if at is not None:
                rows = [(*row[:at], None if row[at] is None else people[row[at]], *row[at + 1 :]) for row in rows]
            found[name] = rows
        return found


def _numbers(numbered: dict[Client, int], clients: Iterable[Client]) -> pl.Series:
    return pl.Series("client_nr", [numbered[client] for client in clients], dtype=pl.Int32)


def _client_frame(numbered: dict[Client, int]) -> pl.DataFrame:
    columns = [list(numbered.values()), *map(list, zip(*numbered, strict=True))] if numbered else [[]] * 4
    series = [
        pl.Series(name, cells, dtype=kind) for (name, kind), cells in zip(CLIENT_SCHEMA.items(), columns, strict=True)
    ]
    return pl.DataFrame(series)
