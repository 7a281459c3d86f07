"""Reads messages with the compiled patterns: what it takes is valid and comes out as its captured texts.

It takes nothing on its own authority: the start of a message (declaration and root tag, byte for byte) must have been
learned from a message that libxml2 found valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from lxml import etree

from keten_kpi.shred.fast.program import Compiler, Step, UnsuitableError
from keten_kpi.shred.fast.style import LINES, SPACE, Style
from keten_kpi.shred.mapping import load_mapping
from keten_kpi.standaard.schemas import Berichttype

Groups = tuple[str | None, ...]
Found = list[tuple[Step, Groups]]

MOST_HEADS = 10_000  # senders whose root tag is never twice the same are left to libxml2
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_HEAD = re.compile(rb"(?:<\?[^>]*>)?[ \t\r\n]*+<[^>!?][^>]*+>")
_PLAIN_HEAD = re.compile(
    rb"""(?:<\?xml\s+version\s*=\s*(["'])1\.0\1(?:\s+encoding\s*=\s*(["'])utf-8\2)?
        (?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*\?>)?
    [ \t\r\n]*
    <[A-Za-z][\w.-]*(?::[A-Za-z][\w.-]*)?
    (?:[ \t\r\n]+[A-Za-z][\w.:-]*[ \t\r\n]*=[ \t\r\n]*(?:"[^"<>&]*"|'[^'<>&]*'))*[ \t\r\n]*>""",
    re.VERBOSE | re.IGNORECASE,
)
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


@dataclass(slots=True)
class Programs:
    """The programs of one message type in one style, by what stands between the elements: made when first needed.

    ``patience`` is how many more of such messages are left to libxml2: for a few, compiling patterns does not pay.
    """

    berichttype: Berichttype
    compiler: Compiler
    style: Style
    patience: int
    made: dict[str, tuple[Step, ...]] = field(default_factory=dict)

    def steps(self, space: str) -> tuple[Step, ...]:
        return self.made.get(space) or self.made.setdefault(
            space, self.compiler.program(replace(self.style, space=space))
        )


@dataclass(slots=True)
class Learned:
    """What was learned of one start; ``in_lines`` until it turns out that this sender writes otherwise."""

    programs: Programs
    in_lines: bool = True

    def read(self, text: str) -> Found | None:
        """What the text brings up; None when it does not fit the program for what it begins with."""
        found = Found()
        return found if _run(self.programs.steps(self._space(text)), text, 0, found) >= 0 else None

    def _space(self, text: str) -> str:
        if text.startswith("<"):
            return ""
        return LINES if self.in_lines and text.startswith("\n") else SPACE

    def reconsider(self, text: str) -> None:
        """Looks at a valid message: when it is not taken, are there other things than lines between its elements?"""
        if self.in_lines and text.startswith("\n") and self.read(text) is None:
            self.in_lines = _run(self.programs.steps(SPACE), text, 0, []) < 0


class Reading(NamedTuple):  # a tuple is made in half the time, and there are millions
    """One accepted message: its type, and what each pattern captured, in the order of the document."""

    berichttype: Berichttype
    found: Found


class FastReader:
    """Reads messages of the types whose plans are given; one per process.

    Args:
        plans: per message type what ``release.json`` holds of it, and the simple types of its release.
        patience: how many messages of one type and style are left to libxml2 before patterns are compiled for them.
    """

    def __init__(
        self, plans: Iterable[tuple[Berichttype, Mapping[str, Any], Mapping[str, Any]]], patience: int = 0
    ) -> None:
        self._patience = patience
        self._plans = {kind: (plan, types) for kind, plan, types in plans}
        self._carried = [table.name for table in load_mapping().tables if table.with_niveau]
        self._compilers: dict[Berichttype, Compiler | None] = {}
        self._programs: dict[tuple[Berichttype, Style], Programs] = {}
        self._heads: dict[bytes, Learned] = {}

    def read(self, content: bytes) -> Reading | None:
        """The message when it is surely valid, else None: libxml2 tells."""
        end = content.find(b">") + 1
        if content.startswith(b"<?"):
            end = content.find(b">", end) + 1
        learned = self._heads.get(content[:end])  # as _HEAD finds them: to the end of the declaration, and of a tag
        if learned is None:
            return None
        if learned.programs.patience:
            learned.programs.patience -= 1
            return None
        try:
            text = content[end:].decode()
        except UnicodeDecodeError:
            return None
        found = learned.read(text)
        return None if found is None else Reading(learned.programs.berichttype, found)

    def learn(self, content: bytes, berichttype: Berichttype, root: etree._Element) -> None:
        """Learns from a message that libxml2 found valid: its start, if that is a plain one and new."""
        head = _HEAD.match(content)
        if head is None:
            return
        if head[0] not in self._heads:
            self._learn(head[0], berichttype, root)
        learned = self._heads.get(head[0])
        if learned and not learned.programs.patience:
            learned.reconsider(content[head.end() :].decode("utf-8", "replace"))

    def _learn(self, head: bytes, berichttype: Berichttype, root: etree._Element) -> None:
        if not _PLAIN_HEAD.fullmatch(head) or set(root.attrib) - {_XSI} or len(self._heads) >= MOST_HEADS:
            return
        compiler = self._compiler(berichttype)
        style = _style_of(root, compiler.base) if compiler else None
        if compiler and style:
            self._heads[head] = Learned(self._programs_of(berichttype, compiler, style))

    def _compiler(self, berichttype: Berichttype) -> Compiler | None:
        if berichttype not in self._compilers:
            self._compilers[berichttype] = self._compile(berichttype)
        return self._compilers[berichttype]

    def _compile(self, berichttype: Berichttype) -> Compiler | None:
        plan, types = self._plans[berichttype]
        try:
            compiler = Compiler(plan, types, self._carried)
            compiler.program(Style("m", "b", None))
        except UnsuitableError:
            return None
        return compiler

    def _programs_of(self, berichttype: Berichttype, compiler: Compiler, style: Style) -> Programs:
        key = (berichttype, style)
        if key not in self._programs:
            self._programs[key] = Programs(berichttype, compiler, style, self._patience)
        return self._programs[key]


def _run(steps: tuple[Step, ...], text: str, at: int, found: Found) -> int:
    """Where the steps end in the text, or -1 when they do not fit; fills ``found``."""
    for step in steps:
        if step.inner:
            at = _repeat(step, text, at, found)
            if at < 0:
                return -1
            continue
        taken = (step.match or step.compiled())(text, at)
        if taken is None:
            return -1
        at = taken.end()
        if step.events:
            found.append((step, taken.groups()))
    return at


def _repeat(loop: Step, text: str, at: int, found: Found) -> int:
    """A loop begins with a pattern: the start tag of its element, and on."""
    first, rest, times = loop.inner[0], loop.inner[1:], 0
    match = first.match or first.compiled()
    while times != loop.most:
        taken = match(text, at)
        if taken is None:
            break
        at = taken.end()
        if first.events:
            found.append((first, taken.groups()))
        if rest:
            at = _run(rest, text, at, found)
            if at < 0:
                return -1
        times += 1
    return at if times >= loop.least else -1


def _style_of(root: etree._Element, base: str | None) -> Style | None:
    """The style of a valid message; None when its prefixes are declared anywhere but on the root or by default."""
    own = root.prefix or ""
    first = next(root.iter(f"{{{base}}}*"), None) if base else None
    prefix = first.prefix if first is not None else next((p for p, n in root.nsmap.items() if n == base), None)
    declared = root.nsmap.get(prefix) == base
    if any(p and not _PREFIX.fullmatch(p) for p in (own, prefix)) or (prefix and not declared):
        return None
    base_prefix = prefix or ("" if declared else None)
    return Style(own, base_prefix, base)
