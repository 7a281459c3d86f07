"""The form of a message type as data: its elements in order with their types, read from the XSD with xmlschema.

The fast engine is made from it at run time, without xmlschema. What cannot be told in this way is reported: messages
of such a type are judged by libxml2 alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xmlschema.validators import XsdAtomicBuiltin, XsdAtomicRestriction, XsdComplexType, XsdElement, XsdGroup, XsdType

Facets = dict[str, Any]  # of one restriction step: facet name to its value; of pattern and enumeration a list
_LISTED = ("pattern", "enumeration")


@dataclass(frozen=True, slots=True)
class Form:
    """One message type.

    ``elements`` maps each path to ``NAMESPACE LEAST..MOST [TYPE]``: the namespace is ``m`` (that of the message) or
    ``b`` (the other one), the type is given for leaves. ``types`` maps those to their restriction steps, the type's
    own first. ``reason`` says why there is no form, and is empty when there is one.
    """

    elements: dict[str, str]
    types: dict[str, dict[str, Any]]
    base_namespace: str | None = None
    reason: str = ""


class _UntoldError(Exception):
    """A construct that the form has no words for."""


def form_of(root: XsdElement, code: str) -> Form:
    """The form of the message type ``code`` with this root."""
    reader = _Reader(code, str(root.target_namespace))
    try:
        reader.read(root, "")
    except _UntoldError as untold:
        return Form({}, {}, reason=str(untold))
    return Form(reader.elements, reader.types, reader.base)


class _Reader:
    def __init__(self, code: str, namespace: str) -> None:
        self._code = code
        self._namespace = namespace
        self.base: str | None = None
        self.elements: dict[str, str] = {}
        self.types: dict[str, dict[str, Any]] = {}

    def read(self, element: XsdElement, path: str) -> None:
        for child in _children(element):
            below = f"{path}/{child.local_name}" if path else str(child.local_name)
            most = "*" if child.max_occurs is None else child.max_occurs
            told = f"{self._namespace_of(child)} {child.min_occurs}..{most}"
            if child.type is not None and child.type.is_simple():
                self.elements[below] = f"{told} {self._type(child.type, below)}"
            else:
                self.elements[below] = told
                self.read(child, below)

    def _namespace_of(self, element: XsdElement) -> str:
        namespace = str(element.name).partition("}")[0][1:]
        if namespace == self._namespace:
            return "m"
        self.base = self.base or namespace
        if namespace != self.base:
            raise _UntoldError(f"{element.local_name} is in a third namespace")
        return "b"

    def _type(self, kind: XsdType, path: str) -> str:
        """The name of the type of a leaf; a type without a name, or of the message's own, is named after its place."""
        is_base = kind.local_name and kind.target_namespace != self._namespace
        name = str(kind.local_name) if is_base else f"{self._code}/{path}"
        self.types.setdefault(name, _restriction(kind, path))
        return name


def _children(element: XsdElement) -> Iterator[XsdElement]:
    kind = element.type
    if not isinstance(kind, XsdComplexType) or not isinstance(kind.content, XsdGroup):
        raise _UntoldError(f"{element.local_name} is no class of elements")
    if kind.mixed or len(kind.attributes) or kind.abstract:
        raise _UntoldError(f"{element.local_name} has attributes, or text between its elements, or is abstract")
    return _sequence(kind.content, str(element.local_name))


def _sequence(group: XsdGroup, owner: str) -> Iterator[XsdElement]:
    if group.model != "sequence" or (group.min_occurs, group.max_occurs) != (1, 1):
        raise _UntoldError(f"{owner} has a choice, or a sequence that repeats")
    for item in group:
        if isinstance(item, XsdGroup):
            yield from _sequence(item, owner)
            continue
        if not isinstance(item, XsdElement) or _is_odd(item):
            raise _UntoldError(f"{owner} has a wildcard, or an element that is not plain")
        yield item


def _is_odd(element: XsdElement) -> bool:
    parts = (element.nillable, element.abstract, element.default, element.fixed, element.substitution_group)
    return any(parts) or bool(element.identities)


def _restriction(kind: XsdType | None, path: str) -> dict[str, Any]:
    steps: list[Facets] = []
    while isinstance(kind, XsdAtomicRestriction) and not isinstance(kind, XsdAtomicBuiltin):
        steps.append(_facets(kind, path))
        kind = kind.base_type
    if not isinstance(kind, XsdAtomicBuiltin):
        raise _UntoldError(f"{path} is a list or a union")
    return {"basis": str(kind.local_name), "stappen": steps}


def _facets(kind: XsdAtomicRestriction, path: str) -> Facets:
    """The facets of one step as they are written; the library's own objects mix them with those of the base."""
    found: Facets = {}
    restriction = next((each for each in (kind.elem, *kind.elem) if str(each.tag).endswith("}restriction")), None)
    if restriction is None:
        raise _UntoldError(f"{path} is not made by restriction")
    for child in restriction:
        name, value = str(child.tag).rpartition("}")[2], child.get("value")
        if name in _LISTED:
            found.setdefault(name, []).append(value)
        elif value is not None:
            found[name] = value
    return found
