"""What a value should be, by its type, and what it is, by its shape: never the value itself, save a short code."""

from __future__ import annotations

import re
from collections.abc import Callable

from keten_kpi.validate.structure import Leaf

SHORT_CODE = re.compile(r"(?=.*[0-9])[0-9A-Z]{1,5}", re.ASCII)
_MOST_CODES = 12
_WHITE = " \t\r\n"  # white space as XML has it
_MOMENTS = {
    "date": ("day", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)),
    "time": ("time", re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?", re.ASCII)),
}
_ZONE = re.compile(r"(Z|[+-][0-9]{2}:[0-9]{2})\Z", re.ASCII)
_MASKABLE = re.compile(r"[0-9:./T+Z-]{1,35}", re.ASCII)

# Patterns of the standard in words; each wording is all that the pattern and the length beside it say.
_WORDS: dict[str, str] = {
    r"([.\s]*\S+[.\s]*)+": "a text that is not only white space",
    "NL[0-9]{9}B[0-9]{2}": "NL, 9 digits, B and 2 digits",
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)": "a version of three numbers, such as 1.0.2",
    "(0{8})|98((00000[1-9])|(0000[1-9][0-9])|(000[1-9][0-9]{2})|(00[1-9][0-9]{3})|(0[1-9][0-9]{4})|([1-9][0-9]{5}))": (
        "8 digits: all of them 0, or 98 and 6 digits that are not all 0"
    ),
}
# Patterns that say what characters there are; the length is told beside them.
_KINDS: dict[str, str] = {
    "[0-9]*": "digits",
    "([a-zA-Z0-9])+": "letters or digits",
    "([a-zA-ZÀ-ỳ])+": "letters",
    r".*[^\s].*": "characters on one line, not only white space",
}
_DIGITS = re.compile(r"\[0-9\]\{([0-9]+)\}", re.ASCII)
_ALTERNATIVES = re.compile(r"[0-9A-Z]+(\|[0-9A-Z]+)*", re.ASCII)


def alternatives(pattern: str) -> tuple[str, ...]:
    """The values of a pattern that only lists them ("432|450"); empty for any other pattern."""
    return tuple(pattern.split("|")) if _ALTERNATIVES.fullmatch(pattern) else ()


def expectation(leaf: Leaf) -> str:
    """What a value of this type must be, as the end of "must be ..."."""
    if leaf.codes:
        return _codes(leaf.codes)
    listed = [alternatives(pattern) for pattern in leaf.patterns]
    if any(listed):
        return " or ".join(next(each for each in listed if each))
    return _BUILTINS.get(leaf.builtin, _text)(leaf)


def shape(value: str, leaf: Leaf) -> str:
    """What a value looks like, as the end of "but is ...": nothing that tells whose it is."""
    bare = value.strip(_WHITE)
    if not bare:
        return "only white space" if value else "empty"
    if leaf.builtin in _MOMENTS:
        return _moment(bare, leaf.builtin)
    if leaf.builtin != "string":  # white space around the value does not count
        return _counted(bare)
    if "\n" in bare or "\r" in bare:
        return f"{_counted(value)}, with a line break in it"
    return _counted(value) + (", with white space around it" if bare != value else "")


def shown(value: str, leaf: Leaf, *, is_code: bool) -> str:
    """The value itself when it is a short code where a code must stand, otherwise its shape."""
    bare = value if leaf.builtin == "string" else value.strip(_WHITE)
    return bare if (is_code or leaf.codes) and SHORT_CODE.fullmatch(bare) else shape(value, leaf)


def _codes(codes: tuple[str, ...]) -> str:
    if len(codes) == 1:
        return codes[0]
    if len(codes) > _MOST_CODES:
        return f"one of {', '.join(codes[:_MOST_CODES])}, ... ({len(codes)} codes)"
    return f"one of {', '.join(codes)}"


def _counted(text: str) -> str:
    length, digits = len(text), sum(each in "0123456789" for each in text)
    if digits == length:
        return _number(length, "digit")
    if digits:
        return f"{_number(length, 'character')}, of which {_number(digits, 'digit')}"
    return f"a text of {_number(length, 'character')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _moment(value: str, builtin: str) -> str:
    noun, form = _MOMENTS[builtin]
    if form.fullmatch(value):
        return f"a {noun} that does not exist"
    zone = _ZONE.search(value)
    if zone and form.fullmatch(value[: zone.start()]):
        return f"a {noun} with a time zone"
    if _MASKABLE.fullmatch(value):
        return f"of the form {re.sub('[0-9]', '9', value)}"
    return _counted(value)


def _date(leaf: Leaf) -> str:
    return "a date as YYYY-MM-DD" + (" without time zone" if leaf.patterns else "")


def _time(leaf: Leaf) -> str:
    return "a time as hh:mm:ss" + (" without time zone" if leaf.patterns else "")


def _integer(leaf: Leaf) -> str:
    low, high = leaf.bounds.get("minInclusive"), leaf.bounds.get("maxInclusive")
    if low is not None and high is not None:
        return f"a whole number from {low} to {high}"
    if low is not None:
        return f"a whole number of at least {low}"
    return f"a whole number of at most {high}" if high is not None else "a whole number"


def _text(leaf: Leaf) -> str:
    pattern = leaf.patterns[-1] if leaf.patterns else None
    if pattern in _WORDS:
        return _WORDS[pattern]
    digits = _DIGITS.fullmatch(pattern or "")
    if digits:
        return _number(int(digits[1]), "digit")
    if pattern in _KINDS:
        return _sized(leaf, _KINDS[pattern])
    if pattern is not None:
        return _sized(leaf, f"characters that match the pattern {pattern}")
    return _sized(leaf, "characters") if _length(leaf) else f"a value of type {leaf.builtin}"


def _sized(leaf: Leaf, what: str) -> str:
    """The length before what is counted: "1 to 12 characters", "1 character"."""
    length, (noun, *rest) = _length(leaf), what.split(" ")
    noun = noun.removesuffix("s") if length.split(" ")[-1] == "1" else noun
    return " ".join([*([length] if length else []), noun, *rest])


def _length(leaf: Leaf) -> str:
    bounds = leaf.bounds
    if "length" in bounds:
        return f"exactly {bounds['length']}"
    low, high = bounds.get("minLength"), bounds.get("maxLength")
    if low is not None and high is not None:
        return low if low == high else f"{low} to {high}"
    if high is not None:
        return f"at most {high}"
    return f"at least {low}" if low is not None else ""


_BUILTINS: dict[str, Callable[[Leaf], str]] = {"date": _date, "time": _time, "integer": _integer}
