"""Why the children of an element do not fit its sequence, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from keten_kpi.validate.structure import Part

UNKNOWN = "an element that the standard does not have"
_MOST_NAMES = 5  # of the elements that may stand somewhere


@dataclass(frozen=True, slots=True)
class Misfit:
    """Where children leave their sequence."""

    child: int | None  # the first that does not fit; None: the children end too early
    began: int  # the part that was being filled
    count: int  # how many that part had
    at: int  # the part that could not be skipped; the number of parts when all could


def first_misfit(parts: Sequence[Part], tags: Sequence[str]) -> Misfit | None:
    """Where ``tags`` leave the sequence; None when they fit. No backtracking: a sequence here is deterministic."""
    began = count = 0
    for child, tag in enumerate(tags):
        at, had = began, count
        while at < len(parts) and not _takes(parts[at], tag, had):
            if had < parts[at].least:
                return Misfit(child, began, count, at)
            at, had = at + 1, 0
        if at == len(parts):
            return Misfit(child, began, count, at)
        began, count = at, had + 1
    for at in range(began, len(parts)):
        if (count if at == began else 0) < parts[at].least:
            return Misfit(None, began, count, at)
    return None


def misfit_sentence(
    parent: str, parts: Sequence[Part], tags: Sequence[str], misfit: Misfit, show: Callable[[str], str]
) -> str:
    """What is wrong; ``show`` turns a tag into a name that may be shown, or says that the standard does not have it."""
    if misfit.child is None:
        return f"{parent} ends without {parts[misfit.at].name}, which is required"
    tag = tags[misfit.child]
    place = next((place for place, part in enumerate(parts) if part.tag == tag), None)
    if place is None:
        return _stranger(parent, parts, misfit, tag, show(tag))
    if place < misfit.at:
        return _late(parent, parts, place, tags[: misfit.child], show)
    required = parts[misfit.at]
    rest = "which comes after it" if required.tag in tags[misfit.child :] else "which is missing"
    return f"{parts[place].name} stands where {required.name} is required, {rest}"


def _takes(part: Part, tag: str, count: int) -> bool:
    return part.tag == tag and (part.most is None or count < part.most)


def _late(parent: str, parts: Sequence[Part], place: int, before: Sequence[str], show: Callable[[str], str]) -> str:
    """An element of the sequence whose place has gone by."""
    part, count = parts[place], before.count(parts[place].tag)
    if part.most is not None and count >= part.most:
        times = "once" if part.most == 1 else f"{part.most} times"
        return f"{part.name} stands more than {times} in {parent}, which is not allowed"
    previous = show(before[-1])
    again = " again" if count else ""
    return f"{part.name} stands{again} after {previous}, but belongs before it"


def _stranger(parent: str, parts: Sequence[Part], misfit: Misfit, tag: str, shown: str) -> str:
    """An element that the sequence does not have."""
    local = tag.rpartition("}")[2]
    twin = next((part for part in parts if part.tag.rpartition("}")[2] == local), None)
    if twin is not None:
        return f"{twin.name} is in another namespace than {_namespace(twin)}, where {parent} has it"
    begin = shown[0].upper() + shown[1:]
    return f"{begin} stands in {parent}, {_expected(parts, misfit)}"


def _namespace(part: Part) -> str:
    return part.tag.partition("}")[0].lstrip("{") or "none"


def _expected(parts: Sequence[Part], misfit: Misfit) -> str:
    """What may stand at the misfit: up to and with the first element that must."""
    names: list[str] = []
    for at in range(misfit.began, len(parts)):
        count = misfit.count if at == misfit.began else 0
        names += [parts[at].name] if parts[at].most is None or count < (parts[at].most or 0) else []
        if count < parts[at].least:
            return f"where {names[0]} is required" if len(names) == 1 else f"where {_listed(names)} is expected"
    return f"where only {_listed(names)} may follow" if names else "where nothing may follow"


def _listed(names: list[str]) -> str:
    if len(names) > _MOST_NAMES:
        return f"{', '.join(names[:_MOST_NAMES])} or {len(names) - _MOST_NAMES} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
