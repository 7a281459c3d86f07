"""Each fault at the rate that was asked, and what the product makes of it."""

from __future__ import annotations

import math

import pytest

from keten_kpi.errors import UsageError
from keten_kpi.generate import KINDS, generate, parse_rates
from keten_kpi.ingest import judge

RATE = 0.06
ALL = ",".join(f"{name}={RATE}" for name in KINDS)
LOST = {"invalid": "ongeldig", "version": "onbekende_release", "truncated": "geen_xml"}


@pytest.mark.parametrize("scenario", ["pilot", "gemeente"])
def test_each_fault_befalls_the_share_that_was_asked(run, scenario):
    made = run(scenario, 6000, ALL).made
    for name in KINDS:
        eligible = made.faults_eligible[name]
        assert eligible > 300
        spread = 4.5 * math.sqrt(RATE * (1 - RATE) / eligible)
        assert abs(made.faults_made[name] / eligible - RATE) < spread, name


@pytest.mark.parametrize("scenario", ["pilot", "gemeente"])
def test_the_product_finds_every_fault_that_can_be_seen(run, scenario):
    traffic = run(scenario, 6000, ALL)
    made, summary = traffic.made.faults_made, traffic.summary
    assert dict(summary.per_reden) == {reason: made[name] for name, reason in LOST.items()}
    assert summary.duplicate == made["duplicate"]
    assert summary.read == traffic.made.files
    # loaded beside what counts: one copy per conflict, and what is dated ahead
    assert summary.loaded == traffic.made.count + made["conflict"] + made["future"]
    with traffic.reading() as con:
        signals = dict(con.execute("SELECT signaal, count(*) FROM verkeer.signaal GROUP BY signaal").fetchall())
    assert signals == {"conflict": made["conflict"], "datum_in_toekomst": made["future"]}


def test_encodings_envelopes_and_zips_hide_nothing(tmp_path):
    rates = parse_rates("encoding=0.4,envelope=0.3,nested-zip=0.3")
    made = generate(tmp_path / "out", scenario="gemeente", messages=600, rates=rates)
    verdicts = list(judge([str(tmp_path / "out" / "berichten")]))
    assert all(verdict.valid for verdict in verdicts)
    assert len(verdicts) == made.count
    kinds = {verdict.bericht.envelope.soort for verdict in verdicts if verdict.bericht.envelope}
    assert kinds == {"stuf-ggk", "vecozo"}
    told = [verdict.bericht.envelope for verdict in verdicts if verdict.bericht.envelope]
    assert all(envelope.zender and envelope.ontvanger and envelope.referentie for envelope in told)
    openings = {verdict.bericht.content[:3] for verdict in verdicts}
    assert {b"\xef\xbb\xbf", b"\xff\xfe<"} & openings == {b"\xef\xbb\xbf", b"\xff\xfe<"}
    assert any("!/" in (verdict.bericht.origin.member or "") for verdict in verdicts)


def test_disorder_moves_messages_and_loses_none(tmp_path):
    for name, rates in (("order", None), ("disorder", parse_rates("disorder=0.5"))):
        generate(tmp_path / name, scenario="gemeente", messages=500, form="tar.zst", rates=rates)
    found = [
        [verdict.bericht.origin.member for verdict in judge([str(tmp_path / name / "berichten")])]
        for name in ("order", "disorder")
    ]
    assert found[0] != found[1]
    assert sorted(found[0]) == sorted(found[1])


def test_rates_are_read_as_typed():
    assert parse_rates(None) == {}
    assert parse_rates("") == {name: kind.rate for name, kind in KINDS.items()}
    assert parse_rates("bsn=0.5, duplicate=0.25") == {"duplicate": 0.25, "bsn": 0.5}
    assert parse_rates("bsn") == {"bsn": KINDS["bsn"].rate}


@pytest.mark.parametrize("text", ["fire=0.1", "bsn=much", "bsn=-0.1", "bsn=1.5", "bsn=0.7,code=0.6"])
def test_a_rate_that_is_none_is_refused(text):
    with pytest.raises(UsageError):
        parse_rates(text)
