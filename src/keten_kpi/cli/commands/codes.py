"""``keten-kpi codes``: the product codes that are no national ones, and what would change if they were."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.output import Format, FormatOption, Out, choose_format, deliver
from keten_kpi.cli.selection import Aanbieder, Gemeente, Peildatum, Wet, choose
from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from keten_kpi.inzicht import Codes, Kortelijst

codes = typer.Typer(help="Product codes in depth: which deviate, and what if they were replaced.", no_args_is_help=True)
SHOWN = (
    "wet", "product_categorie", "product_code", "reden", "regels", "aandeel_regels", "aandeel_opgeteld", "gemeenten",
    "voorstel_code", "zekerheid", "eerste_dag",
)  # fmt: skip
SHOWN_WHAT_IF = (
    "aanbieder", "clienten", "codes", "codes_straks", "regels", "regels_afwijkend", "regels_afwijkend_straks",
    "aandeel_geharmoniseerd", "aandeel_berichten_afwijkend", "aandeel_berichten_afwijkend_straks",
)  # fmt: skip
MinAantal = Annotated[
    int,
    typer.Option("--min-aantal", min=0, metavar="N", help="Leave out rows about fewer than N clients; 0 for own use."),
]
Omschrijvingen = Annotated[
    Path | None,
    typer.Option(
        "--omschrijvingen", exists=True, dir_okay=False, metavar="FILE.csv",
        help="What gemeenten say their codes mean: wet, code, omschrijving[, gemeente]. No message holds it.",
    ),
]  # fmt: skip
Vervang = Annotated[
    Path | None,
    typer.Option(
        "--vervang", exists=True, dir_okay=False, metavar="MAP.csv",
        help="Map: wet, van, naar[, categorie, gemeente, naar_categorie].",
    ),
]  # fmt: skip
Voorstel = Annotated[
    int | None,
    typer.Option("--voorstel", min=1, metavar="N", help="The suggested map of the N most used codes with one."),
]
Onzeker = Annotated[bool, typer.Option("--onzeker", help="With --voorstel: unsure suggestions too.")]
Kpi = Annotated[str, typer.Option("--kpi", help="With --norm, --kalender: the time norm.")]
Norm = Annotated[
    list[int] | None, typer.Option("--norm", min=0, metavar="N", help="Another norm, in its unit; may be repeated.")
]
Kalender = Annotated[
    str | None,
    typer.Option(
        "--kalender", metavar="weekdagen|FILE.csv",
        help="Another calendar: every weekday a werkdag, or days of which a csv says so: dag[, is_werkdag] "
        "(ja, nee; default nee).",
    ),
]  # fmt: skip


def register(app: typer.Typer) -> None:
    app.add_typer(codes, name="codes")


@codes.command("lijst")
def lijst(
    wet: Wet = None,
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    peildatum: Peildatum = None,
    omschrijvingen: Omschrijvingen = None,
    min_aantal: MinAantal = 10,
    output: FormatOption = None,
    out: Out = None,
    db: Db = DB_DEFAULT,
) -> None:
    """List the deviating product codes, the most used first, with the nearest national code of their category.

    Own codes are allowed by contract: a deviation describes, it breaks no rule.

    Columns: wet, product_categorie, product_code, reden (niet_in_lijst, vervallen_code, nog_niet_geldig), regels,
    berichten, clienten, aandeel_regels (of the deviating lines), aandeel_opgeteld (with all rows above it: the
    shortlist), berichten_opgeteld and aandeel_berichten_opgeteld (the deviating messages without any other deviating
    code: what mapping this code and those above it closes), gemeenten and aanbieders (that use it, in all traffic),
    in_gemeenten, eerste_dag, laatste_dag, eenheid (when always the same), omschrijving, voorstel_code,
    voorstel_omschrijving, gelijkenis (Jaro-Winkler of the descriptions, 0-1), zekerheid: hoog (0.9 or more and the same
    unit), redelijk (0.8 or more), laag, alleen_eenheid (no description: the national code most used with that unit),
    geen (nothing to go by).

    json: {peildatum, codes, korte_lijst, eerste_codes, rows}. korte_lijst (the fewest codes that cover 80 % of the
    deviating lines) and eerste_codes (the five most used) are {codes, aandeel_regels, aandeel_berichten}: what closes
    when each of these codes becomes a national one. With --min-aantal codes left out count in no such list, and
    messages are only told where no number is small.
    """
    from keten_kpi import inzicht, publish

    selection = choose(wet, gemeente, aanbieder, None, None, peildatum)
    with publish.reading(db) as con:
        found = inzicht.list_codes(con, selection, omschrijvingen, min_aantal)
    deliver(found, output, out, title="Afwijkende productcodes", shown=SHOWN)
    if choose_format(output, out) is Format.TABLE:
        _show_shortlist(found, min_aantal)


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %".replace(".", ",")


def _closes(part: Kortelijst) -> str:
    messages = part.aandeel_berichten
    return f"{_percent(part.aandeel_regels)} van de afwijkende regels" + (
        f" en {_percent(messages)} van de afwijkende berichten" if messages is not None else ""
    )


def _show_shortlist(found: Codes, min_aantal: int) -> None:
    from keten_kpi.cli.screen import say
    from keten_kpi.inzicht import DEKKING, EERSTE

    left_out = found.aantal - len(found.rows)
    if left_out:
        say(f"{left_out} van de {found.aantal} codes niet getoond: minder dan {min_aantal} clienten, of er vlak boven.")
    if not found.rows:
        return
    short, first = found.shortlist(DEKKING), found.first(EERSTE)
    name = "Korte lijst" if short.aandeel_regels >= DEKKING else "Alle getoonde codes"
    say(f"{name}: {len(short.codes)} van de {found.aantal} codes, samen goed voor {_closes(short)}.")
    which = f"Worden de eerste {len(first.codes)}" if len(first.codes) > 1 else "Wordt de eerste"
    say(f"{which} landelijk ({', '.join(first.codes)}), dan sluit dat {_closes(first)}.")


@codes.command("wat-als")
def wat_als(
    vervang: Vervang = None,
    voorstel: Voorstel = None,
    onzeker: Onzeker = False,
    omschrijvingen: Omschrijvingen = None,
    kpi: Kpi = "doorlooptijd-toewijzing",
    norm: Norm = None,
    kalender: Kalender = None,
    wet: Wet = None,
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    peildatum: Peildatum = None,
    min_aantal: MinAantal = 10,
    output: FormatOption = None,
    out: Out = None,
    db: Db = DB_DEFAULT,
) -> None:
    """Recompute what other codes (--vervang, --voorstel), norms (--norm) or another calendar (--kalender) would do.

    No message is read again. A map may merge codes, rename them, or split one by categorie or gemeente; the row that
    says most holds. It becomes the code of naar_categorie where that is given.

    Columns with a map: aanbieder (the first row is all), clienten, codes (distinct, to maintain), codes_per_gemeente
    (distinct pairs), regels, regels_vervangen, regels_afwijkend, aandeel_geharmoniseerd (of the deviating lines,
    those that become national), berichten, berichten_afwijkend, aandeel_berichten_afwijkend; with _straks what they
    would be.

    Columns with a norm or calendar: situatie (nu, wat_als), norm, binnen_norm, buiten_norm, lopend,
    aandeel_binnen_norm; onderdrukt with --min-aantal: what was hidden, because a number or what it differs by from
    another row is small.

    json: {peildatum, vervangingen, rows}.
    """
    from keten_kpi import inzicht, publish

    selection = choose(wet, gemeente, aanbieder, None, None, peildatum)
    judged = bool(norm) or kalender is not None
    if sum((vervang is not None, voorstel is not None, judged)) != 1:
        raise UsageError(
            "What if what?", "Give one: --vervang MAP.csv, --voorstel N, or --norm N and/or --kalender FILE."
        )
    if judged:
        other = inzicht.read_calendar(kalender) if kalender else None
        ask = partial(inzicht.what_if_judged, kpi_id=kpi, normen=norm or (), kalender=other)
    else:
        sure = inzicht.UNSURE if onzeker else inzicht.SURE
        ask = partial(
            inzicht.what_if_replaced, vervang=vervang or (), voorstel=voorstel, zekerheden=sure,
            omschrijvingen=omschrijvingen,
        )  # fmt: skip
    with publish.reading(db) as con:
        found = ask(con, selection=selection, min_aantal=min_aantal)
    title = f"Wat als: {kpi}" if judged else "Wat als deze codes worden vervangen"
    shown = [name for name in found.columns if name != "onderdrukt"] if judged else SHOWN_WHAT_IF
    deliver(found, output, out, title=title, shown=shown)
