"""A published database without traffic, made once per module."""

from __future__ import annotations

import pytest

from tests.published import published


@pytest.fixture(scope="module")
def con():
    with published() as connection:
        yield connection
