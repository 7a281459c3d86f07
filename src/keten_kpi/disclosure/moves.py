"""Other traffic that would give the same published figures: the proof that a hidden count cannot be worked out.

A move adds a few cases at some places and takes as many from others, so that every sum still holds, and touches only
what is hidden. The figures after it are as good an explanation of what is published as the true ones: each count that
it touches has another value that is possible. What is hidden later only leaves more possible, so that a move once found
stays a proof.

A move is a pattern of places (each with a sign, so that all sums between groupings hold) times a mix of counts (each
with a sign, so that the relations within a group hold): one more that is too late is one less that was on time.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from heapq import heappop, heappush
from itertools import chain, count, islice

from keten_kpi.disclosure.prices import Mix, Mixes, Prices, Setting, Way
from keten_kpi.disclosure.system import Cell, System

TRIES = 200  # patterns in the making to look at
LEAVES = 50  # groups of the finest table to try for one of a coarser
BRANCHES = 6  # places to try in a sum, of those where it costs nothing and of those where it does
MOST = 2 * BRANCHES  # places to look at in a sum

Pattern = dict[int, int]  # +1 or -1 by place; also: by how much too many the parts of a sum are, by the sum's number
Exchange = tuple[tuple[int, ...], tuple[int, ...]]  # places that gain what the others lose, or the other way round
Found = tuple[int, set[Cell]]  # price, and what the move touches
Step = tuple[int, int]  # a place and its sign
Made = tuple[
    int, int, int, Pattern, Pattern, Step, Way
]  # what it may come to, ticket, price, pattern and broken sums before
Mended = tuple[int, int, int, int, int]  # rank, place, sign, price, guess


def pattern_of(more: Iterable[int], less: Iterable[int], sign: int) -> Pattern:
    return dict.fromkeys(more, sign) | dict.fromkeys(less, -sign)


class Moves:
    """Finds moves in a system."""

    def __init__(self, system: System, minimum: int, width: int, frozen: Collection[int] = ()) -> None:
        self.system = system
        self.minimum = minimum
        self.width = width  # by how much a move changes each count
        self.setting = Setting(system, minimum, width, frozen or system.frozen)
        self.known: dict[Mix, Way] = {}
        self.mixes = Mixes(system.relations, system.counts)
        self.ways = cache(lambda name: [self._way(mix) for mix in self.mixes.of(name)])
        self.members = cache(lambda number: frozenset(system.sums[number].parts))
        self.above = cache(self._above)
        self.differences = lru_cache(maxsize=1)(lambda place: [*self._differences(place)])  # of one place many
        self.ranked = cache(self._ranked)
        self.corners = [self._corner(place) for place in range(len(system.depth))]
        self.has_loose = any(one.do_not_add_up for one in system.sums)

    def _way(self, mix: Mix) -> Way:
        if mix not in self.known:
            self.known[mix] = Way(mix, {sign: Prices(self.setting, sign, mix) for sign in (1, -1)})
        return self.known[mix]

    def _more_broken(self, broken: Pattern, place: int, sign: int) -> int:
        """How many sums more are broken, once this place has changed as well."""
        more = 0
        for numbers, change in ((self.system.part_of[place], sign), (self.system.whole_of[place], -sign)):
            for number in numbers:
                was = broken.get(number, 0)
                more += (was != -change) - (was != 0)
        return more

    def _corner(self, place: int) -> int | None:
        """Of a place in a table of two dimensions the numbers of its two sums, added: less the one it is the other."""
        part_of = self.system.part_of[place]
        is_corner = len(part_of) == 2 and not self.system.whole_of[place]  # noqa: PLR2004 - along a row and a column
        return sum(part_of) if is_corner else None

    def find(self, name: str, place: int) -> set[Cell] | None:
        """What the cheapest move found that changes this count touches; None when there is none."""
        ways = self.ways(name)
        for search in (self._swaps, self._searched, self._exchanges, self._points):
            found = min(search(place, ways), key=lambda one: one[0], default=None)
            if found:
                return found[1]
        return None

    def forget(self, places: Collection[int]) -> None:
        """Something more is hidden at these places."""
        for way in self.known.values():
            for prices in way.prices.values():
                for place in places:
                    prices.forget(place)

    def _broken(self, broken: Pattern, place: int, sign: int) -> Pattern:
        """By how much the parts of each sum are too many, once this place has changed as well."""
        after = dict(broken)
        for numbers, change in ((self.system.part_of[place], sign), (self.system.whole_of[place], -sign)):
            for number in numbers:
                after[number] = after.get(number, 0) + change
                if not after[number]:
                    del after[number]
        return after

    def _swaps(self, place: int, ways: Iterable[Way]) -> Iterator[Found]:
        """The first move for nothing, of few places: two of one sum, or the corners of a rectangle."""
        for way in ways:
            for sign in (1, -1):
                if way.prices[sign][place] == 0 and not self.system.whole_of[place]:
                    for more, less in self._rectangles(place, sign, way):
                        pattern = pattern_of(more, less, sign)
                        if self._holds(pattern, way.mix):
                            yield 0, self._touched(pattern, way.mix)
                            return

    def _rectangles(self, place: int, sign: int, way: Way, paid: int = 0) -> Iterator[Exchange]:
        """Of places that cost nothing, and in each sum of the cheapest ``paid`` that do."""

        def places(number: int, sign: int) -> list[int]:
            options = way.prices[sign].options(number)
            return options.free + [part for _, part in options.paid[:paid]] if paid else options.free

        part_of = sorted(self.system.part_of[place], key=lambda one: len(self.system.sums[one].parts))
        if len(part_of) == 1:
            yield from (((place,), (other,)) for other in places(part_of[0], -sign) if other != place)
        if len(part_of) != 2:  # noqa: PLR2004 - along a row and along a column
            return
        row, column = part_of
        corners = self.corners
        in_column = {at - column: other for other in places(column, -sign) if (at := corners[other]) is not None}
        for beside in places(row, -sign):
            crossing = corners[beside]
            if beside != place and crossing is not None:
                for corner in places(crossing - row, sign):
                    at = corners[corner]
                    below = None if at is None else in_column.get(at - crossing + row)
                    if below is not None and below != place and corner != beside:
                        yield (place, corner), (beside, below)

    def _searched(self, place: int, ways: Iterable[Way]) -> Iterator[Found]:
        found = self._search(place, ways)
        if found:
            yield found

    def _points(self, place: int, ways: Iterable[Way]) -> Iterator[Found]:
        yield from (point for way in ways if (point := self._point(place, way)))

    def _exchanges(self, place: int, ways: Iterable[Way]) -> Iterator[Found]:
        """Few cases less in one group and as many more in another: in one table, or in all that they are counted in.

        Only those that are cheaper than the ones before.
        """
        best = math.inf
        for way in ways:
            for sign in (1, -1):
                for more, less in chain(self._rectangles(place, sign, way, MOST), self.differences(place)):
                    price = way.total(more, less, sign, best)
                    if price is not None:
                        pattern = pattern_of(more, less, sign)
                        if not self._is_broken(pattern) and self._holds(pattern, way.mix):
                            best = price
                            yield price, self._touched(pattern, way.mix)

    def _differences(self, place: int) -> Iterator[Exchange]:
        """What two groups of the finest table are both part of stays as it is."""
        for leaf in self._leaves(place):
            beside = {part for number in self.system.part_of[leaf] for part in self.system.sums[number].parts}
            ours = self.above(leaf)
            for other in sorted(beside - {leaf}):
                theirs = self.above(other)
                if (place in ours) != (place in theirs):
                    yield tuple(ours - theirs), tuple(theirs - ours)

    def _leaves(self, place: int) -> list[int]:
        """Places of the finest tables that this one is made of; of many, some."""
        found, todo = set[int](), [place]
        while todo:
            at = todo.pop()
            numbers = self.system.whole_of[at]
            if numbers:
                todo += self.system.sums[numbers[0]].parts
            else:
                found.add(at)
        return sorted(found)[:LEAVES]

    def _above(self, place: int) -> frozenset[int]:
        """The place and all that it is part of."""
        found, todo = set[int](), [place]
        while todo:
            at = todo.pop()
            if at not in found:
                found.add(at)
                todo += [self.system.sums[number].whole for number in self.system.part_of[at]]
        return frozenset(found)

    def _is_broken(self, pattern: Pattern) -> bool:
        broken: Pattern = {}
        for place, sign in pattern.items():
            broken = self._broken(broken, place, sign)
        return bool(broken)

    def _choices(self, number: int, excess: int) -> Iterator[tuple[int, int]]:
        sign = 1 if excess > 0 else -1
        yield self.system.sums[number].whole, sign
        for part in self.system.sums[number].parts:
            yield part, -sign

    def _search(self, place: int, ways: Iterable[Way]) -> Found | None:
        """Best first: what a pattern costs so far, and a guess of what mending its broken sums will."""
        ticket, heap = count(), list[Made]()
        for way in ways:
            for sign in (1, -1):
                price = way.prices[sign][place]
                if price is not None:
                    guess = price + self.minimum * self._more_broken({}, place, sign)
                    heappush(heap, (guess, next(ticket), price, {}, {}, (place, sign), way))
        for _ in range(TRIES):
            if not heap:
                break
            _, _, price, before, broken_before, (other, sign), way = heappop(heap)
            pattern, broken = {**before, other: sign}, self._broken(broken_before, other, sign)
            if broken:
                for guess, more, step in self._menders(pattern, broken, way):
                    heappush(heap, (price + guess, next(ticket), price + more, pattern, broken, step, way))
            elif self._holds(pattern, way.mix):
                return price, self._touched(pattern, way.mix)
        return None

    def _menders(self, pattern: Pattern, broken: Pattern, way: Way) -> Iterator[tuple[int, int, Step]]:
        """The likeliest places to mend the sum that has the fewest to choose from.

        Each with a guess of what mending all will cost, and with its price.
        """
        number = min(broken, key=lambda one: (len(self.system.sums[one].parts), one))
        sign = 1 if broken[number] > 0 else -1
        near = self._within_reach(broken, number, way)
        found = list[Mended](), list[Mended]()
        for price, place, change in self._candidates(number, sign, broken, near, way):
            if place not in pattern:
                guess = price + self.minimum * (len(broken) + self._more_broken(broken, place, change))
                rank = guess - self.minimum * (not near.isdisjoint(self.system.part_of[place]))
                found[price > 0].append((rank, place, change, price, guess))
        for one in found:
            for _, place, change, price, guess in sorted(one)[:BRANCHES]:
                yield guess, price, (place, change)

    def _candidates(
        self, number: int, sign: int, broken: Pattern, near: set[int], way: Way
    ) -> Iterator[tuple[int, int, int]]:
        """Price, place and sign of what may mend a sum: its whole, and of its parts those that mend another too."""
        whole = self.system.sums[number].whole
        price = way.prices[sign][whole]
        if price is not None:
            yield price, whole, sign
        prices, part_of = way.prices[-sign], self.system.part_of
        options = prices.options(number)
        both = {part for other in broken if other != number for part in self.members(number) & self.members(other)}
        for part in sorted(both):
            price = prices[part]
            if price is not None:
                yield price, part, -sign
        close = (part for part in options.free if part not in both and not near.isdisjoint(part_of[part]))
        single = (part for part in options.free if part not in both)
        yield from ((0, part, -sign) for part in dict.fromkeys([*islice(close, MOST), *islice(single, MOST)]))
        cheap = [(price, part) for price, part in options.paid[: 2 * MOST] if part not in both]
        yield from ((price, part, -sign) for price, part in cheap)

    def _within_reach(self, broken: Pattern, number: int, way: Way) -> set[int]:
        """Sums that a hidden place shares with another broken one: a place in them needs one more to mend both."""
        found: set[int] = set()
        for other, excess in broken.items():
            if other != number:
                found |= way.prices[-1 if excess > 0 else 1].options(other).reach
        return found

    def _holds(self, pattern: Pattern, mix: Mix) -> bool:
        """Whether counts that do not add up are still at least those of each part."""
        if not self.has_loose:
            return True
        system = self.system
        numbers = {number for place in pattern for number in (*system.part_of[place], *system.whole_of[place])}
        return not any(
            name in system.sums[number].do_not_add_up and self._exceeds(number, name, pattern, direction * self.width)
            for number in numbers
            for name, direction in mix
        )

    def _exceeds(self, number: int, name: str, pattern: Pattern, change: int) -> bool:
        """Whether a part of a sum is more than its whole, once each place of the pattern has changed."""
        one, counts = self.system.sums[number], self.system.counts[name]
        whole = counts.get(one.whole, 0) + pattern.get(one.whole, 0) * change
        members = self.members(number)
        if any(counts.get(part, 0) + sign * change > whole for part, sign in pattern.items() if part in members):
            return True
        return next((value for value, part in self.ranked(number, name) if part not in pattern), whole) > whole

    def _ranked(self, number: int, name: str) -> list[tuple[int, int]]:
        """The parts of a sum with their counts, the largest first."""
        counts = self.system.counts[name]
        return sorted(((counts.get(part, 0), part) for part in self.system.sums[number].parts), reverse=True)

    def _touched(self, pattern: Pattern, mix: Mix) -> set[Cell]:
        return {(name, place) for place in pattern for name, _ in mix if place in self.system.counts[name]}

    def _point(self, place: int, way: Way) -> Found | None:
        """The pattern of one case more, in every table."""
        pattern: Pattern = {place: 1}
        price, broken = way.prices[1][place], self._broken({}, place, 1)
        while broken and price is not None:
            number = max(broken, key=lambda one: (self.system.depth[self.system.sums[one].parts[0]], -one))
            options = []
            for other, sign in self._choices(number, broken[number]):
                more = way.prices[sign][other] if sign > 0 and other not in pattern else None
                if more is not None:
                    after = self._broken(broken, other, sign)
                    options.append((len(after), more, other, after))
            if not options:
                return None
            _, more, other, broken = min(options, key=lambda option: option[:3])
            pattern[other] = 1
            price += more
        return (price, self._touched(pattern, way.mix)) if price is not None and self._holds(pattern, way.mix) else None


def hide_together(system: System, minimum: int, width: int) -> None:
    """Hides small counts, and so many others that each of what must not be known has another value that is possible.

    The figures of the whole are what most readers come for: they are hidden only where no other choice would do. Where
    none would do at all, everything is.
    """
    whole = {place for place, depth in enumerate(system.depth) if not depth}
    if not hide_beside(system, minimum, width, whole):
        system.hidden |= {
            (name, place) for name, counts in system.counts.items() for place in counts if system.is_given(name, place)
        }


def hide_beside(system: System, minimum: int, width: int, last: Collection[int] = ()) -> bool:
    """The same beside what is hidden already, at the places in ``last`` only what must. False where nothing does."""
    small = [
        (name, place)
        for place in range(len(system.depth))
        if system.is_shown[place]
        for name, counts in system.counts.items()
        if (name, place) in system.hidden or (name in system.secret and 0 < counts.get(place, 0) < minimum)
    ]
    system.hidden |= {cell for cell in small if system.is_given(*cell)}
    ways = [
        Moves(system, minimum, width, system.frozen.union(last)),
        *([Moves(system, minimum, width)] if last else []),
    ]
    proven = set[Cell]()
    for cell in small:
        if cell not in proven:
            touched = next((found for moves in ways if (found := moves.find(*cell))), None)
            if touched is None:
                return False
            new = {one for one in touched if system.is_given(*one)}
            system.hidden |= new
            for moves in ways:
                moves.forget({place for _, place in new})
            proven |= touched
    return True
