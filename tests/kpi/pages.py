"""Writes the generated pages: ``python -m tests.kpi.pages``. A test fails while they are not current."""

from __future__ import annotations

from pathlib import Path

import duckdb

from keten_kpi.load import create_tables
from keten_kpi.publish import kpi_page, list_kpis, publish, views_page

DOCS = Path(__file__).parents[2] / "docs"


def write_pages() -> None:
    """``docs/views.md`` and ``docs/kpi/<id>.md``, from the package as it is."""
    (DOCS / "kpi").mkdir(parents=True, exist_ok=True)
    for kpi in list_kpis():
        (DOCS / "kpi" / f"{kpi.id}.md").write_text(kpi_page(kpi), "utf-8")
    con = duckdb.connect(":memory:")
    create_tables(con)
    publish(con)
    (DOCS / "views.md").write_text(views_page(con), "utf-8")
    con.close()


if __name__ == "__main__":
    write_pages()
