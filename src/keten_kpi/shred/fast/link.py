"""Patterns put together from pieces that are compiled once: ten times as fast as ``re.compile`` of the whole.

A message type written in five styles has the same values in the same places; ``re``, which is Python itself, would read
and translate all of it again for each style, for some seconds per process. Its code is relative, so that pieces can
stand one after another. This needs parts of ``re`` that are not for all to use: where they are not as they are known
here, ``re.compile`` does the work, with the same result. A test compares both, instruction by instruction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

_KNOWN = {20220615}  # the versions of its instructions, as Python 3.11 and 3.12 have them


@dataclass(frozen=True, slots=True)
class Open:
    """Begin of a part that a group captures, or of one that is only taken together."""

    group: int | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """End of the last part that was opened, and how often it may stand there (most None: any number)."""

    least: int = 1
    most: int | None = 1


Piece = str | Open | Close
Match = Callable[[str, int], "re.Match[str] | None"]


def source(pieces: Sequence[Piece]) -> str:
    r"""The pattern as ``re`` has it; every repeat is possessive.

    >>> source(["<a>", Open(0), "[0-9]", Close(), Open(), "<b/>", Close(0, 1)])
    '<a>([0-9])(?:<b/>)?+'
    """
    return "".join(map(_text, pieces))


def _text(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Open):
        return "(?:" if piece.group is None else "("
    if (piece.least, piece.most) == (1, 1):
        return ")"
    sign = (
        "?" if (piece.least, piece.most) == (0, 1) else f"{{{piece.least},{'' if piece.most is None else piece.most}}}"
    )
    return f"){sign}+"


def compiled(pieces: Sequence[Piece]) -> Match:
    """The ``match`` of the pattern that the pieces make."""
    if _parts() is None:
        return re.compile(source(pieces)).match
    groups = sum(isinstance(piece, Open) and piece.group is not None for piece in pieces)
    sre: Any = import_module("_sre")
    code = [*linked(pieces), int(_parts().SUCCESS)]
    pattern: re.Pattern[str] = sre.compile(source(pieces), int(re.UNICODE), code, groups, {}, (None,) * (groups + 1))
    return pattern.match


@cache
def _parts() -> Any:
    """What is used of ``re``, or None where that is not known."""
    try:
        constants, sre = import_module("re._constants"), import_module("_sre")
    except ImportError:
        return None
    return constants if constants.MAGIC in _KNOWN and sre.MAGIC == constants.MAGIC else None


def linked(pieces: Sequence[Piece]) -> list[int]:
    """The instructions of the pattern, without the one that ends it."""
    op, opened = _parts(), []
    code: list[int] = []
    for piece in pieces:
        if isinstance(piece, str):
            code += fragment(piece)
        elif isinstance(piece, Open):
            opened.append((piece.group, code))
            code = []
        else:
            group, before = opened.pop()
            if group is not None:
                code = [int(op.MARK), 2 * group, *code, int(op.MARK), 2 * group + 1]
            if (piece.least, piece.most) != (1, 1):
                most = int(op.MAXREPEAT) if piece.most is None else piece.most
                code = [int(op.POSSESSIVE_REPEAT), len(code) + 3, piece.least, most, *code, int(op.SUCCESS)]
            code = before + code
    return code


@cache
def fragment(text: str) -> tuple[int, ...]:
    """The instructions of a pattern without groups."""
    code: list[Any] = []
    tree = import_module("re._parser").parse(text).data
    import_module("re._compiler")._compile(code, tree, int(re.UNICODE))  # noqa: SLF001 - see above
    return tuple(map(int, code))
