"""Stories: traffic and questions, with all that the SQL of a room answers, kept as text that a person has read.

``python -m tests.diepte.verhalen NAME`` writes the text of a story, on purpose. A mutant of the SQL of these rooms must
change a text; ``python -m tests.diepte.verhalen`` names those that do not.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import duckdb

from keten_kpi.codes import Alles, all_of_codes, counts_of_codes, list_codes, read_map, what_if_codes
from keten_kpi.codes.alles import _relations, _what_if
from keten_kpi.codes.overzicht import lines_with_code
from keten_kpi.codes.watals import WatAls
from keten_kpi.database import scalar
from keten_kpi.eventlog import event_log
from keten_kpi.kpi import TEMPORARY, Selection, as_of, drop_counts, make_counts
from keten_kpi.load import create_tables
from keten_kpi.publish import publish
from keten_kpi.verantwoording import account_for
from tests.diepte import verkeer
from tests.spec.mutate import Mutant, mutants_of

if TYPE_CHECKING:
    from datetime import date

    from keten_kpi.database import Connection

HERE = Path(__file__).parent
TEXTS = HERE / "verhalen"
MAP = """wet,van,naar,categorie,gemeente,naar_categorie
Jw,45X01,45A04,45,,
Jw,45X01,45A05,,0384,
Jw,45X02,45A04,45,,
Jw,45S01,45A05,50,,
Jw,45S01,45A99,,,
Jw,45R01,55Z01,,,55
Jw,45A05,54321,,,
Jw,45A01,45A00,,,
Jw,45X09,54321,,,
Jw,45V01,55Z01,,,
Jw,55Z01,ABC01,,,
Jw,12345,01001,,,
Jw,45X02,02A03,,0384,
Wmo,45X01,02A03,,,
Wmo,45X05,54321,,,
"""
SAID = """wet,gemeente,code,omschrijving
Jw,,45X01,Jeugdhulp ambulant regulier: inspanningsgericht
Jw,0363,45X01,Zzz
Jw,,45X02,Jeugdhulp ambulant regulier inspanning
Jw,,45R01,qqq
Jw,,45S01,Diagnostiek: outputgericht
Jw,,45V01,Jeugdhulp specialistisch
Wmo,,45X01,Diagnostiek: outputgericht
"""
SQL = {room: resources.files(f"keten_kpi.{room}") for room in ("codes", "verantwoording", "eventlog")}
FILES = (
    "codes/lijn", "codes/regel", "codes/overzicht", "codes/watals", "codes/per_gemeente", "codes/per_aanbieder",
    "codes/straks", "codes/in_bericht", "codes/samenstelling", "codes/lijn_per_samenstelling",
    "verantwoording/prestatie", "verantwoording/overzicht", "verantwoording/verschil", "eventlog/gebeurtenis",
)  # fmt: skip
VIEW = re.compile(r"\b(?:verkeer|kpi)\.\w+")

BETWEEN = "\n\n"

CASES = "kpi.productcode_afwijking"
Table = tuple[str, Iterable[str], Iterable[Iterable[object]]]


def right_sql(file: str) -> str:
    room, name = file.split("/")
    return SQL[room].joinpath(f"{name}.sql").read_text("utf-8")


def _books(con: Connection) -> Iterator[Table]:
    asked: list[tuple[str, int, dict[str, object]]] = [
        ("42420001", 2025, {}), ("42420001", 2025, {"gemeente": "0384", "wet": "Jw"}),
        ("42420001", 2025, {"wet": "Wmo"}), ("42420001", 2024, {}), ("42420001", 2025, {"gemeente": "0363"}),
        ("42420002", 2025, {}),
    ]  # fmt: skip
    for aanbieder, jaar, keuze in asked:
        found = account_for(con, aanbieder, jaar, **keuze)
        title = f"{aanbieder} {jaar} {' '.join(map(str, keuze.values()))}".strip()
        yield title, found.columns, found.rows
        yield f"{title}, verschillen", found.verschillen.columns, found.verschillen.rows


def _codes(con: Connection) -> Iterator[Table]:
    for title, keuze in {
        "alles": Selection(), "wet": Selection(wet="Jw"), "gemeente": Selection(gemeente="0363"),
        "aanbieder": Selection(aanbieder="42420003"),
    }.items():  # fmt: skip
        found = list_codes(con, keuze)
        yield f"lijst, {title}", found.columns, found.rows
        told = what_if_codes(con, keuze, read_map(_file("map.csv", MAP)))
        yield f"wat als, {title}", told.columns, told.rows
    said = list_codes(con, Selection(), _file("said.csv", SAID), leave_out=lambda _: {2, 6})
    yield "lijst, beschreven en met weglating", said.columns, said.rows
    with lines_with_code(con, Selection(), read_map(_file("map.csv", MAP))):
        done = con.execute("SELECT * FROM codes_regel ORDER BY geval_id")
        yield "regels", [column[0] for column in done.description], done.fetchall()
    alles, ongewijzigd = _counted(con)
    for title, rows in {"per gemeente": alles.gemeenten, "per aanbieder": alles.aanbieders}.items():
        yield title, list(rows[0]), [row.values() for row in rows]
    yield "voorstellen", alles.wat_als.columns, alles.wat_als.rows
    yield "zonder voorstellen", ongewijzigd.columns, ongewijzigd.rows


@contextmanager
def _counts(con: Connection) -> Iterator[tuple[date | None, int]]:
    """Within it the codes are counted; gives the peildatum, and how many messages have a code."""
    messages = f"SELECT COUNT(DISTINCT bericht_nr) FROM {CASES} WHERE product_code IS NOT NULL"
    with as_of(con, Selection()) as day:
        for telling in counts_of_codes():
            make_counts(con, telling, CASES)
        yield day, int(str(scalar(con, messages)))
        drop_counts(con, counts_of_codes())


def _counted(con: Connection) -> tuple[Alles, WatAls]:
    """What is said of the codes from counts, and what a map without rows comes to."""
    with _counts(con) as (day, berichten):
        found = all_of_codes(con, day, berichten)
        with _relations(con, TEMPORARY):
            unchanged = _what_if(con, day, (), berichten)
    return found, unchanged


IN_MESSAGE = """
SELECT
    bericht.identificatie AS bericht
    , telling.* EXCLUDE (bericht_nr)
