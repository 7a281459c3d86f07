"""Tables published together: no hidden count follows from all of them, also for who knows how the hiding is done."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keten_kpi.disclosure.system import Grouping, Relation, Rules, is_acyclic, widen
from keten_kpi.disclosure.together import WIDTH, hidden_together
from tests.disclosure.reader import Point, Reader

DOMAIN = {"gemeente": ("a", "b", "c", None), "maand": (1, 2, 3), "wet": ("Jw", "Wmo"), "aanbieder": ("p", "q", "r")}
REGIO = {"a": "x", "b": "x", "c": "y"}
ABOVE = {"gemeente": ("jeugdregio", REGIO)}
NAMES = tuple(DOMAIN)
SETS = [
    [(), ("gemeente",), ("wet",)],
    [(), ("gemeente",), ("maand",), ("gemeente", "maand")],
    [(), ("gemeente",), ("jeugdregio",), ("maand",), ("wet",), ("gemeente", "maand"), ("gemeente", "wet")],
    [("gemeente", "maand"), ("gemeente", "wet"), ("aanbieder",)],
    [("jeugdregio", "maand"), ("gemeente",)],
    [(), ("gemeente", "maand"), ("maand", "wet"), ("wet", "aanbieder")],
]


def value_of(point: Point, name: str) -> object:
    return REGIO.get(point[0]) if name == "jeugdregio" else point[NAMES.index(name)]


def key_of(point: Point, per: tuple[str, ...]) -> Point:
    return tuple(value_of(point, name) for name in per)


class Traffic:
    """Cases by point (gemeente, maand, wet, aanbieder) and by kind: the kinds together are the total."""

    def __init__(self, cases: dict[str, Counter[Point]], relations: tuple[Relation, ...]) -> None:
        self.cases, self.relations = cases, relations
        self.kinds = sorted(cases)
        self.names = {kind: {kind} for kind in self.kinds if kind != "rest"}
        for relation in relations:
            rest = {"rest"} if "rest" in cases else set()
            self.names[relation.totaal] = {*relation.delen, *rest}

    def grouping(self, per: tuple[str, ...], *, is_shown: bool = True) -> Grouping:
        sums = {name: Counter() for name in self.names}
        for name, kinds in self.names.items():
            for kind in kinds:
                for point, number in self.cases[kind].items():
                    sums[name][key_of(point, per)] += number
        groups = sorted({group for counter in sums.values() for group in counter}, key=repr) or (
            [()] if not per else []
        )
        return Grouping(per, groups, {name: [sums[name][g] for g in groups] for name in sums}, is_shown)


def narrow(
    traffic: Traffic, groupings: list[Grouping], hidden: list[set[tuple[int, str]]], minimum: int = 0
) -> dict[str, object]:
    """The hidden counts, and small rests of a total, that a reader of all these knows more exactly than promised."""
    reader = Reader(product(*DOMAIN.values()), traffic.names)
    for grouping, gone in zip(groupings, hidden, strict=True):
        if not grouping.is_shown:
            continue
        per = grouping.dimensions
        for group in {key_of(point, per) for point in reader.points} - set(grouping.groups):
            for name in traffic.names:
                reader.see(name, lambda point, per=per, group=group: key_of(point, per) == group, 0)
        for at, group in enumerate(grouping.groups):
            for name, numbers in grouping.counts.items():

                def is_in(point: Point, per=per, group=group) -> bool:
                    return key_of(point, per) == group

                if (at, name) in gone:
                    reader.miss(f"{name} per {per} of {group}", name, is_in, numbers[at])
                else:
                    reader.see(name, is_in, numbers[at])
            rest = sum(number for point, number in traffic.cases.get("rest", {}).items() if key_of(point, per) == group)
            if 0 < rest < minimum:
                members = reader.members(lambda point, per=per, group=group: key_of(point, per) == group, ["rest"])
                reader.secrets[f"rest per {per} of {group}"] = (members, rest)
    return reader.narrow(WIDTH)


counts = st.sampled_from([1, 1, 2, 3, 5, 9, 10, 17, 40])
points = st.tuples(*(st.sampled_from(values) for values in DOMAIN.values()))
cases = st.dictionaries(points, counts, max_size=14).map(Counter)


@st.composite
def traffics(draw) -> Traffic:
    kinds = draw(st.sampled_from([("n",), ("good", "bad"), ("good", "bad", "rest"), ("good", "rest")]))
    delen = tuple(kind for kind in kinds if kind != "rest")
    return Traffic({kind: draw(cases) for kind in kinds}, (Relation("all", delen),) if len(kinds) > 1 else ())


def protected(traffic: Traffic, groupings: list[Grouping], minimum: int) -> list[set[tuple[int, str]]]:
    rules = Rules(traffic.relations, frozenset(traffic.names), above=ABOVE)
    return hidden_together(groupings, rules, minimum)


@settings(deadline=None, max_examples=60)
@given(traffics(), st.sampled_from(SETS), st.sampled_from([3, 5, 10]))
def test_no_hidden_count_is_known_more_exactly_than_promised(traffic, pers, minimum) -> None:
    groupings = [traffic.grouping(per) for per in pers]
    hidden = protected(traffic, groupings, minimum)
    assert narrow(traffic, groupings, hidden, minimum) == {}


PAIRS = [("gemeente", "maand"), ("maand", "wet"), ("gemeente", "wet")]


@settings(deadline=None, max_examples=30)
@given(traffics(), st.sampled_from([3, 10]))
def test_pairs_of_three_dimensions_are_safe_when_their_joint_table_is_in_the_system(traffic, minimum) -> None:
    joint = traffic.grouping(("gemeente", "maand", "wet"), is_shown=False)
    groupings = [*(traffic.grouping(per) for per in PAIRS), joint]
    hidden = protected(traffic, groupings, minimum)
    assert narrow(traffic, groupings, hidden, minimum) == {}


@settings(deadline=None, max_examples=100)
@given(traffics(), st.sampled_from(SETS), st.sampled_from([3, 5, 10]))
def test_every_small_count_is_hidden_in_every_table_that_shows_it(traffic, pers, minimum) -> None:
    groupings = [traffic.grouping(per) for per in pers]
    for grouping, gone in zip(groupings, protected(traffic, groupings, minimum), strict=True):
        small = {(at, name) for name, numbers in grouping.counts.items()
                 for at, number in enumerate(numbers) if 0 < number < minimum}  # fmt: skip
        assert small <= gone


@settings(deadline=None, max_examples=50)
@given(traffics(), st.sampled_from(SETS))
def test_the_same_tables_always_hide_the_same_counts(traffic, pers) -> None:
    groupings = [traffic.grouping(per) for per in pers]
    assert protected(traffic, groupings, 10) == protected(traffic, groupings, 10)


@pytest.mark.parametrize("pers", SETS)
def test_sets_of_the_editions_are_acyclic(pers) -> None:
    assert is_acyclic({widen(per, Rules(above=ABOVE)) for per in pers})


@pytest.mark.parametrize(
    "pers",
    [
        PAIRS,
        [*PAIRS, ("aanbieder",)],
        [("wet", "maand"), ("maand", "aanbieder"), ("aanbieder", "gemeente"), ("gemeente", "wet")],
    ],
)
def test_rings_of_tables_are_not(pers) -> None:
    assert not is_acyclic({frozenset(per) for per in pers})
    assert is_acyclic({*map(frozenset, pers), frozenset(NAMES)})


LOOSE = [(), ("gemeente",), ("wet",), ("maand",), ("gemeente", "maand"), ("gemeente", "wet")]
toewijzingen = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["Jw", "Wmo"]), st.sets(st.sampled_from([1, 2, 3]), min_size=1)),
    min_size=1,
    max_size=60,
)


def distinct(found: list[tuple[str, str, set[int]]], per: tuple[str, ...]) -> Grouping:
    """How many toewijzingen have a message in each group: one may be in several months."""
    groups: Counter[Point] = Counter()
    for gemeente, wet, months in found:
        values = {"gemeente": gemeente, "wet": wet}
        groups.update({tuple(month if name == "maand" else values[name] for name in per) for month in months})
    ordered = sorted(groups)
    return Grouping(per, ordered, {"n": [groups[group] for group in ordered]})


@settings(deadline=None, max_examples=60)
@given(toewijzingen, st.sampled_from([3, 5, 10]))
def test_of_counts_that_do_not_add_up_none_follows_from_being_at_least_each_part(found, minimum) -> None:
    groupings = [distinct(found, per) for per in LOOSE]
    rules = Rules(people=frozenset("n"), adds_up_over={"n": ("gemeente", "wet")})
    hidden = hidden_together(groupings, rules, minimum)
    reader = Reader([(one.dimensions, group) for one in groupings for group in one.groups], {"n": ["n"]})
    for one, gone in zip(groupings, hidden, strict=True):
        for at, group in enumerate(one.groups):
            name, cell, true = f"{one.dimensions} {group}", (one.dimensions, group), one.counts["n"][at]
            assert true >= minimum or (at, "n") in gone
            if (at, "n") in gone:
                reader.miss(name, "n", lambda point, cell=cell: point == cell, true)
            else:
                reader.see("n", lambda point, cell=cell: point == cell, true)
    for finer in groupings:
        for coarser in groupings:
            if set(coarser.dimensions) < set(finer.dimensions):
                learn_sums(reader, finer, coarser)
    assert reader.narrow(WIDTH) == {}


def learn_sums(reader: Reader, finer: Grouping, coarser: Grouping) -> None:
    at = [finer.dimensions.index(name) for name in coarser.dimensions]
    for group in coarser.groups:
        parts = [(finer.dimensions, one) for one in finer.groups if tuple(one[place] for place in at) == group]
        whole = reader.members(lambda point, group=group: point == (coarser.dimensions, group), ["n"])
        all_ = reader.members(lambda point, parts=parts: point in parts, ["n"])
        adds_up = "maand" not in set(finer.dimensions) - set(coarser.dimensions)
        reader.learn(all_ - whole, 0, 0 if adds_up else float("inf"))
        for part in parts:
            reader.learn(whole - reader.members(lambda point, part=part: point == part, ["n"]), 0, float("inf"))


def test_the_reader_finds_what_each_table_by_itself_would_give_away() -> None:
    """Per wet and per gemeente each hide two; of both together one follows."""
    many = {("a", 1, "Jw", "p"): 30, ("b", 1, "Jw", "p"): 27, ("b", 1, "Wmo", "p"): 3}
    traffic = Traffic({"n": Counter(many)}, ())
    groupings = [traffic.grouping(per) for per in ((), ("gemeente",), ("gemeente", "wet"))]
    found = narrow(traffic, groupings, [set(), set(), {(2, "n")}])
    assert found == {"n per ('gemeente', 'wet') of ('b', 'Wmo')": (3, 3, 3)}


def test_a_table_of_large_counts_shows_all() -> None:
    traffic = Traffic({"n": Counter(dict.fromkeys(product(*DOMAIN.values()), 10))}, ())
    groupings = [traffic.grouping(per) for per in SETS[2]]
    assert protected(traffic, groupings, 10) == [set()] * len(groupings)


def test_what_one_table_hides_makes_another_hide_its_partner() -> None:
    """Per wet 3 of 60 are hidden; per gemeente all are large, and yet one alone may not be of one wet."""
    many = {("a", 1, "Jw", "p"): 30, ("b", 1, "Jw", "p"): 27, ("b", 1, "Wmo", "p"): 3}
    traffic = Traffic({"n": Counter(many)}, ())
    groupings = [traffic.grouping(per) for per in ((), ("wet",), ("gemeente",), ("gemeente", "wet"))]
    _, per_wet, per_gemeente, both = protected(traffic, groupings, 10)
    assert per_wet == {(0, "n"), (1, "n")}
    assert per_gemeente == set()
    assert both == {(1, "n"), (2, "n")}


def test_a_total_that_is_hidden_takes_one_of_its_parts_with_it() -> None:
    """Else the large months of b, all shown, would add up to its hidden total, and that would tell of a."""
    many = {("a", 1, "Jw", "p"): 3, ("b", 1, "Jw", "p"): 30, ("b", 2, "Jw", "p"): 31, ("c", 1, "Jw", "p"): 500}
    traffic = Traffic({"n": Counter(many)}, ())
    groupings = [traffic.grouping(per) for per in ((), ("gemeente",), ("gemeente", "maand"))]
    hidden = protected(traffic, groupings, 10)
    assert hidden == [set(), {(0, "n"), (1, "n")}, {(0, "n"), (1, "n")}]
    assert narrow(traffic, groupings, hidden, 10) == {}


def test_a_count_that_is_said_to_add_up_and_does_not_is_a_fault() -> None:
    whole, parts = Grouping((), [()], {"n": [5]}), Grouping(("wet",), [("Jw",), ("Wmo",)], {"n": [5, 1]})
    with pytest.raises(ValueError, match="add up"):
        hidden_together([whole, parts], Rules(people=frozenset("n")), 10)
    loose = Rules(people=frozenset("n"), adds_up_over={"n": ()})
    assert hidden_together([whole, parts], loose, 3) == [set(), {(0, "n"), (1, "n")}]


def test_the_count_of_all_is_shown_where_another_choice_would_do() -> None:
    """Many small months: whatever is too few in one gemeente and month, others of both can be more and less."""
    months = {
        ("a", "P"): [5, 3, 4, 9, 4, 8, 3, 6],
        ("b", "Q"): [12, 14, 13, 12, 17, 11, 19, 10],
        ("c", "R"): [8, 4, 0, 1, 1, 5, 2, 5],
        ("d", "S"): [3, 0, 1, 0, 3, 0, 1, 6],
        ("e", "T"): [6, 4, 12, 11, 8, 16, 5, 8],
        ("f", "U"): [6, 2, 2, 2, 1, 3, 0, 1],
        ("g", "U"): [15, 9, 14, 21, 17, 14, 22, 14],
        ("h", "V"): [9, 9, 4, 11, 7, 11, 11, 9],
    }
    found: dict[tuple[str, ...], Counter[Point]] = {
        per: Counter() for per in [(), ("maand",), ("jeugdregio",), ("gemeente",), ("gemeente", "maand")]
    }
    for (gemeente, region), numbers in months.items():
        for month, number in enumerate(numbers):
            value = {"gemeente": gemeente, "jeugdregio": region, "maand": month}
            for per, counts in found.items():
                counts[tuple(value[name] for name in per)] += number
    groupings = [Grouping(per, list(counts), {"n": list(counts.values())}) for per, counts in found.items()]
    rules = Rules(people=frozenset("n"), above={"gemeente": ("jeugdregio", dict(months.keys()))})
    whole, per_month, per_region, per_gemeente, _ = hidden_together(groupings, rules, 10)
    assert [whole, per_month, per_region, per_gemeente] == [set()] * 4
