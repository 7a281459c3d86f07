"""Between which values unknown counts must lie, because no count is negative and their sums are known."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import inf

Unknown = Hashable
Sum = tuple[Mapping[Unknown, int], int]
"""Unknowns with their sign (-1: a total that is unknown itself), and what the known counts add to them: 0 in all."""

ROUNDS = 100  # bounds that still move after so many rounds over all sums are far apart


class _Bounds:
    def __init__(self, lowest: Mapping[Unknown, int]) -> None:
        self.low: dict[Unknown, float] = dict(lowest)
        self.high: dict[Unknown, float] = dict.fromkeys(lowest, inf)

    def _range(self, name: Unknown, sign: int) -> tuple[float, float]:
        return (self.low[name], self.high[name]) if sign > 0 else (-self.high[name], -self.low[name])

    def tighten(self, unknowns: Mapping[Unknown, int], known: int) -> bool:
        """Narrows what one sum leaves open; whether anything moved."""
        ranges = {name: self._range(name, sign) for name, sign in unknowns.items()}
        moved = False
        for name, sign in unknowns.items():
            low = -known - sum(high for other, (_, high) in ranges.items() if other != name)
            high = -known - sum(low for other, (low, _) in ranges.items() if other != name)
            low, high = (low, high) if sign > 0 else (-high, -low)
            if low > self.low[name] or high < self.high[name]:
                moved = True
                self.low[name], self.high[name] = max(low, self.low[name]), min(high, self.high[name])
        return moved

    def pinned(self) -> set[Unknown]:
        return {name for name, low in self.low.items() if low == self.high[name]}


def pinned_unknowns(sums: Sequence[Sum], lowest: Mapping[Unknown, int]) -> set[Unknown]:
    """The unknowns that have one possible value when each is at least ``lowest``, taking the sums one by one."""
    bounds = _Bounds(lowest)
    todo = list(sums)
    for _ in range(ROUNDS):
        moved = [one for one in todo if bounds.tighten(*one)]
        if not moved:
            break
    return bounds.pinned()
