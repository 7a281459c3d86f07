"""The same messages, in whatever order, packing and portions, give the same tables."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keten_kpi.database import connect
from keten_kpi.ingest import ingest
from keten_kpi.shred.mapping import load_mapping
from tests.verkeer.make import TOP, diemen, elsewhere

KEY = "ab" * 32
MESSAGES = [*diemen().values(), *elsewhere().values()]
BROKEN = [b"no message at all", MESSAGES[0].replace(b"<m:Geslacht>2<", b"<m:Geslacht>7<"), b""]


def tables(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row that follows from content, with the numbers of arrival replaced by ids from content."""
    found: dict[str, list[tuple[object, ...]]] = {}
    with connect(db) as con:
        found["bericht"] = con.execute("SELECT * EXCLUDE (bericht_nr) FROM bron.bericht ORDER BY bericht_id").fetchall()
        for table in load_mapping().tables[1:]:
            client = ", c.client_id, c.geboortejaar, c.geslacht" if table.with_client else ""
            join = "LEFT JOIN bron.client AS c USING (client_nr)" if table.with_client else ""
            hidden = "bericht_nr, client_nr" if table.with_client else "bericht_nr"
            found[table.name] = con.execute(
                f"SELECT b.bericht_id, r.* EXCLUDE ({hidden}){client} FROM bron.{table.name} AS r"
                f" JOIN bron.bericht AS b USING (bericht_nr) {join} ORDER BY ALL"
            ).fetchall()
        found["client"] = con.execute("SELECT * EXCLUDE (client_nr) FROM bron.client ORDER BY ALL").fetchall()
        found["quarantaine"] = con.execute(
            "SELECT sha256, reden, uitleg FROM beheer.quarantaine ORDER BY ALL"
        ).fetchall()
    return found


def pack(kind: str, folder: Path, contents: list[bytes]) -> str:
    if kind == "folder":
        target = folder / "files"
        target.mkdir(parents=True)
        for at, content in enumerate(contents):
            (target / f"{at}.xml").write_bytes(content)
        return str(target)
    folder.mkdir(parents=True)
    target = folder / f"delivery.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(target, "w") as archive:
            for at, content in enumerate(contents):
                archive.writestr(f"{at}.xml", content)
    else:
        with tarfile.open(target, "w:gz" if kind == "tar.gz" else "w") as archive:
            for at, content in enumerate(contents):
                info = tarfile.TarInfo(f"{at}.xml")
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return str(target)


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> dict[str, list[tuple[object, ...]]]:
    folder = tmp_path_factory.mktemp("reference")
    key = folder / "key"
    key.write_text(KEY)
    ingest([pack("folder", folder / "in", [*MESSAGES, *BROKEN])], folder / "k.duckdb", key_file=key)
    return tables(folder / "k.duckdb")


PORTION = st.tuples(st.sampled_from(["folder", "zip", "tar", "tar.gz"]), st.integers(1, len(MESSAGES)))


READ = [*MESSAGES, *BROKEN, *MESSAGES[:5]]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(len(READ))),
    portions=st.lists(PORTION, min_size=1, max_size=4),
    in_runs=st.booleans(),
)
def test_any_order_any_packing_any_portions_give_the_same_tables(
    tmp_path_factory, monkeypatch, reference, order, portions, in_runs
) -> None:
    monkeypatch.setenv("KETEN_KPI_KEY", KEY)
    folder = tmp_path_factory.mktemp("any")
    sources, start = [], 0
    for at, (kind, size) in enumerate(portions):
        end = len(order) if at == len(portions) - 1 else start + size
        if not order[start:end]:
            continue  # nothing is left for this portion, and an empty tar cannot be told from a file of zeros
        sources.append(pack(kind, folder / str(at), [READ[place] for place in order[start:end]]))
        start = end
    db = folder / "k.duckdb"
    runs = [[source] for source in sources] if in_runs else [sources]
    counts = [ingest(run, db) for run in runs]
    for summary in counts:
        assert summary.read == summary.loaded + summary.duplicate + summary.quarantined
    assert sum(summary.loaded for summary in counts) == len(MESSAGES)
    assert sum(summary.read for summary in counts) == len(order)
    assert tables(db) == reference


def test_second_delivery_of_the_same_messages_changes_nothing(tmp_path) -> None:
    delivery = str(TOP / "voorjaar" / "levering")
    db = tmp_path / "k.duckdb"
    first = ingest([delivery], db)
    before = tables(db)
    second = ingest([delivery], db)
    assert (first.loaded, first.duplicate, first.quarantined) == (31, 1, 3)
    assert (second.loaded, second.duplicate, second.quarantined) == (0, 32, 3)
    assert tables(db) == before


def test_the_fixture_is_what_its_maker_makes(tmp_path) -> None:
    from tests.verkeer.make import make

    make(tmp_path)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in sorted(tmp_path.rglob("*")) if p.is_file()}
    kept = {p.relative_to(TOP): p.read_bytes() for p in sorted(TOP.rglob("levering/**/*")) if p.is_file()}
    assert made == kept
