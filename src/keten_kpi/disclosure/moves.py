"""Other traffic that would give the same published figures: the proof that a hidden count cannot be worked out.

A move adds a few cases at some places and takes as many from others, so that every sum still holds, and touches only
what is hidden. The figures after it are as good an explanation of what is published as the true ones: each count that
it touches has another value that is possible. What is hidden later only leaves more possible, so that a move once found
stays a proof.

A move is a pattern of places (each with a sign, so that all sums between groupings hold) times a mix of counts (each
with a sign, so that the relations within a group hold): one more that is too late is one less that was on time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from itertools import chain, count

from keten_kpi.disclosure.system import Cell, Relation, System

TRIES = 200  # patterns in the making to look at
LEAVES = 50  # groups of the finest table to try for one of a coarser
BRANCHES = 6  # places to try in a sum, of those where it costs nothing and of those where it does
MOST = 2 * BRANCHES  # places to look at in a sum
DEARER = 4  # a count of a grouping with one dimension less tells so many times more

Pattern = dict[int, int]  # +1 or -1 by place; also: by how much too many the parts of a sum are, by the sum's number
Mix = tuple[tuple[str, int], ...]  # names of counts, each with +1 or -1
Found = tuple[int, set[Cell]]  # price, and what the move touches
Made = tuple[int, int, int, Pattern, Pattern, Mix]  # what it may come to, ticket, price, pattern, broken sums, mix
Mended = tuple[int, int, int, int, Pattern]  # rank, place, sign, price, sums that are broken then


class Mixes:
    """The ways to change one count, and with it others of its place so that the relations still hold."""

    def __init__(self, relations: Iterable[Relation], names: Iterable[str]) -> None:
        known = set(names)
        self.relations = [one for one in relations if {one.totaal, *one.delen} <= known]
        self.parts = [[*one.delen, one.rest] if one.rest in known else [*one.delen] for one in self.relations]

    def of(self, name: str) -> list[Mix]:
        return sorted({tuple(sorted(mix.items())) for mix in self._closed({name: 1})}, key=lambda mix: (len(mix), mix))

    def _closed(self, mix: dict[str, int]) -> Iterator[dict[str, int]]:
        for relation, parts in zip(self.relations, self.parts, strict=True):
            off = sum(mix.get(part, 0) for part in parts) - mix.get(relation.totaal, 0)
            if off:
                for name, sign in ((relation.totaal, off), *((part, -off) for part in parts)):
                    if name not in mix:
                        yield from self._closed({**mix, name: sign})
                return
        yield mix


@dataclass(frozen=True, slots=True)
class Options:
    """Which parts of a sum can change in one direction: for nothing, or at a price, the lowest first."""

    free: list[int]
    paid: list[tuple[int, int]]  # price and place
    reach: frozenset[int]  # the sums that free parts are in


class Moves:
    """Finds moves in a system, and hides what they touch."""

    def __init__(self, system: System, minimum: int, width: int) -> None:
        self.system = system
        self.minimum = minimum
        self.width = width  # by how much a move changes each count
        deepest = max(system.depth, default=0)
        self.dearer = [int(DEARER ** (deepest - depth)) for depth in range(deepest + 1)]
        self.mixes = cache(Mixes(system.relations, system.counts).of)
        self.members = cache(lambda number: frozenset(system.sums[number].parts))
        self.options: dict[int, dict[tuple[int, Mix], Options]] = defaultdict(dict)  # by number of the sum

    def find(self, name: str, place: int) -> set[Cell] | None:
        """What the cheapest move found that changes this count touches; None when there is none."""
        mixes = self.mixes(name)
        for search in (self._swaps, self._searched, self._exchanges, self._points):
            found = min(search(place, mixes), key=lambda one: one[0], default=None)
            if found:
                return found[1]
        return None

    def hide(self, cells: Iterable[Cell]) -> None:
        new = {cell for cell in cells if self.system.is_given(*cell)}
        self.system.hidden |= new
        for _, place in new:
            for number in self.system.part_of[place]:
                self.options.pop(number, None)

    def cost(self, name: str, place: int) -> int:
        """What hiding a count takes from a reader; a 0 is worth as much as all that may be hidden beside it."""
        if not self.system.is_given(name, place):
            return 0
        value = self.system.counts[name][place]
        return (value + self.minimum if value else 10 * self.minimum) * self.dearer[self.system.depth[place]]

    def _price(self, place: int, sign: int, mix: Mix) -> int | None:
        """What it costs to change these counts here; None when one of them cannot be so few, or not hidden."""
        total = 0
        for name, direction in mix:
            value = self.system.counts[name].get(place)
            if value is not None:
                if place in self.system.frozen and self.system.is_given(name, place):
                    return None
                if sign * direction < 0 and value - self.width < self.system.lowest(name, place):
                    return None
                total += self.cost(name, place)
        return total

    def _broken(self, broken: Pattern, place: int, sign: int) -> Pattern:
        """By how much the parts of each sum are too many, once this place has changed as well."""
        after = dict(broken)
        for numbers, change in ((self.system.part_of[place], sign), (self.system.whole_of[place], -sign)):
            for number in numbers:
                after[number] = after.get(number, 0) + change
                if not after[number]:
                    del after[number]
        return after

    def _options(self, number: int, sign: int, mix: Mix) -> Options:
        """Kept until something more is hidden in the sum."""
        kept = self.options[number]
        if (sign, mix) not in kept:
            parts = self.system.sums[number].parts
            priced = [(price, part) for part in parts if (price := self._price(part, sign, mix)) is not None]
            free = [part for price, part in priced if not price]
            reach = frozenset(one for part in free for one in self.system.part_of[part])
            kept[sign, mix] = Options(free, sorted(one for one in priced if one[0]), reach)
        return kept[sign, mix]

    def _crossing(self, place: int, number: int) -> int | None:
        """The other sum of a place in a table of two dimensions."""
        part_of = self.system.part_of[place]
        if len(part_of) != 2 or self.system.whole_of[place]:  # noqa: PLR2004 - along a row and along a column
            return None
        return part_of[0] if part_of[1] == number else part_of[1]

    def _swaps(self, place: int, mixes: Iterable[Mix]) -> Iterator[Found]:
        """The first move for nothing, of few places: two of one sum, or the corners of a rectangle."""
        for mix in mixes:
            for sign in (1, -1):
                if self._price(place, sign, mix) == 0 and not self.system.whole_of[place]:
                    for pattern in self._rectangles(place, sign, mix):
                        if self._holds(pattern, mix):
                            yield 0, self._touched(pattern, mix)
                            return

    def _rectangles(self, place: int, sign: int, mix: Mix, paid: int = 0) -> Iterator[Pattern]:
        """Of places that cost nothing, and in each sum of the cheapest ``paid`` that do."""

        def places(number: int, sign: int) -> list[int]:
            options = self._options(number, sign, mix)
            return options.free + [part for _, part in options.paid[:paid]]

        part_of = sorted(self.system.part_of[place], key=lambda one: len(self.system.sums[one].parts))
        if len(part_of) == 1:
            yield from ({place: sign, other: -sign} for other in places(part_of[0], -sign) if other != place)
        if len(part_of) != 2:  # noqa: PLR2004 - along a row and along a column
            return
        row, column = part_of
        in_column = {self._crossing(other, column): other for other in places(column, -sign)}
        for beside in places(row, -sign):
            crossing = self._crossing(beside, row)
            if beside != place and crossing is not None:
                for corner in places(crossing, sign):
                    below = in_column.get(self._crossing(corner, crossing))
                    if below not in (None, place) and corner != beside:
                        yield {place: sign, beside: -sign, below: -sign, corner: sign}

    def _searched(self, place: int, mixes: Iterable[Mix]) -> Iterator[Found]:
        found = self._search(place, mixes)
        if found:
            yield found

    def _points(self, place: int, mixes: Iterable[Mix]) -> Iterator[Found]:
        yield from (point for mix in mixes if (point := self._point(place, mix)))

    def _exchanges(self, place: int, mixes: Iterable[Mix]) -> Iterator[Found]:
        """Few cases less in one group and as many more in another: in one table, or in all that they are counted in."""
        for mix in mixes:
            for sign in (1, -1):
                for pattern in chain(self._rectangles(place, sign, mix, MOST), self._differences(place, sign)):
                    price = self._total_price(pattern, mix)
                    if price is not None and not self._is_broken(pattern) and self._holds(pattern, mix):
                        yield price, self._touched(pattern, mix)

    def _differences(self, place: int, sign: int) -> Iterator[Pattern]:
        """What two groups of the finest table are both part of stays as it is."""
        for leaf in self._leaves(place):
            beside = {part for number in self.system.part_of[leaf] for part in self.system.sums[number].parts}
            for other in sorted(beside - {leaf}):
                pattern = self._difference(leaf, other, sign)
                if place in pattern:
                    yield pattern

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

    def _difference(self, one: int, other: int, sign: int) -> Pattern:
        ours, theirs = self._above(one), self._above(other)
        return dict.fromkeys(sorted(ours - theirs), sign) | dict.fromkeys(sorted(theirs - ours), -sign)

    def _above(self, place: int) -> set[int]:
        """The place and all that it is part of."""
        found, todo = set[int](), [place]
        while todo:
            at = todo.pop()
            if at not in found:
                found.add(at)
                todo += [self.system.sums[number].whole for number in self.system.part_of[at]]
        return found

    def _is_broken(self, pattern: Pattern) -> bool:
        broken: Pattern = {}
        for place, sign in pattern.items():
            broken = self._broken(broken, place, sign)
        return bool(broken)

    def _total_price(self, pattern: Pattern, mix: Mix) -> int | None:
        total = 0
        for place, sign in pattern.items():
            price = self._price(place, sign, mix)
            if price is None:
                return None
            total += price
        return total

    def _choices(self, number: int, excess: int) -> Iterator[tuple[int, int]]:
        sign = 1 if excess > 0 else -1
        yield self.system.sums[number].whole, sign
        for part in self.system.sums[number].parts:
            yield part, -sign

    def _search(self, place: int, mixes: Iterable[Mix]) -> Found | None:
        """Best first: what a pattern costs so far, and a guess of what mending its broken sums will."""
        ticket, heap = count(), list[Made]()
        for mix in mixes:
            for sign in (1, -1):
                price, broken = self._price(place, sign, mix), self._broken({}, place, sign)
                if price is not None:
                    heappush(heap, (price + self._guess(broken), next(ticket), price, {place: sign}, broken, mix))
        for _ in range(TRIES):
            if not heap:
                break
            _, _, price, pattern, broken, mix = heappop(heap)
            if broken:
                for other, sign, more, after in self._menders(pattern, broken, mix):
                    dearer = price + more
                    guess = dearer + self._guess(after)
                    heappush(heap, (guess, next(ticket), dearer, {**pattern, other: sign}, after, mix))
            elif self._holds(pattern, mix):
                return price, self._touched(pattern, mix)
        return None

    def _guess(self, broken: Pattern) -> int:
        return self.minimum * len(broken)

    def _menders(self, pattern: Pattern, broken: Pattern, mix: Mix) -> Iterator[tuple[int, int, int, Pattern]]:
        """The likeliest places to mend the sum that has the fewest to choose from."""
        number = min(broken, key=lambda one: (len(self.system.sums[one].parts), one))
        sign = 1 if broken[number] > 0 else -1
        near = self._within_reach(broken, number, mix)
        found = list[Mended](), list[Mended]()
        for price, place, change in self._candidates(number, sign, broken, near, mix):
            if place not in pattern:
                after = self._broken(broken, place, change)
                rank = price + self._guess(after) - self.minimum * (not near.isdisjoint(self.system.part_of[place]))
                found[price > 0].append((rank, place, change, price, after))
        for one in found:
            one.sort(key=lambda item: item[:2])
            yield from ((place, change, price, after) for _, place, change, price, after in one[:BRANCHES])

    def _candidates(
        self, number: int, sign: int, broken: Pattern, near: set[int], mix: Mix
    ) -> Iterator[tuple[int, int, int]]:
        """Price, place and sign of what may mend a sum: its whole, and of its parts those that mend another too."""
        whole = self.system.sums[number].whole
        price = self._price(whole, sign, mix)
        if price is not None:
            yield price, whole, sign
        options = self._options(number, -sign, mix)
        both = {part for other in broken if other != number for part in self.members(number) & self.members(other)}
        for part in sorted(both):
            price = self._price(part, -sign, mix)
            if price is not None:
                yield price, part, -sign
        single = [part for part in options.free if part not in both]
        close = [part for part in single if not near.isdisjoint(self.system.part_of[part])]
        yield from ((0, part, -sign) for part in dict.fromkeys([*close[:MOST], *single[:MOST]]))
        cheap = [(price, part) for price, part in options.paid[: 2 * MOST] if part not in both]
        yield from ((price, part, -sign) for price, part in cheap)

    def _within_reach(self, broken: Pattern, number: int, mix: Mix) -> set[int]:
        """Sums that a hidden place shares with another broken one: a place in them needs one more to mend both."""
        found: set[int] = set()
        for other, excess in broken.items():
            if other != number:
                found |= self._options(other, -1 if excess > 0 else 1, mix).reach
        return found

    def _holds(self, pattern: Pattern, mix: Mix) -> bool:
        """Whether counts that do not add up are still at least those of each part."""
        system = self.system
        for number in {number for place in pattern for number in (*system.part_of[place], *system.whole_of[place])}:
            one = system.sums[number]
            for name, direction in mix:
                if name in one.do_not_add_up:
                    after = [
                        system.counts[name].get(place, 0) + pattern.get(place, 0) * direction * self.width
                        for place in (one.whole, *one.parts)
                    ]
                    if max(after) > after[0]:
                        return False
        return True

    def _touched(self, pattern: Pattern, mix: Mix) -> set[Cell]:
        return {(name, place) for place in pattern for name, _ in mix if place in self.system.counts[name]}

    def _point(self, place: int, mix: Mix) -> Found | None:
        """The pattern of one case more, in every table."""
        pattern: Pattern = {place: 1}
        price, broken = self._price(place, 1, mix), self._broken({}, place, 1)
        while broken and price is not None:
            number = max(broken, key=lambda one: (self.system.depth[self.system.sums[one].parts[0]], -one))
            options = []
            for other, sign in self._choices(number, broken[number]):
                more = self._price(other, sign, mix) if sign > 0 and other not in pattern else None
                if more is not None:
                    after = self._broken(broken, other, sign)
                    options.append((len(after), more, other, after))
            if not options:
                return None
            _, more, other, broken = min(options, key=lambda option: option[:3])
            pattern[other] = 1
            price += more
        return (price, self._touched(pattern, mix)) if price is not None and self._holds(pattern, mix) else None


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
    moves, proven = Moves(system, minimum, width), set[Cell]()
    for cell in small:
        if cell not in proven:
            touched = _find_sparing(moves, cell, last)
            if touched is None:
                return False
            moves.hide(touched)
            proven |= touched
    return True


def _find_sparing(moves: Moves, cell: Cell, last: Collection[int]) -> set[Cell] | None:
    """A move that leaves these places as they are, or else any."""
    frozen = moves.system.frozen
    moves.system.frozen = frozen.union(last)
    try:
        found = moves.find(*cell)
    finally:
        moves.system.frozen = frozen
    return found or (moves.find(*cell) if last else None)
