"""The kinds of source: each a module in this folder that holds a ``PLACE`` or a ``FORMAT``. Nothing else lists them."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from keten_kpi.source.reader import Format, Place


@cache
def formats() -> tuple[Format, ...]:
    """Kinds of bytes: archives and compressions."""
    return tuple(module.FORMAT for module in _modules() if hasattr(module, "FORMAT"))


@cache
def places() -> tuple[Place, ...]:
    """Kinds of path."""
    return tuple(module.PLACE for module in _modules() if hasattr(module, "PLACE"))


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(__path__):
        yield import_module(f"{__name__}.{module.name}")
