"""Everything published together: which hidden counts follow from it, by integer programming.

A dashboard of pilot traffic is built for the Ketenbureau and for every gemeente; then every number is read back from
the files of all editions, and a reader lays them side by side (``tests.disclosure.reader``).
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from keten_kpi import publish
from keten_kpi.dashboard import Bouw
from keten_kpi.dashboard.tabellen import samen
from keten_kpi.disclosure import protect, protect_together
from keten_kpi.disclosure.together import WIDTH
from keten_kpi.errors import KetenError
from keten_kpi.kpi import Result, compute, list_kpis
from tests.disclosure.reader import Point, Reader
from tests.pilot import make_pilot

MINIMUM = 10
TIJDNORM = (
    "binnen_norm", "buiten_norm", "lopend", "afgewezen", "afgewezen_met_vervolg", "niet_meetbaar", "onbruikbaar",
)  # fmt: skip
NAMES = {
    **{kpi.id: TIJDNORM for kpi in list_kpis() if kpi.norm},
    "productcode-afwijking": ("berichten", "berichten_afwijkend", "berichten_onbekend"),
    "berichtvolume": ("berichten",),
}
Known = dict[tuple[str, tuple[str, ...], Point, str], int]


@pytest.fixture(scope="module")
def db(tmp_path_factory) -> Path:
    return make_pilot(tmp_path_factory.mktemp("samen"), seed=3)


@pytest.fixture(scope="module")
def con(db):
    with publish.reading(db) as connection:
        yield connection


@pytest.fixture(scope="module")
def files(con, tmp_path_factory) -> list[Path]:
    """The data files of all editions."""
    out = tmp_path_factory.mktemp("edities")
    bouw = Bouw(con, MINIMUM)
    for editie in bouw.edities:
        bouw.build(out / editie.map, editie)
    return sorted(out.glob("*/data/*.csv"))


ID = r"(?P<kpi>[a-z-]+)"
FORMS: list[tuple[str, tuple[str, ...]]] = [
    (rf"{ID}-per-gemeente-en-maand", ("gemeente", "maand")),
    (rf"{ID}-per-maand-(?P<gemeente>\d+)", ("gemeente", "maand")),
    (rf"{ID}-per-gemeente", ("gemeente",)),
    (rf"{ID}-per-wet", ("wet",)),
    (rf"{ID}-per-maand", ("maand",)),
    (r"doorlooptijd(?P<kpi>)-per-aanbieder", ("aanbieder",)),
    (r"afwijking(?P<kpi>)-per-aanbieder", ("aanbieder",)),
    (r"normen-(?P<gemeente>\d+)(?P<kpi>)", ("gemeente",)),
    (r"normen(?P<kpi>)", ()),
    (r"berichten-per-type(?P<kpi>)", ("berichttype",)),
    (rf"{ID}-naast-(?P<gemeente>\d+)", ("wie",)),
    (rf"{ID}-verdeling", ("balk",)),
]
SHORT = {"doorlooptijd": "doorlooptijd-toewijzing", "afwijking": "productcode-afwijking", "berichten": "berichtvolume"}
BESIDE = re.compile(
    r"[a-z-]+-(spreiding-)?\d{4}|[a-z-]+-tegels|[a-z-]+-lijnen|codes.*|codelijsten|oorzaken-\d+|quarantaine|wat-als|aanbieders-per-.*"
)


@dataclass
class Published:
    """Every count that stands in a file, by KPI, grouping, group and name; and which are said to be hidden."""

    known: Known = field(default_factory=dict)
    hidden: set[tuple[object, ...]] = field(default_factory=set)
    bars: dict[tuple[str, str], list[tuple[int, ...]]] = field(default_factory=lambda: defaultdict(list))

    def read(self, path: Path) -> None:
        matches = ((re.fullmatch(form, path.stem), per) for form, per in FORMS)
        found, per = next(((match, per) for match, per in matches if match), (None, ()))
        if found is None:
            assert BESIDE.fullmatch(path.stem), f"a file that this test does not know: {path.name}"
            return
        with path.open(encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
        if per == ("balk",):
            for toestand in ("binnen norm", "buiten norm"):
                bars = [int(row["aantal"]) for row in rows if row["oordeel"] == toestand]
                self.bars[found["kpi"], toestand.replace(" ", "_")].append(tuple(bars))
            return
        for row in rows:
            self._read_row(row, per, found.groupdict(), path)

    def _read_row(self, row: dict[str, str], per: tuple[str, ...], named: dict[str, str], path: Path) -> None:
        row = {**row, **{name: value for name, value in named.items() if name == "gemeente"}}
        kpi = named["kpi"] or row.get("norm") or SHORT[path.stem.partition("-")[0]]
        if per == ("wie",):
            per, row = self._whose(row)
        group = tuple(row[name] or None for name in per)
        for name in NAMES[kpi]:
            key = (kpi, per, group, name)
            if name in row["onderdrukt"].split(", "):
                self.hidden.add(key)
            elif row.get(name):
                assert self.known.setdefault(key, int(row[name])) == int(row[name]), f"two values of {key}"

    def _whose(self, row: dict[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
        if row["wie"] == "Nederland":
            return (), row
        if row["wie"].startswith("Jeugdregio "):
            return ("jeugdregio",), {**row, "jeugdregio": row["wie"].removeprefix("Jeugdregio ")}
        return ("gemeente",), row


@pytest.fixture(scope="module")
def regio(con) -> dict[str, str]:
    return dict(con.execute("SELECT gemeente, jeugdregio FROM verkeer.gemeente").fetchall())


@pytest.fixture(scope="module")
def published(files) -> Published:
    made = Published()
    for path in files:
        made.read(path)
    return made


def exact(con, kpi: str) -> Known:
    """The true counts of every declared table of a KPI."""
    found: Known = {}
    for per in samen(kpi):
        result = compute(con, kpi, per=per)
        for row in result.rows:
            for name in NAMES[kpi]:
                if name in result.columns:
                    found[kpi, per, row[: len(per)], name] = int(row[result.columns.index(name)])
    return found


def the_reader(kpi: str, truth: Known, known: Known, hidden: set[Point], regio: dict[str, str]) -> Reader:
    """Who lays all that is published of a KPI side by side. What no page shows is no secret where it is large.

    A case is at (gemeente, maand, wet), and once more at an aanbieder or a berichttype: these tables share with the
    others only their total.
    """
    groups = defaultdict(set)
    for _, per, group, _ in truth:
        groups[per].add(group)
    any_month = {(g, m) for (g,) in groups["gemeente",] for (m,) in groups.get(("maand",), {(None,)})}
    months = groups.get(("gemeente", "maand"), any_month)
    points: list[Point] = [("", g, m, w) for g, m in sorted(months, key=repr) for (w,) in sorted(groups["wet",])]
    single = [per for per in (("aanbieder",), ("berichttype",)) if per in groups]
    points += [(per[0], group[0]) for per in single for group in sorted(groups[per], key=repr)]
    reader = Reader(points, kinds_of(kpi, truth))
    for per in single:
        for kind in reader.all_kinds:
            inside, outside = (reader.members(lambda point, at=at: point[0] == at, [kind]) for at in (per[0], ""))
            reader.learn(inside - outside, 0, 0)
    for (_, per, group, name), true in truth.items():
        is_in = in_group(per, group, regio)
        key = (kpi, per, group, name)
        if key in known:
            assert known[key] == true
            reader.see(name, is_in, true)
        elif key in hidden or 0 < true < MINIMUM:
            reader.miss(f"{name} per {per} of {group}", name, is_in, true)
    return reader


def kinds_of(kpi: str, truth: Known) -> dict[str, list[str]]:
    names = sorted({name for *_, name in truth})
    if kpi == "productcode-afwijking":
        own = ["berichten_afwijkend", "berichten_onbekend"]
        return {"berichten": [*own, "landelijk"], **{name: [name] for name in own}}
    kinds = {name: [name] for name in names}
    if "afgewezen" in names:
        kinds["afgewezen"].append("afgewezen_met_vervolg")
    return kinds


def in_group(per: tuple[str, ...], group: Point, regio: dict[str, str]):
    def value(point: Point, name: str) -> object:
        return regio.get(point[1]) if name == "jeugdregio" else point[("", "gemeente", "maand", "wet").index(name)]

    if per in {("aanbieder",), ("berichttype",)}:
        return lambda point: point == (per[0], group[0])
    return lambda point: point[0] == "" and tuple(value(point, name) for name in per) == group


@pytest.mark.parametrize("kpi", NAMES)
def test_no_hidden_count_follows_from_all_editions_together(con, published, regio, kpi) -> None:
    truth = exact(con, kpi)
    reader = the_reader(kpi, truth, published.known, published.hidden, regio)
    assert reader.narrow(WIDTH) == {}


def test_the_editions_show_and_hide_many_counts(con, published) -> None:
    truth = {key: number for kpi in NAMES for key, number in exact(con, kpi).items()}
    shown = [key for key in truth if published.known.get(key)]
    hidden = [key for key in truth if key in published.hidden - published.known.keys()]
    assert len(shown) > 150
    assert len(hidden) > 250
    assert not [key for key in shown if 0 < truth[key] < MINIMUM]


def test_the_reader_does_find_a_count_that_one_table_more_would_tell(con, published, regio) -> None:
    """So that it can: the number of one hidden month of a gemeente, and with it those that stood against it."""
    kpi = "doorlooptijd-toewijzing"
    truth = exact(con, kpi)
    leaked = {key: number for key, number in truth.items() if key[1] == ("gemeente", "maand") and key[2][0] != "0034"}
    reader = the_reader(kpi, truth, published.known | leaked, published.hidden, regio)
    assert reader.narrow(1)


def test_bars_of_all_editions_together_hold_no_few_cases(published) -> None:
    """Where editions cut a histogram otherwise, the pieces between all cuts are what a reader has."""
    assert published.bars
    for key, editions in published.bars.items():
        total = {sum(bars) for bars in editions}
        assert len(total) == 1, key
        cuts = sorted({sum(bars[:at]) for bars in editions for at in range(len(bars) + 1)})
        pieces = [after - before for before, after in pairwise(cuts)]
        assert not [piece for piece in pieces if 0 < piece < MINIMUM], key


DIMENSIONS = ("wet", "release", "berichttype", "maand")
TOGETHER = [per for number in range(3) for per in combinations(DIMENSIONS, number)]
COUNT = "berichten"


def volumes(con, pers, protected: list[Result], exact_ones: list[Result]) -> Reader:
    """Who reads these tables of berichtvolume."""
    finest = compute(con, "berichtvolume", per=DIMENSIONS)
    domain = [sorted({row[at] for row in finest.rows}) for at in range(len(DIMENSIONS))]
    points = [(a, b, c, d) for a in domain[0] for b in domain[1] for c in domain[2] for d in domain[3]]
    reader = Reader(points, {COUNT: [COUNT]})
    for per, covered, whole in zip(pers, protected, exact_ones, strict=True):
        at, places = covered.columns.index(COUNT), [DIMENSIONS.index(name) for name in per]
        for shown, true in zip(covered.rows, whole.rows, strict=True):
            group = true[: len(per)]

            def is_in(point: Point, places=places, group=group) -> bool:
                return tuple(point[place] for place in places) == group

            if shown[at] is None:
                reader.miss(f"{per} {group}", COUNT, is_in, int(true[at]))
            else:
                reader.see(COUNT, is_in, int(shown[at]))
        there = {row[: len(per)] for row in whole.rows}
        gone = [at for at, point in enumerate(points) if tuple(point[place] for place in places) not in there]
        row = np.zeros(reader.size)
        row[gone] = 1
        reader.learn(row, 0, 0)
    return reader


@pytest.mark.parametrize("per", [("wet",), ("berichttype",), ("berichttype", "maand")])
def test_no_hidden_count_follows_from_one_table_and_the_grand_total(con, per) -> None:
    tables = [compute(con, "berichtvolume", per=one) for one in (per, ())]
    at = tables[0].columns.index(COUNT)
    minimum = max(3, 1 + min(int(row[at]) for row in tables[0].rows))
    reader = volumes(con, [per, ()], [protect(table, minimum) for table in tables], tables)
    assert reader.secrets
    assert reader.narrow(1) == {}


def test_tables_over_all_pairs_of_dimensions_are_refused_with_what_to_do(con) -> None:
    tables = [compute(con, "berichtvolume", per=per) for per in TOGETHER]
    with pytest.raises(KetenError) as raised:
        protect_together(tables, 18)
    assert "Leave one out" in raised.value.advice


@pytest.mark.parametrize("minimum", [18, 40])
def test_no_hidden_count_follows_from_them_when_their_joint_table_is_known(con, minimum) -> None:
    tables = [compute(con, "berichtvolume", per=per) for per in TOGETHER]
    joint = compute(con, "berichtvolume", per=DIMENSIONS)
    reader = volumes(con, TOGETHER, protect_together(tables, minimum, joint=joint), tables)
    assert reader.secrets
    assert reader.narrow(WIDTH) == {}
