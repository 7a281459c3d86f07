"""Writes the deliveries in ``tests/fixtures/verkeer``: ``python -m tests.verkeer.make``. No test does this."""

from __future__ import annotations

import base64
import shutil
import zipfile
from pathlib import Path

from tests.verkeer.pen import (
    BSN,
    Geleverd,
    Lijn,
    Toegewezen,
    Vraag,
    m301,
    m305,
    m307,
    m315,
    m319,
    m323,
    m325,
    retour,
)

TOP = Path(__file__).parents[1] / "fixtures" / "verkeer"
DIEMEN = Lijn("0384", "42420001")
AMSTERDAM = Lijn("0363", "42420002")
DIEMEN_WMO = Lijn("0384", "75750001", wet="Wmo")
CUIJK = Lijn("1684", "42420003", release="2.3")


def _envelope(message: bytes) -> bytes:
    """The message in a StUF-GGk Di01, as the knooppunt hands it over."""
    stuf, ggk = "http://www.egem.nl/StUF/StUF0301", "http://www.stufstandaarden.nl/koppelvlak/ggk0210"
    end = "<s:{0}><s:organisatie>{1}</s:organisatie><s:applicatie>GGK</s:applicatie></s:{0}>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<g:envelopHeenbericht-ggk_Di01 xmlns:g="{ggk}" xmlns:s="{stuf}"><g:stuurgegevens><s:berichtcode>Di01</s:berichtcode>
{end.format("zender", "42420001")}{end.format("ontvanger", "0384")}
<s:referentienummer>6f1c0a52-0000-4000-8000-000000000001</s:referentienummer><s:tijdstipBericht>20260408101500</s:tijdstipBericht>
<s:functie>JW315</s:functie></g:stuurgegevens><g:bericht><g:xmlBestand>{base64.encodebytes(message).decode()}</g:xmlBestand></g:bericht>
</g:envelopHeenbericht-ggk_Di01>
""".encode()


def diemen() -> dict[str, bytes]:
    """Jw in Diemen: on time, late over Easter and King's Day, refused, open; then care and its declaratie."""
    on_time, late = Geleverd("P1", "100"), Geleverd("P2", "101", code="45Z99", centen=8_000, bsn=BSN[1])
    return {
        "JW315-A1": m315(DIEMEN, "A1", "2026-03-30", [Vraag("DMN-1")]),
        "JW316-A1": retour(DIEMEN, "316", "A1", "2026-03-30", "2026-03-31"),
        "JW301-G1": m301(DIEMEN, "G1", "2026-04-08", [Toegewezen("100", "DMN-1", besluit="2026-04-07")]),
        "JW302-G1": retour(DIEMEN, "302", "G1", "2026-04-08", "2026-04-09"),
        "JW315-A2": m315(DIEMEN, "A2", "2026-04-20", [Vraag("DMN-2", "45Z99")], BSN[1]),
        "JW316-A2": retour(DIEMEN, "316", "A2", "2026-04-20", "2026-04-20"),
        "JW301-G2": m301(
            DIEMEN, "G2", "2026-04-29", [Toegewezen("101", "DMN-2", "45Z99", besluit="2026-04-29")], BSN[1]
        ),
        "JW302-G2": retour(DIEMEN, "302", "G2", "2026-04-29", "2026-05-01"),
        "JW315-A3": m315(DIEMEN, "A3", "2026-04-21", [Vraag("DMN-3", "43A11")], BSN[2]),
        "JW319-G3": m319(DIEMEN, "G3", "2026-04-23", "DMN-3"),
        "JW315-A4": m315(DIEMEN, "A4", "2026-04-22", [Vraag("DMN-4", "54001")], BSN[3]),
        "JW319-G4": m319(DIEMEN, "G4", "2026-04-24", "DMN-4", antwoord="2"),
        "JW315-A5": m315(DIEMEN, "A5", "2026-05-06", [Vraag("DMN-5")], BSN[4]),
        "JW315-A6": m315(DIEMEN, "A6", "2026-04-01", [Vraag("DMN-6")], BSN[5]),
        "JW316-A6": retour(DIEMEN, "316", "A6", "2026-04-01", "2026-04-02", "9056"),
        "JW305-A7": m305(DIEMEN, "A7", "2026-04-10", "100", "2026-04-09"),
        "JW306-A7": retour(DIEMEN, "306", "A7", "2026-04-10", "2026-04-13"),
        "JW307-A8": m307(DIEMEN, "A8", "2026-05-07", "100", "2026-04-09", "2026-04-30"),
        "JW308-A8": retour(DIEMEN, "308", "A8", "2026-05-07", "2026-05-08"),
        "JW323-A9": m323(DIEMEN, "A9", "2026-05-04", "2026-04", [on_time]),
        "JW325-G9": m325(DIEMEN, "G9", "2026-05-08", "2026-04", ("A9", "2026-05-04"), 12_500, []),
        "JW323-B1": m323(DIEMEN, "B1", "2026-05-05", "2026-04", [late]),
        "JW325-G10": m325(DIEMEN, "G10", "2026-05-08", "2026-04", ("B1", "2026-05-05"), 8_000, [(late, "9321")]),
    }


