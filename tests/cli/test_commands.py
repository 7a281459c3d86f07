"""What a user types, what she reads, and the exit code."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.verkeer.pen import BSN, Lijn, Vraag, m315

GOLDEN = Path(__file__).parent / "golden"
MESSAGE = m315(Lijn(), "A1", "2026-04-01", [Vraag("R1")])


def golden(name: str, text: str) -> None:
    """Compares with a file that a person wrote on purpose; seconds differ per run and are masked."""
    masked = re.sub(r"in \d+\.\d s", "in N s", text)
    kept = GOLDEN / f"{name}.txt"
    assert kept.exists(), f"no golden file {kept.name}; the text was:\n{masked}"
    assert masked == kept.read_text("utf-8")


def test_the_four_commands_of_the_readme_tell_the_story_of_the_delivery(work, keten) -> None:
    db = ("--db", "keten.duckdb")
    assert keten("ingest", "levering", *db).code == 3
    shown = [
        keten("kpi", "doorlooptijd-toewijzing", "--per", "gemeente", *db),
        keten("kpi", "productcode-afwijking", "--per", "wet", *db),
        keten("violations", "doorlooptijd-toewijzing", "--gemeente", "0384", *db),
    ]
    assert [ran.code for ran in shown] == [0, 0, 0]
    assert [ran.err for ran in shown] == ["", "", ""]
    golden("story", "".join(ran.out for ran in shown))


def test_ingest_says_what_came_in_what_was_refused_and_that_a_key_was_made(work, keten) -> None:
    ran = keten("ingest", "levering")
    assert ran.code == 3
    assert ran.err == ""
    golden("ingest", ran.out)
    assert (work / "keten.duckdb.key").stat().st_mode & 0o777 == 0o600


def test_quarantine_says_of_each_what_is_wrong_and_where(loaded, keten) -> None:
    golden("quarantine", keten("quarantine").out)
    rows = json.loads(keten("quarantine", "--json", "--reden", "ongeldig").out)
    assert [(row["berichttype"], row["pad"], row["aantal_fouten"]) for row in rows] == [
        ("JW315", "/Bericht/Client/Geslacht", 1)
    ]


def test_ingest_json_adds_up(work, keten) -> None:
    summary = json.loads(keten("ingest", "levering", "--json").out)
    assert summary["read"] == summary["loaded"] + summary["duplicate"] + summary["quarantined"] == 35
    assert sum(summary["per_type"].values()) == summary["loaded"] == sum(summary["per_release"].values())
    again = json.loads(keten("ingest", "levering", "--json").out)
    assert (again["loaded"], again["duplicate"], again["quarantined"]) == (0, 32, 3)


def test_ingest_of_a_clean_delivery_ends_in_0(work, keten) -> None:
    assert keten("ingest", "levering/los").code == 0


def test_ingest_reads_standard_input(keten) -> None:
    ran = keten("ingest", "-", "--json", stdin=MESSAGE)
    assert ran.code == 0
    assert json.loads(ran.out)["per_type"] == {"JW315": 1}


def test_validate_jsonl_has_one_object_per_message(work, keten) -> None:
    ran = keten("validate", "levering", "--format", "jsonl")
    assert ran.code == 3
    objects = [json.loads(line) for line in ran.out.splitlines()]
    assert len(objects) == 35
    assert {tuple(found) for found in objects} == {("source", "bericht", "release", "valid", "errors")}
    assert all(bool(found["errors"]) is not found["valid"] for found in objects)
    (invalid,) = [found for found in objects if found["bericht"] and not found["valid"]]
    assert (invalid["bericht"], invalid["release"]) == ("JW315", "3.2")
    assert set(invalid["errors"][0]) == {"line", "path", "message"}
    assert "levering/elders.zip!/WMO315-C1.xml" in {found["source"] for found in objects}


def test_validate_makes_no_database(work, keten) -> None:
    before = set(work.iterdir())
    assert keten("validate", "levering/los").code == 0
    assert set(work.iterdir()) == before


def test_kpi_json_is_the_contract(loaded, keten) -> None:
    found = json.loads(keten("kpi", "doorlooptijd-toewijzing", "--per", "gemeente,wet", "--format", "json").out)
    assert (found["kpi"], found["peildatum"]) == ("doorlooptijd-toewijzing", "2026-05-08")
    assert [(row["gemeente"], row["wet"]) for row in found["rows"]] == [
        ("0363", "Jw"),
        ("0384", "Jw"),
        ("0384", "Wmo"),
        ("1684", "Jw"),
    ]
    diemen = found["rows"][1]
    assert {name: diemen[name] for name in ("binnen_norm", "buiten_norm", "lopend", "afgewezen")} == {
        "binnen_norm": 2,
        "buiten_norm": 2,
        "lopend": 1,
        "afgewezen": 1,
    }
    assert diemen["aandeel_binnen_norm"] == 0.5
    assert diemen["mediaan_werkdagen"] == 5.0


def test_a_share_of_nothing_is_null_and_no_text(loaded, keten) -> None:
    row = json.loads(keten("kpi", "doorlooptijd-toewijzing", "--gemeente", "9999", "--format", "json").out)["rows"][0]
    assert row["binnen_norm"] == 0
    assert row["aandeel_binnen_norm"] is None


def test_violations_count_back_to_the_figure(loaded, keten) -> None:
    figures = json.loads(keten("kpi", "doorlooptijd-toewijzing", "--per", "gemeente", "--format", "json").out)["rows"]
    for figure in figures:
        cases = json.loads(
            keten("violations", "doorlooptijd-toewijzing", "--gemeente", figure["gemeente"], "--format", "json").out
        )
        assert len(cases["rows"]) == figure["buiten_norm"]


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_a_figure_goes_to_a_file_by_its_ending(loaded, keten, form) -> None:
    ran = keten("kpi", "productcode-afwijking", "--per", "wet", "--out", f"figures.{form}")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"2 rows written to figures.{form}\n"
    written = (loaded / f"figures.{form}").read_bytes()
    if form == "parquet":
        import polars as pl

        assert pl.read_parquet(io.BytesIO(written))["wet"].to_list() == ["Jw", "Wmo"]
    elif form == "csv":
        assert [row["wet"] for row in csv.DictReader(io.StringIO(written.decode()))] == ["Jw", "Wmo"]
    else:
        assert [row["wet"] for row in json.loads(written)["rows"]] == ["Jw", "Wmo"]


def test_cases_go_to_parquet_with_dates_as_dates(loaded, keten) -> None:
    import polars as pl

    keten("violations", "doorlooptijd-toewijzing", "--all", "--out", "cases.parquet")
    assert pl.read_parquet(loaded / "cases.parquet").schema["start_dag"] == pl.Date


def test_the_catalogue_lists_both_kpis(keten) -> None:
    ran = keten("kpi", "--list", "--format", "json")
    assert {"doorlooptijd-toewijzing", "productcode-afwijking"} <= {kpi["id"] for kpi in json.loads(ran.out)}


USAGE = {
    "unknown option": ["ingest", "--nonsense"],
    "unknown command": ["nonsense"],
    "no path": ["ingest"],
    "missing path": ["ingest", "elsewhere"],
    "missing database": ["kpi", "doorlooptijd-toewijzing", "--db", "absent.duckdb"],
    "no kpi": ["kpi"],
    "a table in a file": ["kpi", "doorlooptijd-toewijzing", "--format", "table", "--out", "x.csv", "--db", "k.duckdb"],
    "parquet on the screen": ["kpi", "doorlooptijd-toewijzing", "--format", "parquet", "--db", "k.duckdb"],
    "unknown kpi": ["kpi", "doorlooptijd", "--db", "k.duckdb"],
    "unknown dimension": ["kpi", "doorlooptijd-toewijzing", "--per", "provincie", "--db", "k.duckdb"],
    "bad day": ["kpi", "doorlooptijd-toewijzing", "--van", "1 mei", "--db", "k.duckdb"],
    "bad gemeente": ["violations", "doorlooptijd-toewijzing", "--gemeente", "Diemen", "--db", "k.duckdb"],
    "no schemas": ["schemas", "add", "levering"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
def test_wrong_usage_ends_in_2_with_a_sentence_and_no_traceback(work, keten, arguments) -> None:
    if "k.duckdb" in arguments:
        assert keten("ingest", "levering/los", "--db", "k.duckdb").code == 0
    ran = keten(*arguments)
    assert ran.code == 2
    assert ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_database_that_is_no_database_ends_in_1(work, keten) -> None:
    (work / "x.duckdb").write_text("nothing of the sort " * 500)
    (work / "key").write_text("ab" * 32)
    ran = keten("ingest", "levering", "--db", "x.duckdb", "--key-file", "key")
    assert ran.code == 1
    assert "is not a DuckDB database" in ran.err
    assert "Traceback" not in ran.err


def test_a_file_that_is_no_code_list_ends_in_1_and_says_what_was_looked_for(work, keten) -> None:
    keten("ingest", "levering/los")
    ran = keten("codelists", "add", "levering/kapot/leesmij.txt")
    assert ran.code == 1
    assert "productcode" in ran.err
    assert "Traceback" not in ran.err


def test_an_internal_error_shows_where_and_never_what(work, keten, tmp_path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        f"import keten_kpi.ingest as i\ndef boom(*a, **k): raise ValueError('BSN {BSN[0]}')\ni.ingest = boom\n"
    )
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "keten_kpi", "ingest", "levering"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "internal error ValueError at sitecustomize.py:2" in done.stderr
    assert BSN[0] not in done.stderr + done.stdout


def test_help_of_every_command_names_its_options(keten) -> None:
    listed = re.findall(r"^  (\w[\w-]*)  ", keten("--help").out, re.MULTILINE)
    assert {"ingest", "validate", "kpi", "violations", "quarantine", "schemas", "codelists"} <= set(listed)
    for command in listed:
        ran = keten(command, "--help")
        assert ran.code == 0, command
        assert "Usage:" in ran.out


def test_starting_up_imports_no_heavy_library(keten) -> None:
    import subprocess
    import sys

    heavy = "{'duckdb', 'polars', 'lxml', 'xmlschema', 'holidays', 'rich'}"
    code = f"import sys; import keten_kpi.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
