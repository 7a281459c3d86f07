"""The right half in one line: reference tables, views, KPIs. The database is its only door to the left."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from keten_kpi.database import check_layout, connect, database_property, scalar
from keten_kpi.disclosure import protect
from keten_kpi.errors import KetenError
from keten_kpi.kpi import (
    DIMENSIONS,
    Kpi,
    Result,
    Selection,
    compare,
    compute,
    kpi_views,
    list_kpis,
    parse_day,
    violations,
)
from keten_kpi.standaard.lijsten import FOLDER as LISTS
from keten_kpi.standaard.productcodelijst import Lacune, Productcodelijst, read_productcodelijst
from keten_kpi.toets import (
    Check,
    Partij,
    Waarom,
    Werklijst,
    check_party,
    choose_partij,
    explain_case,
    list_work,
    norm_ids,
    read_config,
)
from keten_kpi.views import (
    add_list,
    install_reference,
    install_views,
    is_stored,
    read_views,
    set_stored_aside,
    shipped_lists,
    store_views,
    stored_lists,
)
from keten_kpi.views.page import column_words, comment_columns
from keten_kpi.views.page import views_page as _views_page
from keten_kpi.views.reference import read_statements

if TYPE_CHECKING:
    from keten_kpi.database import Connection

__all__ = [
    "DIMENSIONS",
    "Check",
    "Kpi",
    "Partij",
    "Result",
    "Selection",
    "Waarom",
    "Werklijst",
    "add_codelist",
    "check_party",
    "choose_partij",
    "codelists",
    "compare",
    "compute",
    "explain_case",
    "is_current",
    "is_published",
    "kpi_page",
    "list_kpis",
    "list_work",
    "norm_ids",
    "parse_day",
    "protect",
    "publish",
    "publish_database",
    "quarantined",
    "read_config",
    "reading",
    "reopen",
    "views_page",
    "violations",
]

MARK = "publicatie"  # in beheer.kenmerk: the fingerprint of what is installed
MEMORY = "120MB"  # for DuckDB while it stores views: of many messages they go by way of the disk
STORED_TO = "opgeslagen_tot"  # in beheer.kenmerk: the last bericht_nr that the stored views know


@cache
def fingerprint() -> str:
    """A hash of all that a publication installs: SQL, lists and KPIs."""
    parts = [*read_statements(), *(view.full_name + view.select for view in [*read_views(), *kpi_views()])]
    parts.append(column_words())
    parts += [file.read_text("utf-8") for file in sorted(LISTS.iterdir(), key=lambda file: file.name)]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def is_published(con: Connection) -> bool:
    """Whether the views and lists in the database are those of this version."""
    known = con.execute(
        "SELECT count(*) FROM duckdb_tables() "
        "WHERE database_name = current_database() AND schema_name = 'beheer' AND table_name = 'kenmerk'"
    )
    if known.fetchone() == (0,):
        return False
    return con.execute("SELECT waarde FROM beheer.kenmerk WHERE naam = ?", [MARK]).fetchone() == (fingerprint(),)


def is_current(con: Connection) -> bool:
    """Whether a published database has its stored views, made from the messages that are in it now."""
    return is_stored(con) and _stored_to(con) == _last_message(con)


def _stored_to(con: Connection) -> int | None:
    found = database_property(con, STORED_TO)
    return None if found is None else int(found)


def _last_message(con: Connection) -> int:
    return int(str(scalar(con, "SELECT coalesce(max(bericht_nr), 0) FROM bron.bericht")))


@contextmanager
def _whole(con: Connection) -> Iterator[None]:
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def publish(con: Connection) -> None:
    """Installs reference tables, views and KPI views, all or nothing. Added code lists stay; again changes nothing."""
    with _whole(con):
        install_reference(con)
        install_views(con, [*read_views(), *kpi_views()])
        comment_columns(con)
        con.execute("INSERT OR REPLACE INTO beheer.kenmerk VALUES (?, ?)", [MARK, fingerprint()])
        con.execute("DELETE FROM beheer.kenmerk WHERE naam = ?", [STORED_TO])


def codelists(con: Connection | None = None) -> list[dict[str, object]]:
    """The lists of product codes in a database, or without one those that ship.

    Each with wet, codelijst, lijstversie, aantal_codes, dekking, bron, is_toegevoegd.
    """
    return shipped_lists() if con is None else stored_lists(con)


def add_codelist(  # noqa: PLR0913 - as many as the command has options
    con: Connection,
    path: Path,
    *,
    wet: str | None = None,
    codelijst: str | None = None,
    lijstversie: str | None = None,
    lacunes: Sequence[Lacune] = (),
) -> Productcodelijst:
    """Reads a list of product codes and stores it beside those that ship; see ``read_productcodelijst``.

    Raises:
        UsageError: the file, wet or vintage cannot be told.
        KetenError: the file is no code list, or the database was not published.
    """
    if not is_published(con):
        raise KetenError("The database has no reference tables of this version.", "Run `keten-kpi ingest` on it first.")
    lijst = read_productcodelijst(path, wet=wet, codelijst=codelijst, lijstversie=lijstversie, lacunes=lacunes)
    with _whole(con):
        add_list(con, lijst)
    return lijst


def views_page(con: Connection) -> str:
    """The page ``docs/views.md``: every table and view of a published database, with grain and columns."""
    return _views_page(con, [*read_views(), *kpi_views()])


def kpi_page(kpi: Kpi) -> str:
    """The page ``docs/kpi/<id>.md``: made from the KPI's definition, its examples and its SQL."""
    facts = {
        "Geval": kpi.geval,
        "Klok": kpi.klok,
        "Wetten": ", ".join(kpi.wetten),
        "Bronnen": ", ".join(kpi.bronnen),
        "Versie van de definitie": str(kpi.versie),
        "Gevallen in de database": f"`{kpi.view}`",
    }
    if kpi.eigen_dimensies:
        facts["Ook te groeperen per"] = ", ".join(f"`{name}`" for name in kpi.eigen_dimensies)
    if kpi.standaard_per:
        facts["Wordt getoond per"] = ", ".join(f"`{name}`" for name in kpi.standaard_per)
    table = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
    figures = "\n".join(f"| `{name}` | {text} |" for name, text in kpi.cijfers.items())
    return (
        f"<!-- Made from src/keten_kpi/kpi/{kpi.name}/; change it there. -->\n"
        f"# {kpi.titel}\n\n{kpi.definitie}\n\n| | |\n|---|---|\n{table}\n\n"
        f"## De cijfers\n\n| cijfer | wat het is |\n|---|---|\n{figures}\n\n{kpi.voorbeelden.strip()}\n\n"
        f"## De gevallen in SQL\n\n```sql\n{kpi.gevallen.strip()}\n```\n"
    )


