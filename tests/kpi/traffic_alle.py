"""Random traffic of every message type: few parties, few keys, few days, so that everything that can meet does meet.

A message holds its rows as ``bron`` has them, so that the oracle and the loader read the same thing. ``client`` in a
row is a name; the loader gives every mention a client_nr of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from keten_kpi.database import Connection

FIRST = date(2023, 12, 11)  # Christmas, New Year, a leap day and Easter lie within the window
DAYS = 120
RETOUR = {"301": "302", "305": "306", "307": "308", "315": "316", "317": "318", "319": "320"}
ANTWOORD = {"323": "325", "303": "304"}
VERZOEK = {"315": "aangevraagd_product", "317": "verzoek_wijziging"}
FROM_GEMEENTE = {"301", "302", "319", "320", "325"}  # who stands in Afzender; a retour repeats its heenbericht
PRODUCTS = (("45", "45A04"), ("45", "45A05"), (None, None), ("45", "45X01"), ("55", "55X01"))
Row = dict[str, object]


@dataclass(frozen=True)
class Message:
    """One message. A retour or 304 has ``retour_dag``: its header is that of what it answers."""

    id: int
    wet: str
    soort: str
    gemeente: str
    aanbieder: str
    identificatie: str
    dag: date
    release: str = "3.2"
    retour: str | None = None
    retour_dag: date | None = None
    declaratie: str | None = None  # of a 325: the Identificatie of the 323 that it names
    rows: dict[str, list[Row]] = field(default_factory=dict, hash=False)

    @property
    def bericht_id(self) -> UUID:
        return UUID(int=self.id)

    @property
    def type(self) -> str:
        return ("JW" if self.wet == "Jw" else "WMO") + self.soort

    @property
    def verzend_dag(self) -> date:
        return self.retour_dag or self.dag

    def lines(self, table: str) -> Iterator[tuple[int, Row]]:
        yield from enumerate(self.rows.get(table, ()), start=1)


class Maker:
    """Makes messages from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.ids = list(range(1, 2000))
        self.random.shuffle(self.ids)
        self.made: list[Message] = []

    def traffic(self, number: int) -> list[Message]:
        """So many messages, and their answers for some."""
        kinds = {
            "301": self._301, "305": self._305, "307": self._307, "315": self._315, "317": self._317,
            "319": self._319, "323": self._declaratie, "303": self._declaratie,
        }  # fmt: skip
        for _ in range(number):
            soort = self.random.choice([*kinds, "301", "315", "305", "307"])
            message = self._heen(soort, kinds[soort]())
            self.made.append(message)
            if soort in RETOUR and self.random.random() < 0.6:
                self.made.append(self._retour(message))
            if soort in ANTWOORD and self.random.random() < 0.7:
                self.made.append(self._antwoord(message))
            if soort in VERZOEK and self.random.random() < 0.3:
                self.made.append(self._woonplaats(message, message.rows[VERZOEK[soort]][0]))
        return self.made

    def _day(self, late: int = 0) -> date:
        return FIRST + timedelta(days=self.random.randrange(DAYS + late))

    def _heen(self, soort: str, rows: dict[str, list[Row]]) -> Message:
        pick, number = self.random.choice, self.ids.pop()
        old = soort == "303" or (soort == "307" and self.random.random() < 0.4)
        return Message(
            id=number,
            wet=pick(["Jw", "Jw", "Wmo"]),
            soort=soort,
            gemeente=pick(["0384", "0384", "0363", "0362"]),
            aanbieder=pick(["01234567", "01234567", "99999999"]),
            identificatie=pick([f"uniek-{number}"] * 4 + ["x"]),
            dag=self._day(),
            release="2.3" if old else "3.2",
            rows=rows,
        )

    def _retour(self, heen: Message) -> Message:
        later = self.random.choice([-1, 0, 0, 1, 2, 3, 4, 5, 8])
        return self._answer(
            heen, RETOUR[heen.soort], heen.dag + timedelta(days=later), ["0200", "0200", "0233", "9347"]
        )

    def _answer(self, heen: Message, soort: str, day: date, codes: list[str]) -> Message:
        rows = {"retourcode": [
            {"niveau": "Client", "niveau_nr": place, "code": self.random.choice(codes)}
            for place in range(1, self.random.randrange(1, 4))
        ]}  # fmt: skip
        return Message(
            self.ids.pop(), heen.wet, soort, heen.gemeente, heen.aanbieder, heen.identificatie, heen.dag, heen.release,
            retour=self.random.choice(["r1", "r2"]), retour_dag=day, rows=rows,
        )  # fmt: skip

    def _antwoord(self, heen: Message) -> Message:
        day = heen.dag + timedelta(days=self.random.choice([-1, 0, 5, 13, 14, 15, 27, 28, 29, 40]))
        named = [{"referentie_nummer": row["referentie_nummer"], "client": row["client"], "ingediend_centen": 1}
                 for row in heen.rows["prestatie"] if self.random.random() < 0.6]  # fmt: skip
        codes: list[Row] = [
            {"niveau": "Prestatie", "niveau_nr": place, "code": code}
            for place in range(1, len(named) + 1)
            for code in {self.random.choice(["9321", "9322", "0200"]) for _ in range(2)}
        ]
        if self.random.random() < 0.15:
            codes.append({"niveau": "Header", "niveau_nr": 1, "code": self.random.choice(["9333", "8001"])})
        rows: dict[str, list[Row]] = {"afgekeurde_prestatie": named, "retourcode": codes}
        soort = ANTWOORD[heen.soort]
        if soort == "304":
            return Message(self.ids.pop(), heen.wet, soort, heen.gemeente, heen.aanbieder, heen.identificatie, heen.dag,
                           heen.release, retour="r", retour_dag=day, rows=rows)  # fmt: skip
        number = self.ids.pop()
        return Message(number, heen.wet, soort, heen.gemeente, heen.aanbieder, f"a{number}", day, heen.release,
                       declaratie=heen.identificatie, rows=rows)  # fmt: skip

    def _woonplaats(self, heen: Message, request: Row) -> Message:
        """A 319 that refuses a request because another gemeente is responsible, about the end of its term."""
        day = heen.dag + timedelta(days=self.random.choice([-1, 0, 5, 13, 14, 15, 20]))
        refusal = {"referentie_aanbieder": request["referentie_aanbieder"], "verzoek_antwoord": "1"}
        rows: dict[str, list[Row]] = {"antwoord": [refusal | {"reden_afwijzing_verzoek": "8"}]}
        number = self.ids.pop()
        return Message(number, heen.wet, "319", heen.gemeente, heen.aanbieder, f"w{number}", day, rows=rows)

    def _product(self) -> Row:
        categorie, code = self.random.choice(PRODUCTS)
        return {"product_categorie": categorie, "product_code": code, "client": self.random.choice("AAB")}

    def _times(self, most: int) -> range:
        return range(self.random.randrange(1, most + 1))

    def _reference(self) -> str:
        return self.random.choice("abcdefghij")

    def _number(self) -> int | None:
        return self.random.choice([None, 1, 2, 3, 4, 5, 6, 7])

    def _301(self) -> dict[str, list[Row]]:
        def line() -> Row:
            return {
                **self._product(),
                "referentie_aanbieder": self.random.choice([None, self._reference(), self._reference()]),
                "toewijzing_nummer": self._number(),
                "toewijzingsdatum": FIRST + timedelta(days=self.random.randrange(3)),
                "toewijzingstijd": time(self.random.choice([12, 13])),
                "ingangsdatum": self._day(),
                "reden_wijziging": self.random.choice([None] * 6 + ["01", "13"]),
            }

        return {"toegewezen_product": [line() for _ in self._times(2)]}

    def _315(self) -> dict[str, list[Row]]:
        return {
            "aangevraagd_product": [
                {**self._product(), "referentie_aanbieder": self._reference(), "toewijzing_ingangsdatum": self._day()}
                for _ in self._times(2)
            ]
        }

    def _317(self) -> dict[str, list[Row]]:
        product = {**self._product(), "soort": "NieuwProduct", "gewenste_ingangsdatum": self._day()}
        request = {"referentie_aanbieder": self._reference(), "client": product["client"]}
        return {"verzoek_wijziging": [request], "verzoek_wijziging_product": [product]}

    def _319(self) -> dict[str, list[Row]]:
        def line() -> Row:
            answer = self.random.choice("122")
            reason = self.random.choice("138") if answer == "1" else None
            return {
                "referentie_aanbieder": self._reference(),
                "verzoek_antwoord": answer,
                "reden_afwijzing_verzoek": reason,
            }

        return {"antwoord": [line() for _ in self._times(2)]}

    def _305(self) -> dict[str, list[Row]]:
        def line() -> Row:
            status = self.random.choice("1111339")
            begin = FIRST + timedelta(days=self.random.choice([10, 40]))
            return {
                **self._product(),
                "toewijzing_nummer": self._number(),
                "begindatum": begin,
                "status_aanlevering": status,
            }

        return {"start_product": [line() for _ in self._times(3)]}

    def _307(self) -> dict[str, list[Row]]:
        def line() -> Row:
            return {
                **self._product(),
                "toewijzing_nummer": self.random.choice([None, 1, 2]),
                "begindatum": FIRST,
                "einddatum": FIRST + timedelta(days=self.random.choice([30, 31, 60])),
                "reden_beeindiging": self.random.choice(["19", "20", "31"]),
                "status_aanlevering": self.random.choice("11113"),
            }

        return {"stop_product": [line() for _ in self._times(3)]}

    def _declaratie(self) -> dict[str, list[Row]]:
        number = self.random.randrange(10**6)
        period = date(2024, self.random.choice([1, 2, 3]), 1) - timedelta(days=self.random.choice([1, 1, 5]))
        performed: list[Row] = [
            {
                **self._product(),
                "referentie_nummer": f"{number}-{place}",
                "toewijzing_nummer": self._number(),
                "begindatum": FIRST,
                "einddatum": FIRST,
                "ingediend_centen": self.random.choice([10000, 2550, -4000]),
            }
            for place in self._times(3)
        ]
        return {
            "declaratie": [{"declaratie_nummer": f"D{number}", "periode_einddatum": period}],
            "prestatie": performed,
        }


