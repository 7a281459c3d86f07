"""The leaves of a message type, read from its XSD by xmlschema and by nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import xmlschema


def leaves(xsd: Path) -> set[str]:
    """``Client/Naam/Voornamen``: the path below the root of every element that holds text."""
    (root,) = xmlschema.XMLSchema10(str(xsd), allow="local").elements.values()
    return set(_below(root, ""))


def _below(element: xmlschema.XsdElement, path: str) -> Iterator[str]:
    for child in element.iterchildren():
        name = f"{path}/{child.local_name}".strip("/")
        if child.type.is_simple():
            yield name
        else:
            yield from _below(child, name)
