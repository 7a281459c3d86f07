"""One message type as a program: steps that take a message from its first byte to its last, and what each brings up.

A step runs as far as the next element that may repeat and that something is recorded of; that element gets steps of its
own, in a loop. One pattern takes any step wherever the one before it ended; whether that makes a message is told by
which step may follow which. What a step captures is told by its events, in the order of the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from keten_kpi.shred.fast.expression import NO_CHARACTERS
from keten_kpi.shred.fast.style import SPACE, Style
from keten_kpi.shred.fast.values import UnknownTypeError, value_pattern

END = "\x1e"  # after each message, and after each line of what the pattern brings up
_START = r"(?:<\?[^>]*+>)?+[^>]*+>"  # a declaration and the tag of the root, which were looked at before
_CLIENT_PLACES = {"bsn": 0, "geboortejaar": 1, "geslacht": 2}


@dataclass(slots=True, eq=False)
class RowEvent:
    """A row of ``table`` begins; ``groups`` tells which group holds which slot ("column" or "column:teken")."""

    table: str
    element: str
    groups: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class CodesEvent:
    """A run of leaves that are rows themselves (the RetourCodes): one group holds all of them, tags too.

    The text of a leaf goes to ``column``; ``carrier`` is the class that the codes are about.
    """

    table: str
    element: str
    column: str
    carrier: str
    group: int


@dataclass(slots=True, eq=False)
class CountEvent:
    """A class that carries rows begins, when the group ``marker`` (None: always) has matched."""

    name: str
    marker: int | None


@dataclass(slots=True, eq=False)
class ClientEvent:
    """A client begins: the groups of bsn, birth date and geslacht."""

    groups: list[int | None] = field(default_factory=lambda: [None, None, None])


Event = RowEvent | CodesEvent | CountEvent | ClientEvent


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of a message: its pattern, and what it brings up from how many groups."""

    pattern: str
    events: tuple[Event, ...]
    groups: int


@dataclass(frozen=True, slots=True)
class Program:
    """The steps of a message type in one style; the first begins a message and the last ends it, each nowhere else.

    ``follows``: which step may stand right after which, by their places.
    """

    steps: tuple[Step, ...]
    follows: frozenset[tuple[int, int]]

    @property
    def groups(self) -> int:
        return max(step.groups for step in self.steps)

    @property
    def repeated(self) -> frozenset[str]:
        """The classes that are counted of which a message may have more than one."""
        once, more = set[str](), set[str]()
        for at, step in enumerate(self.steps):
            names = {event.name for event in step.events if isinstance(event, CountEvent)}
            more |= names if self._comes_again(at) else names & once
            once |= names
        return frozenset(more)

    def _comes_again(self, step: int) -> bool:
        """May it stand twice in a message?"""
        reached, ahead = set[int](), [step]
        while ahead:
            here = ahead.pop()
            after = {other for one, other in self.follows if one == here} - reached
            reached |= after
            ahead += after
        return step in reached

    def pattern(self, first_mark: int, *, is_ascii: bool) -> str:
        """All steps as one pattern: each leaves its own mark, counted from ``first_mark``; what is no step leaves 0.

        The groups of each step are numbered from 1. The first step stands last: it is met least often. Where all is
        ASCII, a byte is a character, which takes a third less time.
        """
        marked = [f"{step.pattern}(*:{first_mark + at})" for at, step in enumerate(self.steps)]
        whole = "|".join(["\\G(?", *marked[1:], marked[0], f"[^{END}]*+{END}(*:0))"])
        return whole.replace(NO_CHARACTERS, "") if is_ascii else whole


@dataclass(slots=True)
class _Element:
    name: str
    path: str
    namespace: str
    least: int
    most: int | None
    kind: str | None
    children: list[_Element] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Loop:
    """Steps, by their places, and loops that stand together once at least or not at all, and once at most or not."""

    inner: tuple[int | _Loop, ...]
    least: int
    most: int | None


class UnsuitableError(ValueError):
    """No program can be made for this message type: libxml2 judges all its messages."""


def _tree(plan: Mapping[str, Any]) -> _Element:
    if plan.get("alleen_libxml2", "no form") or not plan.get("elementen"):
        raise UnsuitableError(str(plan.get("alleen_libxml2")))
    found = {"": _Element(str(plan["root"]), "", "m", 1, 1, None)}
    for path, told in plan["elementen"].items():
        parent, _, name = path.rpartition("/")
        namespace, occurs, *kind = told.split(" ", 2)
        least, _, most = occurs.partition("..")
        many = None if most == "*" else int(most)
        found[path] = _Element(name, path, namespace, int(least), many, kind[0] if kind else None)
        found[parent].children.append(found[path])
    return found[""]


