"""Other traffic that would give the same published figures: the proof that a hidden count cannot be worked out.

A move adds a few cases at some places and takes as many from others, so that every sum still holds, and touches only
what is hidden. The figures after it are as good an explanation of what is published as the true ones: each count that
it touches has another value that is possible. What is hidden later only leaves more possible, so that a move once found
stays a proof.

A move is a pattern of places (each with a sign, so that all sums between groupings hold) times a mix of counts (each
with a sign, so that the relations within a group hold): one more that is too late is one less that was on time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from heapq import heappop, heappush
from itertools import count

from keten_kpi.disclosure.cells import Relation
from keten_kpi.disclosure.system import Cell, System

TRIES = 200  # patterns in the making to look at
BRANCHES = 6  # places to try in a sum, of those where all is hidden and of those where it is not
DEARER = 4  # a count of a grouping with one dimension less tells so many times more

Pattern = dict[int, int]  # +1 or -1 by place; also: by how much too many the parts of a sum are, by the sum's number
Mix = Mapping[str, int]  # +1 or -1 by name of a count
Made = tuple[int, int, int, Pattern, Pattern, Mix]  # what it may come to, ticket, price, pattern, broken sums, mix
Mended = tuple[int, int, int, int, Pattern]  # rank, place, sign, price, sums that are broken then


class Mixes:
    """The ways to change one count, and with it others of its place so that the relations still hold."""

    def __init__(self, relations: Iterable[Relation], names: Iterable[str]) -> None:
        known = set(names)
        self.relations = [one for one in relations if {one.totaal, *one.delen} <= known]
        self.parts = [[*one.delen, one.rest] if one.rest in known else [*one.delen] for one in self.relations]

    def of(self, name: str) -> list[Mix]:
        found = {tuple(sorted(mix.items())): mix for mix in self._closed({name: 1})}
        return [found[key] for key in sorted(found, key=lambda key: (len(key), key))]

    def _closed(self, mix: dict[str, int]) -> Iterator[Mix]:
        for relation, parts in zip(self.relations, self.parts, strict=True):
            off = sum(mix.get(part, 0) for part in parts) - mix.get(relation.totaal, 0)
            if off:
                for name, sign in ((relation.totaal, off), *((part, -off) for part in parts)):
                    if name not in mix:
                        yield from self._closed({**mix, name: sign})
                return
        yield mix


class Moves:
    """Finds moves in a system, and hides what they touch."""

    def __init__(self, system: System, minimum: int, width: int) -> None:
        self.system = system
        self.minimum = minimum
        self.width = width  # by how much a move changes each count
        deepest = max(system.depth, default=0)
        self.dearer = [int(DEARER ** (deepest - depth)) for depth in range(deepest + 1)]
        self.mixes = cache(Mixes(system.relations, system.counts).of)

    def find(self, name: str, place: int) -> set[Cell] | None:
        """What the cheapest move found that changes this count touches; None when there is none."""
        found = self._search(place, self.mixes(name))
        if found is None:
            points = [point for mix in self.mixes(name) if (point := self._point(place, mix))]
            found = min(points, key=lambda one: one[0]) if points else None
        return found[1] if found else None

    def cost(self, name: str, place: int) -> int:
        """What hiding a count takes from a reader; a 0 is worth as much as all that may be hidden beside it."""
        if not self.system.is_given(name, place):
            return 0
        value = self.system.counts[name][place]
        return (value + self.minimum if value else 10 * self.minimum) * self.dearer[self.system.depth[place]]

    def _price(self, place: int, sign: int, mix: Mix) -> int | None:
        """What it costs to change these counts here; None when one of them cannot be so few."""
        total = 0
        for name, direction in mix.items():
            value = self.system.counts[name].get(place)
            if value is not None:
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

    def _choices(self, number: int, excess: int) -> Iterator[tuple[int, int]]:
        sign = 1 if excess > 0 else -1
        yield self.system.sums[number].whole, sign
        for part in self.system.sums[number].parts:
            yield part, -sign

    def _search(self, place: int, mixes: Iterable[Mix]) -> tuple[int, set[Cell]] | None:
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
        near = self._within_reach(broken, number, mix)
        found = list[Mended](), list[Mended]()
        for place, sign in self._choices(number, broken[number]):
            price = None if place in pattern else self._price(place, sign, mix)
            if price is not None:
                after = self._broken(broken, place, sign)
                rank = price + self._guess(after) - self.minimum * (not near.isdisjoint(self.system.part_of[place]))
                found[price > 0].append((rank, place, sign, price, after))
        for one in found:
            one.sort(key=lambda item: item[:2])
            yield from ((place, sign, price, after) for _, place, sign, price, after in one[:BRANCHES])

    def _within_reach(self, broken: Pattern, number: int, mix: Mix) -> set[int]:
        """Sums that a hidden place shares with another broken one: a place in them needs one more to mend both."""
        found: set[int] = set()
        for other, excess in broken.items():
            if other != number:
                for place, sign in self._choices(other, excess):
                    if self._price(place, sign, mix) == 0:
                        found.update(self.system.part_of[place])
        return found

    def _holds(self, pattern: Pattern, mix: Mix) -> bool:
        """Whether counts that do not add up are still at least those of each part."""
        system = self.system
        for number in {number for place in pattern for number in (*system.part_of[place], *system.whole_of[place])}:
            one = system.sums[number]
            for name in mix.keys() & one.do_not_add_up:
                after = [
                    system.counts[name].get(place, 0) + pattern.get(place, 0) * mix[name] * self.width
                    for place in (one.whole, *one.parts)
                ]
                if max(after) > after[0]:
                    return False
        return True

    def _touched(self, pattern: Pattern, mix: Mix) -> set[Cell]:
        return {(name, place) for place in pattern for name in mix if place in self.system.counts[name]}

    def _point(self, place: int, mix: Mix) -> tuple[int, set[Cell]] | None:
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
    """Hides small counts, and so many others that each of what must not be known has another value that is possible."""
    places = range(len(system.depth))
    small = [
        (name, place)
        for place in places
        if system.is_shown[place]
        for name in system.counts
        if name in system.secret and 0 < system.counts[name].get(place, 0) < minimum
    ]
    system.hidden |= {cell for cell in small if system.is_given(*cell)}
    moves, proven = Moves(system, minimum, width), set[Cell]()
    for cell in small:
        if cell not in proven:
            touched = moves.find(*cell)
            if touched is None:
                system.hidden |= {
                    (name, place) for name in system.counts for place in places if system.is_given(name, place)
                }
                return
            system.hidden |= {one for one in touched if system.is_given(*one)}
            proven |= touched
