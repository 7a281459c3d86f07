"""An envelope that was opened: what it says, and the elements that hold its payloads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from keten_kpi.envelope.bericht import Envelope

_CODE = re.compile(r"[A-Za-z0-9{}-]{1,64}")
_TIJDSTIP = re.compile(r"([0-9]{14})([0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """``envelope`` is None for SOAP that holds neither StUF nor VECOZO; no payloads: nothing was delivered."""

    envelope: Envelope | None
    payloads: tuple[etree._Element, ...]


def code(text: str | None) -> str | None:
    """An organisation's code or a reference; None for what does not look like one, which may be a person's."""
    stripped = (text or "").strip()
    return stripped if _CODE.fullmatch(stripped) else None


def tijdstip(text: str | None) -> datetime | None:
    """StUF's ``YYYYMMDDhhmmss`` with up to three more digits; None for what is no time.

    >>> tijdstip("20191104093015120")
    datetime.datetime(2019, 11, 4, 9, 30, 15, 120000)
    """
    found = _TIJDSTIP.fullmatch((text or "").strip())
    if found is None:
        return None
    try:
        return datetime.strptime(f"{found[1]}{found[2]:0<6}", "%Y%m%d%H%M%S%f")  # noqa: DTZ007 - local, no zone told
    except ValueError:
        return None


def has_content(element: etree._Element) -> bool:
    return len(element) > 0 or bool((element.text or "").strip())


def namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def local_name(element: etree._Element) -> str:
    return etree.QName(element).localname
