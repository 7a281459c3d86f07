"""A published database without traffic, made once."""

from __future__ import annotations

import pytest

from tests.published import published


@pytest.fixture(scope="module")
def empty():
    with published() as connection:
        yield connection
