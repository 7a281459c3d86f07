"""The validator over the schemas that ship, and the short way to ask it for a verdict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from keten_kpi.envelope import Bericht
from keten_kpi.source import Fault, Origin
from keten_kpi.standaard.schemas import Berichttype, Release, package_schemas
from keten_kpi.validate import Validator, Verdict

Judge = Callable[[bytes], Verdict]


@pytest.fixture(scope="session")
def berichttypes() -> list[Berichttype]:
    manifests = sorted(package_schemas().glob("*/*/release.json"))
    return [each for manifest in manifests for each in Release(manifest.parent).berichttypes()]


@pytest.fixture(scope="session")
def validator(berichttypes: list[Berichttype]) -> Validator:
    return Validator(berichttypes)


@pytest.fixture(scope="session")
def judge(validator: Validator) -> Judge:
    return lambda content: validator.judge(Bericht(Origin("proef.xml"), content))


@pytest.fixture(scope="session")
def only_fault(judge: Judge) -> Callable[[bytes], Fault]:
    """The one fault of a document; fails when there is none or are more."""

    def ask(content: bytes) -> Fault:
        (fault,) = judge(content).faults
        return fault

    return ask


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material beside the checkout; the test is skipped where it is not."""
    folder = Path(__file__).parents[2] / "../shared/standard"
    if not folder.is_dir():
        pytest.skip("no shared material beside the checkout")
    return folder
