"""Traffic of more parties and keys than `traffic_alle` has: a message touches some cases, and most not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from random import Random

from tests.kpi.traffic_alle import Maker, Message, Row

# the first two and the last two are of one jeugdregio
GEMEENTEN = ("0384", "0363", "0362", "0344", "0310", "0342")
AANBIEDERS = ("01234567", "99999999")
CODES = ("45A04", "45A05", "45X01", "55X01", "50A01", "44A09", "eigen1", "eigen2")


def make_wide(seed: int, number: int, parties: int) -> list[Message]:
    """Messages between so many pairs of a gemeente and an aanbieder; an answer is of the pair of what it answers."""
    return [*_wide(Maker(seed).traffic(number), Random(seed), parties)]


def _wide(messages: list[Message], pick: Random, parties: int) -> Iterator[Message]:
    pairs = [*product(GEMEENTEN, AANBIEDERS)]
    pick.shuffle(pairs)
    pair = pairs[0]
    for message in messages:
        answers = message.retour or message.declaratie or message.identificatie.startswith("w")
        pair = pair if answers else pick.choice(pairs[:parties])
        rows = {table: [_spread(row, pick) for row in lines] for table, lines in message.rows.items()}
        yield replace(message, gemeente=pair[0], aanbieder=pair[1], rows=rows)


def _spread(row: Row, pick: Random) -> Row:
    found = dict(row)
    if found.get("toewijzing_nummer") is not None:
        found["toewijzing_nummer"] = pick.randrange(1, 15)
    if found.get("product_code") is not None:
        found["product_code"] = pick.choice(CODES)
    return found


def arrive(messages: list[Message], seed: int, late: int) -> list[Message]:
    """In order of sending, but each up to so many days late."""
    pick = Random(seed)
    return sorted(
        messages, key=lambda message: (message.verzend_dag + timedelta(days=pick.randrange(late + 1)), message.id)
    )
