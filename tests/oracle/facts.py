"""The facts of the standard: one JSON file per standard and release, as they were handed over."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "fixtures" / "standaard"
RELEASES = (("ijw", "2.3"), ("ijw", "3.2"), ("iwmo", "2.3"), ("iwmo", "3.2"))


class Facts(dict[str, Any]):
    """One file of facts; short when it is shown, so that a failing property stays readable."""

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    def __repr__(self) -> str:
        return f"<facts of {self['standard']} {self['release']}>"


@cache
def load(standaard: str, release: str) -> Facts:
    return Facts(json.loads((FOLDER / f"{standaard}-{release}.json").read_text("utf-8")))


@cache
def all_messages() -> tuple[tuple[str, str, str], ...]:
    """Every (standaard, release, message type): 48 of them."""
    return tuple((s, r, message) for s, r in RELEASES for message in load(s, r)["messages"])


def namespaces(facts: Facts, message: str) -> tuple[str, str]:
    """The namespace of the message and that of the base types."""
    return facts["messages"][message]["target_namespace"], facts["base_namespace"]


def definition(facts: Facts, message: str, kind: str | dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The definition of a type and the namespace of the elements in it."""
    own, base = namespaces(facts, message)
    if isinstance(kind, dict):
        return kind, own
    types = facts["messages"][message]["types"]
    return (types[kind], own) if kind in types else (facts["base_types"][kind], base)


def steps(facts: Facts, message: str, kind: str | dict[str, Any]) -> list[dict[str, Any]]:
    """The restriction steps of a simple type, from the type itself up to the one on a built-in type."""
    found, _ = definition(facts, message, kind)
    base = found["base"]
    return [found] if base in BUILTINS else [found, *steps(facts, message, base)]


def occurrence(text: str) -> tuple[int, int | None]:
    """Minimum and maximum of ``min..max``; None is unbounded."""
    least, _, most = text.partition("..")
    return int(least), None if most == "*" else int(most)


BUILTINS = {"string", "integer", "date", "time"}
