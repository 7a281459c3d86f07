"""How a sender's software writes XML: prefixes, indentation, line ends. And the templates that follow from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

LINE = re.compile(
    r"(?P<indent> *)(?:\+(?P<hole>\w+)|"
    r"(?P<base>b:)?(?P<name>\w+)(?P<optional>\?)?(?: (?P<only>@[23]))?(?: (?P<value>.+))?)"
)
KEY = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Style:
    """One way of writing. ``base`` None: base elements redeclare the default namespace."""

    message: str  # prefix, empty for the default namespace
    base: str | None
    indent: str | None  # None: everything on one line
    eol: str = "\n"
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>'


STYLES = (
    Style("m", "b", "  "),
    Style("", "ns0", None, prolog='<?xml version="1.0" encoding="utf-8"?>'),
    Style("ns2", "ns1", "\t", eol="\r\n"),
    Style("", None, "    ", prolog="<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"),
    Style("bericht", "ijw", None, prolog=""),
)


@dataclass(slots=True)
class Piece:
    """A template: text with ``%(key)s``, and the elements that are left out when their value is None."""

    text: str
    optional: dict[str, str] = field(default_factory=dict)

    def fill(self, values: dict[str, object]) -> str:
        for key, template in self.optional.items():
            value = values[key]
            values[key] = "" if value is None else template % value
        return self.text % values


class Templates:
    """The pieces of one message type, in one style and release; each compiled when it is first used."""

    def __init__(self, style: Style, namespace: str, base_namespace: str, *, is_old: bool) -> None:
        self._style, self._base, self._is_old = style, base_namespace, is_old
        self._pieces: dict[tuple[str, int], Piece] = {}
        own = f"xmlns:{style.message}" if style.message else "xmlns"
        declared = f' {own}="{namespace}"' + (f' xmlns:{style.base}="{base_namespace}"' if style.base else "")
        root = f"{style.message}:Bericht" if style.message else "Bericht"
        top = style.prolog + style.eol if style.prolog else ""
        self._root = (f"{top}<{root}{declared}>{self._eol}", f"</{root}>{style.eol}")

    @property
    def _eol(self) -> str:
        return "" if self._style.indent is None else self._style.eol

    def document(self, content: str) -> str:
        return content.join(self._root)

    def fill(self, shape: str, depth: int, **values: object) -> str:
        piece = self._pieces.get((shape, depth))
        if piece is None:
            piece = self._pieces[shape, depth] = self._compile(shape, depth)
        return piece.fill(values)

    def _tags(self, name: str, *, is_base: bool) -> tuple[str, str]:
        prefix = self._style.base if is_base else self._style.message
        if prefix is None:
            return f'<{name} xmlns="{self._base}">', f"</{name}>"
        tag = f"{prefix}:{name}" if prefix else name
        return f"<{tag}>", f"</{tag}>"

    def _compile(self, shape: str, depth: int) -> Piece:
        piece = Piece("")
        open_tags: list[tuple[int, str]] = []
        skipped: int | None = None
        parts: list[str] = []
        lines = [found for line in shape.strip("\n").split("\n") if (found := LINE.fullmatch(line))]
        for place, line in enumerate(lines):
            level = len(line["indent"]) // 2
            while open_tags and open_tags[-1][0] >= level:
                parts.append(self._pad(depth + open_tags[-1][0]) + open_tags.pop()[1] + self._eol)
            if skipped is not None and level > skipped:
                continue
            skipped = level if line["only"] == ("@3" if self._is_old else "@2") else None
            if skipped is not None:
                continue
            is_parent = place + 1 < len(lines) and len(lines[place + 1]["indent"]) // 2 > level
            parts.append(self._line(line, depth + level, piece, is_parent=is_parent))
            if is_parent:
                open_tags.append((level, self._tags(line["name"], is_base=bool(line["base"]))[1]))
        while open_tags:
            parts.append(self._pad(depth + open_tags[-1][0]) + open_tags.pop()[1] + self._eol)
        piece.text = "".join(parts)
        return piece

    def _line(self, line: re.Match[str], depth: int, piece: Piece, *, is_parent: bool) -> str:
        if line["hole"]:
            return f"%({line['hole']})s"
        begin, end = self._tags(line["name"], is_base=bool(line["base"]))
        if is_parent:
            return self._pad(depth) + begin + self._eol
        value = line["value"] or ""
        if line["optional"]:
            key = KEY.sub(r"\1", value)
            piece.optional[key] = f"{self._pad(depth)}{begin}%s{end}{self._eol}"
            return f"%({key})s"
        return self._pad(depth) + begin + KEY.sub(r"%(\1)s", value) + end + self._eol

    def _pad(self, depth: int) -> str:
        return "" if self._style.indent is None else self._style.indent * depth


@cache
def style_of(sender: str) -> Style:
    """The software of a sender, told from its code."""
    return STYLES[sum(int(digit) * (place + 3) for place, digit in enumerate(sender)) % len(STYLES)]
