"""What it takes to change counts: which mixes of counts keep the relations, and what each costs at each place.

Prices are worked out once, and again where something more is hidden: a move is looked for tens of thousands of times.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from keten_kpi.disclosure.system import Relation, System

DEARER = 4  # a count of a grouping with one dimension less tells so many times more

Mix = tuple[tuple[str, int], ...]  # names of counts, each with +1 or -1


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


@dataclass(slots=True)
class Options:
    """Which parts of a sum can change in one direction: for nothing, or at a price, the lowest first."""

    free: list[int]
    paid: list[tuple[int, int]]  # price and place
    reach: set[int]  # the sums that free parts are in

    def reprice(self, place: int, old: int | None, new: int | None, part_of: Iterable[int]) -> None:
        """Hiding never makes a price higher: what is free stays free."""
        if old == new:
            return
        if old:
            del self.paid[bisect_left(self.paid, (old, place))]
        if new:
            insort(self.paid, (new, place))
        elif new == 0:
            insort(self.free, place)
            self.reach.update(part_of)


@dataclass(frozen=True, slots=True)
class Setting:
    """What prices follow from.

    Args:
        system: where the counts are, and what is hidden.
        minimum: counts of 1 up to this are hidden.
        width: by how much a move changes each count.
        frozen: places where nothing more can be hidden.
    """

    system: System
    minimum: int
    width: int
    frozen: Collection[int]


class Prices(dict[int, int | None]):
    """By place: what it costs to change the counts of one mix in one direction. Looked up, it is there.

    It is what hiding these takes from a reader; a 0 is worth as much as all that may be hidden beside it. None where
    one of the counts cannot be so few, or not be hidden.
    """

    def __init__(self, setting: Setting, sign: int, mix: Mix) -> None:
        super().__init__()
        self.setting, self.system = setting, setting.system
        self.counts = [(name, setting.system.counts[name], sign * direction < 0) for name, direction in mix]
        deepest = max(setting.system.depth, default=0)
        self.dearer = [int(DEARER ** (deepest - depth)) for depth in range(deepest + 1)]
        self._options: dict[int, Options] = {}  # by number of the sum

    def __missing__(self, place: int) -> int | None:
        price = self[place] = self._price(place)
        return price

    def _price(self, place: int) -> int | None:
        system, total = self.system, 0
        for name, counts, is_less in self.counts:
            value = counts.get(place)
            if value is None:
                continue
            is_public = system.is_shown[place] and name not in system.never_shown
            # a 0 is shown, so that what is hidden is 1 or more
            if is_less and value - self.setting.width < (is_public and value > 0):
                return None
            if is_public and (name, place) not in system.hidden:
                if place in self.setting.frozen:
                    return None
                total += value + self.setting.minimum if value else 10 * self.setting.minimum
        return total * self.dearer[system.depth[place]]

    def options(self, number: int) -> Options:
        """Those of the parts of a sum."""
        found = self._options.get(number)
        if found is None:
            system = self.system
            priced = [(price, part) for part in system.sums[number].parts if (price := self[part]) is not None]
            free = sorted(part for price, part in priced if not price)
            reach = {one for part in free for one in system.part_of[part]}
            found = self._options[number] = Options(free, sorted(one for one in priced if one[0]), reach)
        return found

    def forget(self, place: int) -> None:
        """Something more is hidden at this place."""
        if place not in self:
            return
        old, part_of = self.pop(place), self.system.part_of[place]
        for number in part_of:
            if number in self._options:
                self._options[number].reprice(place, old, self[place], part_of)


@dataclass(frozen=True, slots=True)
class Way:
    """One mix, with what it costs in both directions: by sign."""

    mix: Mix
    prices: dict[int, Prices]

    def total(self, more: Iterable[int], less: Iterable[int], sign: int, below: float) -> int | None:
        """What it costs to change these places by ``sign`` and those by as much the other way; None if not below."""
        total = 0
        for places, prices in ((more, self.prices[sign]), (less, self.prices[-sign])):
            for place in places:
                price = prices[place]
                if price is None:
                    return None
                total += price
                if total >= below:
                    return None
        return total
