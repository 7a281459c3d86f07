"""Traffic for the rooms beyond the KPIs: a book of declaraties with all that goes wrong, codes, and whole chains."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from keten_kpi.standaard.productcodelijst import Lacune, Productcode, Productcodelijst, version_day
from tests.spec.voorbeelden import Database, Voorbeeld, bericht_id
from tests.verantwoording.boek import Boek, P

if TYPE_CHECKING:
    from keten_kpi.database import Connection

REFUSED = "9321"


def _read(text: str) -> list[dict[str, str]]:
    """Blocks of lines under a line of column names; a dot is nothing said."""
    found: list[dict[str, str]] = []
    for block in text.strip().split("\n\n"):
        head, *lines = (line.split() for line in block.splitlines())
        found += [{n: v for n, v in zip(head, line, strict=True) if v != "."} for line in lines]
    return found


def declaraties(con: Connection) -> None:
    """Two aanbieders, two gemeenten, both wetten and both releases; every soort of difference once or more."""
    boek = Boek(con)
    boek.toewijzing(1)
    boek.toewijzing(2, "02A03", wet="WMO")
    boek.toewijzing(3, "45XYZ", gemeente="0363")
    boek.toewijzing(4, "45A05")
    boek.toewijzing(1, "45A06", gemeente="0363")
    boek.toewijzing(1, "45A07", wet="WMO")
    boek.declaratie("1", P("a", 12_345), P("b", 5_000, client="B"), P("e", 12_300, eenheid="83", volume=12_300))
    boek.antwoord("1", 29_645, 17_300, (P("a", 12_345), REFUSED, None))
    boek.declaratie("2", P("a", 12_345), P("f", 0, client="F"), op="2025-05-05")
    boek.antwoord("2", 12_345, 12_345, op="2025-05-09")
    boek.declaratie(
        "3", P("c1", -5_000, vorig="b"), P("c2", -4_000, vorig="e"), P("c3", -700, vorig="zz"), op="2025-06-05"
    )
    boek.antwoord("3", -9_700, -9_700, op="2025-06-09")
    boek.declaratie("4", P("c4", -12_300, vorig="e"), P("c5", -12_300, vorig="e"), op="2025-06-06")
    boek.antwoord("4", -24_600, -12_300, (P("c4", -12_300), REFUSED, None), op="2025-06-10")
    boek.declaratie("5", P("c6", -12_300, vorig="e"), P("c7", -5_000, vorig="b"), op="2025-06-07")
    boek.declaratie("6", P("g", 900), P("h", 100, toewijzing=None), totaal=1_100, op="2025-07-05")
    boek.antwoord("6", 1_000, 950, (P("niets", 400), REFUSED, None), (P("k", 100), REFUSED, None), op="2025-07-09")
    boek.antwoord("6", 1_100, 0, op="2025-07-10")
    boek.antwoord("99", 700, 700, op="2025-07-11")
    boek.declaratie(
        "7", P("k", 100, code="45XYZ"), P("l", 200, code="45A05"), P("m", 300, toewijzing=77), op="2025-08-05"
    )
    boek.declaratie(
        "7b", P("n", 60, code="45A06"), P("o", 70, code="45QQQ"), P("o2", 80, code="45A07"), op="2025-08-06"
    )
    boek.declaratie("8", P("a", 12_345), P("q", 10), P("q", 20), op="2025-09-05")
    boek.antwoord("8", 12_375, 12_375, op="2025-09-09")
    boek.declaratie("9", P("oud", 2_000, eind="2024-12-31"), P("nieuw", 3_000, eind="2025-01-31"), op="2025-01-05")
    boek.antwoord("9", 5_000, 5_000, op="2025-02-01")
    boek.declaratie(
        "10", P("oud2", 1_000, eind="2024-11-30"), P("oud3", -1_000, eind="2024-11-30", vorig="oud"), op="2024-12-05"
    )
    boek.antwoord("10", 1, 1, op="2024-12-09")
    boek.antwoord("10", 2, 2, op="2024-12-10")
    boek.declaratie(
        "11",
        P("a", 640, toewijzing=1, code="45A06"),
        P("b", -640, vorig="a", code="45A06"),
        gemeente="0363",
        op="2025-10-05",
    )
    boek.antwoord("11", 0, 0, gemeente="0363", op="2025-10-08")
    boek.declaratie(
        "12",
        P("a", 10_000, code="02A03", toewijzing=2),
        P("b", 5_000, code="02A03", toewijzing=2, client="W"),
        soort="WMO303",
    )
    boek.antwoord("12", 15_000, 12_500, (P("a", 10_000, code="02A03"), REFUSED, 7_500), soort="WMO304")
    boek.declaratie("13", P("w", 2_500, code="02A03", toewijzing=2), soort="WMO303", op="2025-11-05")
    boek.declaratie("14", P("x", 1_500, eenheid=None, code="45A04", client="B"), soort="JW303", op="2025-11-06")
    boek.antwoord("14", 1_500, 0, (P("x", 1_500), "0200", 0), soort="JW304", op="2025-11-10")
    boek.toewijzing(5, "45A07", gemeente="0363")
    boek.toewijzing(6, "45A08", wet="WMO")
    _corner_cases(boek)
    boek.antwoord("15", 800, 0, soort="WMO304", op="2025-12-10")
    boek.antwoord("16", 800, 0, gemeente="0363", op="2026-01-10")
    boek.aanbieder = "42420002"
    boek.antwoord("5", 10, 10)
    boek.declaratie("1", P("a", 4_444))
    boek.declaratie("2", P("z", -12_345, vorig="a"))
    boek.antwoord("1", 4_444, 4_444, (P("b", 5_000), REFUSED, None))


def _corner_cases(boek: Boek) -> None:
    """Amounts of nothing and of one cent, one reference in many places, and messages that were sent out of order."""
    boek.declaratie("17", P("c8", -300, vorig="m"), P("c9", -20, vorig="q"), P("r", 30), P("r", 40), op="2025-09-20")
    boek.declaratie("18", P("c13", -40, vorig="r"), P("f0", 0), P("c14", -5, vorig="f0"), P("c15", -5, vorig="c1"))
    boek.declaratie("19", P("ref", 5_000), P("cent", 1), P("c16", -800, vorig="nix"), P("f", 0), P("f", 0, volume=None))
    boek.antwoord("19", 4_201, 1, (P("ref", 5_000), REFUSED, None), (P("c16", -800), REFUSED, None), op="2025-04-11")
    boek.con.execute(
        "INSERT INTO bron.retourcode (bericht_nr, regel_nr, niveau, niveau_nr, code) "
        "VALUES (?, 9, 'Prestatie', 1, '9340')",
        [boek.nr],
    )
    boek.declaratie("20", P("c17", -5_000, vorig="ref"), P("c18", -1, vorig="cent"), P("s", 1), P("s", 5), P("s", 1))
    boek.antwoord("20", -4_994, -4_994, op="2025-04-12")
    boek.declaratie("21", P("h2", 700), P("z0", 0, vorig="h2"), P("c11", -700, vorig="h2"), op="2025-04-13")
    boek.antwoord("21", 0, 700, (P("c11", -700), REFUSED, None), op="2025-04-14")
    boek.declaratie("22", P("c12", -700, vorig="h2"), P("u1", -50, vorig="v"), P("u2", -50, vorig="v"), op="2025-04-15")
    boek.declaratie("23", P("v", 50), P("t", 60), P("c20", -60, vorig="t"), op="2025-12-05")
    boek.antwoord("23", 50, 50, op="2025-12-06")
    boek.declaratie("24", P("t", 60), P("c21", -60, vorig="t"), op="2025-11-30")
    boek.antwoord("24", 0, 0, op="2025-12-01")
    boek.declaratie("26", P("t2", 60), P("c22", -60, vorig="t2"), op="2025-11-29")
    boek.antwoord("26", 0, 0, op="2025-12-01")
    boek.declaratie("25", P("t2", 60), P("c23", -60, vorig="t2"), op="2025-11-29")
    boek.antwoord("25", 0, 0, op="2025-12-01")
    boek.declaratie("27", P("w2", -5_000, vorig="b", code="02A03", toewijzing=2), soort="WMO303", op="2025-11-05")
    boek.declaratie("28", P("c24", -12_345, vorig="a"), P("o3", 80, code="45A08"), op="2025-09-30")
    boek.declaratie("12", P("y", -10, vorig="yy", code="45A09", volume=None), op="2025-11-07")
    boek.declaratie("5", P("e5", 77, code="45A06"), gemeente="0363", op="2025-11-08")
    boek.antwoord("5", 77, 77, gemeente="0363", op="2025-11-09")
    boek.antwoord("2", 5, 5, gemeente="0363", op="2025-11-10")
    boek.antwoord("6", 1_100, 1, (P("k", 100), REFUSED, None), op="2025-07-11")
    boek.declaratie("29", P("nul", 0, volume=3), P("niet", 0, volume=5), op="2025-07-12")
    boek.antwoord("29", 0, 0, (P("niet", 0), REFUSED, None), op="2025-07-13")
    _order(boek)


def _order(boek: Boek) -> None:
    """What only its place tells apart: sent on one day, stored in another order, of another category than its code."""
    boek.declaratie("30", P("hx", 700), op="2025-07-14")
    boek.declaratie("31", P("z1", 0, vorig="hx"), op="2025-07-15")
    boek.declaratie("32", P("c30", -700, vorig="hx"), op="2025-07-16")
    for key in ("33", "34"):
        boek.declaratie(key, P("c31", -30, vorig="dag"), op="2025-07-18")
    boek.declaratie("35", P("dag", 30), op="2025-07-17")
    boek.declaratie("36", P("c32", -30, vorig="dag2"), P("c33", -30, vorig="dag2"), op="2025-07-18")
    boek.declaratie("37", P("dag2", 30), P("na", 40, code="44A01"), op="2025-07-17")
    boek.con.execute("UPDATE bron.prestatie SET product_categorie = '50' WHERE referentie_nummer = 'na'")
    for key in ("38", "39"):
        boek.declaratie(key, P("dub", 20), op="2025-07-19")
        _turn_ids_round(boek, boek.nr)
    for key in ("38", "39"):
        boek.antwoord(key, 20, 20, op="2025-07-20")
    for soort in ("JW323", "JW303"):
        boek.declaratie("40", P("w40", 10), soort=soort, op="2025-07-21")
        _turn_ids_round(boek, boek.nr)


def _turn_ids_round(boek: Boek, nr: int) -> None:
    """Of messages that came later the id is lower."""
    boek.con.execute("UPDATE bron.bericht SET bericht_id = ? WHERE bericht_nr = ?", [UUID(int=10_000 - nr), nr])


CODES = """
nr bericht dagtekening gemeente aanbieder client code categorie toewijzing centen
1 JW305 2025-03-03 0384 42420001 A 45X01 45 . .
1 JW305 2025-03-03 0384 42420001 A 45A04 45 . .
2 JW323 2025-03-04 0363 42420001 B 45X02 45 7 100
2 JW323 2025-03-04 0363 42420001 B 45X01 45 7 100
3 JW305 2025-03-05 0384 42420001 C 45S01 45 . .
4 JW305 2025-03-06 0363 42420001 D 45S01 50 . .
5 JW305 2025-03-07 0363 42420002 E 45R01 45 . .
6 JW301 2025-03-10 0363 42420002 F 45A04 45 31 .
6 JW301 2025-03-10 0363 42420002 F 45X01 45 32 .
6 JW301 2025-03-10 0363 42420002 G 45X01 45 33 .
7 JW305 2025-03-11 0363 42420002 G 45X01 45 . .
8 WMO305 2025-03-12 0384 42420002 H 45X01 45 . .
8 WMO305 2025-03-12 0384 42420002 H 02A03 02 . .
9 JW305 2025-03-13 0384 42420003 I 12345 45 . .
10 JW305 2025-03-14 0384 42420003 I 55Z01 55 . .
11 JW305 2025-03-15 0384 42420003 J 45X02 45 . .
11 JW305 2025-03-15 0384 42420003 J 12345 45 . .
12 JW305 2025-03-16 0384 42420001 A 45A04 45 . .
13 JW305 2025-03-17 0384 42420001 A - - . .
14 JW305 2025-03-18 0384 42420001 A 45X09 - . .
15 JW301 2025-03-19 0384 42420003 J 45A05 45 41 .
16 JW301 2025-03-19 0384 42420003 K 45A05 45 42 .
17 JW301 2025-03-20 0384 42420003 K 45A01 45 43 .
18 JW301 2025-03-21 0363 42420001 K 45V01 45 44 .
19 JW305 2025-03-22 0363 42420001 L 45A04 54 . .
20 JW305 2025-03-23 0363 42420001 - 45A04 45 . .
21 WMO305 2025-03-24 0384 42420002 H 45X05 45 . .
22 JW305 2025-03-25 0363 42420004 M 54322 45 . .
22 JW305 2025-03-25 0363 42420004 M 45A00 45 . .
23 JW301 2025-03-26 0384 42420005 N 45A06 45 51 .
24 JW305 2025-03-27 0363 42420001 N 02A03 45 . .
25 JW317 2025-03-28 0363 42420006 O 45A04 45 . .
26 JW305 2025-03-28 0384 42420006 O 45X01 45 . .
27 JW307 2025-03-28 0363 42420006 O 45A04 45 . .
"""


def codes(con: Connection) -> None:
    """National, deviating and unknown codes, with units on 301 and 323, in both wetten and in two categories."""
    Database(con).load(Voorbeeld("codes", berichten=_read(CODES)))
    con.execute(
        "UPDATE bron.toegewezen_product SET eenheid = "
        "CASE WHEN product_code IN ('45A05', '45A06', '45V01') THEN '16' ELSE '04' END"
    )
    con.execute("UPDATE bron.toegewezen_product SET eenheid = '14' WHERE product_code = '45A01'")
    con.execute("UPDATE bron.bericht SET ontvanger = NULL WHERE bericht_id = ?", [bericht_id("26")])
    con.execute("UPDATE bron.bericht SET afzender = NULL WHERE bericht_id = ?", [bericht_id("27")])
    con.execute("UPDATE bron.prestatie SET eenheid = CASE product_code WHEN '45X02' THEN '04' ELSE '82' END")


# A newer list in which codes are valid for a time: 45A04 up to 9 March 2025, 45A05 from the 10th.
TIJDEN = """
nr bericht dagtekening gemeente aanbieder client code categorie
1 JW305 2025-03-09 0384 42420001 A 45X01 45
2 JW305 2025-03-10 0384 42420001 B 45X01 45
3 JW305 2025-03-09 0384 42420001 C 45X02 45
4 JW305 2025-03-10 0384 42420001 D 45X02 45
5 JW305 2025-03-10 0384 42420001 E 45A04 45
6 JW305 2025-03-09 0384 42420001 F 45A05 45
7 JW305 2025-03-10 0384 42420001 G 45X03 45
8 JW305 2025-03-10 0384 42420001 H 12345 45
9 JW305 2025-03-01 0384 42420001 I 45A07 45
10 JW305 2025-03-10 0384 42420001 I 45A07 45
"""


def tijden(con: Connection) -> None:
    """Codes that lapse and begin, under a list that covers all: codes of five digits too."""
    found = (
        Productcode("45A04", "45", "Begeleiding thuis", geldig_tot=date(2025, 3, 9)),
        Productcode("45A05", "45", "Begeleiding op school", geldig_van=date(2025, 3, 10)),
        Productcode("45A06", "45", "Begeleiding in de groep"),
        Productcode("45A07", "45", "Iets anders", geldig_van=date(2025, 3, 5), geldig_tot=date(2025, 3, 9)),
        Productcode("45A08", "45", "Begeleiding thuis.", geldig_tot=date(2025, 3, 10)),
        Productcode("50A01", "50", "Begeleiding thuis, intensief"),
    )
    lijst = Productcodelijst("Jw", "JZ21", "2025-06", version_day("2025-06"), "verhaal", found)
    Database(con).load(Voorbeeld("tijden", berichten=_read(TIJDEN), lijsten=[lijst]))


# A list for each wet; some codes stand in both. The most used code closes no message: another always lacks too.
WETTEN = """
nr bericht dagtekening gemeente aanbieder client code categorie toewijzing
1 JW305 2025-03-03 0384 42420001 A 45X50 45 .
1 JW305 2025-03-03 0384 42420001 A 45X10 45 .
2 JW305 2025-03-04 0384 42420001 B 45X50 45 .
2 JW305 2025-03-04 0384 42420001 B 45X20 45 .
3 JW305 2025-03-05 0384 42420001 C 45X50 45 .
3 JW305 2025-03-05 0384 42420001 C 45X40 45 .
4 WMO305 2025-03-06 0384 42420002 D 45X40 45 .
5 JW301 2025-03-07 0384 42420001 E 45X30 45 31
6 WMO301 2025-03-07 0384 42420002 F 45A30 45 32
7 JW301 2025-03-08 0384 42420001 G 45A40 45 33
7 JW301 2025-03-08 0384 42420001 G 45X61 45 34
8 JW301 2025-03-08 0384 42420001 H 45X62 45 35
9 JW301 2025-03-09 0384 42420001 I 45A42 45 36
9 JW301 2025-03-09 0384 42420001 I 45X63 45 37
10 JW305 2025-03-10 0384 42420001 J 45A10 45 .
"""


def wetten(con: Connection) -> None:
    """Codes that mean something in both wetten, that begin on the last day, and that resemble just enough."""
    jeugd = (
        Productcode("45A10", "45", "Dagbesteding", geldig_van=date(2025, 3, 10)),
        Productcode("45A20", "45", "Logeren", geldig_tot=date(2025, 3, 1)),
        Productcode("45A30", "45", "Crisishulp"),
        Productcode("45A40", "45", "Dagbehandeling"),
        Productcode("45A41", "45", "Vervoer"),
        Productcode("45A42", "45", "Begeleiding thuis"),
    )
    ondersteuning = (Productcode("45A20", "45", "Logeren"), Productcode("45A30", "45", "Crisishulp"))
    day = version_day("2025-06")
    lijsten = [
        Productcodelijst("Jw", "JZ21", "2025-06", day, "verhaal", jeugd),
        Productcodelijst("Wmo", "WMO021", "2025-06", day, "verhaal", ondersteuning),
    ]
    Database(con).load(Voorbeeld("wetten", berichten=_read(WETTEN), lijsten=lijsten))
    con.execute("UPDATE bron.toegewezen_product SET eenheid = '16'")


# Which codes messages hold together. 45A06 is national on every day; of others the days between two changes of a list
# have one verdict.
SAMENSTELLING = """
nr bericht dagtekening client code categorie ingangsdatum
1 JW305 2025-03-20 A 45X01 45 2025-03-04
1 JW305 2025-03-20 A 45A04 45 2025-03-04
2 JW305 2025-03-20 B 45A04 45 2025-03-04
2 JW305 2025-03-20 B 45X01 45 2025-03-04
3 JW305 2025-03-20 C 45X01 45 2025-03-09
3 JW305 2025-03-20 D 45X01 45 2025-03-05
3 JW305 2025-03-20 C 45A04 45 2025-03-09
4 JW305 2025-03-20 E 45A04 45 2025-03-05
4 JW305 2025-03-20 E 45A06 45 2025-03-05
4 JW305 2025-03-20 E 45X01 45 2025-03-05
5 JW305 2025-03-20 F 45A04 45 2025-03-10
6 JW305 2025-03-20 G 45A04 45 2025-03-11
7 JW305 2025-03-20 H 45A06 45 .
8 JW305 2025-03-20 H - - .
9 JW305 2025-03-20 H - - .
9 JW305 2025-03-20 H 45A05 45 2025-03-09
10 JW305 2025-03-20 I 45A05 45 2025-03-10
10 JW305 2025-03-20 I 45A06 45 2025-03-10
11 JW305 2025-03-20 J 45X02 50 2025-03-10
11 JW305 2025-03-20 J 45X01 - 2025-03-10
11 JW305 2025-03-20 J 45X01 50 2025-03-10
11 JW305 2025-03-20 J 45X01 45 2025-03-10
11 JW305 2025-03-20 J 12345 45 2025-03-10
11 JW305 2025-03-20 J 45X02 45 2025-03-10
12 JW305 2025-03-20 K 45X01 45 2025-03-10
12 JW305 2025-03-20 L 45X01 45 2025-03-09
12 JW305 2025-03-20 M 45X01 45 2025-03-04
13 JW305 2025-03-20 N 12345 45 2025-03-10
14 JW305 2025-03-20 N 45X03 45 2025-03-10
15 WMO305 2025-03-20 O 02A03 02 2025-03-02
16 WMO305 2025-03-20 O 02A03 02 2025-03-03
17 WMO305 2025-03-20 O 45A06 02 2025-03-04
17 WMO305 2025-03-20 P 02A03 02 2025-03-04
18 JW305 2025-03-20 P 45A07 45 2025-03-10
"""


def _lists(con: Connection, jeugd: tuple[Productcode, ...], berichten: str) -> None:
    """This traffic, with lists of few codes in the place of those that ship; of the Wmo none holds before 3 March."""
    ondersteuning = (Productcode("02A03", "02", "Begeleiding", geldig_van=date(2025, 3, 3)),)
    middelen = ("Wmo", "WMO021-hulpmiddelen", "2022-01-05", version_day("2022-01-05"))
    lacunes = (Lacune("[0-9]{5}"),)
    lijsten = [
        Productcodelijst("Jw", "JZ21", "2025-02", version_day("2025-02"), "verhaal", jeugd, lacunes),
        Productcodelijst("Wmo", "WMO021", "2016-08", version_day("2016-08"), "verhaal", ondersteuning),
        Productcodelijst(*middelen, "verhaal", ondersteuning),
    ]
    Database(con).load(Voorbeeld("samenstelling", berichten=_read(berichten), lijsten=lijsten))


def samenstelling(con: Connection) -> None:
    """Messages that hold the same codes or nearly so: in another order, on other days, twice, in another category."""
    jeugd = (
        Productcode("45A04", "45", "Begeleiding thuis", geldig_tot=date(2025, 3, 9)),
        Productcode("45A05", "45", "Begeleiding op school", geldig_van=date(2025, 3, 10)),
        Productcode("45A06", "45", "Begeleiding in de groep"),
        Productcode("45A07", "45", "Iets anders", geldig_van=date(2025, 3, 5), geldig_tot=date(2025, 3, 9)),
    )
    _lists(con, jeugd, SAMENSTELLING)


LANDELIJK = """
nr bericht dagtekening client code categorie
1 JW305 2025-03-20 A 45A06 45
2 JW305 2025-03-20 A - -
"""


def landelijk(con: Connection) -> None:
    """One message with a code, which is national on every day: no codes are held that a map could mend."""
    _lists(con, (Productcode("45A06", "45", "Begeleiding in de groep"),), LANDELIJK)


KETENS = """
nr bericht dagtekening gemeente aanbieder client referentie toewijzing op status
1 JW315 2025-03-03 0384 42420001 A R1 . . .
2 JW316 2025-03-04 . . . . . 1 .
3 JW319 2025-03-05 0384 42420001 . R1 . . .
4 JW301 2025-03-10 0384 42420001 A R1 11 . .
4 JW301 2025-03-10 0384 42420001 A - 12 . .
5 JW302 2025-03-11 . . . . . 4 .
6 JW305 2025-03-12 0384 42420001 A . 11 . 1
7 JW306 2025-03-13 . . . . . 6 .
8 JW307 2025-04-12 0384 42420001 A . 11 . 1
9 JW308 2025-04-13 . . . . . 8 .
10 JW317 2025-04-14 0384 42420001 B R2 . . .
11 JW318 2025-04-15 . . . . . 10 .
12 JW319 2025-04-16 0384 42420001 . R2 . . .
13 JW320 2025-04-17 . . . . . 12 .
16 JW315 2025-04-18 0363 42420001 A R1 . . .
17 WMO315 2025-04-19 0384 42420001 A R1 . . .
18 WMO301 2025-04-20 0384 42420002 C - 11 . .
19 JW315 2025-04-21 0384 42420002 C R1 . . .

