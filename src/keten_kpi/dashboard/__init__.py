"""The dashboard: a folder of Dutch pages without script, made of the figures that the KPIs give."""

from keten_kpi.dashboard.bouw import Bouw, Site, build_site, building
from keten_kpi.dashboard.editie import KETENBUREAU, Editie, read_editie

__all__ = ["KETENBUREAU", "Bouw", "Editie", "Site", "build_site", "building", "read_editie"]
