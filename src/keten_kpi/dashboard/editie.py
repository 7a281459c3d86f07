"""For whom an edition is: the Ketenbureau sees every gemeente, a gemeente sees itself beside the country."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keten_kpi.errors import UsageError

GEMEENTE = re.compile(r"gemeente:(\d{4})")


@dataclass(frozen=True, slots=True)
class Editie:
    """``gemeente`` is None in the edition of the Ketenbureau."""

    gemeente: str | None = None

    @property
    def naam(self) -> str:
        """As it is typed after ``--voor``."""
        return "ketenbureau" if self.gemeente is None else f"gemeente:{self.gemeente}"

    @property
    def map(self) -> str:
        """The name of its folder."""
        return self.naam.replace(":", "-")


KETENBUREAU = Editie()


def read_editie(text: str) -> Editie:
    """The edition that ``--voor`` names.

    Raises:
        UsageError: it names none.
    """
    found = GEMEENTE.fullmatch(text)
    if found:
        return Editie(found[1])
    if text == KETENBUREAU.naam:
        return KETENBUREAU
    raise UsageError(f"--voor {text} is no edition.", "Give ketenbureau, or gemeente: with a code, as gemeente:0384.")
