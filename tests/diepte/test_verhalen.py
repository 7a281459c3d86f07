"""What the rooms beyond the KPIs answer to a story is what is kept, and whoever breaks their SQL changes a story."""

from __future__ import annotations

import pytest

from tests.diepte.verhalen import FILES, SQL, VERHALEN, database, equivalents, is_noticed, mutants, right_sql, told

EVERY = 6  # asked again: all takes minutes, and is `python -m tests.diepte.verhalen`
NAMES = {mutant.name for file in FILES for mutant in mutants(file)}


@pytest.mark.parametrize("verhaal", VERHALEN, ids=lambda verhaal: verhaal.naam)
def test_a_story_is_told_as_it_is_kept(verhaal) -> None:
    assert told(verhaal, database(verhaal)) == verhaal.path.read_text("utf-8")


@pytest.mark.parametrize("verhaal", VERHALEN, ids=lambda verhaal: verhaal.naam)
def test_tables_in_the_place_of_views_tell_the_same(verhaal) -> None:
    assert told(verhaal, database(verhaal, vast=True)) == verhaal.path.read_text("utf-8")


@pytest.mark.parametrize("file", FILES)
def test_a_mutant_changes_a_story(file) -> None:
    asked = [mutant for mutant in mutants(file) if mutant.name not in equivalents()]
    assert [mutant.name for mutant in asked[::EVERY] if not is_noticed(mutant)] == []


def test_mutants_that_change_no_story_exist_and_have_a_reason() -> None:
    assert set(equivalents()) <= NAMES
    assert all(len(reason.split()) > 3 for reason in equivalents().values())


def test_every_sql_of_these_rooms_has_mutants() -> None:
    assert set(FILES) == {
        f"{room}/{path.name[:-4]}" for room in SQL for path in SQL[room].iterdir() if path.suffix == ".sql"
    }
    assert all(mutants(file) for file in FILES)
    assert len(NAMES) == sum(len(mutants(file)) for file in FILES)


@pytest.mark.parametrize("file", FILES)
def test_the_sql_of_these_rooms_keeps_the_house_rules(file) -> None:
    from tests.kpi.test_sql import strange_numbers, strange_texts

    code = "\n".join(line for line in right_sql(file).splitlines() if not line.strip().startswith("--"))
    assert strange_texts(code) <= WORDS
    assert strange_numbers(code) <= {"18", "16", "0.8"}, "DECIMAL(18, 2), the length of an id, the edge of redelijk"


WORDS = {  # of our own, that only these rooms use
    "declaratie_zonder_antwoord", "declaratietotaal", "antwoordtotaal", "toekenningstotaal",
    "antwoord_zonder_declaratie", "tweede_antwoord", "afkeuring_zonder_prestatie", "code_van_andere_gemeente",
    "andere_productcode", "credit_zonder_debet", "credit_ander_bedrag", "dubbel_toegekend", "dubbel_gecrediteerd",
    "volume_in_centen", "geen", "alleen_eenheid", "hoog", "redelijk", "laag", "verzoek", "client", "levering", "/", ":",
    "wet", "product_categorie", "product_code", "tijdvak_dag", "oordeel",  # what a code in a set has
}  # fmt: skip
