"""A portion of messages as columns: where both engines bring their rows, in the text of the messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import polars as pl

from keten_kpi.shred import Client, Rows
from keten_kpi.shred.fast import ClientEvent, CodesEvent, CountEvent, Found, RowEvent
from keten_kpi.shred.mapping import Column, Table, load_mapping
from keten_kpi.shred.values import PARSERS, parse_year
from keten_kpi.standaard.schemas import Berichttype

Person = tuple[str, str | None, str | None]  # bsn, birth date and geslacht as the message has them
Cells = list[object]
CREDIT = "C"

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
        self._typed = [_typed(column) for column in table.columns if _POLARS[column.type] != pl.String]
        self.keys = [name for name, _ in table.key_columns]
        self.cells: dict[str, Cells] = {name: [] for name in (*self.keys, *(c.name for c in table.columns))}

    def frame(self) -> pl.DataFrame:
        columns = [pl.Series(name, self.cells[name], dtype=_KEYS[name]) for name in self.keys]
        columns += [pl.Series(column.name, self.cells[column.name], dtype=pl.String) for column in self.table.columns]
        return pl.DataFrame(columns).with_columns(self._typed)

    def rows(self) -> list[tuple[object, ...]]:
        """The rows as values, made one by one: for comparing, not for loading."""
        parsers: list[Callable[[str], object] | None] = [None] * len(self.keys)
        parsers += [PARSERS[column.type] for column in self.table.columns]
        return [
            tuple(
                cell if parse is None or cell is None else parse(str(cell))
                for cell, parse in zip(cells, parsers, strict=True)
            )
            for cells in zip(*self.cells.values(), strict=True)
        ]


@cache
def _typed(column: Column) -> pl.Expr:
    """From its text; all columns of a table are asked for at once, as each request costs as much as 2,000 dates."""
    text = pl.col(column.name)
    return text.str.to_date("%Y-%m-%d", strict=True) if column.type == "datum" else text.cast(pl.Int64, strict=True)


def text_of(value: object) -> str | None:
    """A value as the message would have it."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(slots=True)
class _Lines:
    """What one event of a program brought up: the keys of each row, and all groups of its pattern."""

    event: RowEvent
    berichttype: Berichttype
    keys: list[tuple[int, int, int | None]] = field(default_factory=list)  # message, regel_nr, client
    groups: list[tuple[str | None, ...]] = field(default_factory=list)


