"""Where messages come from: files, folders, archives and standard input, as a stream of documents."""

from keten_kpi.source.document import Document, Fault, Limits, Origin, Reason
from keten_kpi.source.read import read_documents, read_packed

__all__ = ["Document", "Fault", "Limits", "Origin", "Reason", "read_documents", "read_packed"]
