"""The verdict on one message: its type, and its tree when it is valid or its faults when it is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from keten_kpi.envelope import Bericht
from keten_kpi.errors import KetenError
from keten_kpi.source import Fault, Reason
from keten_kpi.standaard.schemas import Berichttype
from keten_kpi.validate.explain import Explainer
from keten_kpi.validate.parse import complaints, has_doctype, not_xml, safe_parser
from keten_kpi.validate.recognise import Known

DOCTYPE = Fault(Reason.DOCTYPE, "The document has a DOCTYPE: the standard has none, and it is not safe to read")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about one message.

    ``root`` is the tree that the schema judged, only when valid: without comments and processing instructions, so that
    the ``text`` of a leaf is its whole value. ``berichttype`` is None when the message was not recognised.
    """

    bericht: Bericht
    berichttype: Berichttype | None
    root: etree._Element | None
    faults: tuple[Fault, ...]

    @property
    def valid(self) -> bool:
        return not self.faults


class Validator:
    """Judges messages by the schemas of ``berichttypes``; each schema is compiled when its first message comes.

    Keep one per thread or process: libxml2 mixes up the errors of threads that share a compiled schema.
    """

    def __init__(self, berichttypes: Iterable[Berichttype]) -> None:
        self._berichttypes = tuple(berichttypes)
        self._known = Known(self._berichttypes)
        self._parser = safe_parser()
        self._schemas: dict[str, etree.XMLSchema] = {}

    def judge(self, bericht: Bericht) -> Verdict:
        """The verdict on one message; only a schema that cannot be read raises (KetenError)."""
        if bericht.content is None:
            return _refused(bericht, bericht.fault or Fault(Reason.UNREADABLE, "The message has no content"))
        try:
            root = etree.fromstring(bericht.content, self._parser)
        except etree.XMLSyntaxError:
            return _refused(bericht, not_xml(bericht.content, complaints(self._parser.error_log)) or DOCTYPE)
        if has_doctype(root):
            return _refused(bericht, DOCTYPE)
        berichttype = self._known.by_root.get(root.tag)
        if berichttype is None:
            return _refused(bericht, self._known.unknown(root, lambda: self._explainer.names))
        schema = self._schemas.get(root.tag) or self._compile(root.tag, berichttype)
        if schema.validate(root):
            return Verdict(bericht, berichttype, root, ())
        faults = self._explainer.faults(berichttype, root, complaints(schema.error_log))
        return Verdict(bericht, berichttype, None, faults)

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self._berichttypes)

    def _compile(self, tag: str, berichttype: Berichttype) -> etree.XMLSchema:
        try:
            schema = etree.XMLSchema(etree.parse(str(berichttype.xsd), safe_parser()))
        except (OSError, etree.LxmlError) as error:
            raise KetenError(
                f"The schema of {berichttype.code} in {berichttype.xsd} cannot be read",
                "Add the release again with `keten-kpi schemas add`",
            ) from error
        self._schemas[tag] = schema
        return schema


def _refused(bericht: Bericht, fault: Fault) -> Verdict:
    return Verdict(bericht, None, None, (fault,))
