"""Loads logs in pm4py and prints what it makes of them, as JSON. For a Python that has pm4py, and not this project.

pm4py is AGPL-3.0: it is no dependency, of the tests neither. It lives in an environment of its own:

    python -m venv miners && miners/bin/pip install pm4py
    miners/bin/python tests/eventlog/in_pm4py.py log.jsonocel log.xes

``KETEN_KPI_PM4PY=miners/bin/python`` lets the tests do this too.
"""

from __future__ import annotations

import json
import sys
import warnings


def seen_in_ocel(path: str) -> dict[str, object]:
    import pm4py

    log = pm4py.read_ocel2_json(path)
    kinds = log.objects["ocel:type"].value_counts().to_dict()
    graph = pm4py.discover_ocdfg(log)
    return {
        "events": len(log.events),
        "relations": len(log.relations),
        "objects": {name: int(number) for name, number in sorted(kinds.items())},
        "activities": sorted(graph["activities"]),
    }


def seen_in_xes(path: str) -> dict[str, object]:
    import pm4py

    log = pm4py.read_xes(path)
    net, _, _ = pm4py.discover_petri_net_inductive(log)
    return {
        "events": len(log),
        "cases": int(log["case:concept:name"].nunique()),
        "activities": sorted(log["concept:name"].unique()),
        "transitions": sorted({step.label for step in net.transitions if step.label}),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    ocel, xes = sys.argv[1:]
    sys.stdout.write(json.dumps({"ocel2": seen_in_ocel(ocel), "xes": seen_in_xes(xes)}) + "\n")
