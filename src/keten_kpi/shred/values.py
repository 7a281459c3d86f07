"""From the text of an element, already valid by its schema, to the value that a column takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from keten_kpi.shred.rows import Value

_XML_SPACE = " \t\n\r"


class NotStorableError(ValueError):
    """The text is valid by its schema and yet fits no column; says nothing of the text itself."""


@lru_cache(maxsize=1 << 16)
def parse_date(text: str) -> date:
    """An xs:date without zone. Years before 1 and after 9999 exist in XSD, not in a DATE that every tool reads."""
    try:
        return date.fromisoformat(text.strip(_XML_SPACE))
    except ValueError:
        raise NotStorableError("a date before the year 1 or after 9999") from None


def parse_year(text: str) -> int:
    """The year of an xs:date; all that is kept of a birth date."""
    return parse_date(text).year


@lru_cache(maxsize=1 << 16)
def parse_time(text: str) -> str:
    """An xs:time without zone, to the microsecond; 24:00:00 is 00:00:00, as XSD has it."""
    clock, _, fraction = text.strip(_XML_SPACE).partition(".")
    clock = "00:00:00" if clock == "24:00:00" else clock
    return f"{clock}.{fraction[:6]}" if fraction else clock


def parse_integer(text: str) -> int:
    """An xs:integer; a BIGINT holds what the standard's totals allow."""
    return int(text)


def _text(text: str) -> str:
    return text


PARSERS: dict[str, Callable[[str], Value]] = {
    "tekst": _text,
    "code": _text,
    "getal": parse_integer,
    "datum": parse_date,
    "tijd": parse_time,
    "centen": parse_integer,
}
