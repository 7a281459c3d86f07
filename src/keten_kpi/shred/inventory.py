"""What is stored of a message, why and how reduced, and what is not: the pages that a privacy officer asks for.

All of it follows from ``mapping.toml`` and from the manifests that it was compiled to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

from keten_kpi.shred.mapping import Column, Mapping, Table, load_mapping
from keten_kpi.standaard.schemas import Release, package_schemas, releases

MADE = "<!-- Made by `make docs` from mapping.toml in src/keten_kpi/shred; change it there. -->\n"
AS_SENT = "as sent"
REDUCED = {
    "client_id": "pseudonymised: HMAC-SHA-256 of the BSN, under a key that the database does not hold",
    "geboortejaar": "generalised: the year of the birth date",
    "geslacht": AS_SENT,
}
_KEYS = {
    "bericht_nr": "number of the message in order of arrival; for joins",
    "bericht_id": "first 128 bits of the SHA-256 of the message's bytes: knows a message that comes again",
    "wet": "Jw or Wmo, from the namespace",
    "berichttype": "JW315, WMO301, ..., from the namespace",
    "release": "release of the standard, from the namespace",
    "regel_nr": "place of the row in its message",
    "soort": "name of the element that is the row",
    "niveau": "class that carries the row",
    "niveau_nr": "place of that class in its message",
    "client_nr": "the row of bron.client that the line is about",
}


@dataclass(frozen=True, slots=True)
class Source:
    """An element, and the message types that have it."""

    path: str
    types: tuple[str, ...]  # "JW301 3.2"


def stored_from(slot: str) -> list[Source]:
    """The elements that fill ``table.column``, over all releases that ship."""
    return _gathered(
        (path, _type(release, code))
        for release, code, facts in _messages()
        for path, slots in facts["kolommen"].items()
        if slot in (name.partition(":")[0] for name in slots)
    )


def not_stored() -> dict[str, list[Source]]:
    """Per reason the elements that are left out, over all releases that ship."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for release, code, facts in _messages():
        for why, paths in facts["niet_opgeslagen"].items():
            found[why] += [(path, _type(release, code)) for path in paths]
    return {item.why: _gathered(found[item.why]) for item in load_mapping().left_out}


def _messages() -> Iterator[tuple[Release, str, dict[str, dict[str, list[str]]]]]:
    for release in releases():
        if release.folder.is_relative_to(package_schemas()):
            for code, facts in release.berichten.items():
                yield release, code, facts


def _type(release: Release, code: str) -> str:
    return f"{code} {release.release}"


def _gathered(found: Iterable[tuple[str, str]]) -> list[Source]:
    types: dict[str, list[str]] = defaultdict(list)
    for path, kind in found:
        types[path].append(kind)
    return [Source(path, tuple(sorted(kinds))) for path, kinds in sorted(types.items())]


# --- the inventory


def privacy_page() -> str:
    """``docs/privacy.md``: every stored column, and every element of every message type that is not stored."""
    mapping = load_mapping()
    parts = [MADE, _PRIVACY_HEAD, *_person(mapping)]
    parts.append("\n## What is stored of a message\n")
    for table in mapping.tables:
        parts += [f"\n### `bron.{table.name}`\n", f"\n{table.grain} {table.why}\n\n", *_stored_rows(table)]
    parts.append("\n## What is not stored\n\nEvery other element of every message type, with the reason.\n")
    for why, sources in not_stored().items():
        parts += [f"\n### {why[0].upper()}{why[1:]}\n\n| element | message types |\n|---|---|\n"]
        parts += [f"| `{source.path}` | {_short(source.types)} |\n" for source in sources]
    return "".join(parts)


_PRIVACY_HEAD = """\
# What is stored of people, and what is not

An allow list decides: an element that no table names is not stored. A test fails when an element of any message type
is neither stored nor left out with a reason, and `keten-kpi schemas add` reports such elements of an added release.

Beside messages the database keeps, per message, the file it came from, the name of the archive member, and the time,
sender, receiver and reference of its envelope; and, of what could not be loaded, the place and a sentence without any
value. **File names are kept as they are: do not name files after people.**

`keten-kpi refresh` keeps the judged cases of every KPI in a second file beside the database, `<database>.stand`, for
its owner only. It holds nothing that the database does not (of a person the pseudonym, in the product lines), is made
anew from it when it is gone, and `keten-kpi forget` writes over it first.
"""


