"""The reference shredder: one pass over the tree that libxml2 validated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from keten_kpi.shred.mapping import Table, load_mapping
from keten_kpi.shred.rows import Client, Row, Rows, Value
from keten_kpi.shred.values import PARSERS, parse_year

Pseudonym = Callable[[str], bytes]
CREDIT = "C"  # DebetCredit of the standard: D is positive, C negative


@dataclass(slots=True)
class _Node:
    """One element of the plan: what to do when the walk meets it."""

    name: str
    children: dict[str, _Node] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)
    slots: list[tuple[str, int]] = field(default_factory=list)  # table, place of its column (or sign) in the row
    client_slots: list[int] = field(default_factory=list)
    counted: bool = False
    is_client: bool = False


class _Layout:
    """Per table: where each column's text and sign stand in the raw row, and how they become values."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.places = {column.name: place for place, column in enumerate(table.columns)}
        signed = [column.name for column in table.columns if column.sign_paths]
        self.signs = {name: len(table.columns) + place for place, name in enumerate(signed)}
        self.width = len(table.columns) + len(signed)
        self.parsers = [PARSERS[column.type] for column in table.columns]
        self.sign_of = [(self.places[name], place) for name, place in self.signs.items()]

    def slot(self, column: str, part: str) -> int:
        return self.signs[column] if part == "teken" else self.places[column]

    def values(self, raw: list[str | None]) -> tuple[Value, ...]:
        parsed = [None if text is None else parse(text) for parse, text in zip(self.parsers, raw, strict=False)]
        for place, sign in self.sign_of:
            if raw[sign] == CREDIT:
                parsed[place] = -parsed[place]  # type: ignore[operator]
        return tuple(parsed)


_CLIENT_PLACES = {"bsn": 0, "geboortejaar": 1, "geslacht": 2}


class Shredder:
    """Shreds messages of one type by its compiled plan.

    Args:
        plan: what ``release.json`` holds of this type (see ``compile_message``).
        pseudonym: makes client_id from a BSN.
    """

    def __init__(self, plan: dict[str, Any], pseudonym: Pseudonym) -> None:
        self._pseudonym = pseudonym
        self._layouts = {table.name: _Layout(table) for table in load_mapping().tables}
        self._root = self._compile(plan)

    def _compile(self, plan: dict[str, Any]) -> _Node:
        nodes = {"": _Node(str(plan["root"]))}
        for path, tag in plan["tags"].items():
            parent, _, name = path.rpartition("/")
            nodes[path] = nodes[parent].children[tag] = _Node(name)
        for path, tables in plan["rijen"].items():
            nodes[path].tables += tables
            if any(self._layouts[table].table.with_niveau for table in tables):
                nodes[path.rsplit("/", 2)[0]].counted = True
        for path, slots in plan["kolommen"].items():
            self._aim(nodes[path], slots)
        if plan["client"]:
            nodes[str(plan["client"])].is_client = True
        return nodes[""]

    def _aim(self, node: _Node, slots: Iterable[str]) -> None:
        for slot in slots:
            table, _, column = slot.partition(".")
            name, _, part = column.partition(":")
            if table == "client":
                node.client_slots.append(_CLIENT_PLACES[name])
            else:
                node.slots.append((table, self._layouts[table].slot(name, part)))

    def shred(self, root: etree._Element) -> Rows:
        """The rows of one valid message.

        Raises:
            NotStorableError: a value that is valid by its schema fits no column.
        """
        walk = _Walk(self._layouts, self._pseudonym)
        walk.enter(root, self._root)
        return walk.rows()


def _text(element: etree._Element) -> str:
    """The element's text; comments and processing instructions may stand in it and are no part of it."""
    text = element.text or ""
    return text + "".join(child.tail or "" for child in element) if len(element) else text


class _Made(NamedTuple):
    """One row while the walk fills it."""

    name: str
    carrier: tuple[str, int] | None
    person: list[str | None]
    raw: list[str | None]


class _Walk:
    """The state of one pass: the row that each table is filling, the client and class that hold now."""

    def __init__(self, layouts: dict[str, _Layout], pseudonym: Pseudonym) -> None:
        self._layouts = layouts
        self._pseudonym = pseudonym
        self._open: dict[str, list[str | None]] = {}
        self._made: dict[str, list[_Made]] = {}
        self._counts: Counter[str] = Counter()
        self._class: tuple[str, int] | None = None
        self._person: list[str | None] = []

    def enter(self, element: etree._Element, node: _Node) -> None:
        if node.is_client:
            self._person = [None, None, None]
        if node.counted:
            self._counts[node.name] += 1
        here = (node.name, self._counts[node.name]) if node.counted else self._class
        for table in node.tables:
            self._start_row(table, node)
        if node.slots or node.client_slots:
            self._take(_text(element), node)
        children = node.children
        for child in element.iterchildren(tag=etree.Element):
            below = children.get(child.tag)
            if below is not None:
                self._class = here
                self.enter(child, below)

    def _start_row(self, table: str, node: _Node) -> None:
        raw: list[str | None] = [None] * self._layouts[table].width
        self._open[table] = raw
        self._made.setdefault(table, []).append(_Made(node.name, self._class, self._person, raw))

    def _take(self, text: str, node: _Node) -> None:
        for table, place in node.slots:
            self._open[table][place] = text
        for place in node.client_slots:
            self._person[place] = text

    def _client(self, person: list[str | None]) -> Client | None:
        bsn, born, geslacht = person or (None, None, None)
        if bsn is None:
            return None
        return Client(self._pseudonym(bsn), None if born is None else parse_year(born), geslacht)

    def _line(self, number: int, layout: _Layout, made: _Made) -> Row:
        table = layout.table
        niveau, niveau_nr = made.carrier if table.with_niveau and made.carrier else (None, None)
        return Row(
            regel_nr=number,
            soort=made.name if table.with_soort else None,
            niveau=niveau,
            niveau_nr=niveau_nr,
            client=self._client(made.person) if table.with_client else None,
            values=layout.values(made.raw),
        )

    def rows(self) -> Rows:
        (bericht,) = self._made.pop("bericht")
        lines = {
            table: [self._line(number, self._layouts[table], made) for number, made in enumerate(rows, start=1)]
            for table, rows in self._made.items()
        }
        return Rows(self._layouts["bericht"].values(bericht.raw), lines)
