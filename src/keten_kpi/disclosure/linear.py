"""Which unknowns of a set of sums are fixed by them: what a reader with patience could work out."""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Mapping

PRIME = (1 << 61) - 1
Unknown = Hashable
Equation = Mapping[Unknown, int]


def _reduce(row: dict[Unknown, int], pivots: Mapping[Unknown, dict[Unknown, int]]) -> dict[Unknown, int]:
    """The equation without the unknowns that earlier ones are solved for."""
    todo = [name for name in row if name in pivots]
    while todo:
        name = todo.pop()
        factor = row.pop(name, 0)
        if factor:
            for other, value in pivots[name].items():
                if other != name:
                    row[other] = (row.get(other, 0) - factor * value) % PRIME
                    if other in pivots:
                        todo.append(other)
    return {name: value for name, value in row.items() if value}


def _solve_for(row: dict[Unknown, int]) -> tuple[Unknown, dict[Unknown, int]]:
    """One unknown of the equation, and the equation scaled so that this one stands in it once."""
    pivot = next(iter(row))
    inverse = pow(row[pivot], -1, PRIME)
    return pivot, {name: value * inverse % PRIME for name, value in row.items()}


def _echelon(equations: Iterable[Equation]) -> dict[Unknown, dict[Unknown, int]]:
    """Equations solved for an unknown each, in order; an equation holds only unknowns that are free or solved later."""
    pivots: dict[Unknown, dict[Unknown, int]] = {}
    for equation in sorted(equations, key=len):
        row = _reduce({name: value % PRIME for name, value in equation.items()}, pivots)
        if row:
            pivot, solved = _solve_for(row)
            pivots[pivot] = solved
    return pivots


def fixed_unknowns(equations: Iterable[Equation]) -> set[Unknown]:
    """The unknowns that have one value only, whatever the sums are.

    An unknown is free when some solution of the equations with zero sums has it other than 0. A random such solution
    has every free unknown other than 0, but for a chance of 1 in 2^60 (then it is called fixed: the safe side).
    """
    kept = [equation for equation in equations if equation]
    pivots = _echelon(kept)
    draw = random.Random(0)  # noqa: S311  # the same table always hides the same cells
    value: dict[Unknown, int] = {}
    for equation in kept:
        for name in equation:
            if name not in pivots and name not in value:
                value[name] = draw.randrange(1, PRIME)
    for pivot, row in reversed(pivots.items()):
        value[pivot] = -sum(factor * value[name] for name, factor in row.items() if name != pivot) % PRIME
    return {name for name, number in value.items() if number == 0}
