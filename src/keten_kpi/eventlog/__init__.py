"""The traffic as an event log for process miners: each message is an event about verzoeken, toewijzingen and on."""

from keten_kpi.eventlog.lees import OBJECT_TYPES, Eventlog, Omvang, event_log
from keten_kpi.eventlog.schrijf import FORMATS, write_log

__all__ = ["FORMATS", "OBJECT_TYPES", "Eventlog", "Omvang", "event_log", "write_log"]
