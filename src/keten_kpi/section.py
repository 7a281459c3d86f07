"""A section of a TOML file such as keten.toml; TOML does not say on which line a key stands, this does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from keten_kpi.errors import UsageError

HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")


@dataclass(frozen=True, slots=True)
class Section:
    """``values`` are as TOML has them; ``text`` is the whole file."""

    path: Path
    name: str
    text: str
    values: dict[str, Any]

    def place(self, key: str) -> str:
        """Where a key stands: the file, and the line where that is known."""
        name = re.compile(rf"""\s*(\[.*\.)?["']?{re.escape(key)}["']?\s*[=\]]""")
        found = [number for number, line in self._lines() if name.match(line)]
        return f"{self.path}, line {found[0]}" if found else str(self.path)

    def no_such(self, what: str, key: str, known: Collection[str]) -> UsageError:
        """The fault of a key that is not known; ``what`` is what it would be."""
        near = get_close_matches(key, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Choose from {', '.join(known)}."
        return UsageError(f"{self.place(key)}: there is no {what} {key}.", hint)

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Its lines and those of the tables in it, with their numbers."""
        inside = False
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := HEADER.match(line):
                inside = header[1] == self.name or header[1].startswith(f"{self.name}.")
            if inside:
                yield number, line


def read_section(path: Path, name: str, advice: str) -> Section:
    """A section of a file.

    Raises:
        UsageError: the file is not there or no TOML, or has no such section; with this advice.
    """
    try:
        text = path.read_text("utf-8")
        values = tomllib.loads(text).get(name)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no TOML: {error}.", advice) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text in UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", advice) from None
    if not isinstance(values, dict):
        raise UsageError(f"{path} has no section [{name}].", advice)
    return Section(path, name, text, values)
