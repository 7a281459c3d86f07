"""Which message type a document is, told by the namespace and name of its root."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lxml import etree

from keten_kpi.source import Fault, Reason
from keten_kpi.standaard.schemas import Berichttype
from keten_kpi.validate.parse import line_of

# Only this form is shown: any other namespace is the sender's own text and may hold anything.
_NAMESPACE = re.compile(
    r"http://www\.istandaarden\.nl/(ijw|iwmo)/([0-9]{1,2}(?:_[0-9]{1,2})?)/((?:jw|wmo)[0-9]{3})/schema", re.ASCII
)
_STANDAARDEN = {"ijw": "iJw", "iwmo": "iWmo"}


def release_name(standaard: str, release: str) -> str:
    """Such as "iJw 3.2"."""
    return f"{_STANDAARDEN.get(standaard, standaard)} {release}"


class Known:
    """The message types that schemas are at hand for."""

    def __init__(self, berichttypes: Iterable[Berichttype]) -> None:
        self.by_root = {f"{{{each.namespace}}}{each.root}": each for each in berichttypes}

    def unknown(self, root: etree._Element, names: Callable[[], frozenset[str]]) -> Fault:
        """The fault of a document that no schema is at hand for; ``names`` gives the names that may be shown."""
        qname = etree.QName(root)
        found = _NAMESPACE.fullmatch(qname.namespace or "")
        if found is None:
            return self._fault(Reason.UNKNOWN_TYPE, f"The document is in {_foreign(qname.namespace)}", root)
        standaard, release, code = found[1], found[2].replace("_", "."), found[3].upper()
        message = f"The document is a {code} of {release_name(standaard, release)}"
        if (standaard, release) not in self._releases():
            return self._fault(Reason.UNKNOWN_RELEASE, message, root)
        if code in self._codes(standaard, release):
            shown = qname.localname if qname.localname in names() else "an element that the standard does not have"
            expected = next(each.root for each in self.by_root.values() if each.code == code)
            sentence = f"The root of a {code} is {expected}, but this document has {shown}"
            return Fault(Reason.UNKNOWN_TYPE, sentence, line=line_of(root))
        known = ", ".join(self._codes(standaard, release))
        sentence = f"{message}, a type that this release does not have; known are {known}"
        return Fault(Reason.UNKNOWN_TYPE, sentence, line=line_of(root))

    def _fault(self, reason: Reason, found: str, root: etree._Element) -> Fault:
        known = ", ".join(release_name(*each) for each in self._releases()) or "none"
        return Fault(reason, f"{found}; known are the releases {known}", line=line_of(root))

    def _releases(self) -> list[tuple[str, str]]:
        return sorted({(each.standaard, each.release) for each in self.by_root.values()})

    def _codes(self, standaard: str, release: str) -> list[str]:
        mine = (standaard, release)
        return sorted(each.code for each in self.by_root.values() if (each.standaard, each.release) == mine)


def _foreign(namespace: str | None) -> str:
    return "no namespace" if not namespace else "a namespace that is not of iJw or iWmo"