@contextmanager
def reading(db: Path) -> Iterator[Connection]:
    """A read-only connection to a database whose views and lists are those of this version.

    Raises:
        UsageError: there is no such database.
        KetenError: it was published by another version and cannot be written to now, or another process writes to it.
    """
    with connect(db) as con:
        check_layout(con, db)
        current = is_published(con) and is_current(con)
    if not current:
        publish_database(db)
    with connect(db) as con:
        yield con


def publish_database(db: Path) -> None:
    """Publishes the database in this file, and stores the views that cost much, where that is needed.

    After messages were added, storing works out again what these touch, not all.
    """
    with connect(db, write=True) as con:
        check_layout(con, db)
        if not is_published(con):
            publish(con)
        if not is_current(con):
            con.execute(f"SET memory_limit = '{MEMORY}'")
            with _whole(con):
                store_views(con, since=_stored_to(con))
                comment_columns(con)
                con.execute("INSERT OR REPLACE INTO beheer.kenmerk VALUES (?, ?)", [STORED_TO, str(_last_message(con))])


def reopen(con: Connection) -> None:
    """Before messages are added: no stored view stays that does not know them, also when the run is cut short."""
    if is_published(con):
        with _whole(con):
            set_stored_aside(con)


def quarantined(con: Connection, reden: str | None = None) -> list[dict[str, object]]:
    """What could not be loaded, as ``beheer.quarantaine`` has it: where it was found, what is wrong and where in it."""
    found = con.execute(
        "SELECT * FROM beheer.quarantaine WHERE ? IS NULL OR reden = ? ORDER BY reden, bron, lid", [reden, reden]
    )
    columns = [column[0] for column in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
