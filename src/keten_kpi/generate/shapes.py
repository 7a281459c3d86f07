"""The structure of each message type, written once: per line an element, indented under its parent.

A line is ``Name value``; ``b:`` before the name: the element is in the base namespace. ``{key}`` is filled in,
``Name? {key}`` left out when the value is None, ``+key`` is a place for other pieces. ``@2`` and ``@3`` after a name:
only in release 2.3, or only from release 3 on. Indentation follows that of the message as a whole.
"""

from __future__ import annotations

from typing import Final

CODES: Final = """
RetourCodes
  RetourCode {code}
"""
HEADER: Final = """
Header
  BerichtCode {berichtcode}
  BerichtVersie {versie}
  BerichtSubversie {subversie}
  Afzender {afzender}
  Ontvanger {ontvanger}
  BerichtIdentificatie
    b:Identificatie {identificatie}
    b:Dagtekening {dagtekening}
  XsdVersie @3
    b:BasisschemaXsdVersie 1.0.0
    b:BerichtXsdVersie 1.0.0
  +vervolg
"""
HEADER_RETOUR: Final = """
IdentificatieRetour {identificatie_retour}
DagtekeningRetour {dagtekening_retour}
XsdVersieRetour @3
  b:BasisschemaXsdVersie 1.0.0
  b:BerichtXsdVersie 1.0.0
+codes
"""
HEADER_325: Final = """
DeclaratieIdentificatie
  b:Identificatie {heen_identificatie}
  b:Dagtekening {heen_dagtekening}
XsdVersieDeclaratie @3
  b:BasisschemaXsdVersie 1.0.0
  b:BerichtXsdVersie 1.0.0
+codes
"""
HEADER_303: Final = """
Header
  BerichtCode {berichtcode}
  BerichtVersie {versie}
  BerichtSubversie {subversie}
  Gemeente {gemeente}
  Aanbieder {aanbieder}
  BetalingAanID 02
  DeclaratieFactuurIdentificatie
    b:DeclaratiePeriode
      b:Begindatum {periode_begin}
      b:Einddatum {periode_einde}
    b:DeclarantFactuurNummer {identificatie}
    b:FactuurDagtekening {dagtekening}
    b:ValutaCode EUR
  +vervolg
"""
BEDRAGEN_303: Final = """
DeclaratieFactuurBedragen
  b:DeclaratieFactuurTotaalBedrag
    b:TotaalBedrag {totaal}
    b:DebetCredit {dc}
"""
BEDRAGEN_304: Final = """
RetourHeader
  b:GemeenteReferentieNummer {identificatie_retour}
  b:RetourDagtekening {dagtekening_retour}
RetourBedragen
  b:IngediendTotaalBedrag
    b:TotaalBedrag {totaal}
    b:DebetCredit {dc}
  b:ToegekendTotaalBedrag
    b:TotaalBedrag {toegekend}
    b:DebetCredit {toegekend_dc}
+codes
"""
CLIENT: Final = """
Client
  Bsn {bsn}
  Geboortedatum
    b:Datum {geboren}
  Geslacht {geslacht}
  Naam
    b:Geslachtsnaam
      b:Achternaam {achternaam}
    b:Voorletters {voorletters}
  +vervolg
"""
CLIENT_301: Final = """
Client
  Bsn {bsn}
  Geboortedatum
    b:Datum {geboren}
  Geslacht {geslacht}
  Naam
    b:Geslachtsnaam
      b:Achternaam {achternaam}
    b:Voorletters {voorletters}
    b:NaamGebruik 1
  Contactgegevens
    Contact
      Soort 01
      Adres
        b:Huis
          b:Huisnummer {huisnummer}
        b:Postcode {postcode}
        b:Straatnaam {straat}
        b:Plaatsnaam Nergenshuizen
        b:LandCode NL
      +codes
  +vervolg
"""
CLIENT_KORT: Final = """
Client
  Bsn {bsn}
  +vervolg
"""
BESCHIKKING: Final = """
Beschikking
  BeschikkingNummer {nummer}
  Afgiftedatum {afgifte}
  Ingangsdatum {ingang}
  ToegewezenProducten
    +regels
  +codes
"""
PRODUCT: Final = """
Product
  b:Categorie {categorie}
  b:Code? {code}
"""
OMVANG: Final = """
Omvang
  b:Volume {volume}
  b:Eenheid {eenheid}
  b:Frequentie {frequentie}
"""
TOEGEWEZEN: Final = """
ToegewezenProduct
  ToewijzingNummer {nummer}
  ReferentieAanbieder? {referentie}
  +product
  Toewijzingsdatum {besluit_dag}
  Toewijzingstijd {besluit_tijd}
  Ingangsdatum {ingang}
  Einddatum? {einde}
  RedenWijziging? {reden}
  +omvang
  +codes
"""
VRAAG: Final = """
AangevraagdProduct
  ReferentieAanbieder {referentie}
  +product
  ToewijzingIngangsdatum {ingang}
  +omvang
  Verwijzer
    b:Type {verwijzer}
  +codes
"""
ANTWOORD: Final = """
Antwoord
  ReferentieAanbieder {referentie}
  VerzoekAntwoord {antwoord}
  RedenAfwijzingVerzoek? {reden}
  +woonplaats
  +codes
"""
WOONPLAATS: Final = """
Woonplaatsbeginsel
  Gemeente {gemeente}
  +codes
"""
START: Final = """
StartProduct
  ToewijzingNummer {nummer}
  +product
  ToewijzingIngangsdatum {ingang}
  Begindatum {begin}
  StatusAanlevering {status}
  +codes
"""
STOP: Final = """
StopProduct
  ToewijzingNummer {nummer}
  +product
  ToewijzingIngangsdatum {ingang}
  Begindatum {begin}
  RedenBeeindiging {reden}
  Einddatum {einde}
  StatusAanlevering {status}
  +codes
"""
VERZOEK: Final = """
Verzoek
  ReferentieAanbieder {referentie}
  RedenVerzoek {reden}
  +ongewijzigd
  +te_wijzigen
  +nieuw
  +codes
"""
ONGEWIJZIGD: Final = """
OngewijzigdProduct
  ToewijzingNummer {nummer}
  +codes
"""
TE_WIJZIGEN: Final = """
TeWijzigenProduct
  ToewijzingNummer {nummer}
  GewensteIngangsdatum {ingang}
  +omvang
  +codes
"""
NIEUW: Final = """
NieuwProduct
  +product
  GewensteIngangsdatum {ingang}
  +omvang
  +codes
"""
DECLARATIE: Final = """
Declaratie
  DeclaratieNummer {identificatie}
  DeclaratiePeriode
    b:Begindatum {periode_begin}
    b:Einddatum {periode_einde}
  DeclaratieDagtekening {dagtekening}
  TotaalIngediendBedrag
    b:TotaalBedrag {totaal}
    b:DebetCredit {dc}
  +vervolg
"""
DECLARATIE_ANTWOORD: Final = """
DeclaratieAntwoord
  DeclaratieNummer {heen_identificatie}
  TotaalIngediendBedrag
    b:TotaalBedrag {totaal}
    b:DebetCredit {dc}
  TotaalToegekendBedrag
    b:TotaalBedrag {toegekend}
    b:DebetCredit {toegekend_dc}
  +vervolg
  +codes
"""
PRESTATIE: Final = """
Prestatie
  ProductReferentie
    b:ReferentieNummer {referentie}
    b:VorigReferentieNummer? {vorig}
  ToewijzingNummer {nummer}
  ProductCategorie {categorie}
  ProductCode {code}
  ProductPeriode
    b:Begindatum {begin}
    b:Einddatum {einde}
  GeleverdVolume {volume}
  Eenheid {eenheid}
  ProductTarief? {tarief}
  IngediendBedrag
    b:Bedrag {centen}
    b:DebetCredit {dc}
  +codes
"""
PRESTATIE_303: Final = """
Prestatie
  ToewijzingNummer {nummer}
  ProductCategorie {categorie}
  ProductCode {code}
  ProductPeriode
    b:Begindatum {begin}
    b:Einddatum {einde}
  IngediendeBedragPrestatie
    b:GeleverdVolume {volume}
    b:Eenheid {eenheid}
    b:ProductTarief? {tarief}
    b:DeclaratieFactuurBedrag
      b:Bedrag {centen}
      b:DebetCredit {dc}
  ProductReferentie
    b:ReferentieNummer {referentie}
    b:VorigReferentieNummer? {vorig}
  +toegekend
  +codes
"""
TOEGEKEND: Final = """
ToegekendeBedragPrestatie
  b:GemeenteBerekendBedrag
    b:Bedrag {centen}
    b:DebetCredit {dc}
  b:ToegekendBedrag
    b:Bedrag {toegekend}
    b:DebetCredit {dc}
"""


def group(name: str) -> str:
    """An element that holds nothing but pieces."""
    return f"{name}\n  +regels\n"
