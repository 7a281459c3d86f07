"""Who read cases, when, which and how many: a log beside the database that shows when it was tampered with."""

from keten_kpi.audit.trail import Chain, Entry, audit_path, check_chain, record

__all__ = ["Chain", "Entry", "audit_path", "check_chain", "record"]
