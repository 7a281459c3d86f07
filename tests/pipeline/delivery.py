"""Deliveries of many small messages, in any packing, and the tables that came of them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import zstandard

from keten_kpi.database import connect
from tests.verkeer.make import _envelope
from tests.verkeer.pen import BSN, Geleverd, Lijn, Toegewezen, Vraag, m301, m315, m323, m325, retour

JW, WMO, OLD = Lijn(), Lijn(wet="Wmo"), Lijn(release="2.3")


def messages(number: int) -> list[bytes]:
    """So many messages of mixed types, with repeats, invalid ones and other things among them."""
    made: list[bytes] = []
    for at in range(number):
        name, bsn = f"N{at}", BSN[at % len(BSN)]
        sort = at % 10
        if sort < 4:
            made.append(
                m315(
                    (JW, WMO, OLD)[at % 3],
                    name,
                    "2026-04-01",
                    [Vraag(f"R{at}", "45A04" if at % 3 != 1 else "02A03")],
                    bsn,
                )
            )
        elif sort < 6:
            made.append(m301(JW, name, "2026-04-02", [Toegewezen(str(at), f"R{at}"), Toegewezen(str(at + 1))], bsn))
        elif sort == 6:
            made.append(
                m323(
                    JW,
                    name,
                    "2026-05-01",
                    "2026-04",
                    [Geleverd(f"P{at}", "1", bsn=bsn, dc="C" if at % 20 == 6 else "D")],
                )
            )
        elif sort == 7:
            made.append(
                m325(JW, name, "2026-05-05", "2026-04", ("A1", "2026-05-01"), 25_000, [(Geleverd("P1", "1"), "9321")])
            )
        elif sort == 8:
            made.append(retour(JW, "316", name, "2026-04-01", "2026-04-03", "0001"))
        else:
            made.append(_odd(at, made))
    return made


def _odd(at: int, made: list[bytes]) -> bytes:
    choices = (
        made[-3],  # content that came before
        made[-4].replace(b">20", b">99", 1),
        b"no message " + bytes([48 + at % 7]),
        _envelope(m315(JW, f"E{at}", "2026-04-01", [Vraag("R1")])),
        made[-2].replace(b"</m:Header>", b"<!-- x --></m:Header>"),
        m315(JW, f"D{at}", "2026-04-01", [Vraag("R1", ingang=" 2026-04-01")]),
    )
    return choices[at // 10 % len(choices)]


def pack(kind: str, folder: Path, contents: list[bytes]) -> str:
    """The contents as ``folder``, ``zip``, ``tar``, ``tar.gz`` or ``tar.zst``; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {f"{at:06}.xml": content for at, content in enumerate(contents)}
    if kind == "folder":
        for name, content in names.items():
            (folder / name).write_bytes(content)
        return str(folder)
    target = folder / f"levering.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in names.items():
                archive.writestr(name, content)
        return str(target)
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz" if kind == "tar.gz" else "w") as tar:
        for name, content in names.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    data = raw.getvalue()
    target.write_bytes(zstandard.ZstdCompressor().compress(data) if kind == "tar.zst" else data)
    return str(target)


def contents(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table as it stands, numbers of arrival included; runs without their times."""
    with connect(db) as con:
        names = con.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN ('bron', 'beheer') ORDER BY ALL"
        ).fetchall()
        hidden = {"run": "EXCLUDE (begonnen_tijdstip, geeindigd_tijdstip)"}
        return {
            table: con.execute(f"SELECT * {hidden.get(table, '')} FROM {schema}.{table} ORDER BY ALL").fetchall()
            for schema, table in names
        }
