"""Writes declaraties and their answers straight into ``bron``: amounts in cents, what is not named is plain."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class P:
    """One prestatie; a credit has negative cents and names in ``vorig`` what it withdraws."""

    ref: str
    centen: int
    client: str = "A"
    code: str = "45A04"
    eenheid: str = "04"
    volume: int | None = 10
    toewijzing: int = 1
    eind: str = "2025-03-31"
    vorig: str | None = None


class Boek:
    """One aanbieder's books; every message gets the next number."""

    def __init__(self, con, aanbieder: str = "42420001") -> None:
        self.con, self.aanbieder, self.nr = con, aanbieder, 0

    def _insert(self, table: str, **values: object) -> None:
        marks = ", ".join("?" * len(values))
        self.con.execute(f"INSERT INTO bron.{table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))

    def _client(self, name: str) -> int:
        (number,) = self.con.execute("SELECT coalesce(max(client_nr), 0) + 1 FROM bron.client").fetchone()
        self._insert("client", client_nr=number, client_id=hashlib.sha256(name.encode()).digest(), geboortejaar=2010)
        return number

    def _message(self, berichttype: str, gemeente: str, op: str, identificatie: str, **more: object) -> int:
        self.nr += 1
        old = berichttype[-3:] in {"303", "304"}
        sides = {"gemeente": gemeente, "aanbieder": self.aanbieder}
        if not old:
            ends = [gemeente, self.aanbieder] if berichttype[-3:] in {"301", "325"} else [self.aanbieder, gemeente]
            sides = dict(zip(("afzender", "ontvanger"), ends, strict=True))
        self._insert(
            "bericht", bericht_nr=self.nr, bericht_id=UUID(int=self.nr), wet="Jw" if berichttype < "W" else "Wmo",
            berichttype=berichttype, release="2.3" if old else "3.2", identificatie=identificatie, dagtekening=op,
            **sides, **more,
        )  # fmt: skip
        return self.nr

    def toewijzing(self, nummer: int, code: str = "45A04", gemeente: str = "0384", wet: str = "JW") -> None:
        nr = self._message(f"{wet}301", gemeente, "2025-01-02", f"T{self.nr + 1}")
        self._insert(
            "toegewezen_product", bericht_nr=nr, regel_nr=1, client_nr=self._client("A"), toewijzing_nummer=nummer,
            product_categorie=code[:2], product_code=code, toewijzingsdatum="2025-01-02", toewijzingstijd="12:00:00",
            ingangsdatum="2025-01-01",
        )  # fmt: skip

    def _line(self, table: str, nr: int, regel_nr: int, p: P, **more: object) -> None:
        self._insert(
            table, bericht_nr=nr, regel_nr=regel_nr, client_nr=self._client(p.client), referentie_nummer=p.ref,
            vorig_referentie_nummer=p.vorig, toewijzing_nummer=p.toewijzing, product_categorie=p.code[:2],
            product_code=p.code, begindatum=p.eind[:8] + "01", einddatum=p.eind, ingediend_centen=p.centen, **more,
        )  # fmt: skip

    def declaratie(
        self, key: str, *lines: P, op: str = "2025-04-05", gemeente: str = "0384", soort: str = "JW323",
        totaal: int | None = None,
    ) -> None:  # fmt: skip
        nr = self._message(soort, gemeente, op, key)
        total = sum(p.centen for p in lines) if totaal is None else totaal
        self._insert(
            "declaratie", bericht_nr=nr, regel_nr=1, declaratie_nummer=f"D{key}", periode_einddatum=lines[0].eind,
            totaal_ingediend_centen=total,
        )  # fmt: skip
        for regel_nr, p in enumerate(lines, start=1):
            self._line("prestatie", nr, regel_nr, p, eenheid=p.eenheid, geleverd_volume=p.volume)

    def antwoord(
        self, key: str, ingediend: int, toegekend: int, *refused: tuple[P, str, int | None], op: str = "2025-04-10",
        gemeente: str = "0384", soort: str = "JW325",
    ) -> None:  # fmt: skip
        """``refused``: the prestatie, its RetourCode, and of a 304 what was granted."""
        if soort.endswith("325"):
            nr = self._message(soort, gemeente, op, f"A{key}{self.nr}", declaratie_identificatie=key,
                               declaratie_dagtekening="2025-04-05")  # fmt: skip
        else:
            nr = self._message(soort, gemeente, "2025-04-05", key, dagtekening_retour=op,
                               identificatie_retour=f"A{key}")  # fmt: skip
        self._insert(
            "declaratie_antwoord", bericht_nr=nr, regel_nr=1, declaratie_nummer=f"D{key}",
            totaal_ingediend_centen=ingediend, totaal_toegekend_centen=toegekend,
        )  # fmt: skip
        for regel_nr, (p, code, granted) in enumerate(refused, start=1):
            self._line("afgekeurde_prestatie", nr, regel_nr, p, toegekend_centen=granted)
            self._insert(
                "retourcode", bericht_nr=nr, regel_nr=regel_nr, niveau="Prestatie", niveau_nr=regel_nr, code=code
            )
