"""A published database without traffic, made once; examples roll back what they load."""

from __future__ import annotations

import pytest

from tests.spec.mutation import fresh


@pytest.fixture(scope="module")
def con():
    connection = fresh()
    yield connection
    connection.close()
