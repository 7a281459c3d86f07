"""The options that say which cases a figure is about; the same for every command that shows figures or cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from keten_kpi.publish import Selection

Wet = Annotated[str | None, typer.Option("--wet", help="Jw or Wmo.")]
Gemeente = Annotated[
    str | None, typer.Option("--gemeente", metavar="CODE", help="CBS code of 4 digits, as in the message.")
]
Aanbieder = Annotated[str | None, typer.Option("--aanbieder", metavar="CODE", help="AGB code of 8 digits.")]
Van = Annotated[
    str | None, typer.Option("--van", metavar="DAY", help="First day on which a case's clock may start (YYYY-MM-DD).")
]
Tot = Annotated[str | None, typer.Option("--tot", metavar="DAY", help="Last day on which it may start, inclusive.")]
Peildatum = Annotated[
    str | None,
    typer.Option(
        "--peildatum", metavar="DAY", help="Day up to which the traffic is known; default: the last day of sending."
    ),
]

Indeling = Annotated[
    int | None,
    typer.Option("--indeling", metavar="YEAR", help="2026: by today's gemeenten; default: by the code in the message."),
]


def choose(
    wet: str | None,
    gemeente: str | None,
    aanbieder: str | None,
    van: str | None,
    tot: str | None,
    peildatum: str | None,
    indeling: int | None = None,
) -> Selection:
    """The selection that these options mean.

    Raises:
        UsageError: a day is no date.
    """
    from keten_kpi.publish import Selection, parse_day

    days = {name: parse_day(text, f"--{name}") if text else None for name, text in
            {"van": van, "tot": tot, "peildatum": peildatum}.items()}  # fmt: skip
    return Selection(wet=wet, gemeente=gemeente, aanbieder=aanbieder, indeling=indeling, **days)
