"""Small random traffic: few parties, few references, few days, so that everything that can meet does meet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from hypothesis import strategies as st

if TYPE_CHECKING:
    from keten_kpi.database import Connection

FIRST = date(2019, 12, 16)  # Christmas and New Year lie within the window
RETOUR = {"315": "316", "301": "302", "319": "320"}


@dataclass(frozen=True)
class Line:
    """One line of a 315, 301 or 319; what a type does not have is ignored."""

    referentie: str | None = None
    client: str = "A"
    categorie: str = "45"
    code: str | None = "45A04"
    nummer: int | None = None
    toewijzingsdatum: date = FIRST
    toewijzingstijd: time = time(12)
    ingangsdatum: date = FIRST
    reden_wijziging: str | None = None
    antwoord: str = "1"


@dataclass(frozen=True)
class Message:
    """One message. A retour has ``retour`` set: the Identificatie of its own, its day and its codes."""

    id: int
    wet: str
    soort: str
    release: str
    gemeente: str
    aanbieder: str
    identificatie: str
    dag: date
    lines: tuple[Line, ...] = field(default=())
    retour: str | None = None
    retour_dag: date | None = None
    codes: tuple[str, ...] = ()

    @property
    def bericht_id(self) -> UUID:
        return UUID(int=self.id)

    @property
    def verzend_dag(self) -> date:
        return self.retour_dag or self.dag

    @property
    def type(self) -> str:
        soort = RETOUR[self.soort] if self.retour else self.soort
        return ("JW" if self.wet == "Jw" else "WMO") + soort


days = st.integers(0, 45).map(lambda number: FIRST + timedelta(days=number))
references = st.sampled_from(["a", "b", "c"])


@st.composite
def lines(draw, soort: str) -> Line:
    optional = soort == "301"
    day = draw(st.sampled_from([FIRST, FIRST + timedelta(days=3)]))
    return Line(
        referentie=draw(st.none() | references if optional else references),
        client=draw(st.sampled_from("AAB")),
        code=draw(st.sampled_from(["45A04", "45A04", None])),
        nummer=draw(st.sampled_from([None, 1, 2, 3, 4])),
        toewijzingsdatum=day,
        toewijzingstijd=draw(st.sampled_from([time(12), time(13)])),
        ingangsdatum=day,
        reden_wijziging=draw(st.sampled_from([None, None, None, "02", "13"])),
        antwoord=draw(st.sampled_from(["1", "2"])),
    )


@st.composite
def heenbericht(draw, number: int) -> Message:
    soort = draw(st.sampled_from(["315", "315", "301", "301", "319"]))
    return Message(
        id=number,
        wet=draw(st.sampled_from(["Jw", "Jw", "Jw", "Wmo"])),
        soort=soort,
        release=draw(st.sampled_from(["2.3", "2.3", "3.2"])),
        gemeente=draw(st.sampled_from(["0384", "0384", "0363"])),
        aanbieder=draw(st.sampled_from(["01234567", "01234567", "99999999"])),
        identificatie=draw(st.sampled_from([f"uniek-{number}", f"uniek-{number}", "x"])),
        dag=draw(days),
        lines=tuple(draw(st.lists(lines(soort), min_size=1, max_size=3))),
    )


@st.composite
def retour_on(draw, heen: Message, number: int) -> Message:
    return Message(
        id=number,
        wet=heen.wet,
        soort=heen.soort,
        release=heen.release,
        gemeente=heen.gemeente,
        aanbieder=heen.aanbieder,
        identificatie=heen.identificatie,
        dag=heen.dag,
        retour=draw(st.sampled_from(["r1", "r2"])),
        retour_dag=heen.dag + timedelta(days=draw(st.integers(0, 5))),
        codes=tuple(draw(st.lists(st.sampled_from(["0200", "0200", "0233", "8001", "9347"]), max_size=2))),
    )


@st.composite
def traffic(draw) -> list[Message]:
    """Up to 14 messages and some retours, in order of bericht_id; ids are shuffled over them."""
    ids = draw(st.permutations(range(1, 20)))
    heen = [draw(heenbericht(ids[place])) for place in range(draw(st.integers(1, 14)))]
    answered = draw(st.lists(st.sampled_from(heen), max_size=4))
    return heen + [draw(retour_on(message, 100 + place)) for place, message in enumerate(answered)]


def _insert(con: Connection, table: str, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        names = list(rows[0])
        marks = ", ".join(f"({', '.join('?' * len(names))})" for _ in rows)
        con.execute(
            f"INSERT INTO bron.{table} ({', '.join(names)}) VALUES {marks}",
            [row[name] for row in rows for name in names],
        )


def _header(message: Message, number: int) -> dict[str, object]:
    sides = (message.gemeente, message.aanbieder)
    afzender, ontvanger = sides[::-1] if message.soort == "315" else sides
    return {
        "bericht_nr": number,
        "bericht_id": message.bericht_id,
        "wet": message.wet,
        "berichttype": message.type,
        "release": message.release,
        "afzender": afzender,
        "ontvanger": ontvanger,
        "identificatie": message.identificatie,
        "dagtekening": message.dag,
        "identificatie_retour": message.retour,
        "dagtekening_retour": message.retour_dag,
    }


def load(con: Connection, messages: Sequence[Message]) -> None:
    """Puts messages into ``bron`` in the order given; each mention of a client has its own client_nr."""
    tables: dict[str, list[dict[str, object]]] = {
        name: []
        for name in ("bericht", "aangevraagd_product", "toegewezen_product", "antwoord", "retourcode", "client")
    }
    (last,) = con.execute("SELECT coalesce(max(bericht_nr), 0) FROM bron.bericht").fetchone() or (0,)
    for number, message in enumerate(messages, start=last + 1):
        tables["bericht"].append(_header(message, number))
        for place, code in enumerate(message.codes, start=1):
            keys = {"bericht_nr": number, "regel_nr": place, "niveau": "Client", "niveau_nr": place}
            tables["retourcode"].append({**keys, "code": code})
        for place, line in enumerate(message.lines, start=1):
            _line(tables, message, number, place, line)
    for name, rows in tables.items():
        _insert(con, name, rows)


def _line(tables: dict[str, list[dict[str, object]]], message: Message, number: int, place: int, line: Line) -> None:
    row: dict[str, object] = {"bericht_nr": number, "regel_nr": place, "referentie_aanbieder": line.referentie}
    if message.soort == "319":
        tables["antwoord"].append({**row, "verzoek_antwoord": line.antwoord})
        return
    client_nr = len(tables["client"]) + 1
    tables["client"].append({"client_nr": client_nr, "client_id": hashlib.sha256(line.client.encode()).digest()})
    row |= {"client_nr": client_nr, "product_categorie": line.categorie, "product_code": line.code}
    if message.soort == "315":
        tables["aangevraagd_product"].append({**row, "toewijzing_ingangsdatum": line.ingangsdatum})
        return
    row |= {"toewijzing_nummer": line.nummer, "toewijzingsdatum": line.toewijzingsdatum}
    row |= {
        "toewijzingstijd": line.toewijzingstijd,
        "ingangsdatum": line.ingangsdatum,
        "reden_wijziging": line.reden_wijziging,
    }
    tables["toegewezen_product"].append(row)
