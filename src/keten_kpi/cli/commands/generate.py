"""``keten-kpi generate``: synthetic traffic, with the answer sheet beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from keten_kpi.database import Connection
    from keten_kpi.generate import Made
    from keten_kpi.generate.report import Found

MIB = 1024 * 1024
USUAL = "usual"


def register(app: typer.Typer) -> None:
    app.command("generate")(generate)


def generate(
    out: Annotated[
        Path | None, typer.Argument(metavar="[OUT]", help="A folder that does not exist yet, or is empty.")
    ] = None,
    scenario: Annotated[str, typer.Option("--scenario", help="pilot, gemeente or landelijk.")] = "pilot",
    seed: Annotated[int, typer.Option("--seed", help="Another seed, other traffic of the same kind.")] = 1,
    messages: Annotated[
        int | None, typer.Option("--messages", min=1, help="About how many; the scenario has a number of its own.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="files, zip or tar.zst.")] = "zip",
    faults: Annotated[
        str | None,
        typer.Option(
            "--faults", metavar="NAME=RATE,...", help="What goes wrong and how often; `usual` for all at usual rates."
        ),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes; the bytes do not depend on it.")] = 1,
    part_size: Annotated[
        int,
        typer.Option("--part-size", min=1, metavar="MIB", help="How much one archive holds at most, before packing."),
    ] = 256,
    report: Annotated[
        bool,
        typer.Option("--report", help="Print docs/pilot.md: the pilot's published figures beside what is found here."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was made as one JSON object.")] = False,
) -> None:
    """Make synthetic traffic: realistic, valid, linked, reproducible. Nothing in it is real, and nobody in it exists.

    OUT/berichten holds the messages: `keten-kpi ingest OUT/berichten`. OUT/truth says what each KPI should find in
    them, per gemeente and wet, and in gevallen/ which case should land in which state. The same scenario, seed and
    version give the same bytes. Faults: duplicate, conflict, disorder, missing-retour, invalid, bsn, code, version,
    truncated, encoding, envelope, nested-zip, future.
    """
    from keten_kpi import generate as wing

    if report:
        typer.echo(_report(), nl=False)
        return
    if out is None:
        raise UsageError("Where should it go?", "Name a folder that does not exist yet.")
    rates = wing.parse_rates("" if faults == USUAL else faults)
    made = wing.generate(
        out, scenario=scenario, seed=seed, messages=messages, form=form, rates=rates, workers=workers,
        part_bytes=part_size * MIB,
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(made.as_dict(), ensure_ascii=False))
    else:
        _show(out, made)


def _report() -> str:
    """The page, with what the KPIs find in a pilot that is made, loaded and thrown away for it."""
    from keten_kpi import generate as wing
    from keten_kpi import ingest as left
    from keten_kpi.generate.report import SCENARIO, SEED, pilot_page
    from keten_kpi.publish import publish_database, reading

    with TemporaryDirectory() as folder:
        out, db = Path(folder) / SCENARIO, Path(folder) / "run.duckdb"
        made = wing.generate(out, scenario=SCENARIO, seed=SEED)
        left.ingest([str(out / "berichten")], db)
        publish_database(db)
        with reading(db) as con:
            return pilot_page(made, {wet: _found(con, wet) for wet in ("", "Jw", "Wmo")})


def _found(con: Connection, wet: str) -> Found:
    from keten_kpi.generate.report import Found
    from keten_kpi.publish import Selection, compute

    figures: dict[str, Any] = {}
    for kpi in ("productcode-afwijking", "doorlooptijd-toewijzing"):
        result = compute(con, kpi, selection=Selection(wet=wet or None))
        figures |= dict(zip(result.columns, result.rows[0], strict=True))
    return Found(**{field.name: figures[field.name] for field in fields(Found)})


def _show(out: Path, made: Made) -> None:
    from keten_kpi.cli.screen import print_table

    typer.echo(
        f"{made.files:,} files ({made.bytes / MIB:,.0f} MiB before packing) in {out}, "
        f"about {made.clients:,} clients who do not exist.\n"
        f"Scenario {made.scenario}, seed {made.seed}, release {made.release}, {made.van} to {made.tot}: synthetic."
    )
    print_table(
        "Messages that count, per type",
        ("berichttype", "messages"),
        sorted(made.per_type.items()),
        numeric=("messages",),
    )
    if made.faults_asked:
        rows = [(name, made.faults_made[name], _share(made.faults_made, made.faults_eligible, name), f"{rate:.4f}")
                for name, rate in made.faults_asked.items()]  # fmt: skip
        print_table("Faults", ("fault", "made", "share", "asked"), rows, numeric=("made", "share", "asked"))
    typer.echo(f"Load it: keten-kpi ingest {out / 'berichten'}. What it should find: {out / 'truth'}.")


def _share(made: Mapping[str, int], eligible: Mapping[str, int], name: str) -> str:
    return f"{made[name] / eligible[name]:.4f}" if eligible[name] else "-"
