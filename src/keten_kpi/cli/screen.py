"""How things look on a terminal: tables, and a progress line that a pipe never sees."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from keten_kpi.ingest import Progress, Summary

MARGINS = 2  # a blank on either side of a table
PIPE_WIDTH = 200  # wide enough that no figure is cut where nobody looks at a screen


def console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, numeric: Iterable[str] = ()
) -> None:
    """A table with a title above it; columns in ``numeric`` are aligned right.

    Where the screen is too narrow the last columns are left out, and named below the table.
    """
    from keten_kpi.cli.fit import break_heading, break_value, fit

    right = set(numeric)
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    headings = [name.replace("_", " ") for name in columns]
    screen = console()
    fitted = fit(headings, [[row[at] for row in cells] for at in range(len(columns))], screen.width - MARGINS)
    table = _empty_table(fitted.gap)
    for name, heading, width in zip(columns, headings, fitted.widths, strict=False):
        table.add_column(break_heading(heading, width), justify="right" if name in right else "left", width=width)
    for row in cells:
        table.add_row(*(break_value(cell, width) for cell, width in zip(row, fitted.widths, strict=False)))
    _draw(screen, title, table)
    if gone := headings[len(fitted.widths) :]:
        say(f"Past niet op dit scherm: {', '.join(gone)}. Een breder venster of json toont alles.\n")


def _empty_table(gap: int) -> Table:
    from rich import box
    from rich.table import Table

    right, left = int(gap > 1), int(gap > 2)  # noqa: PLR2004  # beside the blank that the box has between columns
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, right, 0, left))


def _draw(screen: Console, title: str, table: Table) -> None:
    from rich.text import Text

    with screen.capture() as drawn:
        if title:
            screen.print(Text(title, style="bold"))
        screen.print(table, markup=False)
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()))  # noqa: T201  # no blanks at line ends


def say(text: str) -> None:
    """A sentence; on a terminal its lines are broken between words, and as far from the edge as the first."""
    from textwrap import fill

    if sys.stdout.isatty():
        indent = text[: len(text) - len(text.lstrip(" -"))].replace("-", " ")
        text = fill(text, console().width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    typer.echo(text)


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