def _person(mapping: Mapping) -> Iterator[str]:
    yield "\n## Of a person\n\n"
    yield f"`bron.client`: {mapping.client.grain} {mapping.client.why['']}\n\n"
    yield "| column | element | why it is needed | how it is reduced |\n|---|---|---|---|\n"
    elements = {
        "client_id": mapping.client.bsn,
        "geboortejaar": mapping.client.geboortejaar,
        "geslacht": mapping.client.geslacht,
    }
    for name, how in REDUCED.items():
        yield f"| `{name}` | `{mapping.client.element}/{elements[name]}` | {mapping.client.why[name]} | {how} |\n"
    yield "\nA line refers to its client by `client_nr`, in order of arrival. Nothing else of a person is kept.\n"


def _stored_rows(table: Table) -> Iterator[str]:
    yield "| column | element | why it is needed | how it is reduced |\n|---|---|---|---|\n"
    for column in table.columns:
        yield f"| `{column.name}` | {_elements(column)} | {column.why} | {_reduction(column)} |\n"


def _reduction(column: Column) -> str:
    return f"{AS_SENT}, in cents with its sign" if column.type == "centen" else AS_SENT


def _elements(column: Column) -> str:
    return ", ".join(f"`{path}`" if path != "." else "the element itself" for path in column.paths)


def _short(types: tuple[str, ...]) -> str:
    """``JW301 JW315 3.2, WMO301 2.3``: message types by release."""
    releases_of: dict[str, list[str]] = defaultdict(list)
    for kind in types:
        code, _, release = kind.partition(" ")
        releases_of[code].append(release)
    codes_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for code, found in releases_of.items():
        codes_of[tuple(found)].append(code)
    return "; ".join(f"{' '.join(codes)} ({', '.join(found)})" for found, codes in codes_of.items())


# --- the data dictionary


def dictionary_page(beheer: str) -> str:
    """``docs/data-dictionary.md``: the tables that a run of ``ingest`` fills.

    Args:
        beheer: the SQL that makes the tables beside the messages, with a comment above each.
    """
    parts = [MADE, _DICTIONARY_HEAD]
    for table in load_mapping().tables:
        parts += [f"\n## `bron.{table.name}`\n\n{table.grain} {table.why}\n\n", *_columns(table)]
    return "".join([*parts, "\n## Beside the messages\n\n```sql\n", beheer.strip(), "\n```\n"])


_DICTIONARY_HEAD = """\
# Data dictionary

The tables that messages become. Types are those of DuckDB; an id or code is text, an amount is in cents. What figures
and analysts read, in `verkeer` and `kpi`, is in [views.md](views.md); why each column is kept, and what is left out, in
[privacy.md](privacy.md).
"""


def _columns(table: Table) -> Iterator[str]:
    yield "| column | type | required | from |\n|---|---|---|---|\n"
    for name, sql_type in table.key_columns:
        yield f"| `{name}` | {sql_type} | yes | {_KEYS[name]} |\n"
    for column in table.columns:
        required = "yes" if column.name in table.required else ""
        sources = stored_from(f"{table.name}.{column.name}")
        from_ = "<br>".join(f"`{source.path}`: {_short(source.types)}" for source in sources)
        yield f"| `{column.name}` | {column.sql_type} | {required} | {from_} |\n"


# --- the building block of a DPIA


def dpia_page() -> str:
    """``docs/dpia.md``: what the program answers of a data protection impact assessment, with its numbers."""
    mapping = load_mapping()
    left_out = not_stored()
    elements = {source.path for sources in left_out.values() for source in sources}
    reasons = "\n".join(f"| {why} | {len(left_out[why])} |" for why in left_out)
    columns = sum(len(table.columns) for table in mapping.tables)
    tables = "\n".join(f"| `bron.{table.name}` | {table.why} |" for table in mapping.tables)
    text = resources.files("keten_kpi.shred").joinpath("dpia.md").read_text("utf-8")
    return MADE + text.format(
        columns=columns, tables=tables, elements=len(elements), reasons=reasons, **mapping.client.why
    )
