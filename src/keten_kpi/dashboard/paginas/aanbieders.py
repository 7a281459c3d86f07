"""The aanbieders: with how many gemeenten and codes they work, and how they are answered. For the Ketenbureau."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from keten_kpi.dashboard import grafiek
from keten_kpi.dashboard.blok import Blok, Pagina, Tabel, table_of
from keten_kpi.dashboard.cijfers import Cijfers
from keten_kpi.dashboard.kamers import Kamers, Row
from keten_kpi.dashboard.paginas.delen import (
    AFWIJKEND,
    BINNEN,
    CODES,
    DOORLOOPTIJD,
    LEEG,
    MOST_NAMED,
    PRODUCTCODES,
    TIJD,
    VRIJ,
    point,
    share_of,
)
from keten_kpi.dashboard.woorden import getal, procent

CLASSES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 25), (26, 50), (51, None))


def aanbieders_page(cijfers: Cijfers, kamers: Kamers) -> Pagina:
    rows = kamers.alle_aanbieders
    finding = (
        f"De middelste aanbieder werkt met {_many(rows, 'gemeenten', 'gemeente', 'gemeenten')} en "
        f"{_many(rows, 'codes', 'productcode', 'productcodes')}."
        if rows
        else "Van geen aanbieder is een productcode bekend."
    )
    blocks = (*_spread(rows), *_listed(kamers), *_answered(cijfers), *_outside(cijfers))
    return Pagina("aanbieders.html", "Aanbieders", finding, blocks or (LEEG,))


def _many(rows: list[Row], name: str, one: str, more: str) -> str:
    value = median(int(str(row[name])) for row in rows)
    return f"{getal(value, 0 if value == int(value) else 1)} {one if value == 1 else more}"


def _classes(rows: list[Row], name: str) -> list[tuple[str, int]]:
    """How many aanbieders have so many."""
    found = []
    for low, high in CLASSES:
        number = sum(low <= int(str(row[name])) and (high is None or int(str(row[name])) <= high) for row in rows)
        label = str(low) if low == high else f"{low} of meer" if high is None else f"{low} tot {high}"
        found.append((label, number))
    return [row for row in found if row[1]]


def _spread(rows: list[Row]) -> Iterator[Blok]:
    """How many aanbieders have so many codes, and so many gemeenten."""
    if not rows:
        return
    most = max(int(str(row["codes"])) for row in rows)
    several = sum(int(str(row["gemeenten"])) > 1 for row in rows)
    yield _class_block(rows, "codes", "code", f"De aanbieder met de meeste productcodes houdt er {getal(most)} bij")
    yield _class_block(
        rows,
        "gemeenten",
        "gemeente",
        f"{getal(several)} van de {getal(len(rows))} aanbieders werken voor meer dan een gemeente",
    )


def _class_block(rows: list[Row], name: str, one: str, title: str) -> Blok:
    found = _classes(rows, name)
    drawn = [
        (
            f"{label} {one if label == '1' else name}",
            float(number),
            f"{getal(number)} aanbieder{'' if number == 1 else 's'}",
        )
        for label, number in found
    ]
    columns = (name, "aanbieders")
    table = Tabel(f"aanbieders-per-aantal-{name}", f"Aanbieders naar aantal {name}", columns, [*found], columns)
    return Blok(title, (), grafiek.staven(drawn, title), table)


def _listed(kamers: Kamers) -> Iterator[Blok]:
    rows = kamers.aanbieders()
    if not rows:
        return
    columns = ("aanbieder", "gemeenten", "codes", "codes_per_gemeente", "clienten")
    values = [tuple(row[name] for name in columns) for row in rows]
    table = Tabel("codes-per-aanbieder", "Gemeenten en codes per aanbieder", columns, values, columns)
    few = f"Aanbieders met minder dan {kamers.minimum} cliënten staan er niet in. " if kamers.minimum else ""
    note = f"{few}{kamers.afronding}"
    yield Blok(f"De lijst: {getal(len(rows))} aanbieders met hun gemeenten en codes", (note,), None, table)


def _answered(cijfers: Cijfers) -> Iterator[Blok]:
    """How fast their requests are answered: the gemeente must act."""
    result = cijfers.tabel(DOORLOOPTIJD, "aanbieder")
    rows = cijfers.rijen(DOORLOOPTIJD, "aanbieder")
    table = table_of(result, "doorlooptijd-per-aanbieder", "Doorlooptijd per aanbieder",
                     ("aanbieder", *TIJD, "afgewezen"))  # fmt: skip
    known = [point(str(row["aanbieder"]), row, BINNEN) for row in rows if share_of(row, BINNEN) is not None]
    known.sort(key=lambda punt: (-punt.aandeel, punt.naam))
    if not known:
        yield Blok("Van geen aanbieder is te tonen welk deel van de verzoeken op tijd is toegewezen",
                   ("Aan zet is de gemeente.",), None, table)  # fmt: skip
        return
    title = (
        f"Van aanbieder tot aanbieder loopt het deel dat op tijd is toegewezen van {procent(known[-1].aandeel)} "
        f"tot {procent(known[0].aandeel)}"
    )
    draw = grafiek.rangorde(known, title) if len(known) <= MOST_NAMED else grafiek.rups(known[::-1], title)
    yield Blok(title, ("Aan zet is de gemeente.",), draw, table)


def _outside(cijfers: Cijfers) -> Iterator[Blok]:
    result = cijfers.tabel(PRODUCTCODES, "aanbieder")
    known = [
        value for row in cijfers.rijen(PRODUCTCODES, "aanbieder") if (value := share_of(row, AFWIJKEND)) is not None
    ]
    table = table_of(result, "afwijking-per-aanbieder", "Productcodes per aanbieder", ("aanbieder", *CODES))
    title = (
        f"Bij de middelste aanbieder heeft {procent(median(known))} van de berichten een code buiten de lijst"
        if known
        else "Van geen aanbieder is te tonen welk deel van de berichten een code buiten de lijst heeft"
    )
    yield Blok(title, (VRIJ,), None, table)
