"""One message type as a program: patterns that take a message from its root tag to its end, and what each brings up.

A pattern runs as far as the next element that may repeat and that something is recorded of; that element gets patterns
of its own, in a loop. What a pattern captures is told by its events, in the order of the document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keten_kpi.shred.fast.link import Close, Match, Open, Piece, compiled
from keten_kpi.shred.fast.style import SPACE, Style
from keten_kpi.shred.fast.values import UnknownTypeError, value_pattern

_CLIENT_PLACES = {"bsn": 0, "geboortejaar": 1, "geslacht": 2}


@dataclass(slots=True, eq=False)
class RowEvent:
    """A row of ``table`` begins; ``groups`` tells which group holds which slot ("column" or "column:teken")."""

    table: str
    element: str
    groups: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class CodesEvent:
    """A run of leaves that are rows themselves (the RetourCodes): one group holds all, ``leaf`` finds each."""

    table: str
    element: str
    slots: tuple[str, ...]
    carrier: str
    group: int
    leaf: re.Pattern[str]


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


@dataclass(slots=True, eq=False)
class Step:
    """A pattern with its events or, where ``inner`` is filled, a loop whose first step tells whether it goes on.

    ``match`` is made when it is first needed: compiling costs some milliseconds, and many steps are never met.
    """

    pieces: tuple[Piece, ...]
    events: tuple[Event, ...] = ()
    inner: tuple[Step, ...] = ()
    least: int = 1
    most: int | None = 1
    match: Match | None = None

    def compiled(self) -> Match:
        self.match = compiled(self.pieces)
        return self.match


@dataclass(slots=True)
class _Element:
    name: str
    path: str
    namespace: str
    least: int
    most: int | None
    kind: str | None
    children: list[_Element] = field(default_factory=list)


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
        self._events: dict[tuple[str, str], RowEvent] = {}
        self.carried = frozenset(carried)
        counted = [path.rsplit("/", 2)[0] for path, tables in self._rows.items() if set(tables) & set(carried)]
        self._counted = frozenset(counted)
        try:
            kinds = {told.split(" ", 2)[2] for told in plan["elementen"].values() if told.count(" ") > 1}
            self._values = {kind: value_pattern(types[kind]) for kind in kinds}
        except UnknownTypeError as error:
            raise UnsuitableError(str(error)) from None

    def row(self, element: _Element, table: str) -> RowEvent:
        """The same event in every style: their patterns have the same groups."""
        return self._events.setdefault((element.path, table), RowEvent(table, element.name))

    def program(self, style: Style) -> tuple[Step, ...]:
        builder = _Builder(self, style, {})
        builder.once(self._root, None)
        builder.parts.append(rf"{SPACE}\Z")
        builder.flush()
        return tuple(builder.steps)

    def records(self, element: _Element) -> bool:
        """Is anything recorded of this element or of what lies in it?"""
        path = element.path
        own = path in self._rows or path in self._slots or path in self._counted or path == self._client
        return own or any(self.records(child) for child in element.children)

    def loops(self, element: _Element) -> bool:
        """Does this element need patterns of its own?"""
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
    """Writes the patterns of one sequence of steps."""

    def __init__(self, compiler: Compiler, style: Style, opened: dict[str, tuple[_Builder, int, Event]]) -> None:
        self._compiler = compiler
        self._style = style
        self._opened = opened  # per table, and "client": the event that columns fill, and the pattern it belongs to
        self.steps: list[Step] = []
        self.parts: list[Piece] = []
        self._events: list[Event] = []
        self._groups = 0
        self._optional = 0  # how many elements around this place may be absent

    def flush(self) -> None:
        if self.parts:
            self.steps.append(Step(tuple(self.parts), tuple(self._events)))
        self.parts, self._events, self._groups = [], [], 0

    def element(self, element: _Element, parent: _Element) -> None:
        if self._compiler.loops(element):
            self._loop(element, parent)
        elif self._compiler.is_code(element):
            self._codes(element, parent)
        elif (element.least, element.most) == (1, 1):
            self.once(element, parent)
        else:
            self.parts.append(Open())
            self._optional += 1
            self.once(element, parent)
            self._optional -= 1
            self.parts.append(Close(element.least, element.most))

    def once(self, element: _Element, parent: _Element | None) -> None:
        if parent is not None:  # the root's tag has been read when its program runs
            self.parts.append(self._open(element, parent))
        self._begin(element)
        if element.kind is not None:
            self._leaf(element)
        else:
            self.parts.append(self._style.space)
            for child in element.children:
                self.element(child, element)
        self.parts.append(self._close(element) + self._style.space)

    def _loop(self, element: _Element, parent: _Element) -> None:
        self.flush()
        inner = _Builder(self._compiler, self._style, self._opened)
        inner.once(element, parent)
        inner.flush()
        self.steps.append(Step((), (), tuple(inner.steps), element.least, element.most))

    def _codes(self, element: _Element, parent: _Element) -> None:
        """All occurrences in one group; the carrier is the class two steps up, as in the reference shredder."""
        (table, *more) = self._compiler.tables(element)
        slots = tuple(slot.partition(".")[2] for slot in self._compiler.slots(element))
        if more or not all(slot.startswith(f"{table}.") for slot in self._compiler.slots(element)):
            raise UnsuitableError(f"{element.path} fills more than one table")
        start, end = self._open(element, parent), self._close(element)
        one = f"(?:{start}{self._compiler.value(element)}{end}{self._style.space})"
        self.parts.append(Open())
        group = self._group(f"{one}{{{max(element.least, 1)},{element.most or ''}}}+")
        self.parts.append(Close(min(element.least, 1), 1))
        carrier = element.path.rsplit("/", 2)[0].rpartition("/")[2]
        leaf = re.compile(f"{start}([^<]++)<")
        self._events.append(CodesEvent(table, element.name, slots, carrier, group, leaf))

    def _begin(self, element: _Element) -> None:
        compiler = self._compiler
        if compiler.is_client(element):
            self._record("client", ClientEvent())
        if compiler.is_counted(element):
            self._events.append(CountEvent(element.name, self._group("") if self._optional else None))
        for table in compiler.tables(element):
            if table in compiler.carried:
                raise UnsuitableError(f"{element.path} is a row with a class that carries it, and no leaf")
            self._record(table, compiler.row(element, table))

    def _record(self, name: str, event: Event) -> None:
        self._events.append(event)
        self._opened[name] = (self, len(self.steps), event)

    def _leaf(self, element: _Element) -> None:
        value, slots = self._compiler.value(element), self._compiler.slots(element)
        if not slots:
            self.parts.append(value)
            return
        group = self._group(value)
        for slot in slots:
            table, _, column = slot.partition(".")
            owner, step, event = self._opened.get(table, (None, 0, None))
            if owner is not self or step != len(self.steps):
                raise UnsuitableError(f"{element.path} stands apart from the row it belongs to")
            if isinstance(event, RowEvent):
                event.groups[column] = group
            elif isinstance(event, ClientEvent):
                event.groups[_CLIENT_PLACES[column]] = group

    def _group(self, pattern: str) -> int:
        self.parts += [Open(self._groups), pattern, Close()]
        self._groups += 1
        return self._groups - 1

    def _open(self, element: _Element, parent: _Element) -> str:
        return self._style.open(element.name, element.namespace, parent.namespace)

    def _close(self, element: _Element) -> str:
        return self._style.close(element.name, element.namespace)
