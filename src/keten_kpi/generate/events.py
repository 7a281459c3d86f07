"""What happens in the chain: people, requests, toewijzingen, care, and the messages that tell of them.

Days are ordinals, amounts are cents. A Bericht is an event, not yet bytes: ``write`` makes those.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FROM_GEMEENTE = frozenset({"301", "319", "325", "304"})  # heenberichten and answers whose sender is the gemeente
RETOUR_OF = {"301": "302", "305": "306", "307": "308", "315": "316", "317": "318", "319": "320"}
HARMLESS = frozenset({"0200", "0233", "8001"})  # retourcodes that refuse nothing


@dataclass(frozen=True, slots=True)
class Client:
    """A person that does not exist."""

    bsn: str
    geboren: int
    geslacht: str
    achternaam: str
    voorletters: str
    postcode: str
    straat: str
    huisnummer: int


@dataclass(frozen=True, slots=True)
class Product:
    """What is granted; ``code`` None is an aspecifieke toewijzing, ``categorie`` None a generieke."""

    categorie: str | None
    code: str | None
    eenheid: str
    tarief: int
    volume: int
    frequentie: str
    declaratie_categorie: str
    declaratie_code: str


@dataclass(slots=True, eq=False)
class Toewijzing:
    """One ToewijzingNummer of one gemeente, with the version that holds now."""

    nummer: int
    product: Product
    versie: Versie | None = None
    is_ingetrokken: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Versie:
    """A version of a toewijzing: known by the moment of its decision (OP033x1)."""

    toewijzing: Toewijzing
    besluit_dag: int
    besluit_tijd: str
    ingang: int
    einde: int | None
    reden: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Toegewezen:
    """A line of a 301."""

    versie: Versie
    referentie: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Vraag:
    """An AangevraagdProduct of a 315."""

    referentie: str
    product: Product
    ingang: int
    verwijzer: str


@dataclass(frozen=True, slots=True, eq=False)
class Wijziging:
    """The Verzoek of a 317: what stays, what changes, what is new."""

    referentie: str
    reden: str
    ongewijzigd: tuple[int, ...]
    te_wijzigen: tuple[tuple[Toewijzing, int, int], ...]  # toewijzing, gewenste ingang, volume
    nieuw: tuple[tuple[Product, int], ...]  # product, gewenste ingang


@dataclass(frozen=True, slots=True, eq=False)
class Antwoord:
    """A 319."""

    referentie: str
    antwoord: str
    reden: str | None = None
    woonplaats: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """A StartProduct of a 305."""

    toewijzing: Toewijzing
    ingang: int
    begin: int
    status: str = "1"


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """A StopProduct of a 307."""

    toewijzing: Toewijzing
    ingang: int
    begin: int
    einde: int
    reden: str
    status: str = "1"


@dataclass(frozen=True, slots=True, eq=False)
class Prestatie:
    """What was delivered in a month, or (``is_credit``) takes an earlier prestatie back."""

    client: Client
    toewijzing: Toewijzing
    nummer: str
    begin: int
    einde: int
    volume: int
    centen: int
    vorig: str | None = None
    is_credit: bool = False

    @property
    def bedrag(self) -> int:
        return -self.centen if self.is_credit else self.centen


@dataclass(frozen=True, slots=True, eq=False)
class Periode:
    """What a 323 or 303 is about."""

    begin: int
    einde: int


Regel = Toegewezen | Vraag | Wijziging | Antwoord | Start | Stop | Prestatie


@dataclass(slots=True, eq=False)
class Bericht:
    """A message as an event. A retour or answer has ``heen``; its own number and day stand in ``*_retour``.

    ``fout`` names the fault that befell it; ``telt`` is whether it arrives, valid and within the period, and counts.
    """

    wet: str
    nummer: str
    gemeente: str
    aanbieder: str
    identificatie: str
    dag: int
    client: Client | None = None
    regels: tuple[Regel, ...] = ()
    periode: Periode | None = None
    heen: Bericht | None = None
    identificatie_retour: str | None = None
    dag_retour: int | None = None
    code: str | None = None  # of a retour or answer: refuses all of it
    regelcodes: dict[int, str] = field(default_factory=dict)  # of a retour or answer: place of a line, code
    fout: str | None = None
    foute_bsn: str | None = None  # stands in the place of every BSN
    foute_codes: dict[int, str] = field(default_factory=dict)  # place of a line, code in the place of its own
    telt: bool = True
    is_afgekeurd: bool = False  # set once it is known which retouren arrive

    @property
    def verzend_dag(self) -> int:
        return self.dag if self.dag_retour is None else self.dag_retour

    @property
    def is_retour(self) -> bool:
        return self.heen is not None and self.nummer not in FROM_GEMEENTE

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that refuse, of the header first."""
        return (*((self.code,) if self.code else ()), *self.regelcodes.values())

    @property
    def key(self) -> tuple[str, ...]:
        """What tells one heenbericht from another (9056)."""
        return (self.wet, self.nummer, self.gemeente, self.aanbieder, self.identificatie)

    def code_of(self, place: int, code: str | None) -> str | None:
        """The product code that a line is sent with."""
        return self.foute_codes.get(place, code)

    def bsn_of(self, client: Client) -> str:
        """The BSN that a client is sent with."""
        return self.foute_bsn or client.bsn

    @property
    def bsn(self) -> str | None:
        return None if self.client is None else self.bsn_of(self.client)
