"""What leaves the program: a result as JSON, csv, xlsx or Parquet, and the story of a case as a page."""

from keten_kpi.report.pagina import ROLLEN, story_page, write_story
from keten_kpi.report.write import Table, csv_text, json_text, plain_json, replace_file, write_file, write_workbook

__all__ = [
    "ROLLEN",
    "Table",
    "csv_text",
    "json_text",
    "plain_json",
    "replace_file",
    "story_page",
    "write_file",
    "write_story",
    "write_workbook",
]
