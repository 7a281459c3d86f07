"""Where messages come from: files, folders, archives and standard input, as a stream of documents."""

from keten_kpi.source.document import Document, Fault, Found, Limits, Origin, Reason, Stretch
from keten_kpi.source.read import read_documents, read_packed, read_sources

__all__ = [
    "Document",
    "Fault",
    "Found",
    "Limits",
    "Origin",
    "Reason",
    "Stretch",
    "read_documents",
    "read_packed",
    "read_sources",
]
