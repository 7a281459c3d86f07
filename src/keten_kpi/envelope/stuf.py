"""StUF-GGk: the envelope of the Gemeentelijk Gegevensknooppunt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from keten_kpi.envelope.bericht import Envelope
from keten_kpi.envelope.wrapped import Wrapped, code, has_content, local_name, namespace, tijdstip

_GGK = re.compile(r"http://www\.stufstandaarden\.nl/(?:koppelvlak/ggk|sectormodel/ggk/)[0-9]{4}")
_STUF = "http://www.egem.nl/StUF/StUF0301"
_MESSAGE = re.compile(r"envelop(?:Heen|Retour)bericht-ggk_D[iu]01")
_NOTICE = re.compile(r"(?:Fo|Bv)[0-9]{2}(?:Bericht)?")  # an error or an acknowledgement
_FILES = ("{*}xmlBestand", "{*}tekstBestand")


def is_stuf(element: etree._Element) -> bool:
    name, space = local_name(element), namespace(element)
    is_ggk = _GGK.fullmatch(space) is not None
    return bool((is_ggk and _MESSAGE.fullmatch(name)) or ((is_ggk or space == _STUF) and _NOTICE.fullmatch(name)))


def opened(element: etree._Element) -> Wrapped:
    envelope = Envelope(
        soort="stuf-ggk",
        tijdstip=tijdstip(element.findtext("{*}stuurgegevens/{*}tijdstipBericht")),
        zender=code(element.findtext("{*}stuurgegevens/{*}zender/{*}organisatie")),
        ontvanger=code(element.findtext("{*}stuurgegevens/{*}ontvanger/{*}organisatie")),
        referentie=code(element.findtext("{*}stuurgegevens/{*}referentienummer")),
    )
    is_notice = _NOTICE.fullmatch(local_name(element))
    return Wrapped(envelope, () if is_notice else tuple(filter(has_content, _payloads(element))))


def _payloads(element: etree._Element) -> Iterator[etree._Element]:
    """Since patch 4 of ggk0210 files inside ``bericht``, before it ``bericht`` itself."""
    for bericht in element.iter("{*}bericht"):
        files = list(bericht.iterchildren(*_FILES))
        yield from files or [bericht]
