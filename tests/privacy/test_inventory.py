"""The inventory names every column and every element, and is what the mapping says."""

from __future__ import annotations

import re

import pytest

from keten_kpi.database import connect
from keten_kpi.load import create_tables
from keten_kpi.shred import inventory
from keten_kpi.shred.compile import compile_message
from keten_kpi.standaard.schemas import Berichttype, releases
from tests.privacy.pages import DOCS, PAGES

TYPES = [kind for release in releases() for kind in release.berichttypes()]


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_mapping_says(name) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run: python -m tests.privacy.pages"


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: f"{kind.code}-{kind.release}")
def test_every_element_of_every_message_type_is_in_one_of_the_two_lists(kind: Berichttype) -> None:
    """From the schema itself: an element that is new in an XSD fails here before it fails anywhere else."""
    from tests.privacy.leaves import leaves

    facts = next(r for r in releases() if kind.xsd.is_relative_to(r.folder)).berichten[kind.code]
    stored = set(facts["kolommen"])
    left_out = {source.path for sources in inventory.not_stored().values() for source in sources
                if f"{kind.code} {kind.release}" in source.types}  # fmt: skip
    assert stored.isdisjoint(left_out)
    assert leaves(kind.xsd) == stored | left_out


def test_an_element_that_no_list_names_is_seen(tmp_path) -> None:
    import shutil

    from tests.privacy.leaves import leaves

    source = next(kind for kind in TYPES if kind.code == "JW315" and kind.release == "3.2")
    top = source.xsd.parents[2]
    shutil.copytree(top, tmp_path / "schemas")
    xsd = tmp_path / "schemas" / source.xsd.relative_to(top)
    xsd.write_text(xsd.read_text("utf-8").replace('"Raamcontract"', '"Huiskleur"'), "utf-8")
    new = leaves(xsd) - leaves(source.xsd)
    assert {path.rpartition("/")[2] for path in new} == {"Huiskleur"}
    assert set(compile_message(xsd, "JW315").unnamed) == new


def test_every_stored_column_of_bron_is_in_the_inventory_with_its_reason(tmp_path) -> None:
    page = (DOCS / "privacy.md").read_text("utf-8")
    with connect(tmp_path / "k.duckdb", write=True) as con:
        create_tables(con)
        columns = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'bron'"
        ).fetchall()
    made = set(inventory._KEYS)
    for table, column in columns:
        (section,) = re.findall(rf"`bron\.{table}`(.*?)(?=\n##|\Z)", page, re.DOTALL)
        assert column in made or re.search(rf"\| `{column}` \| .+ \| .+ \| .+ \|", section), (table, column)