class Portion:
    """The rows of some messages, numbered from 0 in the order in which they were added.

    Clients are numbered as well: ``client_nr`` of a row is the place of its client in ``clients``.

    Args:
        pseudonym: makes client_id from a BSN.
    """

    def __init__(self, pseudonym: Callable[[str], bytes]) -> None:
        self._pseudonym = pseudonym
        self._sheets = {table.name: _Sheet(table) for table in load_mapping().tables}
        self._lines: dict[RowEvent, _Lines] = {}
        self._clients: dict[Person | Client, int] = {}
        self._ids: list[str] = []

    def add_found(self, bericht_id: str, berichttype: Berichttype, found: Found) -> None:
        """One message as the fast reader captured it."""
        number = len(self._ids)
        self._ids.append(bericht_id)
        client: int | None = None
        counts: dict[str, int] = {}
        rows: dict[str, int] = {}
        for step, groups in found:
            for event in step.events:
                if type(event) is RowEvent:
                    lines = self._lines.get(event) or self._lines.setdefault(event, _Lines(event, berichttype))
                    row = rows[event.table] = rows.get(event.table, 0) + 1
                    lines.keys.append((number, row, client))
                    lines.groups.append(groups)
                elif type(event) is CountEvent:
                    if event.marker is None or groups[event.marker] is not None:
                        counts[event.name] = counts.get(event.name, 0) + 1
                elif type(event) is ClientEvent:
                    client = self._client(tuple(None if at is None else groups[at] for at in event.groups))
                elif type(event) is CodesEvent and (region := groups[event.group]) is not None:
                    codes = event.leaf.findall(region)
                    before = rows.get(event.table, 0)
                    rows[event.table] = before + len(codes)
                    self._add_codes(event, number, before, counts[event.carrier], codes)

    def _client(self, person: tuple[str | None, ...]) -> int | None:
        if person[0] is None:
            return None
        return self._clients.setdefault(person, len(self._clients))  # type: ignore[arg-type]

    def _add_codes(self, event: CodesEvent, number: int, before: int, carrier_nr: int, codes: Sequence[str]) -> None:
        cells = self._sheets[event.table].cells
        for at, code in enumerate(codes, start=before + 1):
            keys = {"bericht_nr": number, "regel_nr": at, "soort": event.element, "niveau": event.carrier}
            keys["niveau_nr"] = carrier_nr
            for name, column in cells.items():
                column.append(code if name in event.slots else keys.get(name))

    def add_rows(self, bericht_id: str, berichttype: Berichttype, rows: Rows) -> None:
        """One message as the reference shredder gives it."""
        number = len(self._ids)
        self._ids.append(bericht_id)
        kind = (berichttype.wet, berichttype.code, berichttype.release)
        self._append("bericht", (number, bericht_id, *kind), rows.bericht)
        for name, lines in rows.lines.items():
            table = self._sheets[name].table
            for line in lines:
                keys: list[object] = [number, line.regel_nr]
                keys += [line.soort] if table.with_soort else []
                keys += [line.niveau, line.niveau_nr] if table.with_niveau else []
                if table.with_client:
                    keys.append(line.client and self._clients.setdefault(line.client, len(self._clients)))
                self._append(name, keys, line.values)

    def _append(self, name: str, keys: Sequence[object], values: Sequence[object]) -> None:
        sheet = self._sheets[name]
        texts = [*keys, *map(text_of, values)]
        for column, text in zip(sheet.cells.values(), texts, strict=True):
            column.append(text)

    @property
    def messages(self) -> int:
        return len(self._ids)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Every table that has rows, in no order, and ``client``: who they are about."""
        self._settle()
        found = {"client": self._client_frame()}
        for name, sheet in self._sheets.items():
            if sheet.cells["bericht_nr"]:
                found[name] = sheet.frame()
        return found

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """The same as values, with clients as who they are; sorted, so that two portions compare."""
        self._settle()
        people = [self._person(key) for key in self._clients]
        found: dict[str, list[tuple[object, ...]]] = {}
        for name, sheet in self._sheets.items():
            at = sheet.keys.index("client_nr") if "client_nr" in sheet.keys else None
            rows = sorted(sheet.rows(), key=lambda row: row[:2])
            if at is not None:
                rows = [
                    (*row[:at], None if row[at] is None else people[int(str(row[at]))], *row[at + 1 :]) for row in rows
                ]
            if rows:
                found[name] = rows
        return found

    def _person(self, key: Person | Client) -> tuple[bytes, int | None, str | None]:
        if isinstance(key, Client):
            return key
        bsn, born, geslacht = key
        return self._pseudonym(bsn), None if born is None else parse_year(born), geslacht

    def _client_frame(self) -> pl.DataFrame:
        people = [self._person(key) for key in self._clients]
        columns = [list(range(len(people))), *map(list, zip(*people, strict=True))] if people else [[]] * 4
        series = [
            pl.Series(name, cells, dtype=kind)
            for (name, kind), cells in zip(CLIENT_SCHEMA.items(), columns, strict=True)
        ]
        return pl.DataFrame(series)

    def _settle(self) -> None:
        """Brings what the events brought up to the columns of their tables."""
        for lines in self._lines.values():
            self._add_lines(lines)
        self._lines.clear()

    def _add_lines(self, lines: _Lines) -> None:
        sheet, kind = self._sheets[lines.event.table], lines.berichttype
        numbers, places, clients = (list(column) for column in zip(*lines.keys, strict=True))
        columns = list(zip(*lines.groups, strict=True))
        same = {"wet": kind.wet, "berichttype": kind.code, "release": kind.release, "soort": lines.event.element}
        keys: dict[str, Cells] = {"bericht_nr": numbers, "regel_nr": places, "client_nr": clients}
        if "bericht_id" in sheet.cells:
            keys["bericht_id"] = [self._ids[number] for number, _, _ in lines.keys]
        for name, cells in sheet.cells.items():
            group = lines.event.groups.get(name)
            if group is None:
                cells.extend(keys.get(name) or [same.get(name)] * len(numbers))
                continue
            sign = lines.event.groups.get(f"{name}:teken")
            cells.extend(columns[group] if sign is None else map(_signed, columns[group], columns[sign]))


def _signed(amount: str | None, sign: str | None) -> str | None:
    return f"-{amount}" if amount is not None and sign == CREDIT else amount