def make_traffic(seed: int, number: int) -> list[Message]:
    """Messages in order of making; the same seed makes the same."""
    return Maker(seed).traffic(number)


def _header(message: Message, number: int) -> Row:
    sides = (message.gemeente, message.aanbieder)
    parties: Row = dict(zip(("gemeente", "aanbieder"), sides, strict=True))
    if message.soort not in {"303", "304"}:
        from_gemeente = message.soort in FROM_GEMEENTE
        parties = dict(zip(("afzender", "ontvanger"), sides if from_gemeente else sides[::-1], strict=True))
    return parties | {
        "bericht_nr": number,
        "bericht_id": message.bericht_id,
        "wet": message.wet,
        "berichttype": message.type,
        "release": message.release,
        "identificatie": message.identificatie,
        "dagtekening": message.dag,
        "identificatie_retour": message.retour,
        "dagtekening_retour": message.retour_dag,
        "declaratie_identificatie": message.declaratie,
    }


def _insert(con: Connection, table: str, rows: Sequence[Row]) -> None:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    for names, alike in groups.items():
        marks = ", ".join([f"({', '.join('?' * len(names))})"] * len(alike))
        con.execute(
            f"INSERT INTO bron.{table} ({', '.join(names)}) VALUES {marks}",
            [value for row in alike for value in row.values()],
        )


def load(con: Connection, messages: Sequence[Message], first_nr: int = 1) -> None:
    """Puts messages into ``bron`` in the order given, numbered from ``first_nr``."""
    tables: dict[str, list[Row]] = {"bericht": [], "client": []}
    for number, message in enumerate(messages, start=first_nr):
        tables["bericht"].append(_header(message, number))
        for table, rows in message.rows.items():
            for place, row in enumerate(rows, start=1):
                kept = {name: value for name, value in row.items() if name != "client"}
                if "client" in row:
                    kept["client_nr"] = first_nr * 10**5 + len(tables["client"])
                    digest = hashlib.sha256(str(row["client"]).encode()).digest()
                    tables["client"].append({"client_nr": kept["client_nr"], "client_id": digest})
                tables.setdefault(table, []).append({"bericht_nr": number, "regel_nr": place, **kept})
    for table, rows in tables.items():
        _insert(con, table, rows)
