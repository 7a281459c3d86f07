"""An interpreter of the facts, written apart from the XSDs and without any schema library.

It reads a document with the expat parser of the standard library and says what the facts forbid, by XSD 1.0:
white space around xs:integer, xs:date and xs:time does not count and in xs:string does; a pattern must match the whole
value; lengths count code points; there is no year 0; 24:00:00 is a time. The facts know no attributes, so any attribute
is a problem here (XSD itself always allows xsi:type and xsi:schemaLocation; the generator does not make them).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from tests.oracle.facts import Facts, definition, namespaces, occurrence, steps

WHITE = " \t\r\n"


def verdict(content: bytes, facts: Facts, message: str) -> bool:
    return not problems(content, facts, message)


def problems(content: bytes, facts: Facts, message: str) -> list[str]:
    """Everything that the facts forbid, each as ``path: problem``."""
    root = ET.fromstring(content)  # noqa: S314 - made by our own generator
    own, _ = namespaces(facts, message)
    said = facts["messages"][message]
    if root.tag != f"{{{own}}}{said['root_element']}":
        return ["/: root"]
    return _element(root, facts, message, said["root_type"], "")


def _element(node: ET.Element, facts: Facts, message: str, kind: str | dict[str, Any], above: str) -> list[str]:
    path = f"{above}/{_local(node)}"
    found = [f"{path}: attribute"] if node.attrib else []
    content, namespace = definition(facts, message, kind)
    if "sequence" in content:
        return found + _group(node, facts, message, content["sequence"], namespace, path)
    if len(node):
        return [*found, f"{path}: element in a value"]
    return found + [f"{path}: {problem}" for problem in value_problems(node.text or "", steps(facts, message, kind))]


def _group(
    node: ET.Element, facts: Facts, message: str, sequence: list[list[Any]], namespace: str, path: str
) -> list[str]:
    texts = [node.text, *(child.tail for child in node)]
    found = [f"{path}: text"] if any((text or "").strip(WHITE) for text in texts) else []
    children = list(node)
    at = 0
    for name, kind, occurs in sequence:
        least, most = occurrence(occurs)
        count = 0
        while at < len(children) and children[at].tag == f"{{{namespace}}}{name}" and (most is None or count < most):
            found += _element(children[at], facts, message, kind, path)
            at, count = at + 1, count + 1
        if count < least:
            found.append(f"{path}: {name} is missing")
    return found + [f"{path}: {_local(child)} does not fit" for child in children[at:]]


def _local(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def value_problems(text: str, restrictions: list[dict[str, Any]]) -> list[str]:
    """What is wrong with a value by its restriction steps, the last of which stands on a built-in type."""
    builtin = restrictions[-1]["base"]
    value = text if builtin == "string" else re.sub(f"[{WHITE}]+", " ", text).strip(" ")
    if not _BUILTINS[builtin](value):
        return [builtin]
    return [
        facet for step in restrictions for facet in step if facet != "base" and not _FACETS[facet](value, step[facet])
    ]


def _is_integer(value: str) -> bool:
    return re.fullmatch("[+-]?[0-9]+", value) is not None


def _is_date(value: str) -> bool:
    match = re.fullmatch("(-?)([0-9]{4}|[1-9][0-9]{4,})-([0-9]{2})-([0-9]{2})" + _ZONE, value)
    if match is None or int(match[2]) == 0:
        return False
    month, day = int(match[3]), int(match[4])
    return 1 <= month <= 12 and 1 <= day <= _days(int(match[1] + match[2]), month)


def _days(year: int, month: int) -> int:
    """Days in a month, by the number of the year also before Christ: -4 is a leap year and -1 is not (XSD 1.0, E.1)."""
    return calendar.monthrange(year % 400 + 400, month)[1]


def _is_time(value: str) -> bool:
    match = re.fullmatch(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?" + _ZONE, value)
    if match is None:
        return False
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3])
    if hours == 24:
        return minutes == seconds == 0 and not (match[4] or "").strip(".0")
    return hours < 24 and minutes < 60 and seconds < 60


_ZONE = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"


@cache
def expression(pattern: str) -> re.Pattern[str]:
    """An XSD expression, of the subset that the facts use, as one of Python.

    ``.`` is anything but the two line ends, ``\\s`` is XML's four white space characters, in brackets a dot is a dot.
    """
    done, at, bracket = "", 0, False
    while at < len(pattern):
        piece = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
        done += _piece(piece, in_brackets=bracket)
        bracket = {"[": True, "]": False}.get(piece, bracket)
        at += len(piece)
    return re.compile(done)


def _piece(piece: str, *, in_brackets: bool) -> str:
    if piece == r"\s":
        return r" \t\r\n" if in_brackets else r"[ \t\r\n]"
    if piece == r"\S" and not in_brackets:
        return r"[^ \t\r\n]"
    if piece == r"\." or (piece == "." and in_brackets):
        return r"\."
    if piece == ".":
        return r"[^\n\r]"
    if piece.startswith("\\") or (piece in "$^" and not in_brackets):
        raise NotImplementedError(piece)  # not in the subset: refuse rather than guess
    return piece


_BUILTINS: dict[str, Callable[[str], bool]] = {
    "string": lambda _: True,
    "integer": _is_integer,
    "date": _is_date,
    "time": _is_time,
}
_FACETS: dict[str, Callable[[str, Any], bool]] = {
    "minLength": lambda value, bound: len(value) >= int(bound),
    "maxLength": lambda value, bound: len(value) <= int(bound),
    "minInclusive": lambda value, bound: int(value) >= int(bound),
    "maxInclusive": lambda value, bound: int(value) <= int(bound),
    "enumeration": lambda value, codes: value in codes,
    "pattern": lambda value, patterns: any(expression(each).fullmatch(value) for each in patterns),
}
