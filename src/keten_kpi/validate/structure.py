"""What the XSD files say, read with lxml only when an invalid message must be explained.

Follows import and include (a schema without a namespace takes that of its includer). What these standards do not use
(choice, wildcard, group) is told as "not known", so that an explanation says less rather than something wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

XS = "http://www.w3.org/2001/XMLSchema"
_BOUNDS = ("length", "minLength", "maxLength", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive",
           "totalDigits", "fractionDigits")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaf:
    """A simple type with the facets of all its restriction steps; ``patterns`` holds one expression per step."""

    builtin: str  # "string", "integer", "date", "time"
    patterns: tuple[str, ...]
    codes: tuple[str, ...]
    bounds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a sequence: how often it may stand there, and where its type is defined."""

    tag: str  # "{namespace}name"
    least: int
    most: int | None  # None is unbounded
    definition: _Definition

    @property
    def name(self) -> str:
        return self.tag.rpartition("}")[2]


@dataclass(frozen=True, slots=True)
class Group:
    """A complex type: its elements in order."""

    parts: tuple[Part, ...]

    def part(self, tag: str) -> Part | None:
        return next((part for part in self.parts if part.tag == tag), None)


@dataclass(frozen=True, slots=True)
class _Definition:
    """A node of a schema file and the namespace that its names are in; without ``node``, a built-in type or nothing."""

    node: etree._Element | None
    namespace: str
    builtin: str = ""

    def children(self, name: str) -> list[_Definition]:
        found = [] if self.node is None else self.node.findall(f"{{{XS}}}{name}")
        return [_Definition(each, self.namespace) for each in found]

    def get(self, attribute: str, default: str = "") -> str:
        return default if self.node is None else self.node.get(attribute, default)


_NOTHING = _Definition(None, "")


class Structure:
    """The declarations that one XSD file reaches.

    ``files`` keeps the files that were read, for structures that share their base schemas.
    """

    def __init__(self, xsd: Path, files: dict[Path, etree._Element] | None = None) -> None:
        self._files = {} if files is None else files
        self._types: dict[str, _Definition] = {}
        self._elements: dict[str, _Definition] = {}
        self._contents: dict[_Definition, Leaf | Group | None] = {}
        self._seen: set[tuple[Path, str]] = set()
        self._read(xsd, "")

    def root(self, tag: str) -> Leaf | Group | None:
        """The type of the global element ``tag``."""
        return self._content(self._type_of(self._elements.get(tag, _NOTHING)))

    def child(self, part: Part) -> Leaf | Group | None:
        """The type of the element that ``part`` declares."""
        return self._content(part.definition)

    def names(self) -> Iterator[str]:
        """The local names of all elements that are declared, wherever."""
        tops = [*self._types.values(), *self._elements.values()]
        for top in tops:
            if top.node is not None:
                yield from (str(each.get("name")) for each in top.node.iter(f"{{{XS}}}element") if each.get("name"))

    def _content(self, definition: _Definition) -> Leaf | Group | None:
        if definition not in self._contents:
            self._contents[definition] = self._read_type(definition)
        return self._contents[definition]

    def _read_type(self, definition: _Definition) -> Leaf | Group | None:
        if definition.builtin:
            return Leaf(definition.builtin, (), (), {})
        if definition.node is None:
            return None
        return self._group(definition) if _is(definition, "complexType") else self._leaf(definition)

    def _read(self, path: Path, includer: str) -> None:
        path = path.resolve()
        if (path, includer) in self._seen:
            return
        self._seen.add((path, includer))
        schema = self._file(path)
        target = schema.get("targetNamespace", includer)
        for node in schema.iterchildren(f"{{{XS}}}include", f"{{{XS}}}import"):
            location = node.get("schemaLocation")
            if location:
                self._read(path.parent / location, target if node.tag.endswith("include") else "")
        for node in schema.iterchildren(f"{{{XS}}}complexType", f"{{{XS}}}simpleType"):
            self._types[f"{{{target}}}{node.get('name')}"] = _Definition(node, target)
        for node in schema.iterchildren(f"{{{XS}}}element"):
            self._elements[f"{{{target}}}{node.get('name')}"] = _Definition(node, target)

    def _file(self, path: Path) -> etree._Element:
        if path not in self._files:
            parser = etree.XMLParser(no_network=True, resolve_entities=False)
            self._files[path] = etree.parse(str(path), parser).getroot()
        return self._files[path]

    def _type_of(self, element: _Definition) -> _Definition:
        named = element.get("type")
        if named:
            return self._named(element, named)
        inline = element.children("simpleType") or element.children("complexType")
        return inline[0] if inline else _NOTHING

    def _named(self, where: _Definition, qname: str) -> _Definition:
        namespace, local = _resolve(where, qname)
        if namespace == XS:
            return _Definition(None, XS, builtin=local)
        return self._types.get(f"{{{namespace}}}{local}", _NOTHING)

    def _group(self, complex_type: _Definition) -> Group | None:
        sequences = complex_type.children("sequence")
        if len(sequences) != 1 or complex_type.children("complexContent"):
            return None
        node = sequences[0].node
        if node is None or any(each.tag not in {f"{{{XS}}}element", f"{{{XS}}}annotation"} for each in node):
            return None
        return Group(tuple(self._part(each) for each in sequences[0].children("element")))

    def _part(self, element: _Definition) -> Part:
        most = element.get("maxOccurs", "1")
        declared, tag = self._declared(element)
        return Part(
            tag=tag,
            least=int(element.get("minOccurs", "1")),
            most=None if most == "unbounded" else int(most),
            definition=self._type_of(declared),
        )

    def _declared(self, element: _Definition) -> tuple[_Definition, str]:
        """The declaration behind an element of a sequence (itself, or the one that it refers to) and its tag."""
        reference = element.get("ref")
        if reference:
            namespace, local = _resolve(element, reference)
            tag = f"{{{namespace}}}{local}"
            return self._elements.get(tag, _NOTHING), tag
        name = element.get("name")
        return element, f"{{{element.namespace}}}{name}" if _is_qualified(element) else name

    def _leaf(self, simple_type: _Definition) -> Leaf | None:
        steps = simple_type.children("restriction")
        if not steps:
            return None
        step = steps[0]
        inline = step.children("simpleType")
        base = self._content(inline[0] if inline else self._named(step, step.get("base")))
        if not isinstance(base, Leaf):
            return None
        patterns = [each.get("value") for each in step.children("pattern")]
        return Leaf(
            builtin=base.builtin,
            patterns=(*base.patterns, "|".join(patterns)) if patterns else base.patterns,
            codes=tuple(each.get("value") for each in step.children("enumeration")) or base.codes,
            bounds={**base.bounds, **{k: each.get("value") for k in _BOUNDS for each in step.children(k)}},
        )


def _is(definition: _Definition, name: str) -> bool:
    return definition.node is not None and definition.node.tag == f"{{{XS}}}{name}"


def _is_qualified(element: _Definition) -> bool:
    if element.node is None:
        return False
    schema = element.node.getroottree().getroot()
    return element.get("form", schema.get("elementFormDefault", "unqualified")) == "qualified"


def _resolve(where: _Definition, qname: str) -> tuple[str, str]:
    prefix, _, local = qname.rpartition(":")
    scope = {} if where.node is None else where.node.nsmap
    return scope.get(prefix or None, where.namespace if not prefix else ""), local
