"""A reader of published counts, who knows that they are whole numbers, and does the sums: by integer programming."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Point = tuple[object, ...]
PLAIN = {"presolve": False}  # with it HiGHS gave 2 as the most of a count that can be 4


class Reader:
    """What is published, as sums over unknown numbers of cases: one of each kind at each point.

    Args:
        points: where cases may be.
        kinds: of each count that is published, the kinds of cases that it is the sum of.
    """

    def __init__(self, points: Iterable[Point], kinds: Mapping[str, Iterable[str]]) -> None:
        self.points = list(points)
        self.kinds = {name: sorted(of) for name, of in kinds.items()}
        self.all_kinds = sorted({kind for of in self.kinds.values() for kind in of})
        self.rows: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.secrets: dict[str, tuple[np.ndarray, int]] = {}

    @property
    def size(self) -> int:
        return len(self.points) * len(self.all_kinds)

    def members(self, is_in: Callable[[Point], bool], kinds: Iterable[str]) -> np.ndarray:
        """1 for each unknown that is part of a count."""
        row = np.zeros(self.size)
        inside = [at for at, point in enumerate(self.points) if is_in(point)]
        for kind in kinds:
            row[self.all_kinds.index(kind) * len(self.points) + np.array(inside, dtype=int)] = 1
        return row

    def learn(self, members: np.ndarray, low: float, high: float) -> None:
        self.rows.append(members)
        self.low.append(low)
        self.high.append(high)

    def see(self, name: str, is_in: Callable[[Point], bool], number: int) -> None:
        self.learn(self.members(is_in, self.kinds[name]), number, number)

    def miss(self, label: str, name: str, is_in: Callable[[Point], bool], true: int) -> None:
        """A count that is hidden: so it is not 0, for 0 would be shown; unless a 0 had to be hidden."""
        members = self.members(is_in, self.kinds[name])
        self.learn(members, min(true, 1), np.inf)
        self.secrets[label] = (members, true)

    def narrow(self, width: int) -> dict[str, tuple[int, int, int]]:
        """The secrets that lie in a smaller range than this: least, most, and true value."""
        known = LinearConstraint(csr_array(np.array(self.rows)), self.low, self.high)
        least = dict.fromkeys(self.secrets, np.inf)
        most = dict.fromkeys(self.secrets, -np.inf)
        for label, (members, _) in self.secrets.items():
            for sign in (1, -1):
                if most[label] - least[label] < width:
                    world = self._solve(sign * members, known)
                    for other, (of, _) in self.secrets.items():  # one answer is an example for all
                        value = round(float(of @ world))
                        least[other], most[other] = min(least[other], value), max(most[other], value)
        return {
            label: (int(least[label]), int(most[label]), true)
            for label, (_, true) in self.secrets.items()
            if most[label] - least[label] < width
        }

    def _solve(self, goal: np.ndarray, known: LinearConstraint) -> np.ndarray:
        bounds = Bounds(0, 10_000)
        found = milp(goal, constraints=known, integrality=np.ones(self.size), bounds=bounds, options=PLAIN)
        assert found.success, found.message
        return found.x
