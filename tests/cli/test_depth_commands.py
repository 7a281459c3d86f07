"""Product codes in depth, the account of a year and the event log, as their users see them."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import polars as pl
import pytest

from tests.cli.test_commands import golden

OWN = ("--min-aantal", "0")  # on the analyst's own machine
LIST = ("codes", "lijst", *OWN)
ACCOUNT = ("verantwoording", "--aanbieder", "42420001", "--jaar", "2026")
MAP = "wet,van,naar,categorie\nJw,45Z99,45A05,45\nWmo,01X99,01A01,\n"


@pytest.fixture
def what_if(loaded) -> tuple[str, ...]:
    (loaded / "map.csv").write_text(MAP)
    return "codes", "wat-als", "--vervang", "map.csv", *OWN


NORM = ("codes", "wat-als", "--norm", "7", "--norm", "10", *OWN)


def words_of(keten, *command: str) -> set[str]:
    return set(re.findall(r"\w+", keten(*command, "--help").out))


def columns_of(ran) -> set[str]:
    assert ran.code == 0, ran.err
    return {name for row in json.loads(ran.out)["rows"] for name in row}


def test_the_list_of_codes_ends_with_the_short_list(loaded, keten) -> None:
    ran = keten(*LIST)
    assert (ran.code, ran.err) == (0, "")
    golden("codes_lijst", ran.out)


def test_the_list_of_codes_in_json(loaded, keten) -> None:
    golden("codes_lijst_json", keten(*LIST, "--format", "json").out)


def test_what_is_about_few_clients_is_left_out_by_itself(loaded, keten) -> None:
    golden("codes_lijst_min_aantal", keten("codes", "lijst").out)


def test_what_if_these_codes_were_replaced(loaded, keten, what_if) -> None:
    ran = keten(*what_if)
    assert (ran.code, ran.err) == (0, "")
    golden("wat_als_codes", ran.out)


def test_what_if_the_norm_were_another(loaded, keten) -> None:
    golden("wat_als_norm", keten(*NORM).out)
    golden("wat_als_norm_json", keten(*NORM, "--format", "json").out)


def test_what_if_the_norm_were_another_hides_small_numbers_by_itself(loaded, keten) -> None:
    golden("wat_als_norm_min_aantal", keten("codes", "wat-als", "--norm", "7").out)


def test_what_if_of_few_is_refused_unless_it_is_for_own_use(loaded, keten, what_if) -> None:
    ran = keten(*what_if[:4])
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("keten-kpi: This what-if cannot be shown with --min-aantal")


def test_without_a_suggestion_that_is_sure_there_is_nothing_to_work_out(loaded, keten) -> None:
    ran = keten("codes", "wat-als", "--voorstel", "5", *OWN)
    assert (ran.code, ran.out) == (1, "")
    assert "--omschrijvingen" in ran.err
    assert keten("codes", "wat-als", "--voorstel", "5", "--onzeker", *OWN).code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "What if what?"),
        (("--norm", "7", "--voorstel", "3"), "What if what?"),
        (("--kalender", "geen.csv"), "geen.csv cannot be read as csv in UTF-8."),
        (("--norm", "7", "--kpi", "codevariatie"), "codevariatie has no norm in days."),
        (("--norm", "7", "--min-aantal", "2"), "--min-aantal 2 hides nothing that cannot be guessed."),
    ],
)
def test_a_what_if_that_cannot_be_meant_ends_in_2(loaded, keten, arguments, sentence) -> None:
    ran = keten("codes", "wat-als", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"keten-kpi: {sentence}")


def test_the_account_of_a_year(loaded, keten) -> None:
    ran = keten(*ACCOUNT)
    assert (ran.code, ran.err) == (0, "")
    golden("verantwoording", ran.out)


def test_the_account_in_json_and_for_others(loaded, keten) -> None:
    golden("verantwoording_json", keten(*ACCOUNT, "--format", "json").out)
    golden("verantwoording_min_aantal", keten(*ACCOUNT, "--min-aantal", "10").out)


def test_the_export_says_what_the_file_holds(loaded, keten) -> None:
    ran = keten("export", "eventlog", "--out", "log.jsonocel")
    assert (ran.code, ran.out) == (0, "")
    golden("export", ran.err)
    assert set(json.loads((loaded / "log.jsonocel").read_text())) == {"objectTypes", "eventTypes", "objects", "events"}


def test_an_ending_that_is_no_format_of_a_log_ends_in_2(loaded, keten) -> None:
    ran = keten("export", "eventlog", "--out", "log.txt")
    assert ran.code == 2
    assert ran.err.startswith("keten-kpi: The ending of log.txt is no format.")
    assert not (loaded / "log.txt").exists()


def test_the_help_of_each_command_names_its_columns(loaded, keten, what_if) -> None:
    shown = {
        ("codes", "lijst"): columns_of(keten(*LIST, "--format", "json")),
        ("codes", "wat-als"): columns_of(keten(*NORM[:4], "--format", "json"))
        | {name.removesuffix("_straks") for name in columns_of(keten(*what_if, "--format", "json"))},
        ("verantwoording",): columns_of(keten(*ACCOUNT, "--min-aantal", "10", "--format", "json")),
        ("export", "eventlog"): set(exported(loaded, keten, "csv")[0]),
    }
    for command, columns in shown.items():
        assert columns
        assert not columns - words_of(keten, *command), command


def test_the_help_names_what_stands_above_the_rows_in_json(loaded, keten, what_if) -> None:
    for command, ran in {
        ("codes", "lijst"): keten(*LIST, "--format", "json"),
        ("codes", "wat-als"): keten(*what_if, "--format", "json"),
        ("verantwoording",): keten(*ACCOUNT, "--format", "json"),
    }.items():
        assert not set(json.loads(ran.out)) - words_of(keten, *command)


def test_the_help_of_the_account_names_every_kind_of_difference(keten) -> None:
    from importlib import resources

    sql = resources.files("keten_kpi.verantwoording").joinpath("verschil.sql").read_text("utf-8")
    kinds = set(re.findall(r"SELECT '(\w+)'", sql))
    assert len(kinds) == 14
    assert not kinds - words_of(keten, "verantwoording")


def exported(folder, keten, ending: str) -> list[dict[str, object]]:
    ran = keten("export", "eventlog", "--out", f"log.{ending}")
    assert ran.code == 0, ran.err
    return read(folder / f"log.{ending}")


def read(path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        return [*csv.DictReader(io.StringIO(path.read_text("utf-8")))]
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    head, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_out_writes_the_rows_of_json_by_the_ending_of_the_file(loaded, keten, what_if, ending) -> None:
    for command in (LIST, what_if, NORM, ACCOUNT):
        rows = json.loads(keten(*command, "--format", "json").out)["rows"]
        ran = keten(*command, "--out", f"uit.{ending}")
        assert (ran.code, ran.out) == (0, "")
        found = read(loaded / f"uit.{ending}")
        assert [list(row) for row in found] == [list(row) for row in rows]
        assert [as_text(row) for row in found] == [as_text(row) for row in rows]


def as_text(row: dict[str, object]) -> list[str]:
    """Numbers by their value, days by their date, nothing as nothing: what differs is how a format writes them."""
    return [plain(value) for value in row.values()]


def plain(value: object) -> str:
    if value is None or value == "":
        return ""
    try:
        return f"{float(str(value)):.4f}"
    except ValueError:
        return str(value).removesuffix(" 00:00:00")
