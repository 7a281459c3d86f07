"""Compiles the mapping against the XSDs of a release: a path that it lacks is found here, not in production."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import xmlschema
from xmlschema.validators import XsdElement

from keten_kpi.errors import KetenError
from keten_kpi.shred.form import form_of
from keten_kpi.shred.mapping import Column, Mapping, Table, load_mapping

NAMESPACE = re.compile(r"http://www\.istandaarden\.nl/(ijw|iwmo)/(\d+_\d+)/((?:jw|wmo)\d{3})/schema")


@dataclass(frozen=True, slots=True)
class Node:
    """One element of a message type: its path, and how often it may stand in its parent."""

    path: str
    tag: str
    repeats: bool
    leaf: bool


@dataclass(frozen=True, slots=True)
class Accounted:
    """What became of every leaf of one message type."""

    plan: dict[str, Any]
    absent: tuple[str, ...]  # "table.column" that this release has no element for
    unnamed: tuple[str, ...]  # leaves that the mapping does not name: not stored
    types: dict[str, Any]  # the simple types of its leaves, for the fast engine


@cache
def _pattern(path: str) -> re.Pattern[str]:
    regex = re.escape(path).replace(r"\*\*/", "(?:[^/]+/)*").replace(r"/\*\*", "(?:/[^/]+)+").replace(r"\*", "[^/]+")
    return re.compile(regex)


def matches(pattern: str, path: str) -> bool:
    """Whether an element path fits a mapping pattern (``*`` one element, ``**`` any number)."""
    return _pattern(pattern).fullmatch(path) is not None


def _walk(element: XsdElement, path: str) -> Iterator[Node]:
    for child in element.iterchildren():
        if not isinstance(child, XsdElement) or child.type is None:
            raise KetenError(f"{element.local_name} has a wildcard, which the standard does not use.", "Check the XSD.")
        below = f"{path}/{child.local_name}" if path else str(child.local_name)
        leaf = child.type.is_simple()
        yield Node(below, str(child.name), child.max_occurs != 1, leaf)
        if not leaf:
            yield from _walk(child, below)


@dataclass
class _Plan:
    """The plan of one message type while it is made."""

    nodes: dict[str, Node]
    rows: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    client: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)

    def target(self, path: str, slot: str) -> None:
        self.columns.setdefault(path, []).append(slot)

    def needed(self) -> list[str]:
        """Every element that leads to a row, a column or a client, and every class that carries RetourCodes."""
        ends = [*self.rows, *self.columns, *self.client.values()]
        steps = {path[:at] for path in ends for at, char in enumerate(f"{path}/") if char == "/"}
        return [path for path in self.nodes if path in steps]

    def once_below(self, row: str, path: str) -> bool:
        """Whether the leaf stands at most once in one row, so that it fits one column."""
        steps = path[len(row) :].strip("/").split("/")
        prefix = row
        for step in steps:
            prefix = f"{prefix}/{step}" if prefix else step
            if self.nodes[prefix].repeats:
                return False
        return True


def _join(row: str, path: str) -> str:
    if path == ".":
        return row
    return f"{row}/{path}" if row else path


def _add_column(plan: _Plan, table: Table, column: Column, row: str) -> bool:
    found = False
    for paths, part in ((column.paths, ""), (column.sign_paths, ":teken")):
        for path in (_join(row, path) for path in paths):
            node = plan.nodes.get(path)
            if node is None or not node.leaf:
                continue
            if path != row and not plan.once_below(row, path):
                raise KetenError(f"{table.name}.{column.name}: {path} may repeat within one row.", "Mend mapping.toml.")
            plan.target(path, f"{table.name}.{column.name}{part}")
            found = True
    return found


def _add_table(plan: _Plan, table: Table, nummer: str, code: str) -> None:
    patterns = table.rows_in(nummer)
    if not patterns:
        return
    rows = [""] if patterns == ("",) else [p for p in plan.nodes if any(matches(pattern, p) for pattern in patterns)]
    if not rows:
        raise KetenError(f"{code} has no element for table {table.name}.", "Mend mapping.toml, or check the XSD.")
    for row in rows:
        plan.rows.setdefault(row, []).append(table.name)
    for column in table.columns:
        filled = [_add_column(plan, table, column, row) for row in rows]  # all rows, so no short cut
        if any(filled):
            continue
        if column.name in table.required:
            raise KetenError(
                f"{code} has no element for {table.name}.{column.name}, which every release must have.",
                "Mend the paths in mapping.toml, or check the XSD.",
            )
        plan.absent.append(f"{table.name}.{column.name}")


def _add_client(plan: _Plan, mapping: Mapping) -> None:
    clients = [path for path in plan.nodes if path.rpartition("/")[2] == mapping.client.element]
    tables = {name for names in plan.rows.values() for name in names}
    if not clients or not any(mapping.table(name).with_client for name in tables):
        return
    plan.client["element"] = clients[0]
    for name in ("bsn", "geboortejaar", "geslacht"):
        path = f"{clients[0]}/{getattr(mapping.client, name)}"
        if path in plan.nodes:
            plan.target(path, f"client.{name}")


def _left_out(mapping: Mapping, nummer: str, path: str) -> str | None:
    for item in mapping.left_out:
        if (item.berichten == {"*"} or nummer in item.berichten) and any(matches(p, path) for p in item.paths):
            return item.why
    return None


def root_element(xsd: Path) -> XsdElement:
    """The one global element of a message schema, read with xmlschema."""
    (root,) = xmlschema.XMLSchema10(str(xsd), allow="local").elements.values()
    return root


def compile_message(xsd: Path, code: str) -> Accounted:
    """The shredding plan of one message type.

    Args:
        xsd: the message's schema; its base schema is found through its own import.
        code: "JW301".

    Raises:
        KetenError: a table or required column has no element here, or a column's element may repeat in one row.
    """
    mapping = load_mapping()
    root = root_element(xsd)
    plan = _Plan({node.path: node for node in _walk(root, "")})
    nummer = code[-3:]
    for table in mapping.tables:
        _add_table(plan, table, nummer, code)
    _add_client(plan, mapping)
    leaves = [node.path for node in plan.nodes.values() if node.leaf]
    left_out: dict[str, list[str]] = {}
    for path in leaves:
        if path not in plan.columns and (why := _left_out(mapping, nummer, path)):
            left_out.setdefault(why, []).append(path)
    form = form_of(root, code)
    named = {path for paths in left_out.values() for path in paths} | set(plan.columns)
    return Accounted(
        plan={
            "root": root.local_name,
            "namespace": root.target_namespace,
            "tags": {path: plan.nodes[path].tag for path in plan.needed()},
            "rijen": plan.rows,
            "kolommen": plan.columns,
            "client": plan.client.get("element"),
            "niet_opgeslagen": left_out,
            "basis": form.base_namespace,
            "elementen": form.elements,
            "alleen_libxml2": form.reason,
        },
        absent=tuple(plan.absent),
        unnamed=tuple(path for path in leaves if path not in named),
        types=form.types,
    )
