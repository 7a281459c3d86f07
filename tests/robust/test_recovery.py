"""Everything published together: which hidden counts follow from it, by integer programming.

A dashboard of pilot traffic is built for the Ketenbureau and for every gemeente; then every number is read back from
the files of all editions, and a reader lays them side by side (``tests.disclosure.reader``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from statistics import quantiles

import numpy as np
import pytest

from keten_kpi import publish
from keten_kpi.dashboard import KETENBUREAU, Bouw
from keten_kpi.dashboard.cijfers import Cijfers
from keten_kpi.dashboard.gevallen import PRODUCTCODES, read_cases
from keten_kpi.dashboard.tabellen import samen
from keten_kpi.disclosure import protect, protect_together
from keten_kpi.disclosure.together import WIDTH
from keten_kpi.errors import KetenError
from keten_kpi.kpi import Result, compute, find_kpi, kept_cases
from tests.disclosure.reader import Point, Reader
from tests.pilot import make_pilot
from tests.robust.published import (
    AFWIJKENDE_REGELS,
    AFWIJKING,
    APART,
    BERICHTEN,
    NAMES,
    REGELS,
    TIJDNORM,
    TOEWIJZINGEN,
    VOLUME,
    Counted,
    Published,
    at_least,
    made_of,
    read_all,
    share_of,
)

LATE, JUDGED = ("buiten_norm",), ("binnen_norm", "buiten_norm")
MINIMUM = 10
SEARCHES = (
    *((kpi, TIJDNORM) for kpi in NAMES if kpi not in {AFWIJKING, VOLUME}),
    (AFWIJKING, (*BERICHTEN, *REGELS)),
    *((AFWIJKING, (name,)) for name in APART),
    (VOLUME, ("berichten",)),
)
Truth = dict[Counted, int]


def publish_all(con, out: Path, minimum: int) -> Published:
    """What the files of all editions tell."""
    bouw = Bouw(con, minimum)
    for editie in bouw.edities:
        bouw.build(out / editie.map, editie)
    return read_all(sorted(out.iterdir()), minimum)


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    with publish.reading(make_pilot(tmp_path_factory.mktemp("samen"), seed=3)) as connection, kept_cases(connection):
        yield connection


@pytest.fixture(scope="module")
def published(con, tmp_path_factory) -> Published:
    return publish_all(con, tmp_path_factory.mktemp("edities"), MINIMUM)


@pytest.fixture(scope="module")
def other_con(tmp_path_factory):
    with publish.reading(make_pilot(tmp_path_factory.mktemp("ander"), seed=4)) as connection, kept_cases(connection):
        yield connection


@pytest.fixture(scope="module")
def with_causes(other_con, tmp_path_factory) -> Published:
    """Other traffic, published with a lower minimum: here causes can be shown."""
    return publish_all(other_con, tmp_path_factory.mktemp("andere edities"), 5)


@pytest.fixture(scope="module")
def regio(con) -> dict[str, str]:
    return dict(con.execute("SELECT gemeente, jeugdregio FROM verkeer.gemeente").fetchall())


def exact(con) -> dict[str, Truth]:
    """The true counts of every declared table of each KPI."""
    found: dict[str, Truth] = {kpi: {} for kpi in NAMES}
    for kpi, counts in found.items():
        for per in samen(kpi):
            result = compute(con, kpi, per=per)
            at = {name: result.columns.index(name) for name in NAMES[kpi] if name in result.columns}
            for row in result.rows:
                counts |= {(kpi, per, row[: len(per)], name): int(row[place]) for name, place in at.items()}
    return found


@pytest.fixture(scope="module")
def truth(con) -> dict[str, Truth]:
    return exact(con)


@pytest.fixture(scope="module")
def acting(con) -> set[str]:
    """The time norms in which a gemeente may have to act."""
    found = con.execute("SELECT DISTINCT kpi FROM verkeer.norm WHERE aan_zet <> 'aanbieder'").fetchall()
    return {kpi for (kpi,) in found}


def the_reader(truth: Truth, published: Published, names: Sequence[str], regio: dict[str, str]) -> Reader:
    """Who lays all that is published of these counts of a KPI side by side.

    What no page shows is no secret where it is large. A case is at (gemeente, maand, wet), and once more at an
    aanbieder or a berichttype: these tables share with the others only their total.
    """
    (kpi,) = {key[0] for key in truth}
    truth = {key: number for key, number in truth.items() if key[3] in names}
    groups = defaultdict(set)
    for _, per, group, _ in truth:
        groups[per].add(group)
    any_month = {(g, m) for (g,) in groups["gemeente",] for (m,) in groups.get(("maand",), {(None,)})}
    months = groups.get(("gemeente", "maand"), any_month)
    points: list[Point] = [("", g, m, w) for g, m in sorted(months, key=repr) for (w,) in sorted(groups["wet",])]
    single = [per for per in (("aanbieder",), ("berichttype",)) if per in groups]
    points += [(per[0], group[0]) for per in single for group in sorted(groups[per], key=repr)]
    reader = Reader([*points, *beside(kpi, names, published)], kinds_of({key[3] for key in truth}))
    for per in single:
        for kind in reader.all_kinds:
            inside, outside = (reader.members(lambda point, at=at: point[0] == at, [kind]) for at in (per[0], ""))
            reader.learn(inside - outside, 0, 0)
    see_tables(reader, truth, published, lambda per, group: in_group(per, group, regio))
    see_causes(reader, kpi, published)
    see_codes(reader, published)
    if {"berichten_afwijkend", "regels_afwijkend"} <= set(names):
        for name in BERICHTEN:  # each message has a line that makes it so
            for point in points:
                lines = reader.members(lambda other, point=point: other == point, reader.kinds[regels_of(name)])
                of = reader.members(lambda other, point=point: other == point, reader.kinds[name])
                reader.learn(lines - of, 0, np.inf)
    return reader


def regels_of(name: str) -> str:
    return name.replace("berichten", "regels")


def see_tables(reader: Reader, truth: Truth, published: Published, within) -> None:
    for key, true in truth.items():
        _, per, group, name = key
        if key in published.known:
            assert published.known[key] == true, key
            reader.see(name, within(per, group), true)
        elif key in published.hidden or 0 < true < published.minimum:
            reader.miss(f"{name} per {per} of {group}", name, within(per, group), true)


def beside(kpi: str, names: Sequence[str], published: Published) -> list[Point]:
    """Where the cases are that rounded counts are of: a part of those of their gemeente."""
    points: list[Point] = [("oorzaak", o.gemeente, o.soort, o.waarde) for o in published.oorzaken if o.kpi == kpi]
    if "regels_afwijkend" in names:
        points += [("code", code.gemeente, code.code) for code in published.codes]
        points += [("code elders", code.code) for code in published.codes if code.gemeente is None]
    return sorted(points, key=repr)


def before_rounding(shown: int, minimum: int) -> tuple[int, int]:
    """What a count can have been that is shown rounded to fives, and is not small."""
    return max(shown - 2, minimum), shown + 2


def see_causes(reader: Reader, kpi: str, published: Published) -> None:
    """Groups of cases that are late more often: how many, about; together no more than all of the gemeente."""
    found = [oorzaak for oorzaak in published.oorzaken if oorzaak.kpi == kpi]
    other = [kind for kind in reader.all_kinds if kind not in {"binnen_norm", "buiten_norm"}]
    for one in found:
        point = ("oorzaak", one.gemeente, one.soort, one.waarde)
        late, all_ = (reader.members(lambda p, at=point: p == at, kinds) for kinds in (LATE, JUDGED))
        reader.learn(late, *before_rounding(one.te_laat, published.minimum))
        reader.learn(all_, *before_rounding(one.gevallen, published.minimum))
        least, most = one.gevallen - one.te_laat - 4, one.gevallen - one.te_laat + 4
        if least > 0 or most < published.minimum:  # who is on time are enough, or nobody
            reader.learn(all_ - late, *((published.minimum, np.inf) if least > 0 else (0, 0)))
        reader.learn(reader.members(lambda p, at=point: p == at, other), 0, 0)
    for at, (word, place) in {"gemeente": ("", 1), "aanbieder": ("aanbieder", 3)}.items():
        for kind in JUDGED if found else ():
            for value, soort in {
                ((o.gemeente, o.waarde)[at == "aanbieder"], o.soort) for o in found if at in {"gemeente", o.soort}
            }:
                whole = reader.members(lambda p, w=word, v=value: p[0] == w and p[1] == v, [kind])
                part = reader.members(
                    lambda p, s=soort, v=value, i=place: p[0] == "oorzaak" and p[2] == s and p[i] == v, [kind]
                )
                reader.learn(whole - part, 0, np.inf)


def see_work(reader: Reader, published: Published, others: Sequence[Truth]) -> None:
    """What waits for a gemeente, about, is of all norms together: here for who would know all others exactly."""
    for gemeente, words in published.werk.items():
        for name, least in zip(("buiten_norm", "lopend"), map(at_least, words), strict=True):
            elsewhere = sum(
                number
                for truth in others
                for (_, per, group, of), number in truth.items()
                if (per, group, of) == (("gemeente",), (gemeente,), name)
            )
            here = reader.members(lambda p, g=gemeente: p[0] == "" and p[1] == g, reader.kinds[name])
            if least > elsewhere and here.any():
                reader.learn(here, least - elsewhere, np.inf)


def see_codes(reader: Reader, published: Published) -> None:
    """Codes outside the list: in how many lines, about; a gemeente with so many codes has as many lines at least."""
    if "regels_afwijkend" not in reader.kinds:
        return
    here = {p for p in reader.points if p[0] in {"code", "code elders"}}
    one_kind = AFWIJKENDE_REGELS[0]  # of which kind a code is, is not told

    def lines(is_in) -> np.ndarray:
        return reader.members(lambda p: p in here and is_in(p), [one_kind])

    def deviating(is_in) -> np.ndarray:
        return reader.members(lambda p: p not in here and is_in(p), AFWIJKENDE_REGELS)

    reader.learn(reader.members(lambda p: p in here, [k for k in reader.all_kinds if k != one_kind]), 0, 0)
    for code in published.codes:
        reader.learn(
            lines(lambda p, c=code: p == ("code", c.gemeente, c.code)), *before_rounding(code.regels, published.minimum)
        )
        if code.gemeente is None:
            whole = lines(lambda p, c=code: p == ("code", None, c.code))
            parts = lines(lambda p, c=code: p[-1] == c.code and p[1] is not None)
            reader.learn(whole - parts, 0, 0)
    for gemeente in {code.gemeente for code in published.codes} - {None}:
        part = lines(lambda p, g=gemeente: p[0] == "code" and p[1] == g)
        reader.learn(deviating(lambda p, g=gemeente: p[0] == "" and p[1] == g) - part, 0, np.inf)
    for wet in {code.code[0] for code in published.codes}:
        part = lines(lambda p, w=wet: p[0] == "code" and p[1] is None and p[2][0] == w)
        reader.learn(deviating(lambda p, w=wet: p[0] == "" and p[3] == w) - part, 0, np.inf)
    for gemeente, number in published.eigen_codes.items():
        reader.learn(deviating(lambda p, g=gemeente: p[0] == "" and p[1] == g), number, np.inf)
    for aanbieder, row in published.partijen.items():
        of = reader.members(lambda p, a=aanbieder: p == ("aanbieder", a), reader.kinds["regels"])
        reader.learn(of, max(row["codes_per_gemeente"], before_rounding(row["clienten"], published.minimum)[0]), np.inf)


def kinds_of(names: set[str]) -> dict[str, list[str]]:
    """Of each count, the kinds of cases that it is the sum of."""
    kinds = {name: [name] for name in sorted(names)}
    wholes = {
        "berichten": ["berichten_afwijkend", "berichten_onbekend", "landelijk"],
        "regels_afwijkend": [*AFWIJKENDE_REGELS],
        "regels": [*AFWIJKENDE_REGELS, "regels_onbekend", "regels_landelijk"],
        "toewijzingen": ["toewijzingen_afwijkend", "toewijzingen_zonder"],
        "afgewezen": ["afgewezen_met_vervolg", "afgewezen_zonder"],
    }
    return kinds | {name: of for name, of in wholes.items() if {name, of[0]} <= names}


def in_group(per: tuple[str, ...], group: Point, regio: dict[str, str]):
    def value(point: Point, name: str) -> object:
        return regio.get(point[1]) if name == "jeugdregio" else point[("", "gemeente", "maand", "wet").index(name)]

    if per in {("aanbieder",), ("berichttype",)}:
        return lambda point: point == (per[0], group[0])
    return lambda point: point[0] == "" and tuple(value(point, name) for name in per) == group


def test_every_file_of_every_edition_is_read(published) -> None:
    """``read`` fails at a file or column that it does not know; this shows that it found something in each kind."""
    assert published.figures
    assert published.codes
    assert published.partijen
    assert published.wat_als
    assert published.werk
    assert published.eigen_codes
    assert {per for _, per, _, _ in published.known} >= {(), ("wet",), ("gemeente",), ("gemeente", "maand")}


@pytest.mark.parametrize(
    ("name", "text"),
    [("nieuw.csv", "a\n1\n"), ("normen.csv", "norm,nieuw,onderdrukt\nstoptermijn,1,\n"), ("codelijsten.csv", "a\n1\n")],
)
def test_a_file_or_a_column_that_is_new_is_not_overlooked(tmp_path, name, text) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(AssertionError, match="does not know"):
        Published().read(tmp_path / name)


def test_no_share_and_no_median_stands_where_a_count_that_it_rests_on_is_hidden(published) -> None:
    """So that shares, intervals and medians tell no count that is not told."""
    bases = {"gevallen": {AFWIJKING: ("berichten", "berichten_onbekend")}}
    for kpi, per, group, figure in published.figures:
        counts = bases.get(figure, {}).get(kpi, JUDGED) if figure in bases else made_of(figure)
        for name in counts:
            assert (kpi, per, group, name) in published.known, (kpi, per, group, figure, name)


def test_the_spread_of_others_is_that_of_shares_that_the_ketenbureau_sees(published) -> None:
    for (kpi, gemeente), limits in published.spreiding.items():
        shares = [
            value
            for (of, per, group, name), value in published.figures.items()
            if (of, per, name) == (kpi, ("gemeente",), share_of(kpi)) and group != (gemeente,)
        ]
        cuts = quantiles(shares, n=20, method="inclusive")
        assert limits == [round(cuts[at], 2) for at in (1, 4, 9, 14, 17)]


def test_the_lines_of_gemeenten_begin_and_end_at_shares_of_their_months(con, tmp_path) -> None:
    Bouw(con, 0).build(tmp_path / "alles", KETENBUREAU)
    published = read_all([tmp_path / "alles"], 0)
    cijfers = Cijfers(con, KETENBUREAU, 0)
    assert published.lijnen
    for (kpi, gemeente), (first, last, number) in published.lijnen.items():
        months = {
            group: value
            for (of, per, group, name), value in published.figures.items()
            if (of, per, name) == (kpi, ("gemeente", "maand"), share_of(kpi))
            and group[0] == gemeente
            and cijfers.is_af(find_kpi(kpi), str(group[1]))
        }
        assert (months[min(months)], months[max(months)], len(months)) == (first, last, number)


@pytest.mark.parametrize(("kpi", "names"), SEARCHES, ids=lambda value: value if isinstance(value, str) else value[0])
def test_no_hidden_count_follows_from_all_editions_together(truth, published, regio, acting, kpi, names) -> None:
    reader = the_reader(truth[kpi], published, names, regio)
    if kpi in acting:
        see_work(reader, published, [truth[other] for other in acting & truth.keys() if other != kpi])
    assert reader.narrow(WIDTH) == {}


@pytest.mark.parametrize("kpi", ["doorlooptijd-toewijzing", "reactietermijn-verzoek"])
def test_no_hidden_count_follows_from_causes_that_are_shown(other_con, with_causes, regio, kpi) -> None:
    assert kpi in {oorzaak.kpi for oorzaak in with_causes.oorzaken}
    reader = the_reader(exact(other_con)[kpi], with_causes, TIJDNORM, regio)
    assert reader.narrow(WIDTH) == {}


def test_what_would_be_left_outside_the_list_is_told_in_fives(con, published) -> None:
    found = read_cases(con, PRODUCTCODES, [()]).codes.wat_als
    total = dict(zip(found.columns, found.rows[0], strict=True))
    left, share = total["berichten_afwijkend_straks"], total["aandeel_berichten_afwijkend_straks"]
    of = 5 * round(left / share / 5)
    assert published.wat_als["met de voorstellen"] * of == pytest.approx(5 * round(left / 5))


def test_no_hidden_number_of_toewijzingen_follows(truth, published, regio) -> None:
    """A toewijzing has messages in several months, and may have several aanbieders: each has at most all."""
    counts = {key: number for key, number in truth[AFWIJKING].items() if key[3] in TOEWIJZINGEN}
    groups = defaultdict(set)
    for _, per, group, _ in counts:
        groups[per].add(group)
    points: list[Point] = [("", g, w) for (g,) in groups["gemeente",] for (w,) in groups["wet",]]
    points += [("maand", *group) for group in groups["gemeente", "maand"]]
    points += [("aanbieder", *group) for group in groups["aanbieder",]]
    reader = Reader(sorted(points, key=repr), kinds_of(set(TOEWIJZINGEN)))
    places = {("gemeente",): 1, ("wet",): 2, ("maand",): 2, ("aanbieder",): 1}

    def within(per: tuple[str, ...], group: Point):
        word = "maand" if "maand" in per else "aanbieder" if "aanbieder" in per else ""
        if per == ("jeugdregio",):
            return lambda p: p[0] == "" and regio.get(p[1]) == group[0]
        if per == ("gemeente", "maand"):
            return lambda p: p == (word, *group)
        return lambda p: p[0] == word and all(p[places[per]] == value for value in group)

    see_tables(reader, counts, published, within)
    for name in TOEWIJZINGEN:
        parts = [("gemeente", "maand"), ("aanbieder",)]
        for per in parts:
            wholes: dict[Point, list[Point]] = defaultdict(list)
            for group in groups[per]:
                wholes[group[:1] if per == parts[0] else ()].append(group)
            for whole, of in wholes.items():
                total = reader.members(within(("gemeente",) if whole else (), whole), reader.kinds[name])
                each = [reader.members(within(per, group), reader.kinds[name]) for group in of]
                for part in each:
                    reader.learn(total - part, 0, np.inf)
                reader.learn(sum(each) - total, 0, np.inf)
    assert reader.secrets
    assert reader.narrow(WIDTH) == {}


def test_the_editions_show_and_hide_many_counts(truth, published) -> None:
    counts = {key: number for found in truth.values() for key, number in found.items()}
    shown = [key for key in counts if published.known.get(key)]
    hidden = [key for key in counts if key in published.hidden - published.known.keys()]
    assert len(shown) > 150
    assert len(hidden) > 250
    assert not [key for key in shown if 0 < counts[key] < MINIMUM]


def test_the_reader_does_find_a_count_that_one_table_more_would_tell(truth, published, regio) -> None:
    """So that it can: the number of one hidden month of a gemeente, and with it those that stood against it."""
    counts = truth["doorlooptijd-toewijzing"]
    leaked = {key: number for key, number in counts.items() if key[1] == ("gemeente", "maand") and key[2][0] != "0034"}
    reader = the_reader(counts, replace(published, known=published.known | leaked), TIJDNORM, regio)
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
