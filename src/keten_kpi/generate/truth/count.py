"""All truth of one shard."""

from __future__ import annotations

from collections.abc import Iterable

from keten_kpi.generate.events import Bericht
from keten_kpi.generate.scenario import Scenario
from keten_kpi.generate.truth.care import count_care
from keten_kpi.generate.truth.known import Bekend
from keten_kpi.generate.truth.money import count_money
from keten_kpi.generate.truth.products import KPI, count_products
from keten_kpi.generate.truth.requests import count_requests
from keten_kpi.generate.truth.tally import Tally


def count_truth(berichten: Iterable[Bericht], scenario: Scenario) -> Tally:
    """What the KPIs should find in the messages of a shard that count."""
    bekend, tally = Bekend.of(berichten, scenario), Tally()
    count_requests(tally, bekend)
    count_care(tally, bekend)
    count_money(tally, bekend)
    count_products(tally, bekend)
    for key in [key for key in tally.distinct if key[0] == KPI]:  # ToewijzingNummers lie within one shard
        tally.add(*key, len(tally.distinct.pop(key)))
    return tally
