"""Holds one party to the time norms: what it must do now, how it does, and the whole story of one case."""

from keten_kpi.toets.check import Check, check_party, norm_ids
from keten_kpi.toets.config import read_config
from keten_kpi.toets.gemeenten import causes_per_gemeente, counts_of_causes, counts_of_work, work_per_gemeente
from keten_kpi.toets.partij import Partij, choose_partij
from keten_kpi.toets.waarom import Waarom, explain_case
from keten_kpi.toets.werklijst import Werklijst, list_work

__all__ = [
    "Check",
    "Partij",
    "Waarom",
    "Werklijst",
    "causes_per_gemeente",
    "check_party",
    "choose_partij",
    "counts_of_causes",
    "counts_of_work",
    "explain_case",
    "list_work",
    "norm_ids",
    "read_config",
    "work_per_gemeente",
]
