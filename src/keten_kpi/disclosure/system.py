"""All counts of one KPI that are published together, as one system: places, and the sums that a reader knows of them.

A place is a group of a grouping; at each place stand counts, by name. Where one grouping refines another, every count
at a place of the coarser is the sum of those at places of the finer; and within a place the relations of the kind hold.
What no table shows but must exist is in it too: the margin that two tables share, the rest of a total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

Group = tuple[object, ...]
Dimensions = frozenset[str]
Key = tuple[object, ...]
Cell = tuple[str, int]  # name and place


@dataclass(frozen=True, slots=True)
class Relation:
    """``totaal`` is the sum of ``delen`` and of a rest that the table does not show.

    Where the rest is 0 in every group, it counts as known: ``delen`` are then all that there is.
    """

    totaal: str
    delen: tuple[str, ...]

    @property
    def rest(self) -> str:
        return f"{self.totaal} - {' - '.join(self.delen)}"


@dataclass(frozen=True, slots=True)
class Grouping:
    """The counts per group of these dimensions, by name; a group that is not in it has no case."""

    dimensions: tuple[str, ...]
    groups: Sequence[Group]
    counts: Mapping[str, Sequence[int]]
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known of the counts.

    Args:
        relations: hold within each group.
        people: names of the counts that are about people; a small one must not be known.
        adds_up_over: the dimensions that a count adds up over, for those that do not over every one.
        above: a dimension that is a union of values of another: gemeente -> (jeugdregio, of each gemeente).
    """

    relations: tuple[Relation, ...] = ()
    people: frozenset[str] = frozenset()
    adds_up_over: Mapping[str, Collection[str]] = field(default_factory=dict)
    above: Mapping[str, tuple[str, Mapping[object, object]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sum:
    """Counts at ``whole`` are the sum of those at ``parts``; those that do not add up are at least each of these."""

    whole: int
    parts: tuple[int, ...]
    do_not_add_up: frozenset[str]


@dataclass(slots=True)
class System:
    """Places are numbers, those of coarse groupings first."""

    relations: tuple[Relation, ...] = ()
    depth: list[int] = field(default_factory=list)  # of how many dimensions the grouping of a place is
    is_shown: list[bool] = field(default_factory=list)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)  # by name and place, rests too
    never_shown: set[str] = field(default_factory=set)  # names of rests
    secret: set[str] = field(default_factory=set)  # names of counts that must not be known when they are small
    hidden: set[Cell] = field(default_factory=set)
    frozen: set[int] = field(default_factory=set)  # places where nothing more can be hidden: others show them
    sums: list[Sum] = field(default_factory=list)
    part_of: list[list[int]] = field(default_factory=list)
    whole_of: list[list[int]] = field(default_factory=list)

    def add_place(self, depth: int, *, is_shown: bool) -> int:
        self.depth.append(depth)
        self.is_shown.append(is_shown)
        self.part_of.append([])
        self.whole_of.append([])
        return len(self.depth) - 1

    def add_sum(self, one: Sum) -> None:
        for name, counts in self.counts.items():
            known = name not in one.do_not_add_up and one.whole in counts
            if known and counts[one.whole] != sum(counts[part] for part in one.parts):
                raise ValueError(f"{name} is said to add up, and does not.")
        self.whole_of[one.whole].append(len(self.sums))
        for part in one.parts:
            self.part_of[part].append(len(self.sums))
        self.sums.append(one)

    def is_given(self, name: str, place: int) -> bool:
        """Whether a reader is given this count: a rest never is, nor what stands in no table, nor what is hidden."""
        return self.is_shown[place] and name not in self.never_shown and (name, place) not in self.hidden


def widen(dimensions: Iterable[str], rules: Rules) -> Dimensions:
    """With the dimensions that follow from them."""
    found = set(dimensions)
    return frozenset(found | {above for name, (above, _) in rules.above.items() if name in found})


def is_acyclic(sets: Iterable[Dimensions]) -> bool:
    """Whether tables over these dimensions that agree where they overlap always are tables of one and the same traffic.

    By Graham, Yu and Ozsoyoglu: dimensions of one table only are taken away, and tables that another holds, until
    nothing is left. Of such sets a reader learns no more from the tables than from their sums.
    """
    left = set(sets)
    while True:
        seen = [name for one in left for name in one]
        fewer = {frozenset(name for name in one if seen.count(name) > 1) for one in left}
        fewer = {one for one in fewer if not any(one < other for other in fewer)}
        if fewer == left:
            return len(left) <= 1
        left = fewer


def overlaps(sets: Iterable[Dimensions]) -> set[Dimensions]:
    """The sets that these have in common by two, by three and so on."""
    found = set(sets)
    while True:
        more = {one & other for one, other in combinations(found, 2)} - found
        if not more:
            return found
        found |= more


class _Node:
    """A grouping in the system: its places by the values of all its dimensions, in the order of their names."""

    def __init__(self, names: Dimensions) -> None:
        self.names = tuple(sorted(names))
        self.is_shown = False
        self.counts: dict[str, dict[Key, int]] = {}
        self.places: dict[Key, int] = {}

    def within(self, names: Dimensions) -> Iterator[tuple[Key, Key]]:
        """Each of its keys, and that of the coarser group that it lies in."""
        at = [place for place, name in enumerate(self.names) if name in names]
        for key in dict.fromkeys(key for counts in self.counts.values() for key in counts):
            yield key, tuple(key[place] for place in at)


def keys_of(grouping: Grouping, rules: Rules) -> list[Key]:
    """The key of each group in its node."""
    at = {name: place for place, name in enumerate(grouping.dimensions)}
    above = {name: (at[lower], of) for lower, (name, of) in rules.above.items() if lower in at}

    def value(group: Group, name: str) -> object:
        if name in at:
            return group[at[name]]
        place, of = above[name]
        return of.get(group[place])

    names = sorted(widen(grouping.dimensions, rules))
    return [tuple(value(group, name) for name in names) for group in grouping.groups]


class Builder:
    """Makes the system of these groupings; ``places`` says where in it the groups of a grouping are."""

    def __init__(self, groupings: Sequence[Grouping], rules: Rules) -> None:
        self.rules = rules
        self.system = System(rules.relations, secret=set(rules.people))
        self.nodes: dict[Dimensions, _Node] = {}
        for grouping in groupings:
            self._add_node(grouping)
        for names in sorted(overlaps(self.nodes) - set(self.nodes), key=sorted):
            self.nodes[names] = self._summed(names)
        self.order = sorted(self.nodes, key=lambda names: (len(names), sorted(names)))
        for names in self.order:
            self._add_places(self.nodes[names])
        for relation in rules.relations:
            self._add_rest(relation)
        for names in self.order:
            for coarser in self._next_below(names):
                self._add_sums(self.nodes[names], coarser)

    def places(self, grouping: Grouping) -> list[int]:
        node = self.nodes[widen(grouping.dimensions, self.rules)]
        return [node.places[key] for key in keys_of(grouping, self.rules)]

    def _add_node(self, grouping: Grouping) -> None:
        names = widen(grouping.dimensions, self.rules)
        node = self.nodes.setdefault(names, _Node(names))
        node.is_shown |= grouping.is_shown
        keys = keys_of(grouping, self.rules)
        for name, numbers in grouping.counts.items():
            node.counts[name] = dict(zip(keys, numbers, strict=True))

    def _adds_up(self, name: str, dropped: Iterable[str]) -> bool:
        over = self.rules.adds_up_over.get(name)
        return over is None or set(dropped) <= widen(over, self.rules)

    def _summed(self, names: Dimensions) -> _Node:
        """What groupings have in common and no table shows, from one that holds it."""
        made = _Node(names)
        finer = next(node for other, node in self.nodes.items() if names < other)
        keys = dict(finer.within(names))
        for name, counts in finer.counts.items():
            if self._adds_up(name, set(finer.names) - names):
                made.counts[name] = defaultdict(int)
                for key, number in counts.items():
                    made.counts[name][keys[key]] += number
        return made

    def _add_places(self, node: _Node) -> None:
        for counts in node.counts.values():
            for key in counts:
                if key not in node.places:
                    node.places[key] = self.system.add_place(len(node.names), is_shown=node.is_shown)
        for name, counts in node.counts.items():
            found = self.system.counts.setdefault(name, {})
            found.update((node.places[key], number) for key, number in counts.items())

    def _add_rest(self, relation: Relation) -> None:
        """The rest of a total as a count of its own; where it is 0 everywhere, the parts are known to be all."""
        counts = self.system.counts
        of = [counts.get(name, {}) for name in (relation.totaal, *relation.delen)]
        places = [place for place in of[0] if all(place in one for one in of)]
        rests = {place: of[0][place] - sum(one[place] for one in of[1:]) for place in places}
        if any(rests.values()):
            counts[relation.rest] = rests
            self.system.never_shown.add(relation.rest)
            if relation.totaal in self.rules.people:
                self.system.secret.add(relation.rest)

    def _next_below(self, names: Dimensions) -> Iterator[Dimensions]:
        """The groupings that this one refines with none in between."""
        below = [other for other in self.order if other < names]
        yield from (one for one in below if not any(one < other for other in below))

    def _add_sums(self, finer: _Node, names: Dimensions) -> None:
        coarser = self.nodes[names]
        parts: dict[Key, list[int]] = defaultdict(list)
        for key, within in finer.within(names):
            parts[within].append(finer.places[key])
        dropped = set(finer.names) - names
        loose = frozenset(name for name in finer.counts if not self._adds_up(name, dropped))
        loose |= {r.rest for r in self.rules.relations if loose & {r.totaal, *r.delen}}
        for key, found in parts.items():
            self.system.add_sum(Sum(coarser.places[key], tuple(found), loose))