FROM temp.productcode_codes_bericht AS telling
INNER JOIN bron.bericht AS bericht ON telling.bericht_nr = bericht.bericht_nr
ORDER BY bericht.bericht_id, telling.product_categorie, telling.product_code, telling.tijdvak_dag
"""


def _sets(con: Connection) -> Iterator[Table]:
    with _counts(con) as (day, berichten):
        done = con.execute(IN_MESSAGE)
        yield "codes per bericht", [column[0] for column in done.description], done.fetchall()
        sets = con.execute("SELECT codes, aantal FROM temp.productcode_codes_samenstelling").fetchall()
        yield "samenstellingen", ("codes", "aantal"), sorted((_set(codes), many) for codes, many in sets)
        with _relations(con, TEMPORARY):
            times = read_map(_file("times.csv", TIMES))
            for title, kaart in {"wat als": times, "wat als er niets verandert": ()}.items():
                found = _what_if(con, day, kaart, berichten)
                yield title, found.columns, found.rows


def _set(codes: list[dict[str, object]]) -> str:
    """The codes that messages hold together, in the order in which they are kept."""
    return ", ".join(" ".join(map(_cell, code.values())) for code in codes)


TIMES = "wet,van,naar\nJw,45X01,45A04\nJw,45X02,45A05\nJw,45X03,12345\n"
MEANT = """wet,code,omschrijving
Jw,45X01,Begeleiding thuis
Jw,45X02,Begeleiding in groepen
Jw,45X03,Begeleiding thuis intensief
"""


def _times(con: Connection) -> Iterator[Table]:
    found = list_codes(con, Selection(), _file("meant.csv", MEANT))
    yield "lijst", found.columns, found.rows
    with lines_with_code(con, Selection(), read_map(_file("times.csv", TIMES))):
        done = con.execute("SELECT * FROM codes_regel ORDER BY geval_id")
        yield "regels", [column[0] for column in done.description], done.fetchall()


NEAR = """wet,code,omschrijving
Jw,45X10,Dagbesteding
Jw,45X20,Logeren
Jw,45X40,Begeleiding thuis
Wmo,45X40,Logeren
Jw,45X61,Dagbeha
Jw,45X62,Verqxzr
Jw,45X63,Begeleiding in groepen
"""


def _both(con: Connection) -> Iterator[Table]:
    path = _file("near.csv", NEAR)
    found = list_codes(con, Selection(), path)
    yield "lijst", found.columns, found.rows
    place = [row[:3] for row in found.rows].index(("Jw", "45", "45X40"))
    less = list_codes(con, Selection(), path, leave_out=lambda _: {place})
    yield "lijst met weglating", less.columns, less.rows


@cache
def _folder() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp())


def _file(name: str, text: str) -> Path:
    path = _folder() / name
    path.write_text(text, "utf-8")
    return path


def _log(con: Connection) -> Iterator[Table]:
    for title, keuze in {
        "alles": Selection(), "wet": Selection(wet="Wmo"), "gemeente": Selection(gemeente="0363"),
        "aanbieder": Selection(aanbieder="42420002"),
    }.items():  # fmt: skip
        with event_log(con, keuze) as log:
            yield title, log.columns, log.rows


@dataclass(frozen=True)
class Verhaal:
    """One story: what is sent, what is asked, and which SQL answers."""

    naam: str
    kamer: str
    zend: Callable[[Connection], None]
    vraag: Callable[[Connection], Iterator[Table]]

    @property
    def path(self) -> Path:
        return TEXTS / f"{self.naam}.txt"


VERHALEN = (
    Verhaal("verantwoording", "verantwoording", verkeer.declaraties, _books),
    Verhaal("codes", "codes", verkeer.codes, _codes),
    Verhaal("tijden", "codes", verkeer.tijden, _times),
    Verhaal("wetten", "codes", verkeer.wetten, _both),
    Verhaal("samenstelling", "codes", verkeer.samenstelling, _sets),
    Verhaal("landelijk", "codes", verkeer.landelijk, _sets),
    Verhaal("eventlog", "eventlog", verkeer.ketens, _log),
)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, bytes):
        return value.hex()[:8]
    return "-" if value is None else str(value)


def tables(verhaal: Verhaal, con: Connection) -> Iterator[str]:
    """The tables of a story as text, one by one."""
    for title, columns, rows in verhaal.vraag(con):
        lines = [" | ".join(map(_cell, row)) for row in rows]
        yield "\n".join((f"## {title}", " | ".join(columns), *lines))


def told(verhaal: Verhaal, con: Connection) -> str:
    """All tables of a story as text."""
    return BETWEEN.join(tables(verhaal, con)) + "\n"


def _freeze(con: Connection, texts: Iterable[str]) -> None:
    """Tables in the place of the views that these texts read: the traffic of a story stands still."""
    named = {name for text in texts for name in VIEW.findall(text)}
    views = {
        f"{schema}.{name}"
        for schema, name in con.execute("SELECT schema_name, view_name FROM duckdb_views()").fetchall()
    }
    for number, view in enumerate(sorted(named & views)):
        con.execute(f"CREATE TABLE main.vast_{number} AS SELECT * FROM {view}")
    for number, view in enumerate(sorted(named & views)):
        con.execute(f"DROP VIEW {view}")
        con.execute(f"CREATE TABLE {view} AS SELECT * FROM main.vast_{number}")


@cache
def database(verhaal: Verhaal, *, vast: bool = False) -> Connection:
    """The traffic of a story in a published database; ``vast``: with tables for views, which is quicker to ask."""
    con = duckdb.connect(":memory:", config={"threads": 1})
    create_tables(con)
    publish(con)
    verhaal.zend(con)
    publish(con)
    if vast:
        _freeze(con, [CASES, *(right_sql(file) for file in FILES if file.startswith(verhaal.kamer))])
    return con


@contextmanager
def installed(mutant: Mutant) -> Iterator[None]:
    """Within it the room reads the mutant in the place of its SQL."""
    room, name = mutant.file.split("/")
    real = type(SQL[room]).read_text

    def read_text(path: Path, *arguments: object, **named: object) -> str:
        broken = path.name == f"{name}.sql" and path.parent.name == room
        return mutant.sql if broken else real(path, *arguments, **named)

    with mock.patch.object(type(SQL[room]), "read_text", read_text):
        yield


def is_noticed(mutant: Mutant) -> bool:
    """Whether a story of its room comes out otherwise, or not at all."""
    stories = [found for found in VERHALEN if found.kamer == mutant.file.split("/")[0]]
    kept = {verhaal: verhaal.path.read_text("utf-8").rstrip("\n").split(BETWEEN) for verhaal in stories}
    databases = {verhaal: database(verhaal, vast=True) for verhaal in stories}
    with installed(mutant):
        try:
            return any(
                one != other
                for verhaal, con in databases.items()
                for one, other in zip_longest(tables(verhaal, con), kept[verhaal])
            )
        except (duckdb.Error, LookupError, ValueError):  # it fails: that is noticed too
            return True


@cache
def mutants(file: str) -> tuple[Mutant, ...]:
    return tuple(mutants_of(file, right_sql(file)))


@cache
def equivalents() -> dict[str, str]:
    """Reason per mutant that changes no story."""
    raw = tomllib.loads((HERE / "gelijkwaardig.toml").read_text("utf-8"))
    return {name: group["reden"] for group in raw.get("groep", ()) for name in group["mutanten"]}


def main(words: list[str]) -> None:
    for verhaal in (found for found in VERHALEN if found.naam in words):
        verhaal.path.write_text(told(verhaal, database(verhaal)), "utf-8")
    for file in [file for file in FILES if file in words] or (FILES if not words else ()):
        missed = [
            mutant.name for mutant in mutants(file) if mutant.name not in equivalents() and not is_noticed(mutant)
        ]
        sys.stdout.write("\n".join(("# " + file, *missed)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
