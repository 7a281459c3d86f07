"""Reads the examples of a KPI (``voorbeelden.md``) and puts their messages into a database.

An example is a heading of level 3 that is a true sentence, with under it a line of settings and tables, each
after a line that names it:

    Peildatum: 2024-07-01. Vandaag: 2024-07-02.   both may be left out
    Codelijst Jw JZ21 2025-06:                     an added list: code, categorie, geldig_van, geldig_tot
    Norm:                                          norms: kpi, wet, onderdeel, waarde, eenheid, geldig_van and _tot
    Berichten:                                     traffic in: one row per line of a message
    Gevallen:                                      cases out: all of them, as far as the columns named
    Cijfers: / Cijfers per gemeente, wet:          figures out, as far as the columns named

In ``Berichten`` a column that is absent, or a cell that is empty, has its default; ``-`` is no value. Rows with the
same ``nr`` are lines of one message; ``nr`` is its bericht_id too. A retour names its heenbericht in ``op``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from keten_kpi.standaard.productcodelijst import Productcode, Productcodelijst, version_day
from keten_kpi.views import add_list

if TYPE_CHECKING:
    from keten_kpi.database import Connection

Row = dict[str, str]

LINES = {  # message number -> table of its lines
    "301": "toegewezen_product",
    "303": "prestatie",
    "305": "start_product",
    "307": "stop_product",
    "315": "aangevraagd_product",
    "317": "verzoek_wijziging_product",
    "319": "antwoord",
    "323": "prestatie",
    "304": "afgekeurde_prestatie",
    "325": "afgekeurde_prestatie",
}
DECLARATIES = {"303", "323"}
ANSWERS = {"304", "325"}  # to a declaratie
HEEN = {"302": "301", "306": "305", "308": "307", "316": "315", "318": "317", "320": "319"}
FROM_GEMEENTE = {"301", "319", "325"}
COLUMNS = {  # column of an example -> columns of the line tables that it fills
    "referentie": ("referentie_aanbieder",),
    "categorie": ("product_categorie",),
    "code": ("product_code",),
    "toewijzing": ("toewijzing_nummer",),
    "toewijzingsdatum": ("toewijzingsdatum",),
    "toewijzingstijd": ("toewijzingstijd",),
    "ingangsdatum": ("ingangsdatum", "toewijzing_ingangsdatum", "gewenste_ingangsdatum"),
    "begindatum": ("begindatum",),
    "antwoord": ("verzoek_antwoord",),
    "reden_wijziging": ("reden_wijziging",),
    "soort": ("soort",),
    "einddatum": ("einddatum",),
    "status": ("status_aanlevering",),
    "reden_beeindiging": ("reden_beeindiging",),
    "reden": ("reden_afwijzing_verzoek",),
    "prestatie": ("referentie_nummer",),
    "centen": ("ingediend_centen",),
}
MESSAGE = {
    "bericht",
    "nr",
    "op",
    "dagtekening",
    "gemeente",
    "aanbieder",
    "client",
    "release",
    "identificatie",
    "retourcode",
}
MESSAGE |= {"identificatie_retour", "periode", "niveau", "plaats"}


@dataclass
class Voorbeeld:
    """One example: traffic in, tables out."""

    kop: str
    peildatum: date | None = None
    vandaag: date | None = None
    berichten: list[Row] = field(default_factory=list)
    lijsten: list[Productcodelijst] = field(default_factory=list)
    normen: list[Row] = field(default_factory=list)
    gevallen: list[Row] | None = None
    cijfers: list[tuple[tuple[str, ...], list[Row]]] = field(default_factory=list)


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def _table(lines: list[str]) -> list[Row]:
    head = _cells(lines[0])
    return [dict(zip(head, _cells(line), strict=True)) for line in lines[2:]]


def _blocks(body: str) -> Iterator[tuple[str, list[Row]]]:
    """Each table of an example with the line that names it."""
    name, table = "", []
    for line in [*body.splitlines(), ""]:
        if line.startswith("|"):
            table.append(line)
        elif table:
            yield name, _table(table)
            table = []
        if line.endswith(":") and not line.startswith("|"):
            name = line.removesuffix(":")


def _lijst(name: str, rows: list[Row]) -> Productcodelijst:
    _, wet, codelijst, version = name.split()

    def day(row: Row, column: str) -> date | None:
        return date.fromisoformat(row[column]) if row.get(column) else None

    codes = tuple(
        Productcode(row["code"], row["categorie"], geldig_van=day(row, "geldig_van"), geldig_tot=day(row, "geldig_tot"))
        for row in rows
    )
    return Productcodelijst(wet, codelijst, version, version_day(version), "voorbeeld", codes)


def _example(kop: str, body: str) -> Voorbeeld:
    example = Voorbeeld(kop)
    for name in ("peildatum", "vandaag"):
        found = re.search(rf"{name.capitalize()}: (\d{{4}}-\d\d-\d\d)", body)
        setattr(example, name, date.fromisoformat(found.group(1)) if found else None)
    for name, rows in _blocks(body):
        if name == "Berichten":
            example.berichten = rows
        elif name == "Gevallen":
            example.gevallen = rows
        elif name == "Norm":
            example.normen = rows
        elif name.startswith("Codelijst "):
            example.lijsten.append(_lijst(name, rows))
        elif name.startswith("Cijfers"):
            per = name.removeprefix("Cijfers").removeprefix(" per ").replace(" ", "")
            example.cijfers.append((tuple(per.split(",")) if per else (), rows))
        else:
            raise AssertionError(f"{kop}: a table without a known name: {name!r}")
    assert example.berichten or example.cijfers, f"{kop}: an example without traffic"
    assert example.gevallen is not None or example.cijfers, f"{kop}: an example that expects nothing"
    return example


def read_voorbeelden(text: str) -> list[Voorbeeld]:
    """The examples of one ``voorbeelden.md``."""
    parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)[1:]
    return [_example(kop, body) for kop, body in zip(parts[::2], parts[1::2], strict=True)]


def bericht_id(label: str) -> UUID:
    return UUID(int=int(label))


def label_of(value: object) -> str | None:
    return None if value is None else str(UUID(str(value)).int)


def _value(row: Row, column: str, default: str | None = None) -> str | None:
    cell = row.get(column, "")
    return None if cell == "-" else cell or default


def _numbered(rows: list[Row]) -> list[Row]:
    return [{**row, "nr": row.get("nr") or str(number)} for number, row in enumerate(rows, start=1)]


def _insert(con: Connection, table: str, values: dict[str, object]) -> None:
    names = ", ".join(values)
    con.execute(f"INSERT INTO bron.{table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))


class Database:
    """Puts an example into ``bron``, from its bottom to its top: nothing may rest on the order of arrival."""

    def __init__(self, con: Connection) -> None:
        self.con = con
        self.clients: dict[str, int] = {}

    def load(self, example: Voorbeeld) -> None:
        for lijst in example.lijsten:
            add_list(self.con, lijst)
        self._norms(example.normen)
        rows = _numbered(example.berichten)
        messages: dict[str, list[Row]] = {}
        for row in rows:
            messages.setdefault(row["nr"], []).append(row)
        for place, lines in enumerate(reversed(messages.values()), start=1):
            self._message(place, lines, {row["nr"]: row for row in rows})

    def _norms(self, rows: list[Row]) -> None:
        """The rows stand in the place of all norms."""
        if rows:
            self.con.execute("DELETE FROM verkeer.norm")
        for row in rows:
            marks = ", ".join("?" * len(row))
            self.con.execute(f"INSERT INTO verkeer.norm ({', '.join(row)}) VALUES ({marks})", list(row.values()))

    def _message(self, bericht_nr: int, lines: list[Row], by_label: dict[str, Row]) -> None:
        first = lines[0]
        number = first["bericht"][-3:]
        assert not set(first) - MESSAGE - set(COLUMNS), f"unknown columns {set(first) - MESSAGE - set(COLUMNS)}"
        if number in HEEN:
            self._retour(bericht_nr, first, by_label[first["op"]])
            return
        if number in ANSWERS:
            self._answer(bericht_nr, lines, by_label[first["op"]])
            return
        self._header(bericht_nr, first, first)
        if number in DECLARATIES:
            self._declaratie(bericht_nr, first)
        if number == "317":
            self._verzoek(bericht_nr, first)
        numbered = [*enumerate(lines, start=1)]
        for regel_nr, row in reversed(numbered) if int(first["nr"]) % 2 else numbered:
            self._line(bericht_nr, regel_nr, LINES[number], row)

    def _header(self, bericht_nr: int, row: Row, heen: Row, **more: object) -> None:
        number = heen["bericht"][-3:]
        sides = [_value(heen, "gemeente", "0384"), _value(heen, "aanbieder", "01234567")]
        if number in {"303", "304"}:
            parties: dict[str, object] = {"gemeente": sides[0], "aanbieder": sides[1]}
        else:
            parties = dict(
                zip(("afzender", "ontvanger"), sides if number in FROM_GEMEENTE else sides[::-1], strict=True)
            )
        values: dict[str, object] = {
            "bericht_nr": bericht_nr,
            "bericht_id": bericht_id(row["nr"]),
            "wet": "Jw" if row["bericht"].startswith("JW") else "Wmo",
            "berichttype": row["bericht"],
            "release": _value(row, "release", "3.2"),
            "identificatie": _value(heen, "identificatie", f"B{heen['nr']}"),
            "dagtekening": heen["dagtekening"],
        }
        _insert(self.con, "bericht", values | parties | more)

    def _retour(self, bericht_nr: int, row: Row, heen: Row) -> None:
        own = _value(row, "identificatie_retour", f"R{row['nr']}")
        self._header(bericht_nr, row, heen, dagtekening_retour=row["dagtekening"], identificatie_retour=own)
        self._codes(bericht_nr, row, 1, _value(row, "niveau", "Client"))

    def _codes(self, bericht_nr: int, row: Row, place: int, niveau: str | None) -> None:
        """The RetourCodes of one class."""
        for regel_nr, code in enumerate((_value(row, "retourcode") or "").split(), start=10 * place):
            carrier = {"niveau": niveau, "niveau_nr": _value(row, "plaats", str(place))}
            _insert(self.con, "retourcode", {"bericht_nr": bericht_nr, "regel_nr": regel_nr, **carrier, "code": code})

    def _answer(self, bericht_nr: int, lines: list[Row], heen: Row) -> None:
        """A 325 has a header of its own and names the 323; a 304 repeats the header of the 303."""
        row = lines[0] | {name: heen[name] for name in ("gemeente", "aanbieder") if name in heen}
        named = _value(heen, "identificatie", f"B{heen['nr']}")
        if row["bericht"].endswith("325"):
            self._header(bericht_nr, row, row, declaratie_identificatie=named)
        else:
            self._header(bericht_nr, row, {**heen, "bericht": row["bericht"]}, dagtekening_retour=row["dagtekening"])
        named_lines = [line for line in lines if _value(line, "prestatie")]
        for line in lines:
            place = named_lines.index(line) + 1 if line in named_lines else 1
            if line in named_lines:
                self._line(bericht_nr, place, "afgekeurde_prestatie", line)
            self._codes(
                bericht_nr, line, place, _value(line, "niveau", "Prestatie" if line in named_lines else "Header")
            )

    def _declaratie(self, bericht_nr: int, row: Row) -> None:
        values = {"periode_einddatum": _value(row, "periode", row["dagtekening"]), "declaratie_nummer": f"D{row['nr']}"}
        _insert(self.con, "declaratie", {"bericht_nr": bericht_nr, "regel_nr": 1, **values})

    def _verzoek(self, bericht_nr: int, row: Row) -> None:
        """The one Verzoek of a 317; its product lines stand beside it."""
        values = {"bericht_nr": bericht_nr, "regel_nr": 1, "referentie_aanbieder": _value(row, "referentie")}
        _insert(self.con, "verzoek_wijziging", {**values, "client_nr": self._client(_value(row, "client", "A"))})

    def _line(self, bericht_nr: int, regel_nr: int, table: str, row: Row) -> None:
        known = {name for (name,) in self.con.execute(f"SELECT column_name FROM (DESCRIBE bron.{table})").fetchall()}
        values: dict[str, object] = {"bericht_nr": bericht_nr, "regel_nr": regel_nr}
        for column, targets in COLUMNS.items():
            value = _value(row, column, self._default(table, column, row))
            values |= {target: value for target in targets if target in known}
        if "client_nr" in known:
            values["client_nr"] = self._client(_value(row, "client", "A"))
        _insert(self.con, table, values)

    def _default(self, table: str, column: str, row: Row) -> str | None:
        wmo = row["bericht"].startswith("WMO")
        defaults = {
            "categorie": "02" if wmo else "45",
            "code": "02A03" if wmo else "45A04",
            "toewijzingsdatum": row["dagtekening"],
            "toewijzingstijd": "12:00:00",
            "ingangsdatum": row["dagtekening"] if table in {"toegewezen_product", "aangevraagd_product"} else None,
            "begindatum": row["dagtekening"],
            "soort": "NieuwProduct",
            "status": "1",
            "prestatie": f"P{row['nr']}" if table == "prestatie" else None,
            "einddatum": row["dagtekening"] if table == "stop_product" else None,
            "reden_beeindiging": "19" if table == "stop_product" else None,
            "centen": "10000",
        }
        if table == "toegewezen_product":
            defaults["toewijzing"] = str(1000 + int(row["nr"]))
        return defaults.get(column)

    def _client(self, name: str | None) -> int | None:
        """Every mention of a client gets its own client_nr, as one client may have several."""
        if name is None:
            return None
        client_nr = len(self.clients) + 1
        self.clients[f"{name}{client_nr}"] = client_nr
        digest = hashlib.sha256(name.encode()).digest()
        _insert(self.con, "client", {"client_nr": client_nr, "client_id": digest, "geboortejaar": 2010})
        return client_nr
