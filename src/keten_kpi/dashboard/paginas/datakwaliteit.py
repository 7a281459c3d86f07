"""What the figures rest on: what came in, what was not loaded, and with which lists codes were judged."""

from __future__ import annotations

from collections.abc import Iterator

from keten_kpi.dashboard.blok import Blok, Pagina, Tabel
from keten_kpi.dashboard.cijfers import Cijfers
from keten_kpi.dashboard.gevallen import FOLDER
from keten_kpi.dashboard.woorden import dag, getal


def quality_page(cijfers: Cijfers) -> Pagina:
    day = cijfers.peildatum
    until = f"Het verkeer is bekend tot en met {dag(day)}." if day else "Er is nog geen bericht bekend."
    blocks = (*([] if cijfers.editie.gemeente else _received(cijfers)), _lists(cijfers))
    return Pagina("datakwaliteit.html", "Datakwaliteit", until, blocks)


def _received(cijfers: Cijfers) -> Iterator[Blok]:
    volume = cijfers.land("berichtvolume")
    text = ("Een bericht dat twee keer is aangeleverd, telt een keer. Per soort: zie het landelijk beeld.",)
    yield Blok(f"{getal(int(str(volume.get('berichten') or 0)))} berichten tellen mee", text)
    found = cijfers.con.execute(FOLDER.joinpath("kwaliteit.sql").read_text("utf-8")).fetchall()
    total = sum(int(row[1]) for row in found)
    columns = ("reden", "documenten")
    table = Tabel("quarantaine", "Niet geladen, per reden", columns, found, columns, is_open=True)
    title = f"{getal(total)} documenten zijn niet geladen" if total else "Elk document is geladen"
    yield Blok(title, (), None, table if found else None)
    row = cijfers.con.execute("SELECT COUNT(*) FROM verkeer.conflict").fetchone()
    conflicts = int(row[0]) if row else 0
    title = (
        f"{getal(conflicts)} berichten tellen niet mee door een conflict"
        if conflicts
        else "Geen bericht valt weg door een conflict"
    )
    text = ("Twee berichten met dezelfde sleutel en andere inhoud: alleen het eerste telt.",)
    yield Blok(title, text)


def _lists(cijfers: Cijfers) -> Blok:
    found = cijfers.con.execute(
        "SELECT wet, codelijst, lijstversie, aantal_codes FROM verkeer.codelijst ORDER BY wet, codelijst, lijstversie"
    ).fetchall()
    columns = ("wet", "codelijst", "lijstversie", "aantal_codes")
    rows: list[tuple[object, ...]] = [(wet, lijst, str(versie), aantal) for wet, lijst, versie, aantal in found]
    table = Tabel("codelijsten", "Landelijke lijsten van productcodes", columns, rows, columns)
    return Blok(f"Codes zijn beoordeeld met {len(rows)} versies van landelijke lijsten", (), None, table)
