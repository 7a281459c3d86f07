"""The story of a case as one page that can be printed and passed on: no script, nothing from elsewhere, no client."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from keten_kpi.report.write import replace_file
from keten_kpi.toets.dagen import write_day

if TYPE_CHECKING:
    from keten_kpi.toets import Waarom

FOLDER = resources.files("keten_kpi.report")
ROLLEN = {
    "begin": "start de klok",
    "antwoord": "stopt de klok",
    "beide": "start en stopt de klok",
    "geval": "het geval zelf",
    "referentie": "zelfde referentie",
    "retour": "retourbericht",
}


def _dag(day: date | None) -> str:
    return write_day(day) if day else "onbekend"


def _style_hash(style: str) -> str:
    """What a content security policy asks for: only this very style is allowed."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def story_page(waarom: Waarom) -> str:
    """The page, complete in itself. The pseudonym of the client is not on it."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters |= {"dag": _dag, "rol": lambda name: ROLLEN[name]}
    style = FOLDER.joinpath("verhaal.css").read_text("utf-8")
    template = environment.from_string(FOLDER.joinpath("verhaal.html.j2").read_text("utf-8"))
    return template.render(waarom=waarom, style=Markup(style), style_hash=_style_hash(style))  # noqa: S704  # our own file


def write_story(waarom: Waarom, path: Path) -> None:
    """Writes the page beside the old file and puts it in its place at the end.

    Raises:
        UsageError: the folder does not exist.
        KetenError: the file cannot be written.
    """
    text = story_page(waarom)
    replace_file(path, lambda part: part.write_text(text, "utf-8"))
