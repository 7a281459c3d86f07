"""The declared mapping from element to column (``mapping.toml``), as objects."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

Raw = dict[str, Any]  # a table of the toml file

SQL_TYPES = {
    "tekst": "VARCHAR",
    "code": "VARCHAR",
    "getal": "BIGINT",
    "datum": "DATE",
    "tijd": "TIME",
    "centen": "BIGINT",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the paths (relative to the row's element) that may fill it, and why it is kept."""

    name: str
    type: str
    paths: tuple[str, ...]
    sign_paths: tuple[str, ...]
    why: str

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: which element is a row in which message types.

    ``numbered`` tables carry regel_nr, the row's place in its message; ``with_soort`` the row element's name;
    ``with_niveau`` the class that carries the row and the class's place in the message.
    """

    name: str
    grain: str
    why: str
    berichten: frozenset[str]
    row_paths: MappingOf[str, tuple[str, ...]]  # per message number, "*" for all others
    columns: tuple[Column, ...]
    required: frozenset[str]
    with_client: bool
    with_soort: bool
    with_niveau: bool

    def rows_in(self, nummer: str) -> tuple[str, ...]:
        """Patterns of the row element in message type ``nummer``; empty when the type has no such rows."""
        if self.berichten != {"*"} and nummer not in self.berichten:
            return ()
        return self.row_paths.get(nummer) or self.row_paths.get("*", ())

    @property
    def key_columns(self) -> tuple[tuple[str, str], ...]:
        """Name and SQL type of the columns that every row has before the mapped ones."""
        if self.name == "bericht":
            return (
                ("bericht_nr", "BIGINT"),
                ("bericht_id", "UUID"),
                ("wet", "VARCHAR"),
                ("berichttype", "VARCHAR"),
                ("release", "VARCHAR"),
            )
        keys = [("bericht_nr", "BIGINT"), ("regel_nr", "INTEGER")]
        if self.with_soort:
            keys.append(("soort", "VARCHAR"))
        if self.with_niveau:
            keys += [("niveau", "VARCHAR"), ("niveau_nr", "INTEGER")]
        if self.with_client:
            keys.append(("client_nr", "INTEGER"))
        return tuple(keys)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Elements that are not stored on purpose."""

    paths: tuple[str, ...]
    berichten: frozenset[str]
    why: str


@dataclass(frozen=True, slots=True)
class ClientMapping:
    """Where a person stands, and the three things of a person that are kept, reduced."""

    element: str
    bsn: str
    geboortejaar: str
    geslacht: str
    grain: str
    why: MappingOf[str, str]  # per stored column, and "" for the table


@dataclass(frozen=True, slots=True)
class Mapping:
    tables: tuple[Table, ...]
    client: ClientMapping
    left_out: tuple[LeftOut, ...]

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)


def _column(name: str, raw: Raw) -> Column:
    return Column(
        name=name,
        type=str(raw["type"]),
        paths=tuple(raw["pad"]),
        sign_paths=tuple(raw.get("teken", ())),
        why=str(raw["waarom"]),
    )


def _row_paths(raw: object) -> dict[str, tuple[str, ...]]:
    if isinstance(raw, dict):
        return {str(nummer): (str(path),) for nummer, path in raw.items()}
    return {"*": tuple(raw) if isinstance(raw, list) else (str(raw),)}


def _table(name: str, raw: Raw) -> Table:
    return Table(
        name=name,
        grain=str(raw["korrel"]),
        why=str(raw["waarom"]),
        berichten=frozenset(raw["berichten"]),
        row_paths=_row_paths(raw["rij"]),
        columns=tuple(_column(column, facts) for column, facts in raw["kolom"].items()),
        required=frozenset(raw.get("verplicht", ())),
        with_client=bool(raw.get("client")),
        with_soort=bool(raw.get("soort")),
        with_niveau=bool(raw.get("niveau")),
    )


def _client(raw: Raw) -> ClientMapping:
    parts: dict[str, dict[str, str]] = {name: raw[name] for name in ("bsn", "geboortejaar", "geslacht")}
    return ClientMapping(
        element=str(raw["element"]),
        bsn=parts["bsn"]["pad"],
        geboortejaar=parts["geboortejaar"]["pad"],
        geslacht=parts["geslacht"]["pad"],
        grain=str(raw["korrel"]),
        why={"": str(raw["waarom"]), "client_id": parts["bsn"]["waarom"]}
        | {name: parts[name]["waarom"] for name in ("geboortejaar", "geslacht")},
    )


def _left_out(raw: Raw) -> LeftOut:
    return LeftOut(
        paths=tuple(raw["pad"]),
        berichten=frozenset(raw.get("berichten", ("*",))),
        why=str(raw["reden"]),
    )


@cache
def load_mapping() -> Mapping:
    """The mapping that ships with this version."""
    raw = tomllib.loads(resources.files("keten_kpi.shred").joinpath("mapping.toml").read_text("utf-8"))
    return Mapping(
        tables=tuple(_table(name, table) for name, table in raw["tabel"].items()),
        client=_client(raw["client"]),
        left_out=tuple(_left_out(item) for item in raw["niet_opgeslagen"]),
    )
