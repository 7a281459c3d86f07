"""Reads messages with the patterns, many at once: what it takes is valid and comes out as columns of texts.

It takes nothing on its own authority: the start of a message (declaration and root tag, byte for byte) must have been
learned from a message that libxml2 found valid.

All messages of one type and style stand one after another when PCRE2's compiled code takes them, step by step; what
each step captured is a line, and all lines are read as one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pcre2
from lxml import etree

from keten_kpi.shred.fast.lines import CELL, Marks, Texts, read_lines
from keten_kpi.shred.fast.program import END, Compiler, Program, UnsuitableError
from keten_kpi.shred.fast.style import Style
from keten_kpi.shred.mapping import load_mapping
from keten_kpi.standaard.schemas import Berichttype

MOST_HEADS = 10_000  # senders whose root tag is never twice the same are left to libxml2
_END = END.encode()
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


class Pattern:
    """The program of one message type in one style: for messages that are all ASCII, and for any.

    Each is compiled when the first messages come that it is for.
    """

    def __init__(self, program: Program, first_mark: int) -> None:
        self._program = program
        self._first_mark = first_mark
        self._compiled: dict[bool, Any] = {}
        cells = "".join(f"{CELL}${{{group}}}" for group in range(1, program.groups + 1))
        self._template = f"${{*MARK}}{cells}{END}".encode()  # of a line

    def take(self, contents: bytes, *, is_ascii: bool) -> bytes:
        """A line for each step that was met in messages that each end in END.

        Raises:
            pcre2.LibraryError: they cannot be matched, for they are no UTF-8 or would take too much; or the pattern
                is too large to be compiled.
        """
        if is_ascii not in self._compiled:
            self._compiled[is_ascii] = self._compile(is_ascii=is_ascii)
        compiled = self._compiled[is_ascii]
        if isinstance(compiled, pcre2.LibraryError):
            raise compiled
        found: bytes = compiled.sub(self._template, contents)
        return found

    def _compile(self, *, is_ascii: bool) -> Any:
        """The pattern, or why there is none; that is found out once."""
        pattern = self._program.pattern(self._first_mark, is_ascii=is_ascii)
        try:
            return _compiled(pattern, pcre2.NOFLAG if is_ascii else pcre2.UNICODE)
        except pcre2.LibraryError as error:
            return error


def _compiled(pattern: str, flags: int) -> Any:
    try:
        return pcre2.compile(pattern.encode(), flags)
    except pcre2.PatternError:
        raise
    except pcre2.LibraryError:  # this system lets no program make machine code: slower, with the same result
        return pcre2.compile(pattern.encode(), flags, jit=False)


@dataclass(slots=True)
class Alike:
    """Messages of one type and style, all ASCII or not: their places, and their contents."""

    pattern: Pattern
    is_ascii: bool
    places: list[int] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)

    def taken(self) -> Iterator[tuple[bytes, Sequence[int]]]:
        """The lines that they bring up, and of whom; some by themselves where one of them cannot be matched."""
        yield from _taken(self, self.places, self.contents)


@dataclass(slots=True)
class Waiting:
    """Messages that begin in a way that was learned."""

    alike: dict[tuple[Pattern, bool], Alike] = field(default_factory=dict)

    @property
    def places(self) -> list[int]:
        return [place for alike in self.alike.values() for place in alike.places]


class FastReader:
    """Reads messages of the types whose plans are given; one per process.

    Args:
        plans: per message type what ``release.json`` holds of it, and the simple types of its release.
    """

    def __init__(self, plans: Iterable[tuple[Berichttype, Mapping[str, Any], Mapping[str, Any]]]) -> None:
        self._plans = {kind: (plan, types) for kind, plan, types in plans}
        self._carried = [table.name for table in load_mapping().tables if table.with_niveau]
        self._compilers: dict[Berichttype, Compiler | None] = {}
        self._patterns: dict[tuple[Berichttype, Style], Pattern] = {}
        self._heads: dict[bytes, Pattern] = {}
        self._marks = Marks()

    def wait(self, waiting: Waiting, contents: Iterable[bytes]) -> Iterator[int]:
        """Lays messages by for ``read`` whose start was learned; gives the places of the others.

        It goes on to the next message when the place of the one before was dealt with, and knows what was learned then.
        """
        heads, known = self._heads, waiting.alike
        for place, content in enumerate(contents):
            end = content.find(b">") + 1
            if content.startswith(b"<?"):
                end = content.find(b">", end) + 1
            pattern = heads.get(content[:end])  # as _HEAD finds them: to the end of the declaration, and of a tag
            if pattern is None or _END in content:
                yield place
                continue
            key = (pattern, content.isascii())
            alike = known.get(key)
            if alike is None:
                alike = known[key] = Alike(*key)
            alike.places.append(place)
            alike.contents.append(content)

    def read(self, waiting: Waiting) -> Texts:
        """What the messages bring up that are surely valid; of the others libxml2 tells."""
        return self.texts(*self.take(waiting))

    def take(self, waiting: Waiting) -> tuple[bytes, list[int]]:
        """A line for each step that the patterns met, and the places of the messages that they are of."""
        lines: list[bytes] = []
        places: list[int] = []
        for alike in waiting.alike.values():
            for found, taken in alike.taken():
                lines.append(found)
                places += taken
        return b"".join(lines), places

    def texts(self, lines: bytes, places: Sequence[int]) -> Texts:
        """What such lines bring up."""
        return read_lines(lines, places, self._marks) if places else Texts.none()

    def learn(self, content: bytes, berichttype: Berichttype, root: etree._Element) -> None:
        """Learns from a message that libxml2 found valid: its start, if that is a plain one and new."""
        head = _HEAD.match(content)
        if head is not None and head[0] not in self._heads:
            self._learn(head[0], berichttype, root)

    def _learn(self, head: bytes, berichttype: Berichttype, root: etree._Element) -> None:
        if not _PLAIN_HEAD.fullmatch(head) or set(root.attrib) - {_XSI} or len(self._heads) >= MOST_HEADS:
            return
        compiler = self._compiler(berichttype)
        style = _style_of(root, compiler.base) if compiler else None
        if compiler and style:
            self._heads[head] = self._pattern(berichttype, compiler, style)

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

    def _pattern(self, berichttype: Berichttype, compiler: Compiler, style: Style) -> Pattern:
        key = (berichttype, style)
        if key not in self._patterns:
            program = compiler.program(style)
            self._patterns[key] = Pattern(program, self._marks.add(berichttype, program))
        return self._patterns[key]


def _taken(alike: Alike, places: Sequence[int], contents: Sequence[bytes]) -> Iterator[tuple[bytes, Sequence[int]]]:
    try:
        yield alike.pattern.take(_END.join([*contents, b""]), is_ascii=alike.is_ascii), places
    except pcre2.LibraryError:
        if len(contents) > 1:
            half = len(contents) // 2
            yield from _taken(alike, places[:half], contents[:half])
            yield from _taken(alike, places[half:], contents[half:])


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
