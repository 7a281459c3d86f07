"""A kind may leave names open for its KPIs to fill in: a template of SQL and of column names.

``x_geheel`` is what is counted, ``x_uitkomst`` an outcome, ``x_kolom`` a column of the KPI's own cases, ``x_aandacht``
the outcomes that its evidence is about and ``x_kern`` the first of them. Lines next to each other that name an outcome
or a column are one block, which is repeated for each of them; with none it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

LISTS = ("x_uitkomst", "x_kolom")


@dataclass(frozen=True, slots=True)
class Invulling:
    """What a KPI fills in."""

    geheel: str = ""
    uitkomsten: tuple[str, ...] = ()
    kolommen: tuple[str, ...] = ()
    aandacht: tuple[str, ...] = ()

    def _values(self, text: str) -> tuple[str, Sequence[str]]:
        """The placeholder that a text is repeated for, and what it becomes."""
        found = next((name for name in LISTS if name in text), "")
        return found, {"x_uitkomst": self.uitkomsten, "x_kolom": self.kolommen}.get(found, ("",))

    def _single(self, text: str) -> str:
        quoted = ", ".join(f"'{name}'" for name in self.aandacht)
        kern = self.aandacht[0] if self.aandacht else ""
        return text.replace("x_geheel", self.geheel).replace("x_aandacht", quoted).replace("x_kern", kern)

    def block(self, lines: Sequence[str]) -> Iterator[str]:
        """Lines that belong together, repeated for each value of the placeholder in them."""
        found, values = self._values(lines[0])
        for value in values:
            yield from (self._single(line.replace(found, value) if found else line) for line in lines)

    def names(self, names: Iterable[str]) -> tuple[str, ...]:
        """Column names, each repeated on its own."""
        return tuple(filled for name in names for filled in self.block([name]))

    def sql(self, sql: str) -> str:
        """A query, its blocks repeated."""
        blocks = groupby(sql.splitlines(), key=lambda line: self._values(line)[0])
        return "\n".join(line for _, lines in blocks for line in self.block([*lines])) + "\n"

    def words(self, words: dict[str, str]) -> dict[str, str]:
        """Column names with their meaning, in blocks as in SQL."""
        blocks = groupby(words, key=lambda name: self._values(name)[0])
        found: dict[str, str] = {}
        for name, keys in blocks:
            _, values = self._values(name)
            names = [*keys]
            for value in values:
                for key in names:
                    filled, text = (part.replace(name, value) if name else part for part in (key, words[key]))
                    found[self._single(filled)] = self._single(text)
        return found
