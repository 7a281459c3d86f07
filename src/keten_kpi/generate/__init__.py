"""A side wing: makes synthetic traffic with a known truth. Knows the standard, and nothing of how messages are read."""

from keten_kpi.generate.faults import KINDS, parse_rates
from keten_kpi.generate.make import Made, generate
from keten_kpi.generate.pack import FORMATS
from keten_kpi.generate.scenario import list_scenarios, load_scenario

__all__ = ["FORMATS", "KINDS", "Made", "generate", "list_scenarios", "load_scenario", "parse_rates"]
