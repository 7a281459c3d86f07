"""The house rules for SQL."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from keten_kpi.publish import list_kpis
from keten_kpi.views.page import described_columns

SOURCE = Path(__file__).parents[2] / "src" / "keten_kpi"
FILES = sorted(file for room in ("views", "kpi", "stand") for file in (SOURCE / room).rglob("*.sql"))
ROOMS = ("views", "kpi", "verantwoording", "codes", "eventlog", "stand")
IDS = [str(file.relative_to(SOURCE)) for file in FILES]
OPEN_ENDS = {"0001-01-01", "9999-12-31"}  # the first and last day that a DATE in a message can be
# Words of our own that SQL may compare with: the shipped tables and cases are made of them.
OWN_WORDS = (
    "gemeente|heen|retour|toewijzing_verwijderd|verzoek_afgewezen|afgewezen|NieuwProduct|conflict|datum_in_toekomst|"
    "binnen_norm|buiten_norm|lopend|afgewezen_met_vervolg|onbruikbaar|niet_meetbaar|referentie|client_product|"
    "termijn|vervolg|start|stop|eerste_aanlevering|aanlevering_verwijderd|bericht_afgekeurd|ingetrokken|"
    "afgekeurd|aanvaard|onbeantwoord|toegekend|Client|Prestatie|declaratie|starttermijn|volledig|onvolledig|"
    "retour_toewijzing|retour_start|retour_stop|antwoord_declaratie|toegewezen|in_onderzoek|open|"
    "toewijzing_onbekend|voor_toewijzing|vanaf_toewijzing|x_uitkomst|"
    "antwoord|identificatie|toewijzing|VerzoekAntwoord|verzoek_toegewezen|verzoek_in_onderzoek|woonplaatsbeginsel|tijdelijk_beeindigd|Jw|"
    "werkdagen|dagen|kalendermaanden|doorlooptijd-toewijzing|verzoek_afgekeurd|geen_norm_op_startdag|"
    "stand_bericht_nr|stand_dag|landelijk|onbekend|afwijkend|niet_in_lijst|nog_niet_geldig|vervallen_code|zonder_code|peildatum|vandaag|"
    "301|305|307|315|317|319"  # the message type that a table of lines is of
)


def code_of(file: Path) -> str:
    return "\n".join(line for line in file.read_text("utf-8").splitlines() if not line.strip().startswith("--"))


def test_sqlfluff_has_no_complaint():
    command = [sys.executable, "-m", "sqlfluff", "lint", "--nocolor", *(str(SOURCE / room) for room in ROOMS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SOURCE.parents[1])
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_first_comment_is_the_grain(file):
    first = file.read_text("utf-8").splitlines()[0]
    assert first.startswith(("-- One row", "-- The reference tables", "-- The bounds of"))


def strange_texts(code: str) -> set[str]:
    """Texts that are no words of our own."""
    return {
        text
        for text in re.findall(r"'([^']*)'", code)
        if not re.fullmatch(OWN_WORDS, text) and text not in OPEN_ENDS | {"", "-", ", ", " ", "^(", ")$"}
    }


def strange_numbers(code: str) -> set[str]:
    """Numbers that may be a norm; those of a type are none."""
    numbers = set(
        re.findall(r"(?<![\w.'])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.'])", re.sub(r"'[^']*'|DECIMAL\([\d, ]+\)", "", code))
    )
    return numbers - {"0", "1", "2", "4", "7", "0.0", "1.0", "0.5", "0.9", "1e-12", "100", "1000", "1.959963984540054"}


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_no_norm_date_or_code_stands_in_sql(file):
    code = code_of(file)
    assert not strange_texts(code)
    assert not strange_numbers(code)


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_sql_keeps_to_the_portable_subset(file):
    code = code_of(file)
    for word in (
        r"GROUP BY ALL",
        r"ORDER BY ALL",
        r"\bASOF\b",
        r"\bLIST\(",
        r"::",
        r"\bARG_M",
        r"\bEXCLUDE\b",
        r"SELECT \*",
    ):
        assert not re.search(word, code, flags=re.IGNORECASE), word


def test_every_meaning_in_the_dictionary_is_of_a_column(con):
    rows = con.execute(
        "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() "
        "WHERE schema_name IN ('verkeer', 'kpi')"
    ).fetchall()
    columns = {column for _, column in rows}
    for table, column in described_columns():
        assert (table, column) in rows if table else column in columns


def test_every_column_and_view_is_explained_in_the_database(con):
    without = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE schema_name IN ('verkeer', 'kpi') AND comment IS NULL"
    ).fetchall()
    assert without == []
    views = con.execute(
        "SELECT view_name FROM duckdb_views() WHERE schema_name IN ('verkeer', 'kpi') AND comment IS NULL"
    ).fetchall()
    assert views == []


def test_ids_of_kpis_are_the_names_of_their_folders():
    for kpi in list_kpis():
        assert (SOURCE / "kpi" / kpi.name / "kpi.toml").is_file()
