"""Finding the element that libxml2 complains of, and writing its path as a reader knows it."""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

_STEP = re.compile(r"(?:(?P<prefix>[^:\[\]]+):)?(?P<name>[^:\[\]]+)(?:\[(?P<place>[0-9]+)\])?")


def locate(root: etree._Element, path: str) -> etree._Element | None:
    """The element at a path as libxml2 writes it.

    In a default namespace that is ``*[n]``, counting all elements; ``p:name[n]`` counts those of that prefix and name.
    """
    found: etree._Element | None = None
    for step in path.split("/")[1:]:
        match = _STEP.fullmatch(step)
        if match is None:
            return None
        candidates = [root] if found is None else [e for e in found if _fits(e, match["prefix"], match["name"])]
        place = int(match["place"] or 1)
        if place > len(candidates):
            return None
        found = candidates[place - 1]
    return found


def readable_path(element: etree._Element, names: Collection[str]) -> str:
    """The path without namespaces: ``[n]`` where siblings share a name, ``*`` for a name that is not in ``names``."""
    return "".join(f"/{_step(each, names)}" for each in line_of_descent(element))


def line_of_descent(element: etree._Element) -> list[etree._Element]:
    """From the root down to the element itself."""
    return [*reversed(list(element.iterancestors())), element]


def _fits(element: etree._Element, prefix: str | None, name: str) -> bool:
    if name == "*" and prefix is None:
        return True
    qname = etree.QName(element)
    if qname.localname != name:
        return False
    return qname.namespace is None if prefix is None else element.prefix == prefix


def _step(element: etree._Element, names: Collection[str]) -> str:
    parent = element.getparent()
    local = etree.QName(element).localname
    is_known = local in names
    twins = [] if parent is None else [e for e in parent if not is_known or etree.QName(e).localname == local]
    place = f"[{twins.index(element) + 1}]" if len(twins) > 1 else ""
    return (local if is_known else "*") + place
