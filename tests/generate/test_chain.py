"""What holds of the simulated chain, whatever the luck."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from keten_kpi.generate import people
from keten_kpi.generate.agenda import agenda
from keten_kpi.generate.chain import Keten
from keten_kpi.generate.events import Antwoord, Prestatie, Start, Stop, Toegewezen, Vraag, Wijziging
from keten_kpi.generate.make import simulate
from keten_kpi.generate.post import Relatie, Zorg
from keten_kpi.generate.scenario import load_scenario
from keten_kpi.generate.world import World

SCENARIOS = [("pilot", 6000), ("gemeente", 9000), ("landelijk", 4000)]


@pytest.fixture(params=SCENARIOS, ids=[name for name, _ in SCENARIOS])
def traffic(request, simulated):
    return simulated(*request.param)


def test_no_retour_or_answer_comes_before_its_heenbericht(traffic):
    answers = [bericht for bericht in traffic.berichten if bericht.heen is not None]
    assert answers
    assert [a for a in answers if a.verzend_dag < a.heen.verzend_dag] == []


def test_no_request_is_answered_before_it_was_sent(traffic):
    asked = {}
    for bericht in sorted(traffic.of("315", "317"), key=lambda bericht: bericht.dag):
        for regel in bericht.regels:
            assert isinstance(regel, Vraag | Wijziging)
            asked.setdefault((bericht.wet, bericht.aanbieder, regel.referentie), bericht.dag)
    answered = [
        (bericht.dag, asked[bericht.wet, bericht.aanbieder, regel.referentie])
        for bericht in traffic.of("301", "319")
        for regel in bericht.regels
        if isinstance(regel, Toegewezen | Antwoord) and (bericht.wet, bericht.aanbieder, regel.referentie) in asked
    ]
    assert len(answered) > 20
    assert [pair for pair in answered if pair[0] < pair[1]] == []


def test_no_start_or_stop_is_told_before_the_toewijzing_was_decided(traffic):
    decided = {}
    for bericht in (bericht for bericht in traffic.alles if bericht.nummer == "301"):
        for regel in bericht.regels:
            toewijzing = regel.versie.toewijzing
            decided[toewijzing] = min(decided.get(toewijzing, bericht.dag), bericht.dag)
    told = [(bericht.dag, regel) for bericht in traffic.of("305", "307") for regel in bericht.regels]
    assert len(told) > 20
    assert [regel for day, regel in told if decided[regel.toewijzing] > day] == []


def test_identificaties_are_unique_per_sender_and_type(traffic):
    keys = Counter(bericht.key for bericht in traffic.berichten if bericht.heen is None)
    assert set(keys.values()) == {1}


def test_toewijzing_numbers_are_unique_within_wet_and_gemeente(traffic):
    found = defaultdict(set)
    for bericht in traffic.of("301"):
        for regel in bericht.regels:
            found[bericht.wet, bericht.gemeente, regel.versie.toewijzing.nummer].add(regel.versie.toewijzing)
    assert {len(same) for same in found.values()} == {1}


def test_a_client_and_aanbieder_get_one_301_a_day(traffic):
    keys = Counter((b.wet, b.gemeente, b.aanbieder, b.client, b.dag) for b in traffic.of("301"))
    assert set(keys.values()) == {1}


def test_a_301_repeats_every_toewijzing_that_is_still_valid(traffic):
    known = {}
    repeated = 0
    for bericht in sorted(traffic.of("301"), key=lambda bericht: bericht.dag):
        key = bericht.wet, bericht.gemeente, bericht.aanbieder, bericht.client
        before = known.setdefault(key, {})
        now = {regel.versie.toewijzing: regel.versie for regel in bericht.regels}
        for toewijzing, versie in before.items():
            if versie.reden != "13" and (versie.einde is None or versie.einde >= bericht.dag):
                assert toewijzing in now
                repeated += 1
        before.update(now)
    assert repeated > 10


def test_a_repeated_line_has_no_reference_and_the_moment_of_its_version(traffic):
    seen = {}
    for bericht in sorted(traffic.of("301"), key=lambda bericht: bericht.dag):
        for regel in bericht.regels:
            moment = (regel.versie.besluit_dag, regel.versie.besluit_tijd)
            assert seen.setdefault(regel.versie, moment) == moment


def test_every_prestatie_lies_within_the_months_that_were_declared_or_before(traffic):
    lines = [(b.periode, regel) for b in traffic.of("303", "323") for regel in b.regels if isinstance(regel, Prestatie)]
    assert lines
    assert [regel for periode, regel in lines if regel.begin > regel.einde or regel.einde > periode.einde] == []


def test_a_credit_takes_back_a_prestatie_of_the_same_amount(traffic):
    lines = {regel.nummer: regel for b in traffic.of("303", "323") for regel in b.regels}
    credits_ = [regel for regel in lines.values() if regel.is_credit and regel.vorig in lines]
    assert credits_
    assert {(line.bedrag + lines[line.vorig].bedrag) for line in credits_} == {0}


def test_a_prestatie_costs_its_volume_times_its_tarief_but_in_euros_its_volume(traffic):
    for bericht in traffic.of("303", "323"):
        for regel in bericht.regels:
            product = regel.toewijzing.product
            assert regel.centen == (regel.volume if product.eenheid == "83" else regel.volume * product.tarief)


def test_weekends_and_feast_days_are_quiet(traffic):
    days = Counter(agenda().is_werkdag(bericht.verzend_dag) for bericht in traffic.berichten)
    assert 0 < days[False] < 0.06 * days[True]


def test_some_messages_go_out_again_after_a_refusal_under_a_new_identificatie(traffic):
    sent = defaultdict(set)
    for bericht in traffic.of("315"):
        sent[bericht.regels[0].referentie].add(bericht.identificatie)
    assert Counter(len(numbers) for numbers in sent.values())[2] > 0


def test_temporary_stops_are_followed_by_a_final_one_or_a_new_start(traffic):
    stops = [regel for b in traffic.of("307") for regel in b.regels if isinstance(regel, Stop)]
    paused = {(regel.toewijzing, regel.begin) for regel in stops if regel.reden == "20"}
    assert paused
    final = {(regel.toewijzing, regel.begin) for regel in stops if regel.reden != "20"}
    started = defaultdict(set)
    for bericht in traffic.of("305"):
        for regel in bericht.regels:
            assert isinstance(regel, Start)
            started[regel.toewijzing].add(regel.begin)
    again = {(toewijzing, begin) for toewijzing, begin in paused if any(day > begin for day in started[toewijzing])}
    assert paused & final
    assert again


def test_every_message_has_an_open_end_somewhere(traffic):
    """Requests of the last days are not answered yet."""
    answered = {regel.referentie for b in traffic.of("301", "319") for regel in b.regels}
    last = traffic.world.scenario.tot
    assert [b for b in traffic.of("315") if b.dag > last - 10 and b.regels[0].referentie not in answered]


def test_people_are_of_the_test_range_and_live_nowhere(traffic):
    clients = {bericht.client for bericht in traffic.berichten if bericht.client}
    assert clients
    for client in clients:
        assert client.bsn >= "999900006"
        assert people.passes_elfproef(int(client.bsn))
        assert client.postcode[0] == "0"  # no Dutch postal code begins with 0


def test_a_bsn_is_one_person_within_a_run(traffic):
    people = defaultdict(set)
    for bericht in traffic.berichten:
        if bericht.client:
            people[bericht.client.bsn].add((bericht.client.geboren, bericht.client.achternaam))
    assert {len(same) for same in people.values()} == {1}


def test_a_second_life_of_a_bsn_has_other_aanbieders():
    """A gemeente with more clients than the test range holds uses it again; no link by client may cross."""
    world = World(load_scenario("gemeente"), 1, 40_000)
    size = len(people.test_range()) // 2
    first, second = (people.person(number, is_child=True, today=738000) for number in (0, size))
    assert first[0] == second[0]
    assert (first[1], second[1]) == (0, 1)
    shards = world.shards()
    of_life = {}
    for life in (0, 1, 2):
        start = next(shard for shard in shards if world.children(shard.first) >= life * size)
        chosen = shards[start.nr : start.nr + 2]
        of_life[life] = {(b.wet, b.client.bsn, b.aanbieder) for s in chosen for b in simulate(world, s)[1] if b.client}
    people_of = {life: {key[1] for key in keys} for life, keys in of_life.items()}
    assert people_of[0] & people_of[1]
    assert not (of_life[0] & of_life[1] | of_life[1] & of_life[2] | of_life[0] & of_life[2])


def test_care_may_last_longer_than_the_calendar(simulated):
    traffic = simulated("gemeente", 9000)
    chain = Keten(traffic.world, traffic.world.shards()[0])
    line = next(regel for b in traffic.of("301") for regel in b.regels)
    client = traffic.of("301")[0].client
    relatie = Relatie(client, "99000001", "Jw", "1992", traffic.world.scenario.kansen["Jw"])
    day = traffic.world.scenario.tot
    chain._end(day, Zorg(relatie, line.versie, day, day + 40_000, is_verteld=True), "31")
    assert chain.berichten == []


def test_children_who_turn_18_go_on_under_the_wmo(simulated):
    traffic = simulated("gemeente", 9000)
    wetten = defaultdict(set)
    for bericht in traffic.berichten:
        if bericht.client:
            wetten[bericht.client].add(bericht.wet)
    assert [client for client, both in wetten.items() if len(both) == 2]


def test_old_gemeente_codes_live_on_in_toewijzingen_that_began_under_them(simulated):
    traffic = simulated("gemeente", 9000)
    merged = date(2023, 1, 1).toordinal()
    old = [b for b in traffic.berichten if b.gemeente != "1992"]
    assert {b.gemeente for b in old} <= {"0501", "0530", "0614"}
    assert [b for b in old if b.dag >= merged]
    assert [b for b in traffic.of("315") if b.gemeente != "1992" and b.dag >= merged + 60] == []


def test_release_2_3_has_no_messages_of_release_3_and_leaves_references_out(simulated):
    traffic = simulated("pilot", 6000)
    assert traffic.of("317", "319", "323") == []
    assert traffic.of("303")
    first = [b.regels[0] for b in traffic.of("301")]
    assert [regel for regel in first if regel.referentie is None]
    shared = [b for b in traffic.of("315") if len(b.regels) > 1 and len({regel.referentie for regel in b.regels}) == 1]
    assert shared
