"""The event log: valid, complete, without a person in it, and the same facts in every format."""

from __future__ import annotations

import csv
import json
import stat
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from keten_kpi.eventlog import OBJECT_TYPES
from keten_kpi.inzicht import event_log, write_event_log
from keten_kpi.kpi import Selection
from tests.verkeer.database import voorjaar
from tests.verkeer.pen import BSN

SCHEMA = json.loads(Path(__file__).with_name("ocel2.schema.json").read_text("utf-8"))
XES = "{http://www.xes-standard.org/}"


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


def test_an_ocel_file_is_valid(ocel) -> None:
    jsonschema.validate(ocel, SCHEMA)
    assert ocel["events"]


def test_the_schema_refuses_an_event_without_time(ocel) -> None:
    del ocel["events"][0]["time"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(ocel, SCHEMA)


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


def test_events_of_a_trace_stand_in_the_order_of_time(write) -> None:
    for trace in ET.fromstring(write("xes", "client").read_text("utf-8")).findall(f"{XES}trace"):  # noqa: S314 - our own file
        times = [event.find(f"{XES}date").get("value") for event in trace.findall(f"{XES}event")]
        assert times == sorted(times)


@pytest.mark.parametrize("form", ["ocel2", "xes", "csv"])
def test_no_person_and_no_stored_pseudonym_is_in_the_file(con, write, form) -> None:
    path = write(form)
    text = path.read_text("utf-8")
    stored = [name for (name,) in con.execute("SELECT client_id FROM verkeer.client").fetchall()]
    assert not [word for word in (*BSN, "Voorbeeld", *stored) if word in text]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_selection_holds_its_own_messages_only(write) -> None:
    with write("csv", wet="Jw").open(encoding="utf-8", newline="") as file:
        assert {row["wet"] for row in csv.DictReader(file)} == {"Jw"}


def test_the_same_traffic_gives_the_same_bytes(write) -> None:
    assert write("ocel2").read_bytes() == write("ocel2").read_bytes()
