"""The simple types of a release as patterns of ``re``: each takes valid texts only, and the plain ones of them.

Odd but valid texts (white space around a number, a leading zero too many, a year before 1000, a fraction of a second,
a line end in a text) are left to libxml2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from keten_kpi.shred.fast.expression import UNSAFE, Expression, UnknownExpressionError

_NO_UNSAFE = re.compile(f"[^{UNSAFE}]*+")
_ANY_TEXT = (".*[^\\s].*", "([.\\s]*\\S+[.\\s]*)+")  # a text with something in it; the second is slow when translated
_REPEATED_CLASS = re.compile(r"\(?(\[[^\]\\]+\])\)?[+*]")
_TEXT_CHARS = f"[^{UNSAFE}]"
_INK = f"[^ {UNSAFE}]"
_FACETS = {"pattern", "enumeration", "minLength", "maxLength", "minInclusive", "maxInclusive"}
_MONTHS = {"29|30": "0[13-9]|1[0-2]", "31": "0[13578]|1[02]"}
_LEAP = "[1-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00"
_DAY = "(?:0[1-9]|1[0-9]|2[0-8])"
DATE = (
    f"(?:[1-9][0-9]{{3}}-(?:(?:0[1-9]|1[0-2])-{_DAY}"
    f"|{'|'.join(f'(?:{months})-(?:{days})' for days, months in _MONTHS.items())})|(?:{_LEAP})-02-29)"
)
TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_FIXED = {"date": (DATE, "0123456789-"), "time": (TIME, "0123456789:")}


class UnknownTypeError(ValueError):
    """The type has a facet or a base that no pattern is made for: its messages go to libxml2."""


def value_pattern(kind: dict[str, Any]) -> str:
    """A pattern for the values of a simple type, as the manifest tells it; raises UnknownTypeError."""
    steps = kind["stappen"]
    unknown = {facet for step in steps for facet in step} - _FACETS
    make = _MAKERS.get(kind["basis"])
    if unknown or make is None:
        raise UnknownTypeError(f"{kind['basis']} {sorted(unknown)}")
    try:
        return make(steps)
    except UnknownExpressionError as error:
        raise UnknownTypeError(str(error)) from None


def _string(steps: list[dict[str, Any]]) -> str:
    least, most = _bounds(steps, "minLength", max, 0), _bounds(steps, "maxLength", min, None)
    patterns = _patterns(steps)
    if any("minInclusive" in step or "maxInclusive" in step for step in steps):
        raise UnknownTypeError("a range of texts")
    listed = _listed(steps)
    if listed is not None:
        return _trie(_fitting(listed, steps, least or 0, most))
    if not patterns:
        return _counted(_TEXT_CHARS, max(least or 0, 1), most)
    *others, main = sorted(patterns, key=lambda options: options[0] not in _ANY_TEXT)
    return "".join(_ahead(options) for options in others) + _patterned(main, least or 0, most)


def _patterned(options: list[str], least: int, most: int | None) -> str:
    """Texts of one pattern facet, of so many characters."""
    if options[0] in _ANY_TEXT and len(options) == 1:
        return _INK + _counted(_TEXT_CHARS, max(least - 1, 0), None if most is None else most - 1)
    repeated = _REPEATED_CLASS.fullmatch(options[0]) if len(options) == 1 else None
    if repeated:
        return _counted(Expression.parse(repeated[1]).pattern, max(least, 1), most)
    found = _choice(options)
    if found.least >= least and (most is None or (found.most is not None and found.most <= most)):
        return found.pattern
    return f"(?={_counted(_TEXT_CHARS, least, most)}<){found.pattern}"


def _ahead(options: list[str]) -> str:
    """A further pattern on a text of which another tells the length."""
    if options[0] in _ANY_TEXT and len(options) == 1:
        return f"(?= *+{_INK})"
    return f"(?={_choice(options).pattern}<)"


def _integer(steps: list[dict[str, Any]]) -> str:
    low, high = _bounds(steps, "minInclusive", max, None), _bounds(steps, "maxInclusive", min, None)
    if high is None or any("minLength" in step or "maxLength" in step for step in steps):
        raise UnknownTypeError("an integer without a greatest value")
    listed = _listed(steps)
    if listed is not None:
        plain = [text for text in listed if re.fullmatch("0|[1-9][0-9]*", text)]
        return _trie([text for text in plain if (low is None or low <= int(text)) and int(text) <= high])
    if _patterns(steps):
        raise UnknownTypeError("a pattern on an integer")
    return _range(max(low or 0, 0), high)


def _fixed(basis: str) -> Callable[[list[dict[str, Any]]], str]:
    """A date or time in its plain form, whose pattern facets refuse no character of that form."""
    pattern, alphabet = _FIXED[basis]

    def make(steps: list[dict[str, Any]]) -> str:
        if any(facet != "pattern" for step in steps for facet in step):
            raise UnknownTypeError(f"a {basis} with bounds or a list")
        for options in _patterns(steps):
            if not any(_takes_all(option, alphabet) for option in options):
                raise UnknownTypeError(f"a pattern on a {basis}")
        return pattern

    return make


def _takes_all(option: str, alphabet: str) -> bool:
    """Is this any number of characters of one class that has the whole alphabet?"""
    found = re.fullmatch(r"\[\^([A-Za-z0-9:+-]+)\][*+]", option)
    return (
        found is not None and not re.search("[A-Za-z0-9]-[A-Za-z0-9]", found[1]) and not set(found[1]) & set(alphabet)
    )


_MAKERS: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "string": _string,
    "integer": _integer,
    "date": _fixed("date"),
    "time": _fixed("time"),
}


def _bounds(
    steps: list[dict[str, Any]], facet: str, strictest: Callable[[list[int]], int], otherwise: int | None
) -> int | None:
    found = [int(step[facet]) for step in steps if facet in step]
    return strictest(found) if found else otherwise


def _patterns(steps: list[dict[str, Any]]) -> list[list[str]]:
    return [step["pattern"] for step in steps if "pattern" in step]


def _listed(steps: list[dict[str, Any]]) -> list[str] | None:
    """The values when an enumeration, or a pattern that only lists them ("432|450"), names all of them."""
    for step in steps:
        if "enumeration" in step:
            return list(step["enumeration"])
        if "pattern" in step and all(re.fullmatch("[0-9A-Za-z|]+", option) for option in step["pattern"]):
            return [text for option in step["pattern"] for text in option.split("|")]
    return None


def _fitting(texts: Iterable[str], steps: list[dict[str, Any]], least: int, most: int | None) -> list[str]:
    """The listed values that all other facets take as well, as far as they are safe."""
    sizes = [text for text in texts if least <= len(text) <= (len(text) if most is None else most)]
    fit = [re.compile(_choice(options).pattern) for options in _patterns(steps)]
    codes = [set(step["enumeration"]) for step in steps if "enumeration" in step]
    return [
        text
        for text in sizes
        if _NO_UNSAFE.fullmatch(text) and all(f.fullmatch(text) for f in fit) and all(text in c for c in codes)
    ]


def _choice(options: list[str]) -> Expression:
    return Expression.parse("|".join(options))


def _counted(chars: str, least: int, most: int | None) -> str:
    return f"{chars}{{{least},{'' if most is None else most}}}+"


def _trie(texts: Iterable[str]) -> str:
    r"""A pattern that takes exactly these texts, looking at each character once.

    >>> _trie(["31", "32", "40", "4"])
    '(?:3[12]|40?+)'
    """
    listed = sorted(set(texts))
    if not listed or "" in listed:
        raise UnknownTypeError("a list that allows nothing, or an empty text")
    return _branches(listed)


def _branches(texts: list[str]) -> str:
    heads: dict[str, list[str]] = {}
    for text in texts:
        if text:
            heads.setdefault(text[0], []).append(text[1:])
    by_tail: dict[str, str] = {}
    for head, tails in heads.items():
        tail = "" if tails == [""] else _branches(tails)
        by_tail[tail] = by_tail.get(tail, "") + head
    options = [_one_of(chars) + tail for tail, chars in by_tail.items()]
    body = options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
    if "" not in texts:
        return body
    return f"{body}?+" if len(body) == 1 or (body.startswith(("[", "(")) and len(options) > 1) else f"(?:{body})?+"


def _one_of(chars: str) -> str:
    return re.escape(chars) if len(chars) == 1 else f"[{''.join(map(re.escape, sorted(chars)))}]"


def _range(low: int, high: int) -> str:
    """Whole numbers from ``low`` to ``high``; leading zeros only where they cost nothing (0 to 99...9)."""
    if low == 0 and set(str(high)) == {"9"}:
        return f"[0-9]{{1,{len(str(high))}}}+"
    if low > high:
        raise UnknownTypeError("an empty range")
    return (
        f"(?>{'|'.join(_same_length(max(low, start), min(high, end)) for start, end in _decades(low, high))})(?![0-9])"
    )


def _decades(low: int, high: int) -> list[tuple[int, int]]:
    """The numbers of each length of which some are in the range; the longest first, for the choice is atomic."""
    bounds = [(0 if size == 1 else 10 ** (size - 1), 10**size - 1) for size in range(len(str(high)), 0, -1)]
    return [(start, end) for start, end in bounds if end >= low and start <= high]


def _same_length(low: int, high: int) -> str:
    first, last = str(low), str(high)
    if first == last:
        return first
    size = len(first)
    if size == 1:
        return f"[{first}-{last}]"
    if first[0] == last[0]:
        return first[0] + _same_length_tail(first[1:], last[1:])
    parts = []
    a, b = int(first[0]), int(last[0])
    if first[1:].strip("0"):
        parts.append(f"{a}{_same_length_tail(first[1:], '9' * (size - 1))}")
        a += 1
    if last[1:].strip("9"):
        parts.append(f"{b}{_same_length_tail('0' * (size - 1), last[1:])}")
        b -= 1
    if a <= b:
        parts.append(f"[{a}-{b}][0-9]{{{size - 1}}}")
    return f"(?:{'|'.join(parts)})"


def _same_length_tail(first: str, last: str) -> str:
    """As ``_same_length``, for digits that may begin with zeros."""
    if not first:
        return ""
    if len(first) == 1:
        return first if first == last else f"[{first}-{last}]"
    if first[0] == last[0]:
        return first[0] + _same_length_tail(first[1:], last[1:])
    rest = len(first) - 1
    parts = [f"{first[0]}{_same_length_tail(first[1:], '9' * rest)}"]
    if int(last[0]) - int(first[0]) > 1:
        parts.append(f"[{int(first[0]) + 1}-{int(last[0]) - 1}][0-9]{{{rest}}}")
    parts.append(f"{last[0]}{_same_length_tail('0' * rest, last[1:])}")
    return f"(?:{'|'.join(parts)})"
