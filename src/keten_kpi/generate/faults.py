"""What goes wrong with deliveries, on purpose and at stated rates. Decided on events, before truth is counted.

A fault befalls the delivery, not the sender: who got the message in time still answers it. At most one per message.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from keten_kpi.errors import UsageError
from keten_kpi.generate.agenda import iso
from keten_kpi.generate.events import Bericht, Prestatie, Start, Stop, Toegewezen, Vraag
from keten_kpi.generate.write import Writer, file_name, later_copy, sender_of

FUTURE = 70 * 365  # dagen: after any day on which this will run
LATEST_COPY = 10  # dagen after the message whose key it has
UNKNOWN_CODE = "QQ999"
PROLOG = re.compile(r"^<\?xml[^>]*\?>\s*")
ENCODINGS = ("utf-8-sig", "utf-16", "iso-8859-1")
VERSION = re.compile(r"(BerichtVersie>)\d+(<)")
CODED = frozenset({"301", "303", "305", "307", "315", "323"})
DATE_TIME = (2020, 1, 1, 0, 0, 0)  # of a nested zip's member


def _any(_bericht: Bericht) -> bool:
    return True


def _has_client(bericht: Bericht) -> bool:
    return bericht.client is not None and bericht.heen is None


def _has_code(bericht: Bericht) -> bool:
    return bericht.nummer in CODED and bool(_coded_places(bericht))


def _is_retour(bericht: Bericht) -> bool:
    return bericht.is_retour


def _coded_places(bericht: Bericht) -> list[int]:
    return [place for place, regel in enumerate(bericht.regels) if _is_coded(regel)]


def _is_coded(regel: object) -> bool:
    if isinstance(regel, Prestatie):
        return True
    if isinstance(regel, Vraag):
        return regel.product.code is not None
    if isinstance(regel, Toegewezen):
        return regel.versie.toewijzing.product.code is not None
    return isinstance(regel, Start | Stop) and regel.toewijzing.product.code is not None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: what it does to truth and which messages it can befall."""

    what: str
    rate: float  # of the messages that it can befall, when no other is asked
    can_befall: Callable[[Bericht], bool] = _any
    is_lost: bool = False  # the message never counts


KINDS: dict[str, Kind] = {
    "duplicate": Kind("the same bytes a second time", 0.01),
    "conflict": Kind("the same key with other bytes, sent later or with an extra byte: the first counts", 0.003),
    "disorder": Kind("stands at another place in the delivery", 0.05),
    "missing-retour": Kind("the retour is not there", 0.02, _is_retour, is_lost=True),
    "invalid": Kind("refused by its schema", 0.003, is_lost=True),
    "bsn": Kind("a BSN that fails the 11-proef: another client", 0.003, _has_client),
    "code": Kind("a product code that nobody knows", 0.005, _has_code),
    "version": Kind("a release that is not there", 0.002, is_lost=True),
    "truncated": Kind("a file that ends too early", 0.002, is_lost=True),
    "encoding": Kind("UTF-8 with a byte order mark, UTF-16 or ISO-8859-1", 0.01),
    "envelope": Kind("in a StUF-GGk or VECOZO envelope", 0.05),
    "nested-zip": Kind("in a zip of its own within the delivery", 0.01),
    "future": Kind("dated seventy years ahead", 0.002, is_lost=True),
}
Rates = Mapping[str, float]


def parse_rates(text: str | None) -> dict[str, float]:
    """The rates of ``NAME=RATE,...``; every fault at its usual rate when the text is empty, none when it is None.

    Raises:
        UsageError: no such fault, or no share.
    """
    if text is None:
        return {}
    if not text.strip():
        return {name: kind.rate for name, kind in KINDS.items()}
    found = {}
    for part in text.split(","):
        name, _, rate = part.strip().partition("=")
        if name not in KINDS:
            raise UsageError(f"There is no fault {name}.", f"Choose from {', '.join(KINDS)}.")
        found[name] = _rate(rate, KINDS[name].rate)
    if sum(found.values()) > 1:
        raise UsageError(
            "The rates of the faults add up to more than 1.", "A message has one fault at most: lower them."
        )
    return {name: found[name] for name in KINDS if name in found}


