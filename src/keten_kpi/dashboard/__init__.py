"""The dashboard: a folder of Dutch pages without script, made of the figures that the KPIs give."""

from keten_kpi.dashboard.bouw import Site, build_site
from keten_kpi.dashboard.editie import KETENBUREAU, Editie, gemeenten_met_cijfers, read_editie

__all__ = ["KETENBUREAU", "Editie", "Site", "build_site", "gemeenten_met_cijfers", "read_editie"]
