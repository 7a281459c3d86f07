"""Where xmlschema judges otherwise than libxml2, the facts and XSD 1.0: every known difference, by name.

The verdict of this project is that of libxml2, which is right in all of these.
"""

from __future__ import annotations

from collections.abc import Callable

XML_WHITE = " \t\r\n"


def _unicode_space_around_a_number_or_date(builtin: str, value: str) -> bool:
    """xmlschema strips every white space of Unicode, XSD only the four of XML."""
    return builtin != "string" and value.strip(XML_WHITE) != value.strip()


def _digits_of_another_script(builtin: str, value: str) -> bool:
    """xmlschema takes every digit that Python takes, XSD only 0 to 9."""
    return builtin == "integer" and any(each.isdecimal() and not each.isascii() for each in value)


def _text_of_unicode_space_only(builtin: str, value: str) -> bool:
    r"""xmlschema takes no-break spaces and line separators for \s in a pattern (LDT_Commentaar), XSD does not."""
    return builtin == "string" and value.strip() == "" != value.strip(XML_WHITE)


def _year_of_more_than_nine_digits(builtin: str, value: str) -> bool:
    """xmlschema raises OverflowError, XSD has no greatest year."""
    return builtin == "date" and len(value.strip(XML_WHITE).lstrip("-").partition("-")[0]) > 9


KNOWN: dict[str, Callable[[str, str], bool]] = {
    "white space of Unicode around a number or date": _unicode_space_around_a_number_or_date,
    "digits of another script": _digits_of_another_script,
    "a text of Unicode white space only": _text_of_unicode_space_only,
    "a year of more than nine digits": _year_of_more_than_nine_digits,
}
# One document each that shows the difference: type of the leaf, value, and whether libxml2 accepts it.
SHOWN = {
    "white space of Unicode around a number or date": ("LDT_Datum", "\u00a02020-01-01", False),
    "digits of another script": ("LDT_Nummer", "\u0663", False),
    "a text of Unicode white space only": ("LDT_Commentaar", "\u2028", True),
    "a year of more than nine digits": ("LDT_Datum", "99999999999-01-01", True),
}