class Compiler:
    """Makes the programs of one message type, one per style of writing.

    Args:
        plan: what ``release.json`` holds of this type.
        types: the simple types of its release.
        carried: tables whose rows stand in a class that is counted.

    Raises:
        UnsuitableError: the form, a type or the place of a column is one that no program is made for.
    """

    def __init__(self, plan: Mapping[str, Any], types: Mapping[str, Any], carried: Sequence[str]) -> None:
        self._root = _tree(plan)
        self.base = plan["basis"]
        self._rows: Mapping[str, list[str]] = plan["rijen"]
        self._slots: Mapping[str, list[str]] = plan["kolommen"]
        self._client = plan["client"]
        self.carried = frozenset(carried)
        counted = [path.rsplit("/", 2)[0] for path, tables in self._rows.items() if set(tables) & set(carried)]
        self._counted = frozenset(counted)
        try:
            kinds = {told.split(" ", 2)[2] for told in plan["elementen"].values() if told.count(" ") > 1}
            self._values = {kind: value_pattern(types[kind]) for kind in kinds}
        except UnknownTypeError as error:
            raise UnsuitableError(str(error)) from None

    def program(self, style: Style) -> Program:
        """In every style the same steps with the same groups."""
        builder = _Builder(self, style)
        builder.parts.append(_START + SPACE)
        builder.inside(self._root, None)
        builder.parts.append(END)
        builder.flush()
        return Program(tuple(builder.steps), frozenset(_follows(tuple(builder.order))))

    def records(self, element: _Element) -> bool:
        """Is anything recorded of this element or of what lies in it?"""
        path = element.path
        own = path in self._rows or path in self._slots or path in self._counted or path == self._client
        return own or any(self.records(child) for child in element.children)

    def loops(self, element: _Element) -> bool:
        """Does this element need steps of its own?"""
        if (element.least, element.most) == (1, 1) or self.is_code(element) or not self.records(element):
            return False
        begins = self.tables(element) or self.is_client(element)
        return element.most != 1 or bool(begins) or self._holds_a_loop(element)

    def _holds_a_loop(self, element: _Element) -> bool:
        return any(self.loops(child) or self._holds_a_loop(child) for child in element.children)

    def is_code(self, element: _Element) -> bool:
        return element.kind is not None and element.path in self._rows

    def value(self, element: _Element) -> str:
        return self._values[str(element.kind)]

    def tables(self, element: _Element) -> Sequence[str]:
        return self._rows.get(element.path, ())

    def slots(self, element: _Element) -> Sequence[str]:
        return self._slots.get(element.path, ())

    def is_counted(self, element: _Element) -> bool:
        return element.path in self._counted

    def is_client(self, element: _Element) -> bool:
        return bool(element.path) and element.path == self._client