def _rate(text: str, usual: float) -> float:
    try:
        rate = float(text) if text else usual
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        raise UsageError(f"{text} is no rate.", "Give a share between 0 and 1, such as duplicate=0.01.")
    return rate


@dataclass(slots=True)
class Delivery:
    """The messages of a shard in the order in which they are delivered, a duplicate twice; and what was done."""

    berichten: list[Bericht] = field(default_factory=list)
    eligible: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)


def deliver(berichten: list[Bericht], rates: Rates, rng: Random, *, last_day: int, keep: Bericht | None) -> Delivery:
    """Damages messages and puts them in order; sets ``fout`` and ``telt``. ``keep`` is never damaged."""
    found = Delivery()
    ordered = sorted(berichten, key=lambda bericht: bericht.verzend_dag)
    moved: list[Bericht] = []
    for bericht in ordered:
        name = None if bericht is keep else _draw(bericht, rates, rng, found)
        if name is None:
            found.berichten.append(bericht)
            continue
        found.made[name] += 1
        bericht.fout = name
        bericht.telt = not KINDS[name].is_lost
        if name == "disorder":
            moved.append(bericht)
        elif name == "duplicate":
            found.berichten.append(bericht)
            moved.append(bericht)
        elif name != "missing-retour":
            found.berichten += _befall(bericht, name, rng, last_day)
    for bericht in moved:
        found.berichten.insert(rng.randrange(len(found.berichten) + 1), bericht)
    return found


def _draw(bericht: Bericht, rates: Rates, rng: Random, found: Delivery) -> str | None:
    """Which fault befalls a message: each at its rate among those that it can befall."""
    luck, name = rng.random(), None
    for kind, rate in rates.items():
        if KINDS[kind].can_befall(bericht):
            found.eligible[kind] += 1
            if name is None and 0 <= luck < rate:
                name = kind
            luck -= rate
    return name


def _befall(bericht: Bericht, name: str, rng: Random, last_day: int) -> list[Bericht]:
    """What is delivered in the place of a message."""
    if name == "conflict":
        day = bericht.verzend_dag + rng.randrange(LATEST_COPY)
        copy = later_copy(bericht, min(day, last_day))
        copy.telt, copy.fout = False, "conflict-copy"
        bericht.fout = None
        return [bericht, copy]
    if name == "bsn" and bericht.client:
        bericht.foute_bsn = bericht.client.bsn[:-1] + str((int(bericht.client.bsn[-1]) + 1) % 10)
    elif name == "code":
        bericht.foute_codes = {rng.choice(_coded_places(bericht)): UNKNOWN_CODE}
    return [bericht]


class Damager:
    """Writes messages with their faults: bytes, and the name of the file that holds them."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._makers: dict[str, Callable[[Bericht], bytes]] = {
            "conflict-copy": lambda bericht: self._text(bericht).encode() + b"\n",
            "invalid": lambda bericht: VERSION.sub(r"\1x\2", self._text(bericht), count=1).encode(),
            "version": self._other_version,
            "truncated": lambda bericht: self._text(bericht).encode()[: len(self._text(bericht)) * 2 // 3],
            "encoding": self._encoded,
            "envelope": self._enveloped,
            "nested-zip": self._zipped,
            "future": lambda bericht: self._text(later_copy(bericht, bericht.verzend_dag + FUTURE)).encode(),
        }

    def write(self, bericht: Bericht) -> tuple[str, bytes]:
        name = file_name(bericht)
        if bericht.fout == "nested-zip":
            name = name.removesuffix(".xml") + ".zip"
        elif bericht.fout == "conflict-copy":
            name = name.removesuffix(".xml") + "_2.xml"
        maker = self._makers.get(bericht.fout or "")
        return name, maker(bericht) if maker else self._text(bericht).encode()

    def _text(self, bericht: Bericht) -> str:
        return self._writer.write(bericht)

    def _other_version(self, bericht: Bericht) -> bytes:
        return re.sub(r"(istandaarden\.nl/\w+/\d)_\d/", r"\1_9/", self._text(bericht)).encode()

    def _encoded(self, bericht: Bericht) -> bytes:
        encoding = ENCODINGS[_digit(bericht) % len(ENCODINGS)]
        stated = "utf-8" if encoding == "utf-8-sig" else encoding
        return (
            PROLOG.sub("", self._text(bericht))
            .join((f'<?xml version="1.0" encoding="{stated}"?>\n', ""))
            .encode(encoding)
        )

    def _enveloped(self, bericht: Bericht) -> bytes:
        payload = base64.encodebytes(self._text(bericht).encode()).decode()
        return (_stuf if _digit(bericht) % 2 else _vecozo)(bericht, payload).encode()

    def _zipped(self, bericht: Bericht) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(file_name(bericht), DATE_TIME), self._text(bericht))
        return packed.getvalue()


def _digit(bericht: Bericht) -> int:
    """A number that follows from the message's own."""
    return int((bericht.identificatie_retour or bericht.identificatie)[-3:], 36)


