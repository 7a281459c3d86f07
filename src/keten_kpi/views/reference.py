"""Fills the reference tables of schema ``verkeer`` with the lists that ship, and keeps the lists that a user added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING

from keten_kpi.standaard.kalender import kalender
from keten_kpi.standaard.lijsten import Row, gemeenten, read_lijst
from keten_kpi.standaard.productcodelijst import Productcodelijst

if TYPE_CHECKING:
    from keten_kpi.database import Connection

FOLDER = resources.files("keten_kpi.views").joinpath("tabellen")
OPEN_ENDS = {"geldig_van": date.min.isoformat(), "geldig_tot": date.max.isoformat()}
KEY = ("wet", "codelijst", "lijstversie")

Rows = Sequence[dict[str, object]]


def read_statements() -> tuple[str, ...]:
    """The SQL that makes the reference tables and functions."""
    return tuple(FOLDER.joinpath(f"{name}.sql").read_text("utf-8") for name in ("referentie", "functies"))


def install_functions(con: Connection) -> None:
    """Makes the functions that views and figures call, in schema ``verkeer`` of the database in use."""
    con.execute(FOLDER.joinpath("functies.sql").read_text("utf-8"))


def _insert(con: Connection, table: str, rows: Rows) -> None:
    if not rows:
        return
    columns = con.execute(f"DESCRIBE {table}").fetchall()
    picked = ", ".join(f"CAST(unnest(CAST(? AS VARCHAR[])) AS {column[1]})" for column in columns)
    values = [[_text(row[column[0]]) for row in rows] for column in columns]
    con.execute(f"INSERT INTO {table} SELECT {picked}", values)


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _yes(row: Row, *names: str) -> dict[str, object]:
    return {**row, **{name: row[name] == "J" for name in names}}


def _kalender() -> Rows:
    names = ("dag", "is_werkdag", "werkdag_nr", "feestdag")
    return [dict(zip(names, astuple(day), strict=True)) for day in kalender()]


def _normen() -> Rows:
    return [{**row, **{name: row[name] or end for name, end in OPEN_ENDS.items()}} for row in read_lijst("normen")]


def _facts() -> dict[str, Rows]:
    """Rows per table that has nothing of a user's in it."""
    return {
        "gemeente": [dict(row) for row in gemeenten()],
        "herindeling": [dict(row) for row in read_lijst("herindelingen")],
        "kalender": _kalender(),
        "norm": _normen(),
        "berichttype": [dict(row) for row in read_lijst("berichttypen")],
        "retourcode": [
            {**_yes(row, "weigert"), "is_weigering": row["weigert"] == "J"} for row in read_lijst("retourcodes")
        ],
        "release": [_yes(row, "koppelt_op_client", "reden_in_stopsleutel") for row in read_lijst("releases")],
        "betekenis": [dict(row) for row in read_lijst("betekenissen")],
        "code": [{**row, "standaarden": row["in"]} for row in read_lijst("codelijsten")],
        "productcategorie": [dict(row) for row in read_lijst("productcategorieen")],
    }


def _shipped_lists() -> dict[str, Rows]:
    codes = [
        {**_yes(row, "is_groepskop"), "geldig_van": None, "geldig_tot": None, "is_toegevoegd": False}
        for row in read_lijst("productcodes")
    ]
    counted = [
        {
            **row,
            "is_toegevoegd": False,
            "aantal_codes": sum(_key(code) == _key(row) and not code["is_groepskop"] for code in codes),
        }
        for row in read_lijst("lijstversies")
    ]
    return {
        "codelijst": counted,
        "productcode": codes,
        "codelijst_lacune": [{**row, "is_toegevoegd": False} for row in read_lijst("lacunes")],
    }


def _key(row: dict[str, object] | Row) -> tuple[object, ...]:
    return tuple(row[name] for name in KEY)


def _refresh_lists(con: Connection) -> None:
    """Shipped rows anew; a vintage that a user added under the same name stands in the place of ours."""
    added = set(con.execute("SELECT wet, codelijst, lijstversie FROM verkeer.codelijst WHERE is_toegevoegd").fetchall())
    for table, rows in _shipped_lists().items():
        con.execute(f"DELETE FROM verkeer.{table} WHERE NOT is_toegevoegd")  # noqa: S608
        _insert(con, f"verkeer.{table}", [row for row in rows if _key(row) not in added])


def install_reference(con: Connection) -> None:
    """Makes the schemas ``verkeer`` and ``kpi`` and fills the reference tables."""
    con.execute("CREATE SCHEMA IF NOT EXISTS verkeer")
    con.execute("CREATE SCHEMA IF NOT EXISTS kpi")
    for statements in read_statements():
        con.execute(statements)
    for table, rows in _facts().items():
        _insert(con, f"verkeer.{table}", rows)
    _refresh_lists(con)


VINTAGE = ("wet", "codelijst", "lijstversie", "aantal_codes", "dekking", "bron", "is_toegevoegd")


def shipped_lists() -> list[dict[str, object]]:
    """What ``stored_lists`` gives for a database to which nobody added a list."""
    order = sorted(_shipped_lists()["codelijst"], key=lambda row: (row["wet"], row["codelijst"], row["lijst_dag"]))
    return [{name: row[name] if row[name] != "" else None for name in VINTAGE} for row in order]


def stored_lists(con: Connection) -> list[dict[str, object]]:
    """Wet, codelijst, lijstversie, aantal_codes, dekking, bron and is_toegevoegd of every vintage at hand."""
    query = f"SELECT {', '.join(VINTAGE)} FROM verkeer.codelijst ORDER BY wet, codelijst, lijst_dag"  # noqa: S608
    found = con.execute(query).fetchall()
    return [dict(zip(VINTAGE, row, strict=True)) for row in found]


def add_list(con: Connection, lijst: Productcodelijst) -> None:
    """Stores a list of product codes; the same vintage of the same list is replaced."""
    key = {"wet": lijst.wet, "codelijst": lijst.codelijst, "lijstversie": lijst.lijstversie}
    common = {**key, "is_toegevoegd": True}
    for table in ("codelijst", "productcode", "codelijst_lacune"):
        where = "wet = ? AND codelijst = ? AND lijstversie = ?"
        con.execute(f"DELETE FROM verkeer.{table} WHERE {where}", list(key.values()))  # noqa: S608
    products = [{**common, **code.as_row()} for code in lijst.codes]
    header = {
        **common,
        "lijst_dag": lijst.lijst_dag,
        "bron": lijst.bron,
        "dekking": lijst.dekking,
        "aantal_codes": sum(not code.is_groepskop for code in lijst.codes),
    }
    _insert(con, "verkeer.codelijst", [header])
    _insert(con, "verkeer.productcode", products)
    _insert(con, "verkeer.codelijst_lacune", [{**common, **lacune.as_row()} for lacune in lijst.lacunes])
