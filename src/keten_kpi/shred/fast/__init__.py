"""The fast engine: schemas as patterns that validate and shred in one pass, under the authority of libxml2."""

from keten_kpi.shred.fast.program import ClientEvent, CodesEvent, CountEvent, RowEvent, Step
from keten_kpi.shred.fast.reader import FastReader, Found, Reading

__all__ = ["ClientEvent", "CodesEvent", "CountEvent", "FastReader", "Found", "Reading", "RowEvent", "Step"]