def elsewhere() -> dict[str, bytes]:
    """Wmo in Diemen, Jw in Amsterdam, and release 2.3 in Cuijk, which merged into Land van Cuijk in 2022."""
    return {
        "WMO315-C1": m315(DIEMEN_WMO, "C1", "2026-04-13", [Vraag("WM-1", "02A03"), Vraag("WM-2", "01X99")], BSN[6]),
        "WMO301-G11": m301(
            DIEMEN_WMO,
            "G11",
            "2026-04-16",
            [Toegewezen("500", "WM-1", "02A03"), Toegewezen("501", "WM-2", "01X99")],
            BSN[6],
        ),
        "JW315-D1": m315(AMSTERDAM, "D1", "2026-04-14", [Vraag("AMS-1", "45A05")], BSN[7]),
        "JW301-G12": m301(AMSTERDAM, "G12", "2026-04-24", [Toegewezen("900", "AMS-1", "45A05")], BSN[7]),
        "JW315-E1": m315(CUIJK, "E1", "2019-12-23", [Vraag("CK-1", "45A04", "2020-01-01")], BSN[0]),
        "JW301-G13": m301(
            CUIJK, "G13", "2020-01-03", [Toegewezen("700", None, "45A04", "2020-01-02", ingang="2020-01-01")], BSN[0]
        ),
    }


def _write_zip(path: Path, messages: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, message in messages.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.xml", (2026, 5, 8, 12, 0, 0)), message)


def make(top: Path) -> None:
    """The delivery ``voorjaar``: loose files, a zip, an envelope, one duplicate, one conflict and three faults."""
    delivery = top / "voorjaar" / "levering"
    shutil.rmtree(delivery, ignore_errors=True)
    for folder in ("los", "knooppunt", "kapot"):
        (delivery / folder).mkdir(parents=True)
    loose = diemen()
    for name, message in loose.items():
        (delivery / "los" / f"{name}.xml").write_bytes(message)
    _write_zip(delivery / "elders.zip", {**elsewhere(), "nogmaals-JW315-A1": loose["JW315-A1"]})
    enveloped = m315(DIEMEN, "F1", "2026-04-08", [Vraag("DMN-7")], BSN[6])
    (delivery / "knooppunt" / "JW315-F1.xml").write_bytes(_envelope(enveloped))
    answer = m301(DIEMEN, "G14", "2026-04-15", [Toegewezen("107", "DMN-7", besluit="2026-04-15")], BSN[6])
    (delivery / "knooppunt" / "JW301-G14.xml").write_bytes(_envelope(answer).replace(b"JW315", b"JW301"))
    (delivery / "kapot" / "JW315-ongeldig.xml").write_bytes(
        m315(DIEMEN, "X1", "2026-04-08", [Vraag("DMN-8")]).replace(b"<m:Geslacht>2<", b"<m:Geslacht>7<")
    )
    newer = m315(DIEMEN, "X2", "2026-04-08", [Vraag("DMN-9")]).replace(b"/ijw/3_2/", b"/ijw/3_9/")
    (delivery / "kapot" / "JW315-nieuwe-release.xml").write_bytes(newer)
    (delivery / "kapot" / "leesmij.txt").write_text("Geen bericht.\n", "utf-8")


if __name__ == "__main__":
    make(TOP)
