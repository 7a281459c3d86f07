"""What a person reads: the path and the one sentence of a fault, for every kind of mistake."""

from __future__ import annotations

import pytest

from keten_kpi.source import Fault, Reason
from keten_kpi.validate.explain import MOST_FAULTS
from tests.oracle.facts import load
from tests.oracle.generate import maximal, maximal_tree, write
from tests.oracle.mutate import STYLES

FULL = {
    message: maximal(load(standaard, release), message).decode()
    for standaard, release, message in [("ijw", "3.2", "JW301"), ("iwmo", "2.3", "WMO303"), ("ijw", "3.2", "JW323")]
}
BSN = "<m:Bsn>999900006</m:Bsn>"
GESLACHT = "\n<m:Geslacht>0</m:Geslacht>"
STATUS = "\n<m:JuridischeStatus>01</m:JuridischeStatus>"
VERTEGENWOORDIGING = "\n<m:WettelijkeVertegenwoordiging>06</m:WettelijkeVertegenwoordiging>"
DAY = "<b:Dagtekening>2019-08-01<"
DATE = "Dagtekening must be a date as YYYY-MM-DD without time zone, but is"

# message, what stands there, what is put in its place (once), path of the fault, sentence
GOLDEN = [
    # values
    ("JW301", BSN, "<m:Bsn>99990000</m:Bsn>", "/Bericht/Client/Bsn", "Bsn must be 9 digits, but is 8 digits"),
    ("JW301", BSN, "<m:Bsn/>", "/Bericht/Client/Bsn", "Bsn must be 9 digits, but is empty"),
    ("JW301", BSN, "<m:Bsn>99990000X</m:Bsn>", "/Bericht/Client/Bsn",
     "Bsn must be 9 digits, but is 9 characters, of which 8 digits"),
    ("JW301", BSN, "<m:Bsn> 999900006</m:Bsn>", "/Bericht/Client/Bsn",
     "Bsn must be 9 digits, but is 10 characters, of which 9 digits, with white space around it"),
    ("JW301", ">0384<", ">Utrecht<", "/Bericht/Header/Afzender",
     "Afzender must be 4 digits, but is a text of 7 characters"),
    ("JW301", "<b:Identificatie>Proef<", "<b:Identificatie>1234567890123<",
     "/Bericht/Header/BerichtIdentificatie/Identificatie",
     "Identificatie must be 1 to 12 characters on one line, not only white space, but is 13 digits"),
    ("JW301", "<b:Identificatie>Proef<", "<b:Identificatie>a\nb<", "/Bericht/Header/BerichtIdentificatie/Identificatie",
     ("Identificatie must be 1 to 12 characters on one line, not only white space, "
      "but is a text of 3 characters, with a line break in it")),
    ("JW301", "<b:Identificatie>Proef<", "<b:Identificatie>  <", "/Bericht/Header/BerichtIdentificatie/Identificatie",
     "Identificatie must be 1 to 12 characters on one line, not only white space, but is only white space"),
    ("JW301", "<m:Geslacht>0<", "<m:Geslacht>3<", "/Bericht/Client/Geslacht",
     "Geslacht must be one of 0, 1, 2, but is 3"),
    ("JW301", "<m:Geslacht>0<", "<m:Geslacht>M<", "/Bericht/Client/Geslacht",
     "Geslacht must be one of 0, 1, 2, but is a text of 1 character"),
    ("JW301", "<b:Eenheid>01<", "<b:Eenheid>1<",
     "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]/Omvang/Eenheid",
     "Eenheid must be one of 01, 04, 14, 16, 82, 83, 84, but is 1"),
    ("JW301", "<b:Categorie>31<", "<b:Categorie>01A<",
     "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]/Product/Categorie",
     "Categorie must be one of 31, 32, 33, 34, 35, 36, 37, 38, 40, 41, 42, 43, ... (24 codes), but is 01A"),
    ("JW301", DAY, "<b:Dagtekening>2019-02-29<", "/Bericht/Header/BerichtIdentificatie/Dagtekening",
     f"{DATE} a day that does not exist"),
    ("JW301", DAY, "<b:Dagtekening>2019-08-01Z<", "/Bericht/Header/BerichtIdentificatie/Dagtekening",
     f"{DATE} a day with a time zone"),
    ("JW301", DAY, "<b:Dagtekening>01-08-2019<", "/Bericht/Header/BerichtIdentificatie/Dagtekening",
     f"{DATE} of the form 99-99-9999"),
    ("JW301", DAY, "<b:Dagtekening>1 augustus<", "/Bericht/Header/BerichtIdentificatie/Dagtekening",
     f"{DATE} 10 characters, of which 1 digit"),
    ("JW301", DAY, "<b:Dagtekening><", "/Bericht/Header/BerichtIdentificatie/Dagtekening", f"{DATE} empty"),
    ("JW301", ">10:30:00<", ">10:30<",
     "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]/Toewijzingstijd",
     "Toewijzingstijd must be a time as hh:mm:ss without time zone, but is of the form 99:99"),
    ("JW301", ">10:30:00<", ">24:30:00<",
     "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]/Toewijzingstijd",
     "Toewijzingstijd must be a time as hh:mm:ss without time zone, but is a time that does not exist"),
    ("JW301", "<b:Volume>1<", "<b:Volume>1,5<",
     "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]/Omvang/Volume",
     "Volume must be a whole number from 0 to 99999999, but is 3 characters, of which 2 digits"),
    ("JW301", "<b:Volume>1<", "<b:Volume>123456789<",
     "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]/Omvang/Volume",
     "Volume must be a whole number from 0 to 99999999, but is 9 digits"),
    ("JW301", "<b:Voorletters>JÉ<", "<b:Voorletters>J.É.<", "/Bericht/Client/Naam/Voorletters",
     "Voorletters must be 1 to 6 letters, but is a text of 4 characters"),
    ("JW301", "<b:BerichtXsdVersie>1.0.2<", "<b:BerichtXsdVersie>1.0<", "/Bericht/Header/XsdVersie/BerichtXsdVersie",
     "BerichtXsdVersie must be a version of three numbers, such as 1.0.2, but is 3 characters, of which 2 digits"),
    ("JW301", ">Een opmerking.<", "> \n<", "/Bericht/Client/Commentaar",
     "Commentaar must be a text that is not only white space, but is only white space"),
    ("JW301", "<b:Huisletter>P<", "<b:Huisletter>bis<",
     "/Bericht/Client/Relaties/Relatie[1]/Contact/Adres/Huis/Huisletter",
     "Huisletter must be 1 character on one line, not only white space, but is a text of 3 characters"),
    ("JW301", "<b:Telefoonnummer>0201234567<", "<b:Telefoonnummer>020-1234567<",
     "/Bericht/Client/Relaties/Relatie[1]/Contact/Telefoon/Telefoon01/Telefoonnummer",
     "Telefoonnummer must be 1 to 15 digits, but is 11 characters, of which 10 digits"),
    ("WMO303", ">98000001<", ">98000000<", "/Bericht/Header/Servicebureau",
     "Servicebureau must be 8 digits: all of them 0, or 98 and 6 digits that are not all 0, but is 8 digits"),
    # the header tells another type than the namespace
    ("JW301", "<m:BerichtCode>436<", "<m:BerichtCode>438<", "/Bericht/Header/BerichtCode",
     "BerichtCode is 438 (JW305) where a JW301 has 436"),
    ("JW301", "<m:BerichtCode>436<", "<m:BerichtCode>301<", "/Bericht/Header/BerichtCode",
     "BerichtCode is 301 where a JW301 has 436"),
    ("JW301", "<m:BerichtCode>436<", "<m:BerichtCode>Jansen<", "/Bericht/Header/BerichtCode",
     "BerichtCode is a text of 6 characters where a JW301 has 436"),
    ("JW301", "<m:BerichtVersie>3<", "<m:BerichtVersie>2<", "/Bericht/Header/BerichtVersie",
     "BerichtVersie is 2 where iJw 3.2 has 3"),
    ("JW301", "<m:BerichtSubversie>2<", "<m:BerichtSubversie>02<", "/Bericht/Header/BerichtSubversie",
     "BerichtSubversie is 02 where iJw 3.2 has 2"),
    ("WMO303", "<m:BerichtCode>416<", "<m:BerichtCode>432<", "/Bericht/Header/BerichtCode",
     "BerichtCode is 432 (JW303) where a WMO303 has 416 or 448"),
    # what stands where
    ("JW301", GESLACHT, "", "/Bericht/Client/Naam", "Naam stands where Geslacht is required, which is missing"),
    ("JW301", f"{BSN}\n<m:Geboortedatum>", "<m:Geboortedatum>", "/Bericht/Client/Geboortedatum",
     "Geboortedatum stands where Bsn is required, which is missing"),
    ("JW301", "\n<b:BerichtXsdVersie>1.0.2</b:BerichtXsdVersie>", "", "/Bericht/Header/XsdVersie",
     "XsdVersie ends without BerichtXsdVersie, which is required"),
    ("JW301", f"{BSN}\n<m:Geboortedatum>",
     f"<m:Geboortedatum>\n<b:Datum>2019-08-01</b:Datum></m:Geboortedatum>{BSN}\n<m:Geboortedatum>",
     "/Bericht/Client/Geboortedatum[1]",
     "Geboortedatum stands where Bsn is required, which comes after it"),
    ("JW301", GESLACHT, GESLACHT * 2, "/Bericht/Client/Geslacht[2]",
     "Geslacht stands more than once in Client, which is not allowed"),
    ("JW301", f"{STATUS}{VERTEGENWOORDIGING}", f"{VERTEGENWOORDIGING}{STATUS}",
     "/Bericht/Client/JuridischeStatus",
     "JuridischeStatus stands after WettelijkeVertegenwoordiging, but belongs before it"),
    ("JW301", "\n<m:ToegewezenProducten>", "\n<m:Prestatie/>\n<m:ToegewezenProducten>", "/Bericht/Client/Prestatie",
     "Prestatie stands in Client, where ToegewezenProducten is required"),
    ("JW301", "\n</m:Client>", "<m:Client/>\n</m:Client>", "/Bericht/Client/Client",
     "Client stands in Client, where nothing may follow"),
    ("JW301", "\n</m:ToegewezenProducten>", "<m:Jansen/></m:ToegewezenProducten>",
     "/Bericht/Client/ToegewezenProducten/*[3]",
     ("An element that the standard does not have stands in ToegewezenProducten, "
      "where only ToegewezenProduct may follow")),
    ("JW301", GESLACHT, f"<m:Jansen/>{GESLACHT}", "/Bericht/Client/*[3]",
     "An element that the standard does not have stands in Client, where Geslacht is required"),
    ("JW301", "\n<m:Commentaar>", "<m:Jansen/>\n<m:Commentaar>", "/Bericht/Client/*[8]",
     ("An element that the standard does not have stands in Client, where Commentaar, Relaties or Contactgegevens "
      "is expected")),
    ("JW301", "\n<m:Communicatie>", "<m:Jansen/>\n<m:Communicatie>", "/Bericht/Client/*[5]",
     ("An element that the standard does not have stands in Client, where Communicatie, JuridischeStatus, "
      "WettelijkeVertegenwoordiging, Commentaar, Relaties or 1 more is expected")),
    ("JW301", GESLACHT, "<b:Geslacht>0</b:Geslacht>", "/Bericht/Client/Geslacht",
     "Geslacht is in another namespace than http://www.istandaarden.nl/ijw/3_2/jw301/schema, where Client has it"),
    ("JW301", GESLACHT, '<Geslacht xmlns="urn:jansen">0</Geslacht>', "/Bericht/Client/Geslacht",
     "Geslacht is in another namespace than http://www.istandaarden.nl/ijw/3_2/jw301/schema, where Client has it"),
    ("JW301", "<m:Client>", "<m:Client>Jansen", "/Bericht/Client",
     "Client has text beside its elements, where only elements may stand"),
    ("JW301", BSN, "<m:Bsn>999900006<m:Jansen/></m:Bsn>", "/Bericht/Client/Bsn",
     "Bsn has an element in it, where only a value may stand"),
    ("JW301", "<m:Client>", '<m:Client jansen="1">', "/Bericht/Client",
     "Client has an attribute, which the standard does not have"),
    ("JW301", "<m:Bsn>", '<m:Bsn jansen="1">', "/Bericht/Client/Bsn",
     "Bsn has an attribute, which the standard does not have"),
    ("JW301", "<m:Bsn>", '<m:Bsn xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true">',
     "/Bericht/Client/Bsn", "Bsn has the attribute xsi:nil, which the standard does not have"),
    ("JW301", "<m:Bsn>", '<m:Bsn xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="b:LDT_Naam">',
     "/Bericht/Client/Bsn", "Bsn has an xsi:type that is not the type of this element"),
    ("JW301", "<m:Bsn>", '<m:Bsn xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="jansen">',
     "/Bericht/Client/Bsn", "Bsn has an xsi:type that the standard does not have"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "old", "new", "path", "sentence"), GOLDEN)
