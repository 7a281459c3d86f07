r"""XSD regular expressions as patterns of ``re`` that never backtrack and never accept more.

Every repeat becomes possessive and every choice atomic. That can only narrow what is accepted, so a value that is
refused here may still be valid (libxml2 tells), and one that is accepted is.

>>> Expression.parse("(0|[1-9][0-9]*)\\.[0-9]{2}").pattern
'(?>0|[1-9][0-9]*+)\\.[0-9]{2}+'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# What a value may hold at all: markup, references, control characters (line ends and tabs as well) and what is no
# character of XML are left to libxml2.
NO_CHARACTERS = r"\ufffe\uffff"
UNSAFE = r"<&>\x00-\x1f" + NO_CHARACTERS
_SPECIAL = set("\\.?*+(){}[]|^$")
_COUNT = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_MANY = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class UnknownExpressionError(ValueError):
    """The expression uses something that is not translated."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A translated expression: the pattern, and how many characters it takes at least and at most (None: any)."""

    pattern: str
    least: int
    most: int | None

    @classmethod
    def parse(cls, xsd: str) -> Expression:
        """Translates the whole of an XSD pattern facet; raises UnknownExpressionError."""
        parser = _Parser(xsd)
        found = parser.choice()
        if parser.at < len(xsd):
            raise UnknownExpressionError(xsd)
        return found


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def _peek(self) -> str:
        return self._text[self.at : self.at + 1]

    def _take(self) -> str:
        self.at += 1
        return self._text[self.at - 1 : self.at]

    def choice(self) -> Expression:
        options = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            options.append(self._sequence())
        if len(options) == 1:
            return options[0]
        most = [each.most for each in options]
        return Expression(
            f"(?>{'|'.join(each.pattern for each in options)})",
            min(each.least for each in options),
            None if None in most else max(each for each in most if each is not None),
        )

    def _sequence(self) -> Expression:
        pattern, least, most = "", 0, 0
        open_ended = False
        while self._peek() not in ("", "|", ")"):
            piece = self._piece()
            pattern, least = pattern + piece.pattern, least + piece.least
            open_ended = open_ended or piece.most is None
            most += piece.most or 0
        return Expression(pattern, least, None if open_ended else most)

    def _piece(self) -> Expression:
        atom = self._atom()
        bounds = self._bounds()
        if bounds is None:
            return atom
        low, high = bounds
        count = f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"
        sign = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get(bounds, count)
        most = None if high is None or (atom.most is None and high) else high * (atom.most or 0)
        return Expression(f"{atom.pattern}{sign}+", low * atom.least, most)

    def _bounds(self) -> tuple[int, int | None] | None:
        if self._peek() in _MANY and self._peek():
            return _MANY[self._take()]
        found = _COUNT.match(self._text, self.at)
        if found is None:
            return None
        self.at = found.end()
        low = int(found[1])
        if not found[2]:
            return low, low
        return low, int(found[3]) if found[3] else None

    def _atom(self) -> Expression:
        char = self._take()
        if char == "(":
            inner = self.choice()
            if self._take() != ")":
                raise UnknownExpressionError(self._text)
            return Expression(f"(?:{inner.pattern})", inner.least, inner.most)
        if char == "[":
            return Expression(self._class(), 1, 1)
        if char == ".":
            return Expression(f"[^{UNSAFE}]", 1, 1)
        if char == "\\":
            return Expression(self._escape(), 1, 1)
        if char in _SPECIAL or not _is_safe(char):
            raise UnknownExpressionError(self._text)
        return Expression(re.escape(char), 1, 1)

    def _escape(self) -> str:
        char = self._take()
        if char == "S":
            return f"[^ {UNSAFE}]"
        if char == "s":
            return " "  # the other three are no safe characters
        if char and char in r"\.?*+(){}[]|^-":
            return re.escape(char)
        raise UnknownExpressionError(self._text)

    def _class(self) -> str:
        """A class of characters; inside one, XSD has no special characters but these that are refused."""
        is_negated = self._peek() == "^"
        self.at += is_negated
        body = ""
        while self._peek() not in ("]", ""):
            body += self._member(is_last=self._text[self.at + 1 : self.at + 2] == "]")
        if self._take() != "]" or not body:
            raise UnknownExpressionError(self._text)
        return f"[^{body}{UNSAFE}]" if is_negated else f"[{body}]"

    def _member(self, *, is_last: bool) -> str:
        char = self._take()
        if char == "\\":
            return " " if self._peek() == "s" and self._take() else self._class_escape()
        if char == "-" and not is_last:
            raise UnknownExpressionError(self._text)
        if char in "[^" or not _is_safe(char):
            raise UnknownExpressionError(self._text)
        if self._peek() == "-" and self._text[self.at + 1 : self.at + 2] not in ("]", "\\", "["):
            self.at += 1
            last = self._take()
            if not last or not char.isalnum() or not last.isalnum() or char > last:
                raise UnknownExpressionError(self._text)  # a range over < or & is none of ours
            return f"{char}-{last}"
        return re.escape(char)

    def _class_escape(self) -> str:
        char = self._take()
        if char and char in r"\.?*+(){}[]|^-":
            return re.escape(char)
        raise UnknownExpressionError(self._text)


def _is_safe(char: str) -> bool:
    return bool(char) and re.fullmatch(f"[^{UNSAFE}]", char) is not None
