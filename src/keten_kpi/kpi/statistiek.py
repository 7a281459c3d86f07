"""How sure a share is, and how far it may lie from another by chance alone."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

NEGLIGIBLE = 1e-18  # beside the likeliest outcome: what is smaller cannot move a quantile
Z = 1.959963984540054  # the 97.5 % point of the normal distribution


def wilson(k: int, n: int) -> tuple[float, float] | None:
    """The 95 % Wilson interval of k out of n, as ``verkeer.wilson_laag`` and ``_hoog`` give it; None without cases."""
    if n == 0:
        return None
    centre, half = k + Z * Z / 2, Z * sqrt(k * (n - k) / n + Z * Z / 4)
    low, high = (centre - half) / (n + Z * Z), (centre + half) / (n + Z * Z)
    return (low if k > 0 else 0.0), (high if k < n else 1.0)


@dataclass(frozen=True, slots=True)
class Trechter:
    """Between which shares a group of its size lies, were it no different: in 95 % and in 99.8 % of the cases."""

    laag_95: float
    hoog_95: float
    laag_998: float
    hoog_998: float

    def verdict(self, share: float) -> str:
        """In Dutch, whether a share differs by more than chance.

        Beyond the 99.8 % limits it does; between both limits it may (one in twenty lies there by chance).
        """
        if share < self.laag_998 or share > self.hoog_998:
            return "lager" if share < self.laag_998 else "hoger"
        if share < self.laag_95 or share > self.hoog_95:
            return "mogelijk lager" if share < self.laag_95 else "mogelijk hoger"
        return "geen verschil"


def _weights(n: int, p: float) -> tuple[int, list[float]]:
    """The first outcome that matters, and how likely the outcomes from it on are, up to a factor."""
    mode, odds = min(int((n + 1) * p), n), p / (1 - p)
    below, above = [], [1.0]
    low, weight = mode, 1.0
    while low > 0 and weight > NEGLIGIBLE:
        weight *= low / (n - low + 1) / odds
        low -= 1
        below.append(weight)
    high, weight = mode, 1.0
    while high < n and weight > NEGLIGIBLE:
        weight *= (n - high) / (high + 1) * odds
        high += 1
        above.append(weight)
    return low, [*reversed(below), *above]


def binomial_quantile(share: float, n: int, p: float) -> int:
    """The smallest k for which at most k successes out of n has a probability of at least ``share``.

    >>> binomial_quantile(0.5, 10, 0.3)
    3
    """
    if n == 0 or p <= 0:
        return 0
    if p >= 1:
        return n
    first, weights = _weights(n, p)
    wanted, sum_ = share * sum(weights), 0.0
    for k, weight in enumerate(weights, start=first):
        sum_ += weight
        if sum_ >= wanted:
            return k
    return first + len(weights) - 1


def funnel(n: int, p: float) -> Trechter:
    """The limits for a group of n cases, at least one, around the share p."""
    points = (0.025, 0.975, 0.001, 0.999)
    return Trechter(*(binomial_quantile(point, n, p) / n for point in points))
