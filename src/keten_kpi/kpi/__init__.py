"""Judges: a folder per KPI gives its cases, a file per kind turns cases into figures."""

from keten_kpi.kpi.bewaard import case_relation, kept_cases
from keten_kpi.kpi.catalogue import Kpi, Soort, find_kpi, kpi_views, list_kpis
from keten_kpi.kpi.compute import DIMENSIONS, Result, Selection, as_of, compute, parse_day, violations
from keten_kpi.kpi.statistiek import Trechter, funnel, wilson
from keten_kpi.kpi.vergelijk import LIMIT_COLUMNS, compare

__all__ = [
    "DIMENSIONS",
    "LIMIT_COLUMNS",
    "Kpi",
    "Result",
    "Selection",
    "Soort",
    "Trechter",
    "as_of",
    "case_relation",
    "compare",
    "compute",
    "find_kpi",
    "funnel",
    "kept_cases",
    "kpi_views",
    "list_kpis",
    "parse_day",
    "violations",
    "wilson",
]
