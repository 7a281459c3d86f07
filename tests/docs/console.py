"""Pages whose commands are run and whose output is kept: ``python -m tests.docs.console`` writes it anew.

In a block of console a line that begins with ``$`` is run in one folder, as on a terminal of 80 columns; what follows
is what it printed. ``cat FILE`` is followed by what the file is to hold. What prints no table stands without output.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from pathlib import Path

from tests.cli.terminal import drawn

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "codes.md", DOCS / "verantwoording.md"]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
TABLE = "─"


def run_page(page: Path, folder: Path) -> str:
    """The page with the output of its commands as it is now."""
    return BLOCK.sub(lambda found: f"```console\n{_run_block(found[1], folder)}```", page.read_text("utf-8"))


def _run_block(block: str, folder: Path) -> str:
    parts = [part for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE) if part]
    return "".join(_run(part, folder) for part in parts)


def _run(part: str, folder: Path) -> str:
    line, _, rest = part.partition("\n")
    program, *words = shlex.split(line.removeprefix("$ "))
    if program == "cat":
        (folder / words[0]).write_text(rest, "utf-8")
        return part
    assert program == "keten-kpi"
    text = drawn(folder, 80, *words)
    return f"{line}\n{text.strip()}\n" if TABLE in text and words[0] not in {"generate", "ingest"} else f"{line}\n"


if __name__ == "__main__":
    for shown in PAGES:
        with tempfile.TemporaryDirectory() as place:
            shown.write_text(run_page(shown, Path(place)), "utf-8")
