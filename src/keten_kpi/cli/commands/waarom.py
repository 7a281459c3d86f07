"""``keten-kpi waarom``: the whole story of one case."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.cli.selection import Peildatum
from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from keten_kpi.publish import Waarom
    from keten_kpi.toets.dagen import Dag
    from keten_kpi.toets.waarom import Bericht, Klok, Verhaal

MOST_DAYS = 45  # a longer row of days is cut in the middle on the screen


class StoryFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    app.command("waarom")(waarom)


def waarom(
    geval: Annotated[str, typer.Argument(metavar="CASE", help="A geval_id, from `violations` or `werklijst`.")],
    peildatum: Peildatum = None,
    output: Annotated[StoryFormat, typer.Option("--format", help="text for the screen, or json.")] = StoryFormat.TEXT,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a page for print and post to this .html file.", dir_okay=False)
    ] = None,
    db: Db = DB_DEFAULT,
) -> None:
    """Tell why a case was judged as it was: messages, dates, each day, the rule, the verdict, what would change it.

    A case that several time norms apply to is told once for each. The page of --out has no script, loads nothing and
    does not name the client; the screen and json show the client's pseudonym. Each reading is recorded; see
    `keten-kpi audit`.

    json: {geval_id, peildatum, client_id, normen: [{kpi, titel, definitie_versie, klok_uitleg, geval: {wet, gemeente,
    aanbieder, berichttype, release, referentie, start_dag, uiterste_dag, antwoord_dag, toestand, reden_telt_niet,
    koppeling}, regel: {regelcode, waarde, eenheid, geldig_van, geldig_tot, sinds, bron, aan_zet}, oordeel, verandering,
    klok: [{wat, dag, element, berichttype, bericht_id, telt}], berichten: [{rol, verzend_dag, berichttype, release,
    identificatie, datum_element, regel_element, regel_nr, is_afgekeurd, retourcodes, bron, lid, bericht_id}],
    dagen: [{dag, weekdag, telt, nummer, reden, mijlpalen}]}]}.
    """
    from keten_kpi import publish
    from keten_kpi.audit import record
    from keten_kpi.report import plain_json, write_story

    if out is not None and out.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"The ending of {out} is no page.", "End it in .html, or use --format json.")
    day = publish.parse_day(peildatum, "--peildatum") if peildatum else None
    with publish.reading(db) as con:
        found = publish.explain_case(con, geval, peildatum=day)
    record(db, "waarom", {"geval": found.geval_id, "peildatum": found.peildatum}, len(found.normen))
    if out is not None:
        write_story(found, out)
        typer.echo(f"page written to {out}", err=True)
    elif output is StoryFormat.JSON:
        typer.echo(plain_json(found.as_dict()))
    else:
        _show(found)


def _show(found: Waarom) -> None:
    from keten_kpi.cli.screen import say

    for line in _text(found):
        say(line)


def _text(found: Waarom) -> Iterator[str]:
    client = f", client {found.client_id} (pseudoniem)" if found.client_id else ""
    yield f"Geval {found.geval_id}, peildatum {found.peildatum}{client}"
    for story in found.normen:
        yield ""
        yield from _story(story)


def _story(story: Verhaal) -> Iterator[str]:
    yield f"{story.titel} ({story.kpi})"
    yield f"  {story.oordeel}"
    yield ""
    yield "Wat het oordeel zou veranderen"
    yield from (f"  - {sentence}" for sentence in story.verandering)
    yield ""
    yield "Het geval en de regel"
    yield from (f"  {line}" for line in _facts(story))
    yield ""
    yield "Welke datum telt"
    yield from (f"  {_clock(point)}" for point in story.klok)
    yield ""
    yield "De berichten"
    for bericht in story.berichten:
        yield from (f"  {line}" for line in _message(bericht))
    if story.dagen:
        yield ""
        yield "De dagen"
        yield from (f"  {line}" for line in _days(story.dagen))


def _facts(story: Verhaal) -> Iterator[str]:
    case, rule = story.geval, story.regel
    reference = f", referentie {case['referentie']}" if case["referentie"] else ""
    yield f"{case['wet']}, gemeente {case['gemeente']}, aanbieder {case['aanbieder']}{reference}"
    if rule:
        yield f"Regel {rule.regelcode}: {rule.waarde} {rule.eenheid}; aan zet: {rule.aan_zet or 'onbekend'}"
        yield f"Geldig: {rule.geldigheid}; bron: {rule.bron or 'onbekend'}"
    yield f"Definitie {story.kpi}, versie {story.definitie_versie}"
    yield f"Klok: {story.klok_uitleg}"


def _clock(point: Klok) -> str:
    mark = "telt" if point.telt else "telt niet"
    return f"{point.wat:<6} {point.dag}  {mark:<9}  {point.berichttype}  {point.element}"


def _message(bericht: Bericht) -> Iterator[str]:
    from keten_kpi.report import ROLLEN

    refused = ", afgekeurd" if bericht.is_afgekeurd else ""
    codes = f", codes {bericht.retourcodes}" if bericht.retourcodes else ""
    yield (
        f"{bericht.verzend_dag}  {bericht.berichttype} ({bericht.release}), nummer {bericht.identificatie}"
        f"{refused}{codes}: {ROLLEN[bericht.rol]}"
    )
    member = f"!/{bericht.lid}" if bericht.lid else ""
    yield f"            {bericht.bron or 'bestand onbekend'}{member}"
    if bericht.regel_element:
        yield f"            {bericht.regel_element}, regel {bericht.regel_nr}"


def _days(days: tuple[Dag, ...]) -> Iterator[str]:
    half = MOST_DAYS // 2
    cut = range(half, len(days) - half) if len(days) > MOST_DAYS else range(0)
    for place, day in enumerate(days):
        if place not in cut:
            yield _day(day)
        elif place == cut.start:
            yield f"... {len(cut)} dagen niet getoond: --format json of --out FILE.html toont ze alle"


def _day(day: Dag) -> str:
    number = "" if day.nummer is None else str(day.nummer)
    marks = f"  <- {', '.join(day.mijlpalen)}" if day.mijlpalen else ""
    return f"{day.weekdag[:2]} {day.dag}  {number:>3}  {day.reden}{marks}"
