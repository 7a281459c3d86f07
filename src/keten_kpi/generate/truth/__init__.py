"""The answer sheet: what each KPI should find, counted from the events, never from messages or with the product's SQL.

Each module takes what is known of one shard (``Bekend``) and adds to a ``Tally``; shards add up, so memory stays small.
"""

from keten_kpi.generate.truth.count import count_truth
from keten_kpi.generate.truth.known import Bekend
from keten_kpi.generate.truth.sheet import write_sheets
from keten_kpi.generate.truth.tally import CASES, Tally

__all__ = ["CASES", "Bekend", "Tally", "count_truth", "write_sheets"]
