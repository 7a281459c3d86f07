"""From libxml2's errors to faults: the element, its line and path, and one plain sentence without a person's value.

libxml2 decides *that* an element is wrong; its texts quote the message, so what is said is told from the schema and the
shape of what was found. An element that is missing is told at the element that stands in its place, or at its parent
when nothing follows: that is where a sender has to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from lxml import etree

from keten_kpi.source import Fault, Reason
from keten_kpi.standaard.schemas import Berichttype
from keten_kpi.validate.content import UNKNOWN, first_misfit, misfit_sentence
from keten_kpi.validate.parse import Complaint
from keten_kpi.validate.paths import line_of_descent, locate, readable_path
from keten_kpi.validate.recognise import release_name
from keten_kpi.validate.structure import Group, Leaf, Part, Structure
from keten_kpi.validate.values import alternatives, expectation, shown

MOST_FAULTS = 20  # per message; when there are more, the last one counts the rest
_HEADER_NUMBERS = {"BerichtVersie", "BerichtSubversie"}
_CONTENT = etree.ErrorTypes.SCHEMAV_ELEMENT_CONTENT
_FIXED = {
    etree.ErrorTypes.SCHEMAV_CVC_COMPLEX_TYPE_2_3: "{name} has text beside its elements, where only elements may stand",
    etree.ErrorTypes.SCHEMAV_CVC_TYPE_3_1_2: "{name} has an element in it, where only a value may stand",
    etree.ErrorTypes.SCHEMAV_CVC_TYPE_3_1_1: "{name} has an attribute, which the standard does not have",
    etree.ErrorTypes.SCHEMAV_CVC_COMPLEX_TYPE_3_2_1: "{name} has an attribute, which the standard does not have",
    etree.ErrorTypes.SCHEMAV_CVC_ELT_3_1: "{name} has the attribute xsi:nil, which the standard does not have",
    etree.ErrorTypes.SCHEMAV_CVC_ELT_4_1: "{name} has an xsi:type that is not a name",
    etree.ErrorTypes.SCHEMAV_CVC_ELT_4_2: "{name} has an xsi:type that the standard does not have",
    etree.ErrorTypes.SCHEMAV_CVC_ELT_4_3: "{name} has an xsi:type that is not the type of this element",
}


class Explainer:
    """Explains invalid messages; reads the schema files when the first one comes."""

    def __init__(self, berichttypes: Iterable[Berichttype]) -> None:
        self._berichttypes = tuple(berichttypes)
        self._structures: dict[Berichttype, Structure] = {}
        self._files: dict[Path, etree._Element] = {}

    def faults(self, berichttype: Berichttype, root: etree._Element, log: Sequence[Complaint]) -> tuple[Fault, ...]:
        """One fault per element that libxml2 complains of, in its order; ``log`` must be that of this ``root``."""
        first = list({entry.path: entry for entry in reversed(log)}.values())[::-1]
        told = first if len(first) <= MOST_FAULTS else first[: MOST_FAULTS - 1]
        faults = [self._fault(berichttype, root, entry) for entry in told]
        rest = len(first) - len(told)
        if rest:
            faults.append(Fault(Reason.INVALID, f"And {rest} more elements are not as the schema has them"))
        return tuple(faults)

    @cached_property
    def names(self) -> frozenset[str]:
        """The element names of all known schemas: these may be shown, any other is the sender's own text."""
        return frozenset(name for each in self._berichttypes for name in self._structure(each).names())

    @cached_property
    def _codes(self) -> dict[str, str]:
        """Which message type has which BerichtCode."""
        found: dict[str, str] = {}
        for each in self._berichttypes:
            leaf = _header_leaf(self._structure(each), each, "BerichtCode")
            codes = alternatives(leaf.patterns[-1]) if leaf is not None and leaf.patterns else ()
            found |= dict.fromkeys(codes, each.code)
        return found

    def _structure(self, berichttype: Berichttype) -> Structure:
        if berichttype not in self._structures:
            self._structures[berichttype] = Structure(berichttype.xsd, self._files)
        return self._structures[berichttype]

    def _fault(self, berichttype: Berichttype, root: etree._Element, complaint: Complaint) -> Fault:
        element = locate(root, complaint.path or "")
        if element is None:
            return Fault(Reason.INVALID, "The message is not as its schema has it", line=complaint.line)
        sentence = self._sentence(berichttype, element, complaint.kind)
        return Fault(Reason.INVALID, sentence, line=complaint.line, path=readable_path(element, self.names))

    def _sentence(self, berichttype: Berichttype, element: etree._Element, kind: int) -> str:
        name = self._show(element.tag)
        if kind in _FIXED:
            return _FIXED[kind].format(name=name)
        if kind == _CONTENT:
            return self._content_sentence(berichttype, element)
        leaf = declaration(self._structure(berichttype), element)
        if isinstance(leaf, Leaf):
            return self._value_sentence(berichttype, name, element.text or "", leaf)
        return f"{name} is not as the schema has it"

    def _content_sentence(self, berichttype: Berichttype, element: etree._Element) -> str:
        """libxml2 names the child that does not fit, or the parent when its children end too early."""
        return (
            self._misfit(berichttype, element.getparent(), element)
            or self._misfit(berichttype, element, None)
            or f"{self._show(element.tag)} stands or ends where the schema does not allow it"
        )

    def _misfit(
        self, berichttype: Berichttype, owner: etree._Element | None, child: etree._Element | None
    ) -> str | None:
        """The sentence when ``child`` (None: the end) is the first thing in ``owner`` that does not fit."""
        group = None if owner is None else declaration(self._structure(berichttype), owner)
        if owner is None or not isinstance(group, Group):
            return None
        tags = [each.tag for each in owner]
        misfit = first_misfit(group.parts, tags)
        if misfit is None or misfit.child != (None if child is None else owner.index(child)):
            return None
        return misfit_sentence(self._show(owner.tag), group.parts, tags, misfit, self._show)

    def _value_sentence(self, berichttype: Berichttype, name: str, value: str, leaf: Leaf) -> str:
        must = expectation(leaf)
        if name == "BerichtCode":
            found = shown(value, leaf, is_code=True)
            other = f" ({self._codes[found]})" if found in self._codes else ""
            return f"BerichtCode is {found}{other} where a {berichttype.code} has {must}"
        if name in _HEADER_NUMBERS:
            where = release_name(berichttype.standaard, berichttype.release)
            return f"{name} is {shown(value, leaf, is_code=True)} where {where} has {must}"
        return f"{name} must be {must}, but is {shown(value, leaf, is_code=False)}"

    def _show(self, tag: str) -> str:
        local = tag.rpartition("}")[2]
        return local if local in self.names else UNKNOWN


def declaration(structure: Structure, element: etree._Element) -> Leaf | Group | None:
    """The type that the schema gives to ``element`` by its ancestors; None when it does not declare it."""
    top, *rest = line_of_descent(element)
    found = structure.root(top.tag)
    for each in rest:
        part = found.part(each.tag) if isinstance(found, Group) else None
        found = None if part is None else structure.child(part)
    return found


def _header_leaf(structure: Structure, berichttype: Berichttype, name: str) -> Leaf | None:
    """The type of the header element ``name``: a grandchild of the root."""
    for part in _parts(structure.root(f"{{{berichttype.namespace}}}{berichttype.root}")):
        for each in _parts(structure.child(part)):
            content = structure.child(each) if each.name == name else None
            if isinstance(content, Leaf):
                return content
    return None


def _parts(content: Leaf | Group | None) -> tuple[Part, ...]:
    return content.parts if isinstance(content, Group) else ()
