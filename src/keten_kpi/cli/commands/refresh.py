"""``keten-kpi init`` and ``keten-kpi refresh``: the job that a timer starts each night."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keten_kpi.errors import Exit, UsageError

CONFIG_DEFAULT = Path("keten.toml")


def register(app: typer.Typer) -> None:
    app.command("init")(init)
    app.command("refresh")(refresh)


def init(
    config: Annotated[Path, typer.Argument(metavar="[FILE]", help="Which file to write.")] = CONFIG_DEFAULT,
) -> None:
    """Write a commented keten.toml for `refresh`; a file that is there stays as it is."""
    from keten_kpi.access import EXAMPLE as ACCESS
    from keten_kpi.refresh import EXAMPLE

    try:
        with config.open("x", encoding="utf-8") as file:
            file.write(EXAMPLE + ACCESS)
    except FileExistsError:
        raise UsageError(f"{config} is there already.", "Give another name, or move it away.") from None
    except OSError as error:
        raise UsageError(f"{config} cannot be written: {error.strerror}.", "Give another place.") from None
    typer.echo(f"Written: {config}. Then: keten-kpi refresh --config {config}")


def refresh(
    config: Annotated[Path, typer.Option("--config", help="The settings; `keten-kpi init` writes an example.")],
) -> None:
    """Read what is new in the inbox, and put a new dashboard in the place of the old one.

    Does nothing when nothing changed. After a failure the old dashboard is still there, whole. Logs JSON lines to
    standard error and writes status.json. Exit code 3 when something was quarantined.
    """
    from keten_kpi.refresh import read_config
    from keten_kpi.refresh import refresh as run

    outcome = run(read_config(config))
    counts = ", ".join(f"{name} {count:,}" for name, count in outcome.counts.items())
    typer.echo(f"{outcome.result}: {counts or 'nothing is new'}")
    if outcome.counts.get("quarantined"):
        raise typer.Exit(Exit.QUARANTINED)
