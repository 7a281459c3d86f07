"""libxml2 called from C's side of ctypes: parse and validate without a single Python object per element."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Iterable
from pathlib import Path

_QUIET = 32 | 64 | 2048  # no errors, no warnings, no network


def find() -> ctypes.CDLL | None:
    """The library, when this machine has it."""
    name = ctypes.util.find_library("xml2")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    for function in ("xmlSchemaNewParserCtxt", "xmlSchemaParse", "xmlSchemaNewValidCtxt", "xmlReadMemory"):
        getattr(library, function).restype = ctypes.c_void_p
    return library


class Validating:
    """Parses and validates messages, each by the compiled schema of its type.

    Args:
        messages: content and XSD of each.
    """

    def __init__(self, library: ctypes.CDLL, messages: Iterable[tuple[bytes, Path]]) -> None:
        self._library = library
        self._silence = ctypes.CFUNCTYPE(None)(lambda: None)
        contexts: dict[Path, ctypes.c_void_p] = {}
        self._work = []
        for content, xsd in messages:
            if xsd not in contexts:
                contexts[xsd] = self._context(xsd)
            self._work.append((content, contexts[xsd]))

    def _context(self, xsd: Path) -> ctypes.c_void_p:
        library = self._library
        parser = ctypes.c_void_p(library.xmlSchemaNewParserCtxt(str(xsd).encode()))
        schema = ctypes.c_void_p(library.xmlSchemaParse(parser))
        context = ctypes.c_void_p(library.xmlSchemaNewValidCtxt(schema))
        library.xmlSchemaSetValidErrors(context, self._silence, self._silence, None)
        return context

    def __call__(self) -> None:
        """Parses and validates all."""
        read, validate, free = (
            self._library.xmlReadMemory,
            self._library.xmlSchemaValidateDoc,
            self._library.xmlFreeDoc,
        )
        for content, context in self._work:
            document = ctypes.c_void_p(read(content, len(content), None, None, _QUIET))
            validate(context, document)
            free(document)
