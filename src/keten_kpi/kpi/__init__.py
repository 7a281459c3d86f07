"""Judges: a folder per KPI gives its cases, a file per kind turns cases into figures."""

from keten_kpi.kpi.bewaard import case_relation, kept_cases, kept_counts
from keten_kpi.kpi.catalogue import Kpi, Soort, find_kpi, kpi_views, list_kpis
from keten_kpi.kpi.compute import DIMENSIONS, Result, Selection, as_of, compute, parse_day, violations
from keten_kpi.kpi.statistiek import Trechter, funnel, wilson
from keten_kpi.kpi.tellingen import (
    TEMPORARY,
    Telling,
    are_kept,
    drop_counts,
    figure_counts,
    figures_from_counts,
    make_counts,
    mend_counts,
    serving,
)
from keten_kpi.kpi.vergelijk import LIMIT_COLUMNS, compare

__all__ = [
    "DIMENSIONS",
    "LIMIT_COLUMNS",
    "TEMPORARY",
    "Kpi",
    "Result",
    "Selection",
    "Soort",
    "Telling",
    "Trechter",
    "are_kept",
    "as_of",
    "case_relation",
    "compare",
    "compute",
    "drop_counts",
    "figure_counts",
    "figures_from_counts",
    "find_kpi",
    "funnel",
    "kept_cases",
    "kept_counts",
    "kpi_views",
    "list_kpis",
    "make_counts",
    "mend_counts",
    "parse_day",
    "serving",
    "violations",
    "wilson",
]
