"""Traffic with product codes, a message per line of text, and what a test asks of a result."""

from __future__ import annotations

from contextlib import contextmanager

from tests.spec.voorbeelden import Database, Voorbeeld

HEAD = ("nr", "bericht", "dagtekening", "gemeente", "aanbieder", "client", "code", "categorie")


@contextmanager
def traffic(con, text: str, head: tuple[str, ...] = HEAD):
    """Within it the database holds these messages; rows with the same nr are lines of one message."""
    con.begin()
    berichten = [dict(zip(head, line.split(), strict=False)) for line in text.strip().splitlines()]
    Database(con).load(Voorbeeld("verkeer", berichten=berichten))
    try:
        yield con
    finally:
        con.rollback()


def rows(found) -> list[dict[str, object]]:
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]