class _Builder:
    """Writes the steps of a message, one after another."""

    def __init__(self, compiler: Compiler, style: Style) -> None:
        self._compiler = compiler
        self._style = style
        self._opened: dict[str, tuple[int, Event]] = {}  # per table, and "client": the step, and the event there
        self.steps: list[Step] = []
        self.order: list[int | _Loop] = []
        self.parts: list[str] = []
        self._events: list[Event] = []
        self._groups = 0
        self._optional = 0  # how many elements around this place may be absent

    def flush(self) -> None:
        if self.parts:
            self.order.append(len(self.steps))
            self.steps.append(Step("".join(self.parts), tuple(self._events), self._groups))
        self.parts, self._events, self._groups = [], [], 0

    def element(self, element: _Element, parent: _Element) -> None:
        if self._compiler.loops(element):
            self._loop(element, parent)
        elif self._compiler.is_code(element):
            self._codes(element, parent)
        elif (element.least, element.most) == (1, 1):
            self.inside(element, parent)
        else:
            self.parts.append("(?:")
            self._optional += 1
            self.inside(element, parent)
            self._optional -= 1
            self.parts.append(f"){_times(element.least, element.most)}")

    def inside(self, element: _Element, parent: _Element | None) -> None:
        """The element once, from its start tag to its end tag; of the root without its start tag, which was read."""
        self._begin(element, parent)
        if element.kind is not None:
            self._leaf(element)
        else:
            self.parts.append(SPACE)
            for child in element.children:
                self.element(child, element)
        self.parts.append(self._style.close(element.name, element.namespace) + SPACE)

    def _loop(self, element: _Element, parent: _Element) -> None:
        self.flush()
        around, self.order = self.order, []
        optional, self._optional = self._optional, 0
        self.inside(element, parent)
        self.flush()
        if element.least > 1 or (element.most or 1) > 1:
            raise UnsuitableError(f"{element.path} stands {element.least} to {element.most} times")
        self._optional = optional
        self.order = [*around, _Loop(tuple(self.order), element.least, element.most)]

    def _codes(self, element: _Element, parent: _Element) -> None:
        """All occurrences in one group; the carrier is the class two steps up, as in the reference shredder."""
        (table, *more), slots = self._compiler.tables(element), self._compiler.slots(element)
        if more or [slot.partition(".")[0] for slot in slots] != [table]:
            raise UnsuitableError(f"{element.path} fills more than one column")
        start, end = self._open(element, parent), self._style.close(element.name, element.namespace)
        one = f"(?:{start}{self._compiler.value(element)}{end}{SPACE})"
        group = self._group(one + _times(max(element.least, 1), element.most))
        self.parts[-1] += "" if element.least else "?+"
        carrier = element.path.rsplit("/", 2)[0].rpartition("/")[2]
        self._events.append(CodesEvent(table, element.name, slots[0].partition(".")[2], carrier, group))

    def _begin(self, element: _Element, parent: _Element | None) -> None:
        compiler = self._compiler
        start = "" if parent is None else self._open(element, parent)
        if compiler.is_client(element):
            self._record("client", ClientEvent())
        if compiler.is_counted(element):
            self._count(element.name, self._group(start) if self._optional else None)
            start = "" if self._optional else start
        self.parts.append(start)
        for table in compiler.tables(element):
            if table in compiler.carried:
                raise UnsuitableError(f"{element.path} is a row with a class that carries it, and no leaf")
            self._record(table, RowEvent(table, element.name))

    def _count(self, name: str, marker: int | None) -> None:
        if any(isinstance(event, CountEvent) and event.name == name for event in self._events):
            raise UnsuitableError(f"{name} is counted twice in one step")
        self._events.append(CountEvent(name, marker))

    def _record(self, name: str, event: Event) -> None:
        self._events.append(event)
        self._opened[name] = (len(self.steps), event)

    def _leaf(self, element: _Element) -> None:
        value, slots = self._compiler.value(element), self._compiler.slots(element)
        if not slots:
            self.parts.append(value)
            return
        group = self._group(f"(?!<){value}")  # a text without a character would come out as none
        for slot in slots:
            table, _, column = slot.partition(".")
            step, event = self._opened.get(table, (-1, None))
            if step != len(self.steps):
                raise UnsuitableError(f"{element.path} stands apart from the row it belongs to")
            if isinstance(event, RowEvent):
                event.groups[column] = group
            elif isinstance(event, ClientEvent):
                event.groups[_CLIENT_PLACES[column]] = group

    def _group(self, pattern: str) -> int:
        self.parts.append(f"({pattern})")
        self._groups += 1
        return self._groups - 1

    def _open(self, element: _Element, parent: _Element) -> str:
        return self._style.open(element.name, element.namespace, parent.namespace)


def _times(least: int, most: int | None) -> str:
    """A repeat that never gives back what it took."""
    if (least, most) in ((1, 1), (0, 1)):
        return "" if least else "?+"
    return f"{{{least},{'' if most is None else most}}}+"


def _first(order: Sequence[int | _Loop]) -> Iterator[int]:
    """The steps that may come first."""
    for each in order:
        if isinstance(each, int):
            yield each
            return
        yield from _first(each.inner)
        if each.least:
            return


def _last(order: Sequence[int | _Loop]) -> Iterator[int]:
    """The steps that may come last."""
    for each in reversed(order):
        if isinstance(each, int):
            yield each
            return
        yield from _last(each.inner)
        if each.least:
            return


def _follows(order: Sequence[int | _Loop]) -> Iterator[tuple[int, int]]:
    """Each pair of steps of which the second may stand right after the first."""
    for at, each in enumerate(order):
        yield from product(_last(order[: at + 1]), [*_first(order[at + 1 :])])
        if isinstance(each, _Loop):
            yield from _follows(each.inner)
            if each.most is None:
                yield from product(_last(each.inner), [*_first(each.inner)])
