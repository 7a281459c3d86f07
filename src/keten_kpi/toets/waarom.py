"""The whole story of one case: its messages, its days, its rule, the verdict, and what would change it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from keten_kpi.errors import UsageError
from keten_kpi.kpi import Kpi, Selection, as_of, find_kpi
from keten_kpi.toets.dagen import Dag, days_of_case
from keten_kpi.toets.oordeel import Stand, verdict, what_would_change
from keten_kpi.toets.paden import column_path, line_path, line_table
from keten_kpi.toets.partij import case_relations, question, read_sql, time_norms, with_relations

if TYPE_CHECKING:
    from keten_kpi.database import Connection

GEVAL_ID = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-(\d+))?")
WITH_CLIENT = {"aangevraagd_product", "start_product", "stop_product", "verzoek_wijziging"}
REQUESTS = {"aangevraagd_product", "verzoek_wijziging"}  # of others the reference is no ReferentieAanbieder
STORY = {
    "wet": "VARCHAR",
    "gemeente": "VARCHAR",
    "aanbieder": "VARCHAR",
    "referentie": "VARCHAR",
    "start_bericht_id": "UUID",
    "antwoord_bericht_id": "UUID",
    "bericht_id": "UUID",
}  # what the query for the messages asks
ADVICE = "Take a geval_id from `keten-kpi violations ID --all` or `keten-kpi werklijst`."


@dataclass(frozen=True, slots=True)
class Bericht:
    """One message of the story.

    ``rol`` is begin, antwoord, beide (starts and answers), geval, referentie (the same reference) or retour.
    """

    rol: str
    verzend_dag: date
    berichttype: str
    release: str
    identificatie: str
    datum_element: str | None
    regel_element: str | None
    regel_nr: int | None
    is_afgekeurd: bool
    retourcodes: str | None
    bron: str | None
    lid: str | None
    bericht_id: str


@dataclass(frozen=True, slots=True)
class Klok:
    """One date that may start or end the clock; ``telt`` when it is the one that did."""

    wat: str  # "begin" or "einde"
    dag: date | None
    element: str | None
    berichttype: str | None
    bericht_id: str | None
    telt: bool


@dataclass(frozen=True, slots=True)
class Regel:
    """The norm that holds for the case, as ``verkeer.norm`` has it."""

    regelcode: str
    waarde: int
    eenheid: str
    geldig_van: date
    geldig_tot: date
    sinds: str | None
    bron: str | None
    aan_zet: str | None

    @property
    def geldigheid(self) -> str:
        """Since when until when the norm holds, in Dutch."""
        parts = [f"vanaf {self.geldig_van}"] if self.geldig_van > date.min else []
        parts += [f"tot en met {self.geldig_tot}"] if self.geldig_tot < date.max else []
        return " ".join(parts) or "alle jaren"


@dataclass(frozen=True, slots=True)
class Verhaal:
    """The story of a case under one norm."""

    kpi: str
    titel: str
    definitie_versie: int
    klok_uitleg: str
    geval: dict[str, Any]
    regel: Regel | None
    oordeel: str
    verandering: tuple[str, ...]
    klok: tuple[Klok, ...]
    berichten: tuple[Bericht, ...]
    dagen: tuple[Dag, ...]


@dataclass(frozen=True, slots=True)
class Waarom:
    """The story of a case under every norm that it falls under.

    ``client_id`` is a pseudonym, and never on a page for others.
    """

    geval_id: str
    peildatum: date
    client_id: str | None
    normen: tuple[Verhaal, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def _split(geval_id: str) -> tuple[str, int | None]:
    """The message and the line of a case."""
    found = GEVAL_ID.fullmatch(geval_id)
    if found is None:
        raise UsageError("That is no geval_id.", ADVICE)
    return found[1], int(found[2]) if found[2] else None


def _parties(con: Connection, bericht_id: str) -> tuple[object, ...]:
    rows = con.execute(
        "SELECT wet, gemeente, aanbieder, berichttype, release FROM verkeer.bericht WHERE bericht_id = CAST(? AS UUID)",
        [bericht_id],
    ).fetchall()
    if not rows:
        raise UsageError("No message of this case is known on this peildatum.", ADVICE)
    return tuple(rows[0])


def _cases(con: Connection, kpis: list[Kpi], geval_id: str, parties: tuple[object, ...]) -> list[dict[str, Any]]:
    """The case under each norm, by KPI."""
    where = "wet = $wet AND gemeente = $gemeente AND aanbieder = $aanbieder"
    relations = case_relations(kpis, where)
    query = with_relations(relations, "SELECT * FROM norm_geval WHERE geval_id = $geval_id ORDER BY kpi")
    values = dict(zip(("wet", "gemeente", "aanbieder"), parties, strict=False))
    done = con.execute(query, {**values, "geval_id": geval_id})
    names = [column[0] for column in done.description or ()]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def _rule(case: dict[str, Any]) -> Regel | None:
    if case["regelcode"] is None:
        return None
    return Regel(**{field.name: case[field.name] for field in fields(Regel)})


def _message(row: tuple[Any, ...], own: tuple[str, int | None], case: dict[str, Any]) -> Bericht:
    rol, day, kind, release, number, is_retour, refused, codes, bericht_id, line, bron, lid = row
    at = own[1] if bericht_id == own[0] else line
    element = "bericht.dagtekening_retour" if is_retour else "bericht.dagtekening"
    is_both = bericht_id == str(case["start_bericht_id"]) == str(case["antwoord_bericht_id"])
    return Bericht(
        rol="beide" if is_both else rol,
        verzend_dag=day,
        berichttype=kind,
        release=release,
        identificatie=number,
        datum_element=column_path(kind, release, element),
        regel_element=line_path(kind, release) if at is not None else None,
        regel_nr=at,
        is_afgekeurd=refused,
        retourcodes=codes,
        bron=bron,
        lid=lid,
        bericht_id=bericht_id,
    )


def _messages(con: Connection, case: dict[str, Any], own: tuple[str, int | None]) -> tuple[Bericht, ...]:
    is_request = line_table(case["berichttype"], case["release"]) in REQUESTS
    values = {name: str(case[name]) if case[name] is not None else None for name in STORY if name in case}
    values |= {"bericht_id": own[0]} if is_request else {"bericht_id": own[0], "referentie": None}
    rows = con.execute(with_relations(question(**STORY), read_sql("verhaal_berichten")), values).fetchall()
    return tuple(_message(row, own, case) for row in rows)


def _date_in(con: Connection, column: str, bericht: Bericht) -> date | None:
    """The day that a column of ``bron`` has for this message, or for the line that is the case."""
    table, _, name = column.partition(".")
    line = "" if table == "bericht" or bericht.regel_nr is None else " AND regel_nr = ?"
    values = [bericht.bericht_id, *([bericht.regel_nr] if line else [])]
    rows = con.execute(
        f"SELECT {name} FROM bron.{table} AS regel WHERE bericht_nr IN "  # noqa: S608  # named in the KPI's kpi.toml
        f"(SELECT bericht_nr FROM bron.bericht WHERE bericht_id = CAST(? AS UUID)){line}",
        values,
    ).fetchall()
    return rows[0][0] if rows else None


def _carrier(column: str, case: dict[str, Any], by_id: dict[str, Bericht], own: str) -> Bericht | None:
    """The message that a date is in: a date of a line is in the case itself, a date of sending in what starts it.

    A case that starts on a date in one of its own lines has no date of sending that starts it.
    """
    start = str(case["start_bericht_id"])
    if not column.startswith("bericht."):
        return by_id.get(own)
    return None if start == own and find_kpi(case["kpi"]).begin != (column,) else by_id.get(start)


def _begins(con: Connection, kpi: Kpi, case: dict[str, Any], by_id: dict[str, Bericht], own: str) -> Iterator[Klok]:
    for column in kpi.begin:
        carrier = _carrier(column, case, by_id, own)
        path = column_path(carrier.berichttype, carrier.release, column) if carrier else None
        if carrier and path:
            day = _date_in(con, column, carrier)
            yield Klok("begin", day, path, carrier.berichttype, carrier.bericht_id, day == case["start_dag"])


def _clock(
    con: Connection, kpi: Kpi, case: dict[str, Any], messages: tuple[Bericht, ...], own: str
) -> tuple[Klok, ...]:
    by_id = {message.bericht_id: message for message in messages}
    found = list(_begins(con, kpi, case, by_id, own))
    answer = by_id.get(str(case["antwoord_bericht_id"]))
    if answer is not None:
        end = Klok("einde", answer.verzend_dag, answer.datum_element, answer.berichttype, answer.bericht_id, True)
        found.append(end)
    return tuple(found)


def _story(con: Connection, case: dict[str, Any], own: tuple[str, int | None], peildatum: date) -> Verhaal:
    kpi, rule = find_kpi(case["kpi"]), _rule(case)
    messages = _messages(con, case, own)
    marks = {
        "begin": case["start_dag"],
        "uiterste dag": case["uiterste_dag"],
        "antwoord": case["antwoord_dag"],
        "peildatum": peildatum if case["antwoord_dag"] is None and case["reden_telt_niet"] is None else None,
    }
    stand = Stand(
        toestand=case["toestand"],
        reden_telt_niet=case["reden_telt_niet"],
        start_dag=case["start_dag"],
        uiterste_dag=case["uiterste_dag"],
        antwoord_dag=case["antwoord_dag"],
        peildatum=peildatum,
        bronnen=kpi.bronnen,
        is_eigen_antwoord=str(case["antwoord_bericht_id"]) == own[0],
    )
    shown = ("wet", "gemeente", "aanbieder", "berichttype", "release", "referentie", "start_dag", "uiterste_dag",
             "antwoord_dag", "toestand", "reden_telt_niet", "koppeling")  # fmt: skip
    return Verhaal(
        kpi=kpi.id,
        titel=kpi.titel,
        definitie_versie=kpi.versie,
        klok_uitleg=kpi.klok,
        geval={name: case[name] for name in shown},
        regel=rule,
        oordeel=verdict(stand),
        verandering=what_would_change(stand),
        klok=_clock(con, kpi, case, messages, own[0]),
        berichten=messages,
        dagen=days_of_case(con, rule.eenheid, case["start_dag"], marks) if rule else (),
    )


def _client(con: Connection, own: tuple[str, int | None], berichttype: str, release: str) -> str | None:
    table = line_table(berichttype, release)
    if own[1] is None or table not in WITH_CLIENT:
        return None
    rows = con.execute(
        f"SELECT lower(hex(client.client_id)) FROM bron.{table} AS regel "  # noqa: S608  # one of WITH_CLIENT
        "JOIN bron.bericht AS bericht USING (bericht_nr) JOIN bron.client AS client USING (client_nr) "
        "WHERE bericht.bericht_id = CAST(? AS UUID) AND regel.regel_nr = ?",
        [own[0], own[1]],
    ).fetchall()
    return rows[0][0] if rows else None


def explain_case(
    con: Connection, geval_id: str, *, peildatum: date | None = None, vandaag: date | None = None
) -> Waarom:
    """The story of one case under every time norm that it falls under, as known on the peildatum.

    Raises:
        UsageError: there is no such case, or the peildatum lies outside the calendar.
    """
    own = _split(geval_id)
    with as_of(con, replace(Selection(), peildatum=peildatum), vandaag) as day:
        parties = _parties(con, own[0])
        cases = _cases(con, time_norms(), geval_id, parties)
        if not cases or day is None:
            raise UsageError("No time norm has this case.", ADVICE)
        stories = tuple(_story(con, case, own, day) for case in cases)
        client = _client(con, own, str(parties[3]), str(parties[4]))
    return Waarom(geval_id, day, client, stories)
