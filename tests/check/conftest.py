"""The example delivery, loaded once per module."""

from __future__ import annotations

import pytest

from tests.verkeer.database import voorjaar


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    with voorjaar(tmp_path_factory.mktemp("voorjaar")) as connection:
        yield connection
