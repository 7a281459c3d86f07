"""A small pilot in a database, and its dashboard as the Ketenbureau sees it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keten_kpi.dashboard import Bouw
from keten_kpi.dashboard.tabellen import Tabellen
from keten_kpi.publish import reading
from tests.pilot import make_pilot

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
MINIMUM = 10


@pytest.fixture(scope="session")
def db(tmp_path_factory) -> Path:
    return make_pilot(tmp_path_factory.mktemp("pilot"), seed=1)


@pytest.fixture(scope="session")
def con(db):
    with reading(db) as connection:
        yield connection


@pytest.fixture(scope="session")
def bouw(con) -> Bouw:
    return Bouw(con, MINIMUM)


@pytest.fixture(scope="session")
def tabellen(bouw) -> Tabellen:
    """What all editions share."""
    return bouw._tabellen


@pytest.fixture(scope="session")
def alle(bouw, tmp_path_factory) -> dict[str | None, Path]:
    """Every edition, by its gemeente; None for the Ketenbureau's."""
    folder = tmp_path_factory.mktemp("alle")
    return {editie.gemeente: bouw.build(folder / editie.map, editie).map for editie in bouw.edities}


@pytest.fixture(scope="session")
def site(alle) -> Path:
    return alle[None]


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM.exists():
        pytest.skip(f"there is no chromium at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
