"""Writes an edition as a folder: made beside the old one, put in its place at the end."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from keten_kpi.dashboard.blok import Pagina
from keten_kpi.dashboard.cijfers import Cijfers
from keten_kpi.dashboard.editie import KETENBUREAU, Editie
from keten_kpi.dashboard.gevallen import FOLDER
from keten_kpi.dashboard.kamers import Kamers
from keten_kpi.dashboard.paginas import all_pages
from keten_kpi.dashboard.tabellen import Tabellen
from keten_kpi.dashboard.woorden import dag
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.kpi import Selection, as_of
from keten_kpi.report import csv_text

if TYPE_CHECKING:
    from jinja2 import Template

    from keten_kpi.database import Connection

MARK = ".keten-kpi-dashboard"  # in every folder that this program wrote: only such a one is replaced


@dataclass(frozen=True, slots=True)
class Site:
    """What was written."""

    map: Path
    paginas: int
    bytes: int


def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(FOLDER.joinpath("pagina.html.j2").read_text("utf-8"))


def _hash(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


MENU = {
    "index.html": "Landelijk beeld",
    "gemeenten.html": "Gemeenten",
    "productcodes.html": "Productcodes",
    "aanbieders.html": "Aanbieders",
    "datakwaliteit.html": "Datakwaliteit",
    "verantwoording.html": "Verantwoording",
}

KETENBUREAU_ONLY = {"gemeenten.html", "aanbieders.html"}  # pages that name others


def _menu(editie: Editie, names: dict[str, str]) -> list[tuple[str, str]]:
    own = [(f"gemeente/{editie.gemeente}.html", names[editie.gemeente])] if editie.gemeente else []
    shown = [(path, word) for path, word in MENU.items() if editie.gemeente is None or path not in KETENBUREAU_ONLY]
    return [shown[0], *own, *shown[1:]]


def _render(cijfers: Cijfers, pages: Iterable[Pagina]) -> Iterator[tuple[str, str]]:
    """Path and text of every file of the edition."""
    from markupsafe import Markup

    template, style = _template(), FOLDER.joinpath("stijl.css").read_text("utf-8")
    editie = cijfers.editie
    names = {editie.gemeente: cijfers.naam(editie.gemeente)} if editie.gemeente else {}
    day = cijfers.peildatum
    shared = {
        "style": Markup(style),  # noqa: S704 - our own file
        "style_hash": _hash(style),
        "menu": _menu(editie, names),
        "peildatum": dag(day) if day else "onbekend",
        "beeld": Markup,
        "editie": names.get(editie.gemeente, "Ketenbureau") if editie.gemeente else "Ketenbureau",
    }
    for page in pages:
        yield page.pad, template.render(pagina=page, **shared)
        for block in page.blokken:
            for table in block.bestanden:
                yield f"data/{table.naam}.csv", csv_text(table)


@dataclass(slots=True)
class Bouw:
    """Builds editions of one database: what they share is worked out once.

    Args:
        con: a published database.
        minimum: counts of 1 up to this are hidden; 0 hides nothing.
    """

    con: Connection
    minimum: int
    gemeenten: list[str] = field(init=False)
    _tabellen: Tabellen = field(init=False)
    _kamers: Kamers = field(init=False)

    def __post_init__(self) -> None:
        with as_of(self.con, Selection()):
            self._tabellen = Tabellen(self.con, self.minimum)
            self.gemeenten = self._tabellen.gemeenten()
            self._kamers = Kamers(self._tabellen)

    @property
    def edities(self) -> list[Editie]:
        """The one for the Ketenbureau, and one for each gemeente."""
        return [KETENBUREAU, *map(Editie, self.gemeenten)]

    def build(self, out: Path, editie: Editie) -> Site:
        """Builds one edition in ``out``, whole or not at all; what this program wrote there before is replaced.

        Raises:
            UsageError: the folder holds something else, or the gemeente has no figures.
            KetenError: it cannot be written.
        """
        if editie.gemeente is not None and editie.gemeente not in self.gemeenten:
            raise UsageError(
                f"Gemeente {editie.gemeente} has no cases in this database.", "See `keten-kpi kpi --per gemeente`."
            )
        cijfers = Cijfers(self.con, editie, self.minimum, self._tabellen)
        with as_of(self.con, Selection()):
            return replace_folder(
                out, lambda part: _write(_render(cijfers, all_pages(cijfers, self._kamers, self.gemeenten)), part)
            )


def build_site(con: Connection, out: Path, *, editie: Editie, minimum: int) -> Site:
    """Builds one edition, as ``Bouw.build``."""
    return Bouw(con, minimum).build(out, editie)


def _write(files: Iterable[tuple[str, str]], part: Path) -> Site:
    pages = size = 0
    for path, text in files:
        target = part / path
        target.parent.mkdir(parents=True, exist_ok=True)
        size += target.write_bytes(text.encode())
        pages += path.endswith(".html")
    return Site(part, pages, size)


def replace_folder(out: Path, write: Callable[[Path], Site]) -> Site:
    """Lets ``write`` fill a folder beside ``out`` and puts it in its place; after a failure the old one stays.

    Raises:
        UsageError: ``out`` holds something that this program did not write, or its parent is not there.
        KetenError: it cannot be written.
    """
    if not out.parent.is_dir():
        raise UsageError(f"The folder of {out} does not exist.", "Make it first.")
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).exists())):
        raise UsageError(f"{out} holds something else than a dashboard.", "Give another folder, or an empty one.")
    part, old = (out.with_name(f".{out.name}.{kind}-{uuid4().hex[:8]}") for kind in ("nieuw", "oud"))
    try:
        part.mkdir()
        (part / MARK).write_text("", "utf-8")
        made = write(part)
        if out.exists():
            out.rename(old)
        part.rename(out)
    except OSError as error:
        if old.exists() and not out.exists():
            old.rename(out)
        raise KetenError(f"{out} cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return Site(out, made.paginas, made.bytes)
