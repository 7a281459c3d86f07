"""Builds envelopes as the GGk and VECOZO send them. Codes and messages are invented."""

from __future__ import annotations

from base64 import b64encode

BERICHT = b'<?xml version="1.0" encoding="UTF-8"?>\n<jw315:Bericht xmlns:jw315="http://www.istandaarden.nl/ijw/3_2/jw315/schema"/>'
ANDER = b'<Bericht xmlns="http://www.istandaarden.nl/iwmo/2_3/wmo301/schema"/>'
GGK = "http://www.stufstandaarden.nl/koppelvlak/ggk0210"
GGK_OLD = "http://www.stufstandaarden.nl/sectormodel/ggk/0210"
GGK_0310 = "http://www.stufstandaarden.nl/sectormodel/ggk/0310"
STUF = "http://www.egem.nl/StUF/StUF0301"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
VECOZO = "http://schemas.vecozo.nl/berichtuitwisseling"


def base64(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def file(content: bytes, name: str = "xmlBestand") -> str:
    return f'<ggk:{name} StUF:bestandsnaam="Jansen.xml">{base64(content)}</ggk:{name}>'


def ggk(bericht: str, *, root: str = "envelopHeenbericht-ggk_Di01", namespace: str = GGK, **fields: str) -> str:
    values = {
        "zender": "0384",
        "ontvanger": "12345678",
        "referentie": "{6f9619ff-8b86-d011-b42d-00c04fc964ff}",
        "tijdstip": "20191104093015",
        **fields,
    }
    return f"""<ggk:{root} xmlns:ggk="{namespace}" xmlns:StUF="{STUF}">
  <ggk:stuurgegevens>
    <StUF:berichtcode>Di01</StUF:berichtcode>
    <StUF:zender><StUF:organisatie>{values["zender"]}</StUF:organisatie><StUF:applicatie>Applicatie</StUF:applicatie>
      <StUF:gebruiker>Jansen</StUF:gebruiker></StUF:zender>
    <StUF:ontvanger><StUF:organisatie>{values["ontvanger"]}</StUF:organisatie></StUF:ontvanger>
    <StUF:referentienummer>{values["referentie"]}</StUF:referentienummer>
    <StUF:tijdstipBericht>{values["tijdstip"]}</StUF:tijdstipBericht>
    <StUF:functie>JW315</StUF:functie>
  </ggk:stuurgegevens>
  <ggk:parameters><ggk:functieVersie>0003</ggk:functieVersie></ggk:parameters>
  <ggk:bericht>{bericht}</ggk:bericht>
</ggk:{root}>"""


def notice(root: str) -> str:
    told = "<StUF:stuurgegevens><StUF:berichtcode>Fo01</StUF:berichtcode></StUF:stuurgegevens>"
    return f'<StUF:{root} xmlns:StUF="{STUF}">{told}</StUF:{root}>'


def soap(body: str, *, header: str = "", namespace: str = SOAP_11) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!-- onderweg --><s:Envelope xmlns:s="{namespace}">{header}<s:Body>{body}</s:Body></s:Envelope>"""


def vecozo(*data: str, addressees: tuple[str, ...] = ("0384",), namespace: str = SOAP_11) -> str:
    relaties = "".join(f"<h:Relatie><t:Rol>Gemeente</t:Rol><t:Code>{code}</t:Code></h:Relatie>" for code in addressees)
    header = f"""<s:Header xmlns:h="{VECOZO}/header/v3" xmlns:t="{VECOZO}/types/v3">
      <h:RouteringHeader><h:Afzender><h:Relatie><t:Rol>Instelling</t:Rol><t:Code>12345678</t:Code></h:Relatie></h:Afzender>
        <h:Geadresseerden>{relaties}</h:Geadresseerden><h:Berichttype>JW</h:Berichttype></h:RouteringHeader>
      <h:ReferentieHeader><h:ReferentieId>ref-1</h:ReferentieId></h:ReferentieHeader>
      <h:ConversatieHeader><h:TraceerId>trace-1</h:TraceerId></h:ConversatieHeader></s:Header>"""
    berichten = "".join(f"<m:Bericht><m:Data>{one}</m:Data></m:Bericht>" for one in data)
    request = f"<Request>{berichten}</Request>"
    body = f'<IndienenBericht xmlns="{VECOZO}/v3" xmlns:m="{VECOZO}/messages/v3">{request}</IndienenBericht>'
    return soap(body, header=header, namespace=namespace)
