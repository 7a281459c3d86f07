"""Productieverantwoording: what one aanbieder declared in a year, what was granted, and what does not add up."""

from keten_kpi.verantwoording.maak import Verantwoording, Verschillen, account_for

__all__ = ["Verantwoording", "Verschillen", "account_for"]
