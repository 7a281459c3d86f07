"""The fast engine takes only what libxml2 takes, with the same rows; and it takes what senders usually write."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.differential import run
from keten_kpi.shred.fast.values import DATE, UnknownTypeError, _range, _trie, value_pattern
from tests.fast.documents import declared_everywhere, document, styled
from tests.fast.engines import DifferenceError, Engines
from tests.oracle.facts import all_messages, load
from tests.oracle.generate import maximal_tree, minimal_tree, random_document, write
from tests.oracle.mutate import STYLES, random_mutant
from tests.verkeer.make import diemen, elsewhere
from tests.verkeer.pen import Lijn, Vraag, m315

MESSAGE = m315(Lijn(), "A1", "2026-04-01", [Vraag("R1"), Vraag("R2", None)])


@pytest.fixture(scope="module")
def engines() -> Engines:
    return Engines()


@pytest.mark.parametrize(("standaard", "release", "message"), all_messages())
def test_the_smallest_and_the_fullest_message_of_each_type_is_taken_in_each_style(
    engines, standaard: str, release: str, message: str
) -> None:
    facts = load(standaard, release)
    rng = random.Random(message)
    for tree in (minimal_tree(facts, message), maximal_tree(facts, message)):
        for style in STYLES:
            written = write(tree, style)
            for text in (written.text, declared_everywhere(written), styled(written.text, rng)):
                assert engines.learn(text.encode())
                assert engines.check(text.encode()), style


@pytest.mark.parametrize("name", [*diemen(), *elsewhere()])
def test_every_message_of_the_fixtures_is_taken(engines, name: str) -> None:
    content = {**diemen(), **elsewhere()}[name]
    assert engines.learn(content)
    assert engines.check(content)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_valid_documents_of_any_shape_have_the_same_rows_when_taken(engines, data) -> None:
    standaard, release, message = data.draw(st.sampled_from(all_messages()))
    written = write(data.draw(random_document(load(standaard, release), message)), data.draw(st.sampled_from(STYLES)))
    engines.learn(written.content)
    engines.check(written.content)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_taken_of_random_mutants_is_valid(engines, data) -> None:
    standaard, release, message = data.draw(st.sampled_from(all_messages()))
    facts = load(standaard, release)
    engines.learn(write(minimal_tree(facts, message), data.draw(st.sampled_from(STYLES))).content)
    engines.check(data.draw(random_mutant(facts, message)))


def test_no_mutant_of_thousands_over_all_types_and_releases_is_taken_wrongly() -> None:
    counts, wrong = run(10_000, seed=20_261_124)
    assert wrong == []
    assert counts["mutants, taken and valid"] > 100
    assert counts["valid, taken"] > 0.8 * counts["documents"]


def test_ordinary_documents_are_nearly_all_taken(engines) -> None:
    rng, taken = random.Random(5), 0
    for standaard, release, message in all_messages():
        for _ in range(3):
            content = write(document(load(standaard, release), message, rng, odd=0), rng.choice(STYLES)).content
            engines.learn(content)
            taken += engines.check(content)
    assert taken == 3 * len(all_messages())


ODD = {
    "comment": lambda m: m.replace(b"</m:Header>", b"<!-- x --></m:Header>"),
    "instruction": lambda m: m.replace(b"</m:Header>", b"<?x y?></m:Header>"),
    "CDATA": lambda m: m.replace(b">R1<", b"><![CDATA[R1]]><"),
    "character reference": lambda m: m.replace(b">R1<", b">R&#49;<"),
    "entity": lambda m: m.replace(b">R1<", b">R&amp;1<"),
    "attribute": lambda m: m.replace(b"<m:Header>", b'<m:Header xmlns:q="q">'),
    "end tag with space": lambda m: m.replace(b"</m:Header>", b"</m:Header >"),
    "white space around a date": lambda m: m.replace(b">2026-04-01<", b"> 2026-04-01<", 1),
    "line end in a text": lambda m: m.replace(b">R1<", b">R\r1<"),
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_what_is_unusual_is_left_to_libxml2(engines, odd: str) -> None:
    engines.learn(MESSAGE)
    changed = ODD[odd](MESSAGE)
    assert changed != MESSAGE
    assert engines.check(MESSAGE)
    assert not engines.check(changed)


XSI_TYPE = b'xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="m:Root" '
HEADS = {
    "byte order mark": lambda m: b"\xef\xbb\xbf" + m,
    "other encoding": lambda m: m.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
    "ASCII": lambda m: m.replace(b'encoding="UTF-8"', b'encoding="US-ASCII"'),
    "doctype": lambda m: m.replace(b"?>\n", b"?>\n<!DOCTYPE a>\n", 1),
    "comment before the root": lambda m: m.replace(b"?>\n", b"?>\n<!-- x -->\n", 1),
    "xsi:type": lambda m: m.replace(b"<m:Bericht ", b"<m:Bericht " + XSI_TYPE, 1),
}  # fmt: skip


@pytest.mark.parametrize("head", HEADS)
def test_an_unusual_start_is_never_learned(head: str) -> None:
    engines = Engines()
    changed = HEADS[head](MESSAGE)
    engines.learn(changed)
    assert engines.read([changed]).taken == []
    assert engines.fast._heads == {}


def test_a_start_that_libxml2_has_not_judged_is_left_to_it() -> None:
    engines = Engines()
    assert engines.read([MESSAGE]).taken == []
    assert engines.learn(MESSAGE)
    assert engines.check(MESSAGE)
    assert engines.read([MESSAGE.replace(b"xmlns:b", b"xmlns:c").replace(b"b:", b"c:")]).taken == []


@pytest.mark.parametrize("size", [20_000, 40_000])
def test_a_hostile_message_costs_time_in_proportion_to_its_length(engines, size: int) -> None:
    import time

    engines.learn(MESSAGE)
    row = MESSAGE[MESSAGE.index(b"<m:AangevraagdProduct>") : MESSAGE.index(b"</m:AangevraagdProduct>") + 24]
    many = MESSAGE.replace(b"<m:AangevraagdProduct>", row * (size // 100) + b"<m:AangevraagdProduct>", 1)
    started = time.perf_counter()
    for hostile in (many[:-30] + b"!" + many[-30:], MESSAGE.replace(b">R1<", b">" + b". " * size + b"<")):
        assert engines.read([hostile]).taken == []
    assert time.perf_counter() - started < 1


def test_an_engine_that_takes_too_much_is_seen_by_the_comparison() -> None:
    engines = Engines()
    engines.learn(MESSAGE)
    engines.shredders = {kind: _Other(shredder) for kind, shredder in engines.shredders.items()}
    with pytest.raises(DifferenceError):
        engines.check(MESSAGE)


class _Other:
    def __init__(self, shredder) -> None:
        self._shredder = shredder

    def shred(self, root):
        rows = self._shredder.shred(root)
        first = next(iter(rows.lines.values()))
        first[0] = first[0]._replace(regel_nr=7)
        return rows


@pytest.mark.parametrize("year", [1000, 1900, 1999, 2000, 2023, 2024, 2100, 2400, 9999])
def test_the_pattern_of_a_date_is_exact_to_the_day(year: int) -> None:
    pattern = re.compile(DATE)
    for month in range(14):
        for day in range(33):
            text = f"{year}-{month:02}-{day:02}"
            assert bool(pattern.fullmatch(text)) == _is_date(text), text


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(("low", "high"), [(0, 9), (0, 12), (1, 99), (5, 1234), (0, 98), (17, 17), (100, 2000)])
def test_the_pattern_of_a_range_takes_exactly_its_numbers(low: int, high: int) -> None:
    pattern = re.compile(_range(low, high) + r"\Z")
    assert [n for n in range(12_345) if pattern.match(str(n))] == list(range(low, high + 1))


@given(st.sets(st.text("01AB", min_size=1, max_size=4), min_size=1, max_size=20), st.text("01AB", max_size=5))
def test_a_trie_takes_exactly_its_texts(texts: set[str], other: str) -> None:
    pattern = re.compile(f"(?:{_trie(texts)})\\Z")
    assert all(pattern.match(text) for text in texts)
    assert bool(pattern.match(other)) == (other in texts)


@pytest.mark.parametrize(
    "kind",
    [
        {"basis": "decimal", "stappen": []},
        {"basis": "string", "stappen": [{"whiteSpace": "collapse"}]},
        {"basis": "string", "stappen": [{"pattern": [r"\p{L}+"]}]},
        {"basis": "string", "stappen": [{"pattern": [r"[a-z-[aeiou]]+"]}]},
        {"basis": "integer", "stappen": [{"minInclusive": "0"}]},
        {"basis": "date", "stappen": [{"pattern": ["[^Z+-]+"]}]},
        {"basis": "date", "stappen": [{"minInclusive": "2000-01-01"}]},
    ],
)
def test_a_type_that_is_not_understood_has_no_pattern(kind) -> None:
    with pytest.raises(UnknownTypeError):
        value_pattern(kind)


def test_messages_that_cannot_be_matched_keep_no_other_from_being_taken(engines) -> None:
    engines.learn(MESSAGE)
    spoiled = {
        3: MESSAGE.replace(b">R1<", b">R\xff1<"),  # no UTF-8
        7: MESSAGE.replace(b">R1<", b">R\x1e1<"),  # the character that stands between messages
        8: MESSAGE + b"\x1e" + MESSAGE,
        11: MESSAGE[:-40],
        12: MESSAGE[:-1] + b"\x1e",
    }
    letters = MESSAGE.replace(b">R1<", ">R\N{LATIN SMALL LETTER E WITH DIAERESIS}<".encode())
    contents = [spoiled.get(place, letters if place % 2 else MESSAGE) for place in range(15)]
    assert sorted(engines.read(contents).taken) == [place for place in range(15) if place not in spoiled]
    assert engines.check_all(contents)[1] == {}


def test_without_machine_code_the_same_messages_are_taken(monkeypatch) -> None:
    import pcre2

    def refuse(pattern: bytes, flags: int, *, jit: bool = True) -> object:
        if jit:
            raise pcre2.LibraryError(-48)
        return compiled(pattern, flags, jit=False)

    compiled = pcre2.compile
    monkeypatch.setattr(pcre2, "compile", refuse)
    engines = Engines()
    engines.learn(MESSAGE)
    assert engines.check(MESSAGE)


def test_a_type_whose_pattern_is_too_large_is_left_to_libxml2(monkeypatch) -> None:
    from keten_kpi.shred.fast import program

    monkeypatch.setattr(program, "value_pattern", lambda _: "(?:" + "a" * 400_000 + "|[^<]++)")
    engines = Engines()
    engines.learn(MESSAGE)
    assert engines.read([MESSAGE]).taken == []


def test_a_repeat_between_other_bounds_makes_a_type_unsuitable() -> None:
    from keten_kpi.shred.fast.program import Compiler, UnsuitableError
    from keten_kpi.shred.fast.style import Style

    engines = Engines()
    plan, types = next((p, t) for kind, (p, t) in engines.fast._plans.items() if kind.code == "JW315")
    path = next(path for path, told in plan["elementen"].items() if path.endswith("AangevraagdProduct"))
    bounded = {**plan, "elementen": {**plan["elementen"], path: plan["elementen"][path].replace("1..*", "1..5")}}
    assert bounded != plan
    with pytest.raises(UnsuitableError):
        Compiler(bounded, types, []).program(Style("m", "b", None))
