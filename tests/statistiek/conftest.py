"""The published database of ``tests/kpi``, for tests of the figures' statistics."""

from tests.kpi.conftest import con

__all__ = ["con"]
