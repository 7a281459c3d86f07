"""The dashboard: a folder of Dutch pages without script, made of the figures that the KPIs give."""

from keten_kpi.dashboard.bouw import Bouw, Site, build_site
from keten_kpi.dashboard.editie import KETENBUREAU, Editie, read_editie
from keten_kpi.dashboard.tabellen import all_counts

__all__ = ["KETENBUREAU", "Bouw", "Editie", "Site", "all_counts", "build_site", "read_editie"]