nr bericht dagtekening gemeente aanbieder client toewijzing prestatie op release
20 JW323 2025-05-01 0384 42420001 A 11 P1 . .
21 JW325 2025-05-04 0384 42420001 A 11 P1 20 .
22 WMO303 2025-05-01 0384 42420002 C 11 P1 . 2.3
23 WMO304 2025-05-05 . . C 11 P1 22 2.3
24 JW323 2025-05-06 0384 42420002 C - P9 . .
25 JW305 2025-05-07 0384 42420002 - - . . .
26 JW307 2025-05-08 0384 42420001 B 12 . . .
"""


def ketens(con: Connection) -> None:
    """Chains from request to declaratie with their retours, and keys that other gemeenten and wetten use too."""
    Database(con).load(Voorbeeld("ketens", berichten=_read(KETENS)))
    answers = "SELECT bericht_nr, 1 FROM bron.bericht WHERE right(berichttype, 3) IN ('304', '325')"
    con.execute(f"INSERT INTO bron.declaratie_antwoord (bericht_nr, regel_nr) {answers}")
    same = [bericht_id(number) for number in ("3", "16", "19", "26")]  # of another type, gemeente and aanbieder than 1
    con.execute("UPDATE bron.bericht SET identificatie = 'B1' WHERE list_contains(?, bericht_id)", [same])
