"""The front door: a command is a file in ``commands``; errors become sentences, exit codes are documented."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import traceback

import typer

from keten_kpi.cli import commands
from keten_kpi.errors import Exit, KetenError

app = typer.Typer(
    name="keten-kpi",
    help="Does the message traffic between gemeenten and aanbieders (iJw, iWmo) do what was agreed?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Exit codes: 0 done; 1 failed, nothing half-done left; 2 wrong usage; "
    "3 done, but something was quarantined or invalid, or a norm is not met.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from keten_kpi import __version__

        typer.echo(f"keten-kpi {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and stop."
    ),
) -> None:
    """Does the message traffic between gemeenten and aanbieders (iJw, iWmo) do what was agreed?"""


for _found in sorted(pkgutil.iter_modules(commands.__path__), key=lambda module: module.name):
    importlib.import_module(f"{commands.__name__}.{_found.name}").register(app)


def _report(error: KetenError) -> None:
    typer.echo(f"keten-kpi: {error.message}", err=True)
    if error.advice:
        typer.echo(f"  {error.advice}", err=True)


def _report_fault(error: Exception) -> None:
    """A fault of ours: where it happened, never what it held, for a value in it may be a person's."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119
    typer.echo(f"keten-kpi: internal error {type(error).__name__} at {place}; nothing half-done was left.", err=True)
    typer.echo("  Please report it with the command and this line, and without any message.", err=True)


def main() -> None:
    """Runs the command line and ends the process with a documented exit code."""
    try:
        app()
    except KetenError as error:
        _report(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stdout = None  # the reader of the pipe left; nothing can be said any more
        sys.exit(Exit.FAILED)
    except Exception as error:  # noqa: BLE001  # the front door: no traceback reaches a user
        _report_fault(error)
        sys.exit(Exit.FAILED)
