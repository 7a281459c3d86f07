"""The event log: valid, complete, without a person in it, and the same facts in every format."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import openpyxl
import polars as pl
import pytest
import xmlschema

from keten_kpi.eventlog import OBJECT_TYPES
from keten_kpi.eventlog.lees import CHAIN
from keten_kpi.inzicht import event_log, write_event_log
from keten_kpi.kpi import Selection
from tests.eventlog import schema
from tests.verkeer.database import voorjaar
from tests.verkeer.pen import BSN

XES = "{http://www.xes-standard.org/}"
ATTRIBUTE_TYPES = {"string", "time", "integer", "float", "boolean"}  # of OCEL 2.0
PM4PY = os.environ.get("KETEN_KPI_PM4PY")


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    with voorjaar(tmp_path_factory.mktemp("voorjaar")) as connection:
        yield connection


@pytest.fixture
def write(con, tmp_path):
    def written(form: str, geval: str = "toewijzing", **keuze: str) -> Path:
        path = tmp_path / f"log.{form}"
        with event_log(con, Selection(**keuze)) as log:
            write_event_log(log, path, form, geval)
        return path

    return written


@pytest.fixture
def ocel(write):
    return json.loads(write("ocel2").read_text("utf-8"))


def check(document: object) -> None:
    jsonschema.Draft7Validator(schema.OCEL2, format_checker=jsonschema.FormatChecker()).validate(document)


def test_our_schema_of_ocel_is_the_published_one() -> None:
    assert schema.fingerprint(schema.OCEL2) == schema.PUBLISHED_SHA256


def test_an_ocel_file_is_valid(ocel) -> None:
    check(ocel)
    assert ocel["events"]
    assert ocel["objects"]


@pytest.mark.parametrize(
    ("part", "name"),
    [("events", "time"), ("events", "id"), ("objects", "type"), ("eventTypes", "attributes"), ("objectTypes", "name")],
)
def test_the_schema_refuses_what_is_not_whole(ocel, part, name) -> None:
    del ocel[part][0][name]
    with pytest.raises(jsonschema.ValidationError):
        check(ocel)


def test_times_are_moments_and_attributes_have_a_type_that_ocel_knows(ocel) -> None:
    assert all(datetime.fromisoformat(event["time"]).tzinfo == UTC for event in ocel["events"])
    declared = [item for kind in ("eventTypes", "objectTypes") for item in ocel[kind]]
    assert {attribute["type"] for item in declared for attribute in item["attributes"]} <= ATTRIBUTE_TYPES


@pytest.mark.parametrize("geval", OBJECT_TYPES)
def test_a_xes_file_is_valid(write, geval) -> None:
    xmlschema.XMLSchema(schema.XES).validate(write("xes", geval))


def test_the_schema_of_xes_refuses_a_version_that_is_no_number(write) -> None:
    text = write("xes").read_text("utf-8").replace("1849.2016", "1849-2016")
    assert not xmlschema.XMLSchema(schema.XES).is_valid(text)


@pytest.mark.skipif(PM4PY is None, reason="KETEN_KPI_PM4PY names no Python that has pm4py")
def test_pm4py_finds_in_both_files_what_is_in_them(con, write, ocel) -> None:
    ocel_file, xes_file = write("ocel2"), write("xes")
    logs = [ocel_file.rename(ocel_file.with_suffix(".jsonocel")), xes_file]
    script = Path(__file__).with_name("in_pm4py.py")
    done = subprocess.run([PM4PY, script, *logs], capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("{")]  # pm4py prints a welcome too
    seen = json.loads(line)
    with event_log(con, Selection()) as log:
        held, traces = log.omvang(), [*log.traces("toewijzing")]
    assert seen["ocel2"]["events"] == held.events
    assert seen["ocel2"]["objects"] == {name: number for name, number in held.objecten.items() if number}
    assert seen["ocel2"]["relations"] == sum(len(event["relationships"]) for event in ocel["events"])
    assert seen["xes"]["cases"] == held.objecten["toewijzing"] == len(traces)
    assert seen["xes"]["events"] == sum(len(events) for _, events in traces)
    assert set(seen["xes"]["transitions"]) == set(seen["xes"]["activities"])


def test_every_relation_leads_to_an_object_of_its_type_and_every_name_is_declared(ocel) -> None:
    known = {item["id"]: item["type"] for item in ocel["objects"]}
    assert len(known) == len(ocel["objects"])
    assert set(known.values()) <= {item["name"] for item in ocel["objectTypes"]} == set(OBJECT_TYPES)
    declared = {item["name"]: {a["name"] for a in item["attributes"]} for item in ocel["eventTypes"]}
    for event in ocel["events"]:
        assert {a["name"] for a in event["attributes"]} <= declared[event["type"]]
        assert all(known[r["objectId"]] == r["qualifier"] for r in event["relationships"])


def test_each_message_that_is_about_something_is_one_event(con, ocel) -> None:
    ids = [event["id"] for event in ocel["events"]]
    assert len(set(ids)) == len(ids)
    wanted = con.execute(
        "SELECT DISTINCT CAST(bericht_id AS VARCHAR) FROM verkeer.toegewezen_product "
        "UNION SELECT CAST(bericht_id AS VARCHAR) FROM verkeer.aangevraagd_product "
        "UNION SELECT CAST(bericht_id AS VARCHAR) FROM verkeer.start_product "
        "UNION SELECT CAST(bericht_id AS VARCHAR) FROM verkeer.declaratie"
    ).fetchall()
    assert {name for (name,) in wanted} <= set(ids)


def test_a_request_its_answer_and_its_retour_are_about_one_verzoek(con, ocel) -> None:
    by_id = {e["id"]: e for e in ocel["events"]}
    pairs = con.execute(
        "SELECT CAST(vraag.bericht_id AS VARCHAR), CAST(antwoord.bericht_id AS VARCHAR) "
        "FROM verkeer.aangevraagd_product AS vraag INNER JOIN verkeer.toegewezen_product AS antwoord "
        "USING (wet, gemeente, aanbieder, referentie_aanbieder)"
    ).fetchall()
    assert pairs
    for question, answer in pairs:
        about = [
            {r["objectId"] for r in by_id[e]["relationships"] if r["qualifier"] == "verzoek"}
            for e in (question, answer)
        ]
        assert about[0] & about[1]


def test_the_three_formats_hold_the_same_events(write, ocel) -> None:
    with write("csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    pairs = {(e["id"], r["objectId"]) for e in ocel["events"] for r in e["relationships"]}
    assert {(row["event_id"], row["object_id"]) for row in rows} == pairs
    traces = ET.fromstring(write("xes").read_text("utf-8")).findall(f"{XES}trace")  # noqa: S314 - our own file
    wanted = {row["object_id"] for row in rows if row["object_type"] == "toewijzing"}
    assert {trace.find(f"{XES}string").get("value") for trace in traces} == wanted
    events = sum(len(trace.findall(f"{XES}event")) for trace in traces)
    assert events == sum(row["object_type"] == "toewijzing" for row in rows)


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_workbook_and_parquet_hold_the_rows_of_csv(write, form) -> None:
    read = pl.read_parquet if form == "parquet" else load_sheet
    wanted = pl.read_csv(write("csv"), infer_schema=False)
    found = read(write(form)).cast(pl.String)
    assert found.equals(wanted)


def load_sheet(path: Path) -> pl.DataFrame:
    head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    days = [[cell.date().isoformat() if isinstance(cell, datetime) else cell for cell in row] for row in rows]
    return pl.DataFrame(days, schema=list(head), orient="row")


def test_messages_of_one_day_stand_in_the_order_of_the_chain(con) -> None:
    with event_log(con, Selection()) as log:
        con.execute("UPDATE eventlog_regel SET verzend_dag = DATE '2026-01-01'")
        kinds = [event.activiteit[-3:] for event in log.events()]
        within = [[event.activiteit[-3:] for event in events] for _, events in log.traces("client")]
    assert {"315", "301", "305", "323", "325"} <= set(kinds) <= set(CHAIN)
    for found in (kinds, *within):
        assert found == sorted(found, key=CHAIN.index)


def test_events_of_a_trace_stand_in_the_order_of_time(write) -> None:
    for trace in ET.fromstring(write("xes", "client").read_text("utf-8")).findall(f"{XES}trace"):  # noqa: S314 - our own file
        times = [event.find(f"{XES}date").get("value") for event in trace.findall(f"{XES}event")]
        assert times == sorted(times)


def everything(path: Path) -> str:
    """All that a reader of the file can see."""
    if path.suffix == ".parquet":
        return pl.read_parquet(path).write_csv()
    return load_sheet(path).write_csv() if path.suffix == ".xlsx" else path.read_text("utf-8")


@pytest.mark.parametrize("form", ["ocel2", "xes", "csv", "parquet", "xlsx"])
def test_no_person_and_no_stored_pseudonym_is_in_the_file(con, write, form) -> None:
    path = write(form)
    text = everything(path)
    stored = [name for (name,) in con.execute("SELECT client_id FROM verkeer.client").fetchall()]
    assert not [word for word in (*BSN, "Voorbeeld", *stored) if word in text]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_selection_holds_its_own_messages_only(write) -> None:
    with write("csv", wet="Jw").open(encoding="utf-8", newline="") as file:
        assert {row["wet"] for row in csv.DictReader(file)} == {"Jw"}


def test_the_same_traffic_gives_the_same_bytes(write) -> None:
    assert write("ocel2").read_bytes() == write("ocel2").read_bytes()
