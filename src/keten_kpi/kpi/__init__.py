"""Judges: a folder per KPI gives its cases, a file per kind turns cases into figures."""

from keten_kpi.kpi.catalogue import Kpi, Soort, find_kpi, kpi_views, list_kpis
from keten_kpi.kpi.compute import DIMENSIONS, Result, Selection, compute, parse_day, violations

__all__ = [
    "DIMENSIONS",
    "Kpi",
    "Result",
    "Selection",
    "Soort",
    "compute",
    "find_kpi",
    "kpi_views",
    "list_kpis",
    "parse_day",
    "violations",
]
