"""Both engines side by side: does the fast one take only what libxml2 takes, and bring up the same rows?"""

from __future__ import annotations

from collections.abc import Callable

from keten_kpi.envelope import Bericht
from keten_kpi.load.portion import Portion
from keten_kpi.shred import NotStorableError, Shredder
from keten_kpi.shred.fast import FastReader, Reading
from keten_kpi.source import Origin
from keten_kpi.standaard.schemas import Release, releases
from keten_kpi.validate import Validator, Verdict

ORIGIN = Origin("proef")
Rows = dict[str, list[tuple[object, ...]]]


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

    def check(self, content: bytes) -> bool:
        """Whether the fast engine took it; raises DifferenceError when libxml2 does not, or has other rows."""
        reading = self.fast.read(content)
        if reading is None:
            return False
        verdict = self.judge(content)
        if verdict.root is None or verdict.berichttype != reading.berichttype:
            raise DifferenceError(f"taken, but {verdict.faults}")
        if self.fast_rows(reading) != self.rows(verdict):
            raise DifferenceError("other rows")
        return True

    def fast_rows(self, reading: Reading) -> Rows:
        portion = Portion(self.pseudonym)
        portion.add_found("", reading.berichttype, reading.found)
        return portion.rows()

    def rows(self, verdict: Verdict) -> Rows:
        assert verdict.berichttype is not None
        assert verdict.root is not None
        portion = Portion(self.pseudonym)
        try:
            portion.add_rows("", verdict.berichttype, self.shredders[verdict.berichttype].shred(verdict.root))
        except NotStorableError as error:
            raise DifferenceError("taken, but not storable") from error
        return portion.rows()
