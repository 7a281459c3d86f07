"""Which messages are to be forgotten: those before a day, or those in which one client is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from keten_kpi.database import Connection, database_property, scalar
from keten_kpi.errors import KetenError, UsageError
from keten_kpi.pseudoniem import Pseudonymiser
from keten_kpi.shred.mapping import load_mapping

_BSN = re.compile(r"\d{9}")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)

# A retour repeats the header of its heenbericht, and has its number plus one.
_RETOURS = """INSERT INTO vergeten
SELECT DISTINCT retour.bericht_nr
FROM bron.bericht AS retour
INNER JOIN bron.bericht AS heen
    ON retour.wet = heen.wet
    AND retour.afzender = heen.afzender
    AND retour.ontvanger = heen.ontvanger
    AND retour.identificatie = heen.identificatie
    AND CAST(right(retour.berichttype, 3) AS INTEGER) = CAST(right(heen.berichttype, 3) AS INTEGER) + 1
SEMI JOIN vergeten ON heen.bericht_nr = vergeten.bericht_nr
WHERE retour.dagtekening_retour IS NOT NULL"""

# A 319 does not name its client; it answers the request with the same reference between the same two.
_ANSWERS = """INSERT INTO vergeten
SELECT DISTINCT antwoord.bericht_nr
FROM bron.antwoord AS antwoord
INNER JOIN bron.bericht AS zending ON antwoord.bericht_nr = zending.bericht_nr
INNER JOIN (
    SELECT bericht_nr, referentie_aanbieder FROM bron.aangevraagd_product
    UNION
    SELECT bericht_nr, referentie_aanbieder FROM bron.verzoek_wijziging
) AS verzoek ON antwoord.referentie_aanbieder = verzoek.referentie_aanbieder
INNER JOIN bron.bericht AS vraag
    ON verzoek.bericht_nr = vraag.bericht_nr
    AND zending.wet = vraag.wet
    AND zending.afzender = vraag.ontvanger
    AND zending.ontvanger = vraag.afzender
SEMI JOIN vergeten ON vraag.bericht_nr = vergeten.bericht_nr"""


@dataclass(frozen=True, slots=True)
class Before:
    """Messages that were sent before a day."""

    day: date


@dataclass(frozen=True, slots=True)
class Client:
    """Messages in which a client is named, and the answers to them. The BSN is not kept."""

    client_id: bytes
    key_id: str

    @classmethod
    def of(cls, bsn: str, pseudonymiser: Pseudonymiser) -> Client:
        return cls(pseudonymiser.client_id(bsn), pseudonymiser.key_id)

    def __repr__(self) -> str:
        return "Client(...)"


Wanted = Before | Client


def parse_bsn(text: str) -> str:
    """A BSN of 9 digits, from what was typed.

    Raises:
        UsageError: it is none; the sentence does not repeat it.
    """
    digits = re.sub(r"[\s.]", "", text)
    if not _BSN.fullmatch(digits) or sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11:
        raise UsageError("What was typed is no BSN.", "A BSN has 9 digits, of which the last follows from the others.")
    return digits


def choose(con: Connection, wanted: Wanted) -> None:
    """Makes the temporary table ``vergeten``: the numbers of the messages that are wanted.

    Raises:
        KetenError: the database was made with another key than the client's.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE vergeten (bericht_nr BIGINT)")
    if isinstance(wanted, Before):
        con.execute(
            """INSERT INTO vergeten
            SELECT bericht_nr FROM bron.bericht WHERE coalesce(dagtekening_retour, dagtekening) < ?""",
            [wanted.day],
        )
        return
    if (stored := database_property(con, "sleutel_id")) != wanted.key_id:
        raise KetenError(
            f"The database was made with another key (id {stored}) than the one given (id {wanted.key_id}).",
            "Give the key it was made with: under another key nobody is found.",
        )
    con.execute(f"INSERT INTO vergeten {' UNION '.join(_naming())}", [wanted.client_id] * len(_tables_of_clients()))
    con.execute(_ANSWERS)
    con.execute(_RETOURS)


def _tables_of_clients() -> list[str]:
    return [table.name for table in load_mapping().tables if table.with_client]


def _naming() -> Iterator[str]:
    for name in _tables_of_clients():
        yield f"""SELECT l.bericht_nr FROM bron.{name} AS l
            INNER JOIN bron.client AS c ON l.client_nr = c.client_nr WHERE c.client_id = ?"""


def count_with_others(con: Connection) -> int:
    """Of the messages that are wanted, how many name more than one client."""
    lines = " UNION ".join(
        f"SELECT l.bericht_nr, c.client_id FROM bron.{name} AS l INNER JOIN bron.client AS c USING (client_nr)"
        for name in _tables_of_clients()
    )
    found = scalar(
        con,
        f"""SELECT count(*) FROM (
            SELECT l.bericht_nr FROM ({lines}) AS l
            SEMI JOIN vergeten ON l.bericht_nr = vergeten.bericht_nr
            GROUP BY l.bericht_nr HAVING count(DISTINCT l.client_id) > 1
        )""",
    )
    return int(str(found))
