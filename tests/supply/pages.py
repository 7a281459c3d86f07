"""Writes ``docs/licences.md`` from what is installed and locked: ``python -m tests.supply.pages``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PAGE = CHECKOUT / "docs" / "licences.md"
IN_ITS_FILE = {"axe-playwright-python": "MIT"}  # says it in its licence file only
HEAD = """\
<!-- Made by `python -m tests.supply.pages` from requirements/ and what the packages say of themselves. -->
# Licences of what is used

`keten-kpi` is under EUPL-1.2. It is installed with the packages of the first table, each under a licence that allows
this; the packages of the second table test and build it, and are not delivered.

EUPL-1.2 governs our own code. The packages are used unchanged, as libraries, and keep their own licence; none of them
asks that our code takes over theirs.
"""


def locked(name: str) -> dict[str, str]:
    """Package and version in ``requirements/<name>.txt``."""
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text("utf-8")
    return {_plain(package): version for package, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licences() -> dict[str, tuple[str, str]]:
    """Version and licence of every installed package, as it says itself."""
    done = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--with-system"],
        capture_output=True,
        check=True,
    )
    told = {_plain(each["Name"]): (each["Version"], each["License"]) for each in json.loads(done.stdout)}
    return {name: (version, IN_ITS_FILE.get(name, licence)) for name, (version, licence) in told.items()}


def licences_page() -> str:
    found = licences()
    delivered, dev = locked("demo"), locked("dev")
    parts = [HEAD, "\n## Delivered\n\n", *_table(delivered, found)]
    parts += ["\n## To test and build\n\n", *_table({n: v for n, v in dev.items() if n not in delivered}, found)]
    return "".join(parts)


def _table(packages: dict[str, str], found: dict[str, tuple[str, str]]) -> list[str]:
    elsewhere = ("", "installed on another system than this only")
    rows = [f"| {name} | {version} | {found.get(name, elsewhere)[1]} |\n" for name, version in sorted(packages.items())]
    return ["| package | version | licence |\n|---|---|---|\n", *rows]


if __name__ == "__main__":
    PAGE.write_text(licences_page(), "utf-8")
