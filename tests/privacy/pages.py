"""Writes the pages that follow from the mapping: ``python -m tests.privacy.pages``. A test fails while they are old."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

from keten_kpi.shred.inventory import dictionary_page, dpia_page, privacy_page

DOCS = Path(__file__).parents[2] / "docs"


def _dictionary() -> str:
    return dictionary_page(resources.files("keten_kpi.load").joinpath("beheer.sql").read_text("utf-8"))


PAGES: dict[str, Callable[[], str]] = {
    "privacy.md": privacy_page,
    "data-dictionary.md": _dictionary,
    "dpia.md": dpia_page,
}


def write_pages() -> None:
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    write_pages()
