"""How things look on a terminal: tables, and a progress line that a pipe never sees."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from keten_kpi.ingest import Progress, Summary

PIPE_WIDTH = 200  # wide enough that no figure is cut where nobody looks at a screen


def console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, numeric: Iterable[str] = ()
) -> None:
    """A table with a title above it; columns in ``numeric`` are aligned right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    right = set(numeric)
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        heading = name.replace("_", " ")  # so that a narrow screen breaks it between words
        table.add_column(heading, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    screen = console()
    with screen.capture() as drawn:
        screen.print(table)
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()))  # noqa: T201  # no blanks at line ends


@contextmanager
def progress_line() -> Iterator[Progress]:
    """A spinner with the counts so far on a terminal's standard error; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    with Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("reading")

        def show(summary: Summary) -> None:
            bar.update(
                task,
                description=f"{summary.read:,} read, {summary.loaded:,} loaded, {summary.quarantined:,} quarantined",
            )

        yield show