def _ends(bericht: Bericht) -> tuple[str, str]:
    sender = sender_of(bericht)
    return sender, bericht.aanbieder if sender == bericht.gemeente else bericht.gemeente


def _stuf(bericht: Bericht, payload: str) -> str:
    stuf, ggk = "http://www.egem.nl/StUF/StUF0301", "http://www.stufstandaarden.nl/koppelvlak/ggk0210"
    kind = "envelopRetourbericht-ggk_Du01" if bericht.is_retour else "envelopHeenbericht-ggk_Di01"
    sides = "".join(
        f"<s:{name}><s:organisatie>{code}</s:organisatie><s:applicatie>GGK</s:applicatie></s:{name}>"
        for name, code in zip(("zender", "ontvanger"), _ends(bericht), strict=True)
    )
    moment = iso(bericht.verzend_dag).replace("-", "") + "101500"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<g:{kind} xmlns:g="{ggk}" xmlns:s="{stuf}"><g:stuurgegevens>'
        f"<s:berichtcode>{kind[-4:]}</s:berichtcode>{sides}<s:referentienummer>{bericht.identificatie}</s:referentienummer>"
        f"<s:tijdstipBericht>{moment}</s:tijdstipBericht></g:stuurgegevens>"
        f"<g:bericht><g:xmlBestand>{payload}</g:xmlBestand></g:bericht></g:{kind}>\n"
    )


def _vecozo(bericht: Bericht, payload: str) -> str:
    soap, vecozo = "http://schemas.xmlsoap.org/soap/envelope/", "http://schemas.vecozo.nl/berichtuitwisseling"
    sender, receiver = (_relatie(bericht, code) for code in _ends(bericht))
    wet = bericht.wet.upper()
    own = bericht.identificatie_retour or bericht.identificatie
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="{soap}">'
        f'<soap:Header xmlns:h="{vecozo}/header/v3" xmlns:t="{vecozo}/types/v3">'
        f"<h:RouteringHeader><h:Afzender>{sender}</h:Afzender><h:Geadresseerden>{receiver}</h:Geadresseerden>"
        f"<h:Berichttype>{wet}</h:Berichttype><h:Berichtsubtype>{wet}{bericht.nummer}</h:Berichtsubtype></h:RouteringHeader>"
        f"<h:ReferentieHeader><h:ReferentieId>{own}</h:ReferentieId></h:ReferentieHeader>"
        f"<h:ConversatieHeader><h:TraceerId>{bericht.identificatie}</h:TraceerId></h:ConversatieHeader></soap:Header>"
        f'<soap:Body><v:IndienenBericht xmlns:v="{vecozo}/v3" xmlns:m="{vecozo}/messages/v3">'
        f"<v:Request><m:Bericht><m:Data>{payload}</m:Data></m:Bericht>"
        "</v:Request></v:IndienenBericht></soap:Body></soap:Envelope>\n"
    )


def _relatie(bericht: Bericht, code: str) -> str:
    role = "Gemeente" if code == bericht.gemeente else "Instelling"
    return f"<h:Relatie><t:Rol>{role}</t:Rol><t:Code>{code}</t:Code></h:Relatie>"
