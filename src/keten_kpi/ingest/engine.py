"""Two engines behind one interface: the verdict on a message, and its rows when it is valid.

``libxml2`` is the reference: parse, validate, walk the tree. ``fast`` takes what its patterns recognise and leaves the
rest to the reference, which keeps the verdict and writes the faults. Rows, numbering and verdicts are the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from keten_kpi.envelope import Bericht
from keten_kpi.errors import KetenError
from keten_kpi.load import Portion
from keten_kpi.pseudoniem import Pseudonymiser
from keten_kpi.shred import NotStorableError, Shredder
from keten_kpi.shred.fast import FastReader, Texts, Waiting
from keten_kpi.source import Fault, Origin, Reason
from keten_kpi.standaard.schemas import Berichttype, releases
from keten_kpi.validate import Validator, Verdict

Work = Sequence[tuple[bytes, str]]  # content and sha-256 of each message
_NOWHERE = Origin("")  # an engine knows bytes; where they came from is kept by who hands them out


class EngineKind(StrEnum):
    """``auto`` is fast where it may be, with the reference behind it."""

    AUTO = "auto"
    LIBXML2 = "libxml2"


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """What an engine is made from, in any process."""

    pseudonymiser: Pseudonymiser
    types: tuple[Berichttype, ...]
    kind: EngineKind = EngineKind.AUTO
    audit: float = 0.0  # share of what the fast engine takes that libxml2 judges as well, 0 to 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message may not be loaded."""

    berichttype: Berichttype | None
    faults: Sequence[Fault]


class Engine:
    """Judges messages and puts together the rows of the valid ones; one per process.

    ``counts`` tells how many messages went which way.
    """

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._reference = _Reference(config)
        self._fast = FastReader(self._reference.plans()) if config.kind is EngineKind.AUTO else None
        self._random = random.Random()  # noqa: S311 - which messages are audited is no secret
        self.counts = {"fast": 0, "libxml2": 0, "audited": 0}

    def judge(self, work: Work, at: Callable[[int], None] = lambda _: None) -> tuple[Portion, dict[int, Refusal]]:
        """The rows of the valid messages, and per place why one is not; ``at`` is told where libxml2 goes to work.

        Raises:
            KetenError: an audit found that the fast engine took what libxml2 refuses, or has other rows.
        """
        portion, refused = self._portion(work), dict[int, Refusal]()
        waiting, contents = Waiting(), [content for content, _ in work]
        for place in range(len(work)) if self._fast is None else self._fast.wait(waiting, contents):
            at(place)
            self._refer(place, contents[place], portion, refused)
        if self._fast is not None:
            at(-1)
            texts = self._fast.read(waiting)
            self._audit(work, texts)
            portion.add_texts(texts)
            self.counts["fast"] += len(texts.taken)
            for place in sorted(set(waiting.places).difference(texts.taken)):
                at(place)
                self._refer(place, contents[place], portion, refused)
        return portion, refused

    def _portion(self, work: Work) -> Portion:
        return Portion(self._config.pseudonymiser.client_id, [digest[:32] for _, digest in work])

    def _refer(self, place: int, content: bytes, portion: Portion, refused: dict[int, Refusal]) -> None:
        """libxml2 judges it; what is valid is shown to the fast engine, which may know how the next one begins."""
        self.counts["libxml2"] += 1
        verdict = self._reference.judge(content)
        refusal = self._reference.add(verdict, place, portion)
        if refusal is not None:
            refused[place] = refusal
        elif self._fast and verdict.berichttype and verdict.root is not None:
            self._fast.learn(content, verdict.berichttype, verdict.root)

    def _audit(self, work: Work, texts: Texts) -> None:
        """Has libxml2 judge the chosen share of what the fast engine took, too."""
        share = self._config.audit
        places = [place for place in texts.taken if share and self._random.random() < share]
        self.counts["audited"] += len(places)
        for place in places:
            self._compare(work, place, texts)

    def _compare(self, work: Work, place: int, texts: Texts) -> None:
        content, digest = work[place]
        ours, theirs = self._portion(work), self._portion(work)
        ours.add_texts(texts.of(place))
        refusal = self._reference.add(self._reference.judge(content), place, theirs)
        if refusal is not None or ours.rows() != theirs.rows():
            what = "took a message that libxml2 refuses" if refusal else "read other rows than libxml2"
            raise KetenError(
                f"Audit: the fast engine {what}, the message with SHA-256 {digest}.",
                "Run it again with --engine libxml2, and report this line without the message.",
            )


class _Reference:
    """libxml2's verdict and the reference shredder; a shredder is made when the first message of its type comes."""

    def __init__(self, config: EngineConfig) -> None:
        self._pseudonym = config.pseudonymiser.client_id
        self._validator = Validator(config.types)
        known = {(r.standaard, r.release): r for r in releases()}
        self._releases = {kind: known[kind.standaard, kind.release] for kind in config.types}
        self._shredders: dict[Berichttype, Shredder] = {}

    def plans(self) -> list[tuple[Berichttype, dict[str, Any], dict[str, Any]]]:
        return [(kind, r.berichten[kind.code], r.manifest.get("typen", {})) for kind, r in self._releases.items()]

    def judge(self, content: bytes) -> Verdict:
        return self._validator.judge(Bericht(_NOWHERE, content))

    def add(self, verdict: Verdict, place: int, portion: Portion) -> Refusal | None:
        kind = verdict.berichttype
        if kind is None or verdict.root is None:
            return Refusal(kind, verdict.faults)
        try:
            rows = self._shredder(kind).shred(verdict.root)
        except NotStorableError as error:
            fault = Fault(Reason.NOT_STORABLE, f"The message is valid, but holds {error}; no table can keep that.")
            return Refusal(kind, (fault,))
        portion.add_rows(place, kind, rows)
        return None

    def _shredder(self, kind: Berichttype) -> Shredder:
        if kind not in self._shredders:
            self._shredders[kind] = Shredder(self._releases[kind].berichten[kind.code], self._pseudonym)
        return self._shredders[kind]
