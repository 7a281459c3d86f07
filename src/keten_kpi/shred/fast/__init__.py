"""The fast engine: schemas as patterns that validate and shred in one pass, under the authority of libxml2."""

from keten_kpi.shred.fast.lines import PERSON, Texts
from keten_kpi.shred.fast.reader import FastReader, Waiting

__all__ = ["PERSON", "FastReader", "Texts", "Waiting"]