def test_mistake_is_told_in_one_plain_sentence(only_fault, message, old, new, path, sentence):
    before, found, after = FULL[message].partition(old)
    assert found
    fault = only_fault(f"{before}{new}{after}".encode())
    assert (fault.reason, fault.path, fault.message) == (Reason.INVALID, path, sentence)


def test_fault_stands_on_the_line_of_its_element(only_fault):
    text = FULL["JW301"].replace(BSN, "<m:Bsn>1</m:Bsn>")
    assert only_fault(text.encode()).line == text[: text.index("<m:Bsn>")].count("\n") + 1


def test_line_is_right_beyond_what_libxml2_keeps_in_sixteen_bits(only_fault):
    head, part, tail = FULL["JW301"].partition("\n<m:Toewijzingsdatum>")
    text = f"{head}{chr(10) * 70_000}{part}{tail}".replace("<m:Toewijzingstijd>", "<m:Toewijzingstijd>x", 1)
    assert only_fault(text.encode()).line == text[: text.index("<m:Toewijzingstijd>")].count("\n") + 1


def test_element_with_more_than_one_error_has_one_fault(only_fault):
    fault = only_fault(FULL["JW301"].replace("<m:Geslacht>0<", "<m:Geslacht>77<", 1).encode())
    assert fault.message == "Geslacht must be one of 0, 1, 2, but is 77"


