"""VECOZO (VSP): a SOAP message with its routing in the header and the message file, or a zip of it, in the body."""

from __future__ import annotations

from lxml import etree

from keten_kpi.envelope.bericht import Envelope
from keten_kpi.envelope.wrapped import Wrapped, code, has_content, local_name, namespace

_VECOZO = "http://schemas.vecozo.nl/berichtuitwisseling/"


def is_vecozo(element: etree._Element) -> bool:
    return namespace(element).startswith(_VECOZO)


def opened(header: etree._Element | None, element: etree._Element) -> Wrapped:
    """``element`` stands in the SOAP body; it tells no time."""
    envelope = Envelope(
        soort="vecozo",
        tijdstip=None,
        zender=_only_code(header, "Afzender"),
        ontvanger=_only_code(header, "Geadresseerden"),
        referentie=None if header is None else code(header.findtext(".//{*}ReferentieHeader/{*}ReferentieId")),
    )
    return Wrapped(envelope, tuple(data for data in element.iter("{*}Data") if _is_payload(data)))


def _is_payload(data: etree._Element) -> bool:
    parent = data.getparent()
    return parent is not None and local_name(parent) == "Bericht" and has_content(data)


def _only_code(header: etree._Element | None, name: str) -> str | None:
    """The code of the one party with this role; of several none is *the* sender or receiver."""
    if header is None:
        return None
    codes = {found.text for found in header.iterfind(f".//{{*}}{name}//{{*}}Code")}
    return code(codes.pop()) if len(codes) == 1 else None
