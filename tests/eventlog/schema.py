"""The schemas that a log is held to, and what pins ours to the published one.

``ocel2.schema.json`` says what https://www.ocel-standard.org/2.0/ocel20-schema-json.json says (draft-07; printed in
section 8.2 of the OCEL 2.0 specification, and the same in the tests of pm4py), in our own arrangement: with its
references filled in it is that schema, word for word. ``xes.xsd`` says what xes-ieee-1849-2016.xsd says of what is in
our logs: the elements, their order and their types.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parent
OCEL2 = json.loads((HERE / "ocel2.schema.json").read_text("utf-8"))
XES = HERE / "xes.xsd"
# of the published schema as one line of JSON: keys sorted, `required` sorted, no blanks
PUBLISHED_SHA256 = "534cef563949e874627fcf25890c43bd9e2cd6315eb4c651cc5c090d0e765d72"


def filled_in(part: object, definitions: dict[str, object]) -> object:
    """The schema without references; the order of what is required says nothing."""
    if isinstance(part, dict):
        if "$ref" in part:
            return filled_in(definitions[part["$ref"].rsplit("/", 1)[-1]], definitions)
        return {name: filled_in(value, definitions) for name, value in part.items() if name != "definitions"}
    return sorted(part) if isinstance(part, list) else part


def fingerprint(schema: dict[str, object]) -> str:
    plain = filled_in(schema, schema.get("definitions", {}))
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
