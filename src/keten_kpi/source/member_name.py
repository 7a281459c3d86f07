"""Names that senders gave to members and files: shown as origin, never trusted."""

from __future__ import annotations

import re

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
_CLIMBING = re.compile(r"(?:.*[/\\])?\.\.(?:[/\\]|\Z)", re.DOTALL)


def shown(name: str) -> str:
    r"""The name as it can be printed and stored: what is no printable character becomes an escape.

    >>> shown("a\x1b[2Jb.xml"), shown("caf\udce9.xml")
    ('a\\x1b[2Jb.xml', 'caf\\udce9.xml')
    """
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def leads_outside(name: str) -> bool:
    r"""Is this a path that would land outside the folder the archive is unpacked in: absolute or climbing?

    >>> [leads_outside(n) for n in ("/etc/x", "a/../../x", "C:\\x", "a..b/c", "./a", "..")]
    [True, True, True, False, False, True]
    """
    return _ABSOLUTE.match(name) is not None or (".." in name and _CLIMBING.match(name) is not None)
