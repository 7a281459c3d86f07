"""A published database without traffic, made once; examples roll back what they load."""

from __future__ import annotations

import pytest

from tests.published import published


@pytest.fixture(scope="module")
def con():
    with published() as connection:
        yield connection
