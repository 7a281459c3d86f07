"""Reads back every number that the editions of a dashboard publish, from each file in their ``data`` folders.

A file, or a column of one, that this module does not know is an error: so that nothing can be published unsearched.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from keten_kpi.kpi import list_kpis
from tests.disclosure.reader import Point

TIJDNORM = (
    "binnen_norm", "buiten_norm", "lopend", "afgewezen", "afgewezen_met_vervolg", "niet_meetbaar", "onbruikbaar",
)  # fmt: skip
AFWIJKING, VOLUME = "productcode-afwijking", "berichtvolume"
BERICHTEN = ("berichten", "berichten_afwijkend", "berichten_onbekend")
AFWIJKENDE_REGELS = ("regels_niet_in_lijst", "regels_vervallen_code", "regels_nog_niet_geldig")
REGELS = ("regels", "regels_afwijkend", "regels_onbekend", *AFWIJKENDE_REGELS)
APART = ("regels_zonder_code", "regels_categorie_past_niet")
TOEWIJZINGEN = ("toewijzingen", "toewijzingen_afwijkend")
NAMES: dict[str, tuple[str, ...]] = {
    **{kpi.id: TIJDNORM for kpi in list_kpis() if kpi.norm},
    AFWIJKING: (*BERICHTEN, *REGELS, *APART, *TOEWIJZINGEN),
    VOLUME: ("berichten",),
}
MADE_OF = (  # what a figure is worked out from, by how its name starts, the longest first
    ("aandeel_berichten_afwijkend_min", ("berichten", "berichten_afwijkend")),
    ("aandeel_berichten_afwijkend", BERICHTEN),
    ("aandeel_regels_afwijkend", ("regels", "regels_afwijkend", "regels_onbekend")),
    ("aandeel_binnen_norm", ("binnen_norm", "buiten_norm")),
    ("mediaan_", ("binnen_norm", "buiten_norm")),
    ("p90_", ("binnen_norm", "buiten_norm")),
)
PARTIES = {"gemeenten", "aanbieders", "verzenders"}  # how many: no people
WORDS = {"naam", "titel", "provincie", "bericht", "onderdrukt"}
Counted = tuple[str, tuple[str, ...], Point, str]
Figure = tuple[str, tuple[str, ...], Point, str]

ID = r"(?P<kpi>[a-z-]+)"
FORMS: list[tuple[str, tuple[str, ...]]] = [
    (rf"{ID}-per-gemeente-en-maand", ("gemeente", "maand")),
    (rf"{ID}-per-maand-(?P<gemeente>\d+)", ("gemeente", "maand")),
    (rf"{ID}-per-gemeente", ("gemeente",)),
    (rf"{ID}-tegels", ("gemeente",)),
    (rf"{ID}-per-wet", ("wet",)),
    (rf"{ID}-per-maand", ("maand",)),
    (r"doorlooptijd(?P<kpi>)-per-aanbieder", ("aanbieder",)),
    (r"afwijking(?P<kpi>)-per-aanbieder", ("aanbieder",)),
    (r"normen-(?P<gemeente>\d+)(?P<kpi>)", ("gemeente",)),
    (r"normen(?P<kpi>)", ()),
    (r"berichten-per-type(?P<kpi>)", ("berichttype",)),
    (rf"{ID}-naast-(?P<gemeente>\d+)", ("wie",)),
]
SHORT = {"doorlooptijd": "doorlooptijd-toewijzing", "afwijking": AFWIJKING, "berichten": VOLUME}
NOBODY = {  # files that count no cases, with their columns
    r"codelijsten": "wet codelijst lijstversie aantal_codes",
    r"quarantaine": "reden documenten",
    r"aanbieders-per-aantal-codes": "codes aanbieders",
    r"aanbieders-per-aantal-gemeenten": "gemeenten aanbieders",
}
WAAR = {
    "aanbieder": r"bij aanbieder (.+)",
    "productcategorie": r"in productcategorie (.+)",
    "maandeinde": r"in de (laatste .+)",
    "weekdag": r"op (.+)",
}
AANTAL = r"(geen|minder dan \d+|ongeveer [\d.]+|[\d.]+)"
WERK = rf"wachtten {AANTAL} gevallen te lang op .*; tot het einde van die week kwamen er {AANTAL} bij"
EIGEN_CODES = r"gebruikt ([\d.]+) codes die in geen landelijke lijst gelden"
WEG = r"<dt>(lopend|afgewezen|niet meetbaar|onbruikbaar)</dt><dd>([^<]+)</dd>"


@dataclass(frozen=True)
class Oorzaak:
    """A row about a group of cases of a gemeente that is late more often; rounded."""

    kpi: str
    gemeente: str
    soort: str
    waarde: str
    te_laat: int
    gevallen: int


@dataclass(frozen=True)
class Code:
    """A row about a deviating code, of a gemeente or of the country; rounded."""

    gemeente: str | None
    code: tuple[str, str, str]
    regels: int


@dataclass
class Published:
    """Every count that stands in a file, by KPI, grouping, group and name; and which are said to be hidden."""

    minimum: int = 10
    known: dict[Counted, int] = field(default_factory=dict)
    hidden: set[Counted] = field(default_factory=set)
    figures: dict[Figure, float] = field(default_factory=dict)  # shares, medians
    bars: dict[tuple[str, str], list[tuple[int, ...]]] = field(default_factory=lambda: defaultdict(list))
    oorzaken: set[Oorzaak] = field(default_factory=set)
    codes: set[Code] = field(default_factory=set)
    partijen: dict[str, dict[str, int]] = field(default_factory=dict)  # of aanbieders: clients and codes
    wat_als: dict[str, float] = field(default_factory=dict)
    spreiding: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    lijnen: dict[tuple[str, str], tuple[float, float, int]] = field(default_factory=dict)
    werk: dict[str, tuple[str, str]] = field(default_factory=dict)  # of gemeenten: late, and due this week
    eigen_codes: dict[str, int] = field(default_factory=dict)

    @property
    def special(self) -> list[tuple[str, object]]:
        """The files that are no tables of a KPI, and what reads each."""
        return [
            (rf"{ID}-verdeling", self._read_bars),
            (r"oorzaken-(?P<gemeente>\d+)", self._read_cause),
            (r"codes(-(?P<gemeente>\d+))?", self._read_code),
            (r"codes-per-aanbieder", self._read_party),
            (r"wat-als", self._read_what_if),
            (rf"{ID}-spreiding-(?P<gemeente>\d+)", self._read_spread),
            (rf"{ID}-lijnen", self._read_lines),
            (rf"{ID}-(?P<gemeente>\d+)", self._read_place),
        ]

    def read(self, path: Path) -> None:
        """Reads a csv file.

        Raises:
            AssertionError: it, or a column of it, is not known; or it has another value than an edition before.
        """
        with path.open(encoding="utf-8", newline="") as text:
            reader = csv.DictReader(text)
            rows, columns = list(reader), list(reader.fieldnames or ())
        for form, known in NOBODY.items():
            if re.fullmatch(form, path.stem):
                assert columns == known.split(), f"a column that this test does not know: {path.name}, {columns}"
                return
        for form, per in FORMS:
            if match := re.fullmatch(form, path.stem):
                for row in rows:
                    self._read_row(row, per, match.groupdict(), path)
                return
        for form, read in self.special:
            if match := re.fullmatch(form, path.stem):
                read(rows, **match.groupdict())
                return
        raise AssertionError(f"a file that this test does not know: {path.name}")

    def _read_row(self, row: dict[str, str], per: tuple[str, ...], named: dict[str, str], path: Path) -> None:
        row = {**row, **{name: value for name, value in named.items() if name == "gemeente"}}
        kpi = named["kpi"] or row.get("norm") or SHORT[path.stem.partition("-")[0]]
        if per == ("wie",):
            per, row = self._whose(row)
        group = tuple(row[name] or None for name in per)
        known = {*per, *WORDS, "wet", "wie", "norm", "gemeente"}
        for name, value in row.items():
            if name in NAMES[kpi]:
                self._read_count(
                    (kpi, per, group, name), value, is_hidden=name in (row.get("onderdrukt") or "").split(", ")
                )
            elif name == "aandeel_land":
                self._read_figure((kpi, (), (), "aandeel_binnen_norm"), value)
            elif made_of(name) is not None:
                self._read_figure((kpi, per, group, name), value)
            else:
                assert name in known or name in PARTIES, f"a column that this test does not know: {path.name}, {name}"

    def _read_count(self, key: Counted, value: str, *, is_hidden: bool) -> None:
        if is_hidden:
            assert not value
            self.hidden.add(key)
        elif value:
            assert self.known.setdefault(key, int(value)) == int(value), f"two values of {key}"

    def _read_figure(self, key: Figure, value: str) -> None:
        if value:
            assert self.figures.setdefault(key, float(value)) == float(value), f"two values of {key}"

    def _whose(self, row: dict[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
        if row["wie"] == "Nederland":
            return (), row
        if row["wie"].startswith("Jeugdregio "):
            return ("jeugdregio",), {**row, "jeugdregio": row["wie"].removeprefix("Jeugdregio ")}
        return ("gemeente",), row

    def _read_bars(self, rows: list[dict[str, str]], kpi: str) -> None:
        for toestand in ("binnen norm", "buiten norm"):
            bars = tuple(int(row["aantal"]) for row in rows if row["oordeel"] == toestand)
            self.bars[kpi, toestand.replace(" ", "_")].append(bars)

    def _read_cause(self, rows: list[dict[str, str]], gemeente: str) -> None:
        ids = {kpi.titel: kpi.id for kpi in list_kpis()}
        for row in rows:
            te_laat, gevallen = int(row.pop("te_laat")), int(row.pop("gevallen"))
            assert float(row.pop("aandeel_te_laat")) == te_laat / gevallen
            waar = row.pop("waar")
            soort, found = next((name, m) for name, form in WAAR.items() if (m := re.fullmatch(form, waar)))
            self.oorzaken.add(Oorzaak(ids[row.pop("termijn")], gemeente, soort, found[1], te_laat, gevallen))
            assert not row

    def _read_code(self, rows: list[dict[str, str]], gemeente: str | None) -> None:
        for row in rows:
            code = (row.pop("wet"), row.pop("product_categorie"), row.pop("product_code"))
            self.codes.add(Code(gemeente, code, int(row.pop("regels"))))
            assert set(row) <= {*PARTIES, "clienten", "voorstel_code", "voorstel_omschrijving", "zekerheid"}

    def _read_party(self, rows: list[dict[str, str]]) -> None:
        for row in rows:
            aanbieder = row.pop("aanbieder")
            self.partijen[aanbieder] = {name: int(value) for name, value in row.items()}
            assert set(row) == {"gemeenten", "codes", "codes_per_gemeente", "clienten"}

    def _read_what_if(self, rows: list[dict[str, str]]) -> None:
        found = {row.pop("situatie"): float(row.pop("aandeel_berichten_afwijkend")) for row in rows}
        assert not any(rows)
        assert not self.wat_als or self.wat_als == found
        self.wat_als = found

    def _read_spread(self, rows: list[dict[str, str]], kpi: str, gemeente: str) -> None:
        self.spreiding[kpi, gemeente] = [float(row["aandeel"]) for row in rows[:-1]]
        self._read_figure((kpi, ("gemeente",), (gemeente,), share_of(kpi)), rows[-1]["aandeel"])

    def _read_lines(self, rows: list[dict[str, str]], kpi: str) -> None:
        for row in rows:
            assert set(row) == {"gemeente", "naam", "aandeel_eerste_maand", "aandeel_laatste_maand", "maanden"}
            first, last = float(row["aandeel_eerste_maand"]), float(row["aandeel_laatste_maand"])
            self.lijnen[kpi, row["gemeente"]] = (first, last, int(row["maanden"]))

    def _read_place(self, rows: list[dict[str, str]], kpi: str, gemeente: str) -> None:
        for row in rows:
            assert set(row) == {"gemeente", "aandeel", "gevallen", "aandeel_land", "oordeel"}
            self._read_figure((kpi, ("gemeente",), (gemeente,), share_of(kpi)), row["aandeel"])
            self._read_figure((kpi, ("gemeente",), (gemeente,), "gevallen"), row["gevallen"])
            self._read_figure((kpi, (), (), share_of(kpi)), row["aandeel_land"])

    def read_page(self, path: Path) -> None:
        """Reads what stands on a page in words and in no file."""
        text = path.read_text("utf-8")
        if path.parent.name == "gemeente":
            for late, week in re.findall(WERK, text):
                assert self.werk.setdefault(path.stem, (late, week)) == (late, week)
            for number in re.findall(EIGEN_CODES, text):
                self.eigen_codes[path.stem] = as_number(number)
        if path.parent.name == "norm":
            for name, value in re.findall(WEG, text):
                key = (path.stem, (), (), name.replace(" ", "_"))
                is_hidden = value == "niet getoond"
                self._read_count(key, "" if is_hidden else str(as_number(value)), is_hidden=is_hidden)


def made_of(name: str) -> tuple[str, ...] | None:
    """The counts that a figure is worked out from; None when it is no such figure."""
    return next((counts for start, counts in MADE_OF if name.startswith(start)), None)


def share_of(kpi: str) -> str:
    return "aandeel_berichten_afwijkend" if kpi == AFWIJKING else "aandeel_binnen_norm"


def as_number(text: str) -> int:
    return int(text.replace(".", ""))


def at_least(words: str, rounding: int = 2) -> int:
    """The least that a number in words can be."""
    if words == "geen" or words.startswith("minder"):
        return 0
    is_rounded = words.startswith("ongeveer")
    return as_number(words.removeprefix("ongeveer ")) - rounding * is_rounded


def read_all(editions: Iterable[Path], minimum: int) -> Published:
    """All that the editions in these folders publish, made with this minimum."""
    made = Published(minimum)
    for edition in editions:
        for path in sorted((edition / "data").rglob("*")):
            made.read(path)
        for path in sorted(edition.rglob("*.html")):
            made.read_page(path)
    return made
