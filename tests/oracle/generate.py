"""Documents made from the facts: the smallest, the fullest and random ones, all of them valid.

``minimal`` and ``maximal`` give bytes; the same as a tree of ``Node`` comes from ``minimal_tree`` and ``maximal_tree``,
and ``write`` turns a tree into text and remembers where each element stands in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from tests.oracle.facts import Facts, definition, namespaces, occurrence, steps
from tests.oracle.verdict import value_problems

Leaf = Callable[[str, str], str | None]  # path such as /Bericht/Client/Relaties/Relatie[2]/Nummer, and type
Style = Literal["prefixed", "default", "redeclared"]


@dataclass(eq=False)
class Node:
    """One element; ``kind`` is its type in the facts. A leaf has text, a group has children."""

    name: str
    namespace: str
    kind: str | dict[str, Any]
    path: str
    least: int = 1
    most: int | None = 1
    text: str | None = None
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Span:
    """Where an element stands in the text: its first character, its content, the character after its end."""

    start: int
    inner: int
    close: int
    end: int


@dataclass(frozen=True)
class Written:
    text: str
    spans: dict[Node, Span]

    @property
    def content(self) -> bytes:
        return self.text.encode()

    def with_text(self, node: Node, text: str) -> bytes:
        """The document with other content in ``node``."""
        span = self.spans[node]
        return f"{self.text[: span.inner]}{_escaped(text)}{self.text[span.close :]}".encode()


def minimal(facts: Facts, message: str, leaf: Leaf | None = None) -> bytes:
    """The smallest valid document: what is mandatory, once."""
    return write(minimal_tree(facts, message, leaf)).content


def maximal(facts: Facts, message: str, leaf: Leaf | None = None) -> bytes:
    """The fullest: every optional element is there, everything that repeats stands twice.

    ``leaf`` gives the text of a leaf by its path and type; where it returns None (or is None) a sample stands.
    """
    return write(maximal_tree(facts, message, leaf)).content


def minimal_tree(facts: Facts, message: str, leaf: Leaf | None = None) -> Node:
    return _build(facts, message, lambda least, _: least, _or_sample(facts, message, leaf))


def maximal_tree(facts: Facts, message: str, leaf: Leaf | None = None) -> Node:
    return _build(facts, message, lambda _, most: 2 if most is None else min(most, 2), _or_sample(facts, message, leaf))


@st.composite
def random_document(draw: st.DrawFn, facts: Facts, message: str) -> Node:
    """A valid document with a drawn choice of optional elements, repeats (up to three) and values."""

    def count(least: int, most: int | None) -> int:
        return draw(st.integers(least, 3 if most is None else most)) if least != most else least

    def text(_: str, kind: str | dict[str, Any]) -> str:
        return draw(leaf_values(facts, message, kind))

    return _build(facts, message, count, text)


def tree_from(content: bytes, facts: Facts, message: str) -> Node:
    """A valid document from elsewhere as a tree, read by the facts."""
    root = ET.fromstring(content)  # noqa: S314 - a valid message, read by a test
    said = facts["messages"][message]

    def fill(node: Node, element: ET.Element) -> Node:
        sequence = definition(facts, message, node.kind)[0].get("sequence")
        if sequence is None:
            node.text = element.text or ""
            return node
        kinds = {name: (kind, *occurrence(occurs)) for name, kind, occurs in sequence}
        names = [child.tag.rpartition("}")[2] for child in element]
        for at, (name, child) in enumerate(zip(names, element, strict=True)):
            place = f"[{names[: at + 1].count(name)}]" if names.count(name) > 1 else ""
            namespace = child.tag[1:].partition("}")[0]
            node.children.append(
                fill(Node(name, namespace, kinds[name][0], f"{node.path}/{name}{place}", *kinds[name][1:]), child)
            )
        return node

    return fill(Node(said["root_element"], root.tag[1:].partition("}")[0], said["root_type"], "/Bericht"), root)


def _or_sample(facts: Facts, message: str, leaf: Leaf | None) -> Callable[[str, str | dict[str, Any]], str]:
    def text(path: str, kind: str | dict[str, Any]) -> str:
        given = leaf(path, kind["base"] if isinstance(kind, dict) else kind) if leaf else None
        return sample(kind, steps(facts, message, kind)) if given is None else given

    return text


def _build(
    facts: Facts,
    message: str,
    count: Callable[[int, int | None], int],
    text: Callable[[str, str | dict[str, Any]], str],
) -> Node:
    said = facts["messages"][message]
    own, _ = namespaces(facts, message)

    def fill(node: Node) -> Node:
        content, namespace = definition(facts, message, node.kind)
        if "sequence" not in content:
            node.text = text(node.path, node.kind)
            return node
        for name, kind, occurs in content["sequence"]:
            least, most = occurrence(occurs)
            times = count(least, most)
            for place in range(1, times + 1):
                path = f"{node.path}/{name}" + (f"[{place}]" if times > 1 else "")
                node.children.append(fill(Node(name, namespace, kind, path, least, most)))
        return node

    name = said["root_element"]
    return fill(Node(name, own, said["root_type"], f"/{name}"))


def write(root: Node, style: Style = "prefixed") -> Written:
    """The document as text: each element on its own line; ``style`` is how namespaces are written."""
    own = root.namespace
    base = next((node.namespace for node in root.walk() if node.namespace != own), own)
    parts, spans = ['<?xml version="1.0" encoding="UTF-8"?>'], {}
    length = len(parts[0])

    def put(text: str) -> int:
        nonlocal length
        parts.append(text)
        length += len(text)
        return length

    def element(node: Node, scope: str | None) -> None:
        tag, declared = _tag(node, own, style, scope)
        if node is root:
            declared = {
                "prefixed": f' xmlns:b="{base}" xmlns:m="{own}"',
                "default": f' xmlns="{own}" xmlns:b="{base}"',
            }.get(style, declared)
        start = put("\n")
        inner = put(f"<{tag}{declared}>")
        put(_escaped(node.text or ""))
        for child in node.children:
            element(child, node.namespace)
        close = put("\n") if node.children else length
        spans[node] = Span(start, inner, close, put(f"</{tag}>"))

    element(root, None)
    return Written("".join(parts), spans)


def _tag(node: Node, own: str, style: Style, scope: str | None) -> tuple[str, str]:
    if style == "redeclared":
        return node.name, "" if node.namespace == scope else f' xmlns="{node.namespace}"'
    if node.namespace != own:
        return f"b:{node.name}", ""
    return (f"m:{node.name}" if style == "prefixed" else node.name), ""


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


# --- values

_BY_TYPE = {"LDT_BurgerServicenummer": "999900006", "LDT_Gemeente": "0384", "LDT_AgbCode": "12345678"}
_BY_PATTERN = {
    "([a-zA-Z0-9])+": "A1b2",
    "[0-9]{8}": "12345678",
    "NL[0-9]{9}B[0-9]{2}": "NL123456789B01",
    "[0-9]{9}": "999900006",
    r"([.\s]*\S+[.\s]*)+": "Een opmerking.",
    "[0-9]{4}": "0384",
    "[0-9]*": "0201234567",
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)": "1.0.2",
    "([a-zA-ZÀ-ỳ])+": "JÉ",
}
_SERVICEBUREAU = "(0{8})|98"
_BY_BUILTIN = {"integer": "1", "date": "2019-08-01", "time": "10:30:00"}


def sample(kind: str | dict[str, Any], restrictions: list[dict[str, Any]]) -> str:
    """One valid value of a simple type."""
    named = _BY_TYPE.get(kind) if isinstance(kind, str) else None
    codes = restrictions[0].get("enumeration") or _listed(restrictions)
    if named or codes:
        return str(named or codes[0])
    builtin = restrictions[-1]["base"]
    pattern = next((step["pattern"][0] for step in restrictions if "pattern" in step), "")
    if builtin != "string":
        return _BY_BUILTIN[builtin]
    if pattern.startswith(_SERVICEBUREAU):
        return "98000001"
    return _BY_PATTERN.get(pattern, "Proef")[: longest(restrictions)]


def longest(restrictions: list[dict[str, Any]]) -> int | None:
    return min((int(step["maxLength"]) for step in restrictions if "maxLength" in step), default=None)


def _listed(restrictions: list[dict[str, Any]]) -> list[str]:
    """The values of patterns that only list them ("432|450")."""
    patterns = [each for step in restrictions for each in step.get("pattern", [])]
    return next((each.split("|") for each in patterns if re.fullmatch(r"[0-9]+(\|[0-9]+)*", each)), [])


_TEXT = st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32)] + ["\ufffe", "\uffff"])
_TEXTS = st.text(_TEXT, min_size=1, max_size=40) | st.text("ab .é\u00a0\u2028&<>'\"", min_size=1, max_size=12)
_YEARS = st.sampled_from([1, 4, 99, 1900, 2000, 2019, 2020, 2400, 9999, 12000])
_STRINGS: dict[str, st.SearchStrategy[str]] = {
    r".*[^\s].*": _TEXTS,
    r"([.\s]*\S+[.\s]*)+": _TEXTS | st.just("twee\nregels\t."),
    "([a-zA-ZÀ-ỳ])+": st.text("aZÀỳ\u00d7ÿ", min_size=1, max_size=6),
    "": _TEXTS,
}


def leaf_values(facts: Facts, message: str, kind: str | dict[str, Any]) -> st.SearchStrategy[str]:
    """Valid values of a simple type, odd lexical forms included."""
    return _valid_values(json.dumps(steps(facts, message, kind)))


@cache
def _valid_values(as_json: str) -> st.SearchStrategy[str]:
    restrictions: list[dict[str, Any]] = json.loads(as_json)
    builtin = restrictions[-1]["base"]
    if builtin == "string":
        made = _strings(restrictions)
    else:
        made = _MADE[builtin](restrictions)
        made = made | made.map(lambda value: f"\n {value}\t")
    return made.filter(lambda value: not value_problems(value, restrictions))


def _strings(restrictions: list[dict[str, Any]]) -> st.SearchStrategy[str]:
    codes = restrictions[0].get("enumeration") or _listed(restrictions)
    if codes:
        return st.sampled_from(codes)
    pattern = next((step["pattern"][0] for step in restrictions if "pattern" in step), "")
    digits = re.fullmatch(r"\[0-9\]\{([0-9]+)\}", pattern)
    if digits:
        return st.text("0123456789", min_size=int(digits[1]), max_size=int(digits[1]))
    texts = _STRINGS.get(pattern, st.just(sample("", restrictions)))
    return texts.map(lambda text: text[: longest(restrictions)])


def _integers(restrictions: list[dict[str, Any]]) -> st.SearchStrategy[str]:
    listed = _listed(restrictions)
    if listed:
        return st.sampled_from(listed)
    low, high = int(restrictions[-1]["minInclusive"]), int(restrictions[-1]["maxInclusive"])
    numbers = st.integers(low, high) | st.sampled_from([low, high])
    return st.builds(lambda before, number: f"{before}{number}", _BEFORE, numbers) | st.just("-0")


_BEFORE = st.sampled_from(["", "", "", "+", "0", "0" * 30])


def _dates(_: object) -> st.SearchStrategy[str]:
    return st.builds(
        lambda sign, year, month, day: f"{sign}{year:04}-{month:02}-{day:02}",
        st.sampled_from(["", "", "", "-"]),
        _YEARS,
        st.integers(1, 12),
        st.integers(1, 31),
    )


def _times(_: object) -> st.SearchStrategy[str]:
    made = st.builds(
        lambda h, m, s, rest: f"{h:02}:{m:02}:{s:02}{rest}",
        st.integers(0, 23),
        st.integers(0, 59),
        st.integers(0, 59),
        st.sampled_from(["", ".5", ".000000000000"]),
    )
    return made | st.sampled_from(["24:00:00", "24:00:00.0"])


_MADE: dict[str, Callable[[list[dict[str, Any]]], st.SearchStrategy[str]]] = {
    "integer": _integers,
    "date": _dates,
    "time": _times,
}
