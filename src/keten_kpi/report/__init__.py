"""What leaves the program: a result as JSON, csv or Parquet."""

from keten_kpi.report.write import csv_text, json_text, write_file

__all__ = ["csv_text", "json_text", "write_file"]
