"""Writes a log as OCEL 2.0 (JSON), XES or csv, a portion at a time: no log has to fit in memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import IO
from xml.sax.saxutils import quoteattr

from keten_kpi.eventlog.lees import ATTRIBUTES, COLUMNS, OBJECT_TYPES, Event, Eventlog

EXTENSIONS = (("Concept", "concept"), ("Time", "time"))
XES = "http://www.xes-standard.org/"
UNKNOWN, NEVER = "onbekend", "1970-01-01T00:00:00Z"  # what each trace and event has; a default that is never used
XES_VERSION = "1849.2016"  # a decimal number by its schema: IEEE 1849-2016


def _moment(day: date) -> str:
    """A message tells its day only: midnight stands for it."""
    return f"{day.isoformat()}T00:00:00Z"


def _types(names: Iterable[str], attributes: Iterable[str]) -> list[dict[str, object]]:
    described = [{"name": name, "type": "string"} for name in attributes]
    return [{"name": name, "attributes": described} for name in names]


def _ocel_event(event: Event) -> dict[str, object]:
    return {
        "id": event.event_id,
        "type": event.activiteit,
        "time": _moment(event.dag),
        "attributes": [{"name": name, "value": value} for name, value in event.attributen.items() if value is not None],
        "relationships": [{"objectId": key, "qualifier": kind} for kind, key in event.objecten],
    }


def _write_array(file: IO[str], name: str, items: Iterator[dict[str, object]]) -> None:
    file.write(f',\n"{name}": [')
    for number, item in enumerate(items):
        file.write((",\n" if number else "\n") + json.dumps(item, ensure_ascii=False))
    file.write("\n]")


def _write_ocel(log: Eventlog, file: IO[str], _: str) -> None:
    file.write('{\n"objectTypes": ' + json.dumps(_types(OBJECT_TYPES, ())))
    file.write(',\n"eventTypes": ' + json.dumps(_types(log.activiteiten, ATTRIBUTES)))
    objects: Iterator[dict[str, object]] = (
        {"id": key, "type": kind, "attributes": [], "relationships": []} for kind, key in log.objects()
    )
    _write_array(file, "objects", objects)
    _write_array(file, "events", map(_ocel_event, log.events()))
    file.write("\n}\n")


def _xes(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(value)}/>"


def _xes_event(event: Event) -> str:
    held = {"concept:name": event.activiteit, **event.attributen}
    texts = "".join(_xes("string", name, value) for name, value in held.items() if value)
    return f"<event>{texts}{_xes('date', 'time:timestamp', _moment(event.dag))}</event>\n"


def _write_xes(log: Eventlog, file: IO[str], geval: str) -> None:
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    file.write(f'<log xmlns="{XES}" xes.version="{XES_VERSION}" xes.features="">\n')
    for name, prefix in EXTENSIONS:
        file.write(f'<extension name="{name}" prefix="{prefix}" uri="{XES}{prefix}.xesext"/>\n')
    file.write(f'<global scope="trace">{_xes("string", "concept:name", UNKNOWN)}</global>\n')
    each = _xes("string", "concept:name", UNKNOWN) + _xes("date", "time:timestamp", NEVER)
    file.write(f'<global scope="event">{each}</global>\n')
    file.write('<classifier name="activiteit" keys="concept:name"/>\n')
    for case, events in log.traces(geval):
        file.write(f"<trace>{_xes('string', 'concept:name', case)}\n")
        file.writelines(map(_xes_event, events))
        file.write("</trace>\n")
    file.write("</log>\n")


def _write_csv(log: Eventlog, file: IO[str], _: str) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(log.relations())


FORMATS: dict[str, Callable[[Eventlog, IO[str], str], None]] = {
    "ocel2": _write_ocel,
    "xes": _write_xes,
    "csv": _write_csv,
}


def write_log(log: Eventlog, path: Path, form: str, geval: str = "toewijzing") -> None:
    """Writes the log to this path.

    Args:
        log: the events.
        path: the file; it is made, or written over.
        form: a key of ``FORMATS``.
        geval: of XES, whose logs know cases only: the object type that is a case.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        FORMATS[form](log, file, geval)
