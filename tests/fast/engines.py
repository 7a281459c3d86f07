"""Both engines side by side: does the fast one take only what libxml2 takes, and bring up the same rows?"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Sequence

from keten_kpi.envelope import Bericht
from keten_kpi.load.portion import Portion
from keten_kpi.shred import NotStorableError, Shredder
from keten_kpi.shred.fast import FastReader, Texts, Waiting
from keten_kpi.source import Origin
from keten_kpi.standaard.schemas import Release, releases
from keten_kpi.validate import Validator, Verdict

ORIGIN = Origin("proef")
Rows = dict[int, list[tuple[object, ...]]]  # by the place of the message


class DifferenceError(AssertionError):
    """The engines differ."""


class Engines:
    """The reference and the fast engine over the same message types."""

    def __init__(self, known: list[Release] | None = None, pseudonym: Callable[[str], bytes] = str.encode) -> None:
        found = releases() if known is None else known
        plans = [(kind, r.berichten[kind.code], r.manifest["typen"]) for r in found for kind in r.berichttypes()]
        self.pseudonym = pseudonym
        self.validator = Validator(kind for kind, _, _ in plans)
        self.shredders = {kind: Shredder(plan, pseudonym) for kind, plan, _ in plans}
        self.fast = FastReader(plans)

    def judge(self, content: bytes) -> Verdict:
        return self.validator.judge(Bericht(ORIGIN, content))

    def learn(self, content: bytes) -> bool:
        """Shows a message to libxml2 and, when it is valid, its start to the fast engine."""
        verdict = self.judge(content)
        if verdict.berichttype is None or verdict.root is None:
            return False
        self.fast.learn(content, verdict.berichttype, verdict.root)
        return True

    def read(self, contents: Sequence[bytes]) -> Texts:
        """What the fast engine takes of these."""
        waiting = Waiting()
        deque(self.fast.wait(waiting, contents), maxlen=0)
        return self.fast.read(waiting)

    def check(self, content: bytes) -> bool:
        """Whether the fast engine took it; raises DifferenceError when libxml2 does not, or has other rows."""
        taken, wrong = self.check_all([content])
        if wrong:
            raise DifferenceError(wrong[0])
        return bool(taken)

    def check_all(self, contents: Sequence[bytes]) -> tuple[set[int], dict[int, str]]:
        """The places of those that the fast engine took, and what is wrong with those that it should not have."""
        texts = self.read(contents)
        theirs, wrong = self._portion(contents), dict[int, str]()
        for place in texts.taken:
            problem = self._add(theirs, place, contents[place])
            if problem:
                wrong[place] = problem
        ours = self._portion(contents)
        ours.add_texts(texts)
        rows, reference = _by_message(ours, texts.taken), _by_message(theirs, [*set(texts.taken).difference(wrong)])
        wrong |= {
            place: "other rows" for place in texts.taken if rows[place] != reference[place] and place not in wrong
        }
        return set(texts.taken), wrong

    def _portion(self, contents: Sequence[bytes]) -> Portion:
        return Portion(self.pseudonym, [""] * len(contents))

    def _add(self, portion: Portion, place: int, content: bytes) -> str | None:
        verdict = self.judge(content)
        if verdict.berichttype is None or verdict.root is None:
            return f"taken, but {verdict.faults}"
        try:
            portion.add_rows(place, verdict.berichttype, self.shredders[verdict.berichttype].shred(verdict.root))
        except NotStorableError:
            return "taken, but not storable"
        return None


def _by_message(portion: Portion, places: Sequence[int]) -> Rows:
    """All rows of each message, by its place; messages are numbered in the order of their places."""
    order = sorted(places)
    found: Rows = defaultdict(list)
    for table, rows in portion.rows().items():
        for number, *cells in rows:
            found[order[int(str(number))]].append((table, *cells))
    return found
