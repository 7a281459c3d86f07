"""Single mutations of a valid document, each of them forbidden by the facts, with the element that must be named.

``mutants`` lists them all by kind. ``path`` is where the fault must stand (for what is missing: the element in its
place, or the parent when nothing follows) and ``names`` are words that the sentence must hold.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from hypothesis import strategies as st

from tests.oracle.facts import Facts, steps
from tests.oracle.generate import Node, Style, Written, longest, random_document, sample, write
from tests.oracle.verdict import value_problems

NO_SUCH = "an element that the standard does not have"


@dataclass(frozen=True)
class Mutant:
    kind: str
    content: bytes
    path: str
    names: tuple[str, ...]


def mutants(facts: Facts, message: str, root: Node) -> Iterator[Mutant]:
    """Every single mutation of every element, by kind."""
    written = write(root)
    for node in root.walk():
        yield _attribute(written, node)
        if node.text is None:
            yield from _group(written, node, root)
        else:
            yield from _leaf(facts, message, written, node)


def _group(written: Written, node: Node, root: Node) -> Iterator[Mutant]:
    yield from _missing(written, node)
    yield from _order(written, node)
    yield from _too_often(written, node)
    yield from _unknown(written, node)
    yield from _namespace(written, node, root)
    inner = written.spans[node].inner
    yield Mutant("text", _splice(written, inner, inner, "tekst"), node.path, (node.name,))


def _missing(written: Written, parent: Node) -> Iterator[Mutant]:
    runs = [list(run) for _, run in groupby(parent.children, key=lambda child: child.name)]
    for run, after in zip(runs, [*runs[1:], None], strict=True):
        if run[0].least:
            content = _splice(written, written.spans[run[0]].start, written.spans[run[-1]].end, "")
            yield Mutant("missing", content, after[0].path if after else parent.path, (run[0].name,))


def _order(written: Written, parent: Node) -> Iterator[Mutant]:
    for first, second in pairwise(parent.children):
        if first.name == second.name:
            continue
        a, b = written.spans[first], written.spans[second]
        content = _splice(written, a.start, b.end, written.text[b.start : b.end] + written.text[a.start : a.end])
        # what is required and not there yet is told at the element that came too early, else the late one is told
        is_late = not first.least or any(each.name == first.name for each in _before(parent, first))
        yield Mutant("order", content, first.path if is_late else second.path, (first.name, second.name))


def _before(parent: Node, node: Node) -> list[Node]:
    return parent.children[: parent.children.index(node)]


def _too_often(written: Written, parent: Node) -> Iterator[Mutant]:
    for child in parent.children:
        if child.most == 1:
            span = written.spans[child]
            content = _splice(written, span.end, span.end, written.text[span.start : span.end])
            yield Mutant("too often", content, f"{child.path}[2]", (child.name, "more than once"))


def _unknown(written: Written, parent: Node) -> Iterator[Mutant]:
    span = written.spans[parent]
    for place, at in ((1, span.inner), (len(parent.children) + 1, span.close)):
        path = f"{parent.path}/*[{place}]"
        yield Mutant("unknown element", _splice(written, at, at, "<m:Verzonnen/>"), path, (NO_SUCH, parent.name))


def _namespace(written: Written, parent: Node, root: Node) -> Iterator[Mutant]:
    for child in parent.children:
        span = written.spans[child]
        old, new = ("m:", "b:") if child.namespace == root.namespace else ("b:", "m:")
        text = written.text[span.start : span.end]
        head, tail = f"<{old}{child.name}>", f"</{old}{child.name}>"
        moved = text.replace(head, head.replace(old, new), 1)
        moved = moved[: -len(tail)] + tail.replace(old, new)
        yield Mutant("namespace", _splice(written, span.start, span.end, moved), child.path, (child.name,))


def _attribute(written: Written, node: Node) -> Mutant:
    at = written.spans[node].inner - 1
    return Mutant("attribute", _splice(written, at, at, ' soort="x"'), node.path, (node.name, "attribute"))


def _leaf(facts: Facts, message: str, written: Written, node: Node) -> Iterator[Mutant]:
    span = written.spans[node]
    inside = _splice(written, span.inner, span.inner, "<m:Verzonnen/>")
    yield Mutant("element in a value", inside, node.path, (node.name,))
    for kind, value in bad_values(facts, message, node):
        yield Mutant(kind, _splice(written, span.inner, span.close, value), node.path, (node.name,))


def bad_values(facts: Facts, message: str, node: Node) -> Iterator[tuple[str, str]]:
    """Values of a leaf that the facts forbid, one of each kind that its type can have."""
    restrictions = steps(facts, message, node.kind)
    good = sample(node.kind, restrictions)
    for kind, values in _BAD_BY_BUILTIN[restrictions[-1]["base"]].items():
        for value in values:
            if value_problems(value, restrictions):
                yield kind, value
    most = longest(restrictions)
    if most is not None:
        yield "too long", (good * (most + 1))[: most + 1]
    if "maxInclusive" in restrictions[-1]:
        yield "too large", str(int(restrictions[-1]["maxInclusive"]) + 1)
    if "enumeration" in restrictions[0] and "Q" not in restrictions[0]["enumeration"]:
        yield "code not in the list", "Q"


@st.composite
def random_mutant(draw: st.DrawFn, facts: Facts, message: str) -> bytes:
    """A random document with one or two changes, of which nobody says beforehand whether they are allowed."""
    root = draw(random_document(facts, message))
    for change in draw(st.lists(st.sampled_from(_CHANGES), min_size=1, max_size=2)):
        change(draw, root)
    written = write(root, draw(st.sampled_from(STYLES)))
    span = written.spans[draw(st.sampled_from(list(root.walk())))]
    at, text = draw(
        st.sampled_from([(span.inner, ""), (span.close, "."), (span.close, "<!-- . -->"), (span.inner - 1, " a=''")])
    )
    return _splice(written, at, at, text if draw(st.integers(0, 4)) == 0 else "")


def _drawn_child(draw: st.DrawFn, root: Node) -> tuple[Node, int] | None:
    parent = draw(st.sampled_from([node for node in root.walk() if node.text is None]))
    return (parent, draw(st.integers(0, len(parent.children) - 1))) if parent.children else None


def _drop(draw: st.DrawFn, root: Node) -> None:
    found = _drawn_child(draw, root)
    if found:
        del found[0].children[found[1]]


def _double(draw: st.DrawFn, root: Node) -> None:
    found = _drawn_child(draw, root)
    if found:
        found[0].children.insert(found[1], copy.deepcopy(found[0].children[found[1]]))


def _move(draw: st.DrawFn, root: Node) -> None:
    found = _drawn_child(draw, root)
    if found:
        child = found[0].children.pop(found[1])
        found[0].children.insert(draw(st.integers(0, len(found[0].children))), child)


def _transplant(draw: st.DrawFn, root: Node) -> None:
    """An element from elsewhere in the document."""
    found = _drawn_child(draw, root)
    if found:
        other = draw(st.sampled_from([node for node in root.walk() if node is not root]))
        found[0].children[found[1]] = copy.deepcopy(other)


def _rename(draw: st.DrawFn, root: Node) -> None:
    node = draw(st.sampled_from(list(root.walk())))
    other = draw(st.sampled_from(list(root.walk())))
    if root not in {node, other}:
        node.name, node.namespace = draw(st.sampled_from([(other.name, node.namespace), (node.name, other.namespace)]))


def _retext(draw: st.DrawFn, root: Node) -> None:
    leaves = [node for node in root.walk() if node.text is not None]
    if not leaves:  # all of it was dropped before
        return
    node, other = draw(st.sampled_from(leaves)), draw(st.sampled_from(leaves))
    node.text = draw(st.sampled_from(ODD_VALUES) | st.just(other.text) | st.just(f"{node.text}{other.text}"))


_CHANGES = [_drop, _double, _move, _transplant, _rename, _retext, _retext]
STYLES: list[Style] = ["prefixed", "default", "redeclared"]
ODD_VALUES = [
    *[
        "",
        " ",
        "\n",
        "0",
        "00",
        "01",
        " 01",
        "01\t",
        "-0",
        "+1",
        "1.0",
        "1e3",
        "9999999999999",
        "-1",
        "\u0663",
        "\u00a01",
    ],
    *[
        "2019-02-29",
        "2020-02-29",
        "0000-01-01",
        "-0001-02-29",
        "-0001-12-31",
        "2020-01-01Z",
        "2020-01-01-01:00",
        " 2020-01-01",
    ],
    *["12345-01-01", "02020-01-01", "24:00:00", "24:00:00.1", "23:59:60", "12:00:00+01:00", "12:00:00.5", "\t12:00:00"],
    *[
        "x" * 11,
        "x" * 201,
        "\U0001f600" * 12,
        "\u00a0",
        "\u2028",
        "a\nb",
        "a\rb",
        ".",
        "a b",
        "NL123456789B01",
        "1.0.2",
        "01.0.2",
    ],
    *["123456789", "12345678", "98000000", "98000001", "00000000", "0384", "436", "432", "450"],
]
_BAD_BY_BUILTIN: dict[str, dict[str, list[str]]] = {
    "string": {"too short": [""], "pattern": [" ", "-.", "1234567"]},
    "integer": {"not a number": ["", "1,5"], "too small": ["-1"]},
    "date": {"date": ["", "2019-02-29", "01-08-2019", "2019-08-01Z", "2019-08-01+01:00"]},
    "time": {"time": ["10:30", "24:00:01", "10:30:00Z"]},
}


def _splice(written: Written, start: int, end: int, text: str) -> bytes:
    return (written.text[:start] + text + written.text[end:]).encode()
