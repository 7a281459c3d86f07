"""Whether a database is whole: looks, counts and tells; repairs nothing."""

from keten_kpi.doctor.examine import Examination, Finding, examine

__all__ = ["Examination", "Finding", "examine"]
