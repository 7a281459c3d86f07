"""What is delivered with it is known, locked with hashes, and under a licence that allows it."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.supply.audit import judge
from tests.supply.pages import CHECKOUT, PAGE, licences, locked

# Licences of libraries that a work under EUPL-1.2 may be delivered with. All are permissive, or (MPL) ask something
# of changes in their own files only.
ALLOWED = re.compile(
    r"(MIT|MIT-0|BSD|BSD-[23]-Clause|BSD License|ISC|ISC License \(ISCL\)|Apache-2\.0|Apache Software License"
    r"|PSF-2\.0|MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)|MIT License|Unlicense|0BSD)"
)


def parts(licence: str) -> list[str]:
    return re.split(r"; | OR | AND ", licence)


def test_every_delivered_package_has_a_licence_that_allows_it() -> None:
    found = licences()
    for name in locked("demo"):
        if name in found:
            assert any(ALLOWED.fullmatch(part) for part in parts(found[name][1])), (name, found[name])


@pytest.mark.parametrize(
    "licence", ["AGPL-3.0-only", "GNU General Public License v3 (GPLv3)", "UNKNOWN", "Proprietary"]
)
def test_a_licence_that_does_not_is_seen(licence) -> None:
    assert not any(ALLOWED.fullmatch(part) for part in parts(licence))


def test_the_page_lists_every_locked_package_in_its_version() -> None:
    listed = dict(re.findall(r"^\| ([\w.-]+) \| (\S+) \| \S", PAGE.read_text("utf-8"), re.MULTILINE))
    assert {**locked("dev"), **locked("demo")}.items() <= listed.items()
    assert "UNKNOWN" not in PAGE.read_text("utf-8")


@pytest.mark.parametrize("name", ["demo", "dev", "bench"])
def test_every_locked_package_has_a_hash(name) -> None:
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text("utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) >= len(locked(name)) > 20
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]


def test_the_sbom_names_every_delivered_package_with_its_hashes_and_is_the_same_each_time(tmp_path) -> None:
    pytest.importorskip("cyclonedx_py", reason="cyclonedx-bom is not installed")
    made = []
    for name in ("a.json", "b.json"):
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", "requirements/demo.txt",
             "--pyproject", "pyproject.toml", "--output-reproducible", "--of", "JSON", "--validate",
             "-o", str(tmp_path / name)],
            cwd=CHECKOUT, check=True, capture_output=True,
        )  # fmt: skip
        made.append((tmp_path / name).read_text("utf-8"))
    assert made[0] == made[1]
    sbom = json.loads(made[0])
    assert sbom["bomFormat"] == "CycloneDX"
    assert sbom["metadata"]["component"]["name"] == "keten-kpi"
    named = {part["name"].lower().replace("_", "-"): part for part in sbom["components"]}
    for package, version in locked("demo").items():
        assert named[package]["version"] == version
        assert all(ref["hashes"] for ref in named[package]["externalReferences"])


GOOD, SILENT = {"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}
BAD = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-2026-1"}]}


@pytest.mark.parametrize(
    ("found", "code", "says"),
    [
        ([GOOD], 0, "No known vulnerability in 1 packages."),
        ([GOOD, SILENT], 0, "NOT AUDITED: b."),
        ([SILENT], 0, "no data about any package"),
        ([GOOD, SILENT, BAD], 1, "c 2: PYSEC-2026-1"),
        (None, 0, "had no answer"),
    ],
)
def test_an_audit_without_data_is_no_failure_and_no_success(found, code, says) -> None:
    told = judge("ERROR" if found is None else json.dumps({"dependencies": found}))
    assert told[0] == code
    assert says in told[1]
