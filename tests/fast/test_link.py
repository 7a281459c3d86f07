"""Patterns that are linked are the patterns that ``re`` compiles, instruction by instruction."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from keten_kpi.shred.fast import link
from keten_kpi.shred.fast.link import Close, Open, compiled, linked, source
from keten_kpi.shred.fast.program import Compiler, Step
from keten_kpi.shred.fast.style import LINES, SPACE, Style
from keten_kpi.shred.mapping import load_mapping
from keten_kpi.standaard.schemas import Berichttype, releases

TYPES = {kind: release for release in releases() for kind in release.berichttypes()}
CARRIED = [table.name for table in load_mapping().tables if table.with_niveau]
STYLES = [
    Style("m", "b", None),
    Style("", None, "http://n", LINES),
    Style("", "ns0", None, ""),
    Style("a", "", None, SPACE),
]
KNOWN = pytest.mark.skipif(link._parts() is None, reason="this Python's instructions are not known: re.compile is used")


def steps_of(kind: Berichttype) -> list[Step]:
    release = TYPES[kind]
    compiler = Compiler(release.berichten[kind.code], release.manifest["typen"], CARRIED)
    found: list[Step] = []
    todo = [step for style in STYLES for step in compiler.program(style)]
    while todo:
        step = todo.pop()
        todo += step.inner
        found += [] if step.inner else [step]
    return found


def by_re(text: str) -> list[int]:
    """What ``re`` makes of a pattern, without the block that tells how to search for it and without the end."""
    code: list[int] = []
    import_module("re._compiler")._compile(code, import_module("re._parser").parse(text).data, int(re.UNICODE))
    return list(map(int, code))


@KNOWN
@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: f"{kind.standaard}-{kind.release}-{kind.code}")
def test_every_pattern_of_every_type_and_style_has_the_instructions_that_re_gives_it(kind: Berichttype) -> None:
    steps = steps_of(kind)
    assert len(steps) > 3
    for step in steps:
        assert linked(step.pieces) == by_re(source(step.pieces))


@KNOWN
def test_a_linked_pattern_matches_and_captures_as_that_of_re() -> None:
    pieces = [
        "<a>",
        Open(0),
        "[0-9]{1,3}+",
        Close(),
        Open(),
        "<b>",
        Open(1),
        "x*+",
        Close(),
        "</b>",
        Close(0, 2),
        "</a>",
    ]
    ours, theirs = compiled(pieces), re.compile(source(pieces)).match
    for text in (
        "<a>12</a>",
        "<a>1<b>xx</b></a>",
        "<a>1<b>x</b><b></b></a>",
        "<a>1<b></b><b></b><b></b></a>",
        "<a></a>",
        "",
    ):
        found, expected = ours(text, 0), theirs(text, 0)
        assert (found is None) == (expected is None)
        if found and expected:
            assert (found.groups(), found.span()) == (expected.groups(), expected.span())


def test_where_re_is_not_as_it_is_known_it_compiles_by_itself(monkeypatch) -> None:
    monkeypatch.setattr(link, "_parts", lambda: None)
    monkeypatch.setattr(link, "linked", lambda _: pytest.fail("linked without knowing how"))
    found = compiled(["<a>", Open(0), "[0-9]", Close(), Close(0, 1)][:4])("<a>7", 0)
    assert found is not None
    assert found.groups() == ("7",)