def test_faults_come_in_the_order_of_the_document(judge):
    text = FULL["JW301"].replace(BSN, "<m:Bsn>1</m:Bsn>").replace("<b:Volume>1<", "<b:Volume>x<")
    product = "/Bericht/Client/ToegewezenProducten/ToegewezenProduct"
    assert [fault.path for fault in judge(text.encode()).faults] == [
        "/Bericht/Client/Bsn",
        f"{product}[1]/Omvang/Volume",
        f"{product}[2]/Omvang/Volume",
    ]


@pytest.mark.parametrize("style", STYLES)
def test_path_does_not_depend_on_how_namespaces_are_written(judge, style):
    tree = maximal_tree(load("ijw", "3.2"), "JW301")
    broken = [node for node in tree.walk() if node.name in {"Bsn", "Volume", "Dagtekening", "Nummer", "Achternaam"}]
    for node in broken:
        node.text = ""
    assert [fault.path for fault in judge(write(tree, style).content).faults] == [node.path for node in broken]


@pytest.mark.parametrize(
    ("wrong", "told"), [(MOST_FAULTS, MOST_FAULTS), (MOST_FAULTS + 1, MOST_FAULTS), (500, MOST_FAULTS)]
)
def test_faults_beyond_the_most_that_are_told_are_counted(judge, wrong, told):
    head, found, tail = FULL["JW323"].partition("\n<m:Prestatie>")
    first = found + tail.partition("\n<m:Prestatie>")[0]
    bad = first.replace("<m:ToewijzingNummer>1<", "<m:ToewijzingNummer>x<")
    assert bad != first
    faults = judge(f"{head}{bad * wrong}{found}{tail}".encode()).faults
    assert len(faults) == told
    if wrong > told:
        rest = f"And {wrong - told + 1} more elements are not as the schema has them"
        assert faults[-1] == Fault(Reason.INVALID, rest)
