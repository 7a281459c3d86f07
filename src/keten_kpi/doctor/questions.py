"""What must be so in a database, as queries that count what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keten_kpi.load import FORGOTTEN
from keten_kpi.shred.mapping import Table, load_mapping


@dataclass(frozen=True, slots=True)
class Question:
    """``sentence`` is what must be so; ``query`` counts the rows for which it is not."""

    name: str
    sentence: str
    query: str


_FIXED = (
    Question(
        "run_counts",
        "Of every run: read = loaded + duplicate + quarantined.",
        """SELECT count(*) FROM beheer.run
        WHERE aantal_gelezen <> aantal_geladen + aantal_dubbel + aantal_in_quarantaine
            OR least(aantal_gelezen, aantal_geladen, aantal_dubbel, aantal_in_quarantaine) < 0""",
    ),
    Question(
        "message_count",
        "As many messages are there as the runs loaded, less those that were forgotten.",
        f"""SELECT abs(
            (SELECT coalesce(sum(aantal_geladen), 0) FROM beheer.run)
            - (SELECT count(*) FROM bron.bericht)
            - (SELECT coalesce(max(CAST(waarde AS BIGINT)), 0) FROM beheer.kenmerk WHERE naam = '{FORGOTTEN}')
        )""",
    ),
    Question(
        "message_unique",
        "Every message has a number and an id of its own.",
        """SELECT 2 * count(*) - count(DISTINCT bericht_nr) - count(DISTINCT bericht_id) FROM bron.bericht""",
    ),
    Question(
        "message_receipt",
        "Every message has one receipt, and every receipt its message.",
        """SELECT count(*) FROM bron.bericht AS b
        FULL JOIN (SELECT bericht_nr, count(*) AS aantal FROM beheer.ontvangst GROUP BY bericht_nr) AS o
            ON o.bericht_nr = b.bericht_nr
        WHERE b.bericht_nr IS NULL OR o.aantal IS NULL OR o.aantal <> 1""",
    ),
    Question(
        "receipt_run",
        "Every receipt has its run.",
        "SELECT count(*) FROM beheer.ontvangst AS o ANTI JOIN beheer.run AS r ON r.run_nr = o.run_nr",
    ),
    Question(
        "receipt_file",
        "Every receipt has its file.",
        "SELECT count(*) FROM beheer.ontvangst AS o ANTI JOIN beheer.bestand AS b ON b.bestand_nr = o.bestand_nr",
    ),
    Question(
        "client_unique",
        "Every client has a number of its own, and stands there once.",
        """SELECT 2 * count(*) - count(DISTINCT client_nr)
            - (SELECT count(*) FROM (SELECT DISTINCT client_id, geboortejaar, geslacht FROM bron.client))
        FROM bron.client""",
    ),
    Question(
        "client_pseudonym",
        "Every client_id is a pseudonym of 32 bytes.",
        "SELECT count(*) FROM bron.client WHERE client_id IS NULL OR octet_length(client_id) <> 32",
    ),
    Question(
        "quarantine_not_loaded",
        "Nothing in quarantine is also loaded.",
        """SELECT count(*) FROM beheer.quarantaine AS q
        SEMI JOIN bron.bericht AS b ON replace(CAST(b.bericht_id AS VARCHAR), '-', '') = left(q.sha256, 32)""",
    ),
)


def questions() -> Iterator[Question]:
    """All that must be so, of the database as a whole and of each table of lines."""
    yield from _FIXED
    for table in load_mapping().tables:
        if table.name != "bericht":
            yield from _of_lines(table)


def _of_lines(table: Table) -> Iterator[Question]:
    name = f"bron.{table.name}"
    yield Question(
        f"{table.name}_message",
        f"Every line of {name} has its message.",
        f"SELECT count(*) FROM {name} AS l ANTI JOIN bron.bericht AS b ON b.bericht_nr = l.bericht_nr",
    )
    yield Question(
        f"{table.name}_unique",
        f"Every line of {name} has a place of its own in its message, from 1 without gaps.",
        f"""SELECT count(*) FROM (
            SELECT bericht_nr FROM {name} GROUP BY bericht_nr
            HAVING count(DISTINCT regel_nr) <> count(*) OR min(regel_nr) <> 1 OR max(regel_nr) <> count(*)
        )""",
    )
    if table.with_client:
        yield Question(
            f"{table.name}_client",
            f"Every line of {name} that names a client has that client.",
            f"""SELECT count(*) FROM {name} AS l ANTI JOIN bron.client AS c ON c.client_nr = l.client_nr
            WHERE l.client_nr IS NOT NULL""",
        )
    required = [column.name for column in table.columns if column.name in table.required]
    if required:
        missing = " OR ".join(f"{column} IS NULL" for column in required)
        yield Question(
            f"{table.name}_required",
            f"No line of {name} lacks what the standard requires.",
            f"SELECT count(*) FROM {name} WHERE {missing}",
        )
