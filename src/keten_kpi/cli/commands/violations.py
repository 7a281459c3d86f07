"""``keten-kpi violations``: the cases behind a figure."""

from __future__ import annotations

from typing import Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.output import FormatOption, Out, deliver
from keten_kpi.cli.selection import Aanbieder, Gemeente, Indeling, Peildatum, Tot, Van, Wet, choose


def register(app: typer.Typer) -> None:
    app.command("violations")(violations)


def violations(
    kpi_id: Annotated[str, typer.Argument(metavar="ID", help="Which KPI; `keten-kpi kpi --list` shows them.")],
    wet: Wet = None,
    gemeente: Gemeente = None,
    aanbieder: Aanbieder = None,
    van: Van = None,
    tot: Tot = None,
    peildatum: Peildatum = None,
    all_cases: Annotated[
        bool,
        typer.Option("--all", help="Every case, also those within the norm and those that do not count, with why."),
    ] = False,
    indeling: Indeling = None,
    output: FormatOption = None,
    out: Out = None,
    db: Db = DB_DEFAULT,
) -> None:
    """List the cases that broke a norm, or the lines that deviate, with the messages they rest on.

    Counted, they are the figure: the rows of a time norm are its buiten_norm, per group. Each reading is recorded; see
    `keten-kpi audit`.

    json: {kpi, peildatum, rows}. Columns of json, csv and parquet: wet, gemeente, aanbieder, start_dag and geval_id
    (see `keten-kpi waarom`), and of a time norm referentie, uiterste_dag, antwoord_dag, werkdagen,
    werkdagen_te_laat, dagen, dagen_te_laat (where the term is no werkdagen), koppeling (by what answer and request
    were linked), start_bericht_id, antwoord_bericht_id; of a share berichttype, referentie, uitkomst, volgnr (a
    case may have several rows), what its KPI divides by (reden, retourcode with niveau, ontbreekt), centen,
    start_bericht_id, antwoord_bericht_id; of berichtvolume berichttype, soort, referentie, bericht_id; of
    productcode-afwijking berichttype, toewijzing_nummer, product_categorie, product_code, reden_afwijking,
    is_andere_categorie, oordeel_dag, lijsten, bericht_id; of codevariatie jeugdregio, berichttype,
    product_categorie, product_code, is_eigen_code, is_regiocode, bericht_id. With --all also toestand or oordeel,
    and reden_telt_niet.
    """
    from dataclasses import asdict

    from keten_kpi import publish
    from keten_kpi.audit import record

    selection = choose(wet, gemeente, aanbieder, van, tot, peildatum, indeling)
    with publish.reading(db) as con:
        result = publish.violations(con, kpi_id, selection=selection, alle=all_cases)
    record(db, "violations", {"kpi": kpi_id, **asdict(selection), "alle": all_cases}, len(result.rows))
    deliver(
        result,
        output,
        out,
        title=f"{result.kpi.titel}: {len(result.rows)} gevallen",
        shown=result.kpi.soort.bewijs_tabel,
    )
