"""Valid documents in many shapes and styles of writing, and mutants of them by the million, from one seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.oracle.facts import Facts, all_messages, load, steps
from tests.oracle.generate import Node, Style, Written, _build, longest, sample, write
from tests.oracle.mutate import ODD_VALUES, mutants
from tests.oracle.verdict import value_problems

STYLES: tuple[Style, ...] = ("prefixed", "default", "redeclared")
_SPACE = re.compile(r">\s+<")
_NASTY = list("<>&;/:'\"=!?-[] \t\n\r\0\x0b\x1f\x7f\x850129AZaz.+é\u00a0\u0661\u2028\ufffe\U0001f600")
_TOKENS = [
    "<!---->",
    "<?x?>",
    "<![CDATA[x]]>",
    "]]>",
    "&amp;",
    "&#48;",
    "&x;",
    "<m:Bsn>",
    "</m:Bsn>",
    "<b:Datum/>",
    " a='1'",
]
_YEARS = ["0000", "0999", "1000", "1900", "2000", "2023", "2024", "2100", "9999", "10000"]
_DATES = [f"{y}-{m:02}-{d:02}" for y in _YEARS for m in (0, 1, 2, 4, 12, 13) for d in (0, 1, 28, 29, 30, 31, 32)]
_TIMES = [
    f"{h}:{m}:{s}" for h in ("00", "23", "24", "9") for m in ("00", "59", "60") for s in ("00", "59", "60", "00.5")
]
_NUMBERS = [
    sign + "0" * zeros + str(n) for sign in ("", "+", "-") for zeros in (0, 1, 9) for n in (0, 1, 99, 100, 10**8, 10**9)
]
VALUES = [*ODD_VALUES, *_DATES, *_TIMES, *_NUMBERS]


@cache
def _fitting(facts: Facts, message: str, kind: str) -> tuple[str, ...]:
    """Values of a type that are valid by the facts, odd ones among them."""
    restrictions = steps(facts, message, kind)
    return _fit(restrictions, sample(kind, restrictions))


def _fit(restrictions: list[dict[str, Any]], plain: str) -> tuple[str, ...]:
    codes = restrictions[0].get("enumeration", [])
    most = longest(restrictions) or 30
    tried = [plain, *codes, *VALUES, "Aé 1"[:most], ("x" * most)[:most], "\U0001f600" * most]
    return tuple(value for value in dict.fromkeys(tried) if not value_problems(value, restrictions))


def document(facts: Facts, message: str, rng: random.Random, odd: float = 0.02) -> Node:
    """A valid document: which optional elements, how many repeats and which values is drawn."""
    fullness = rng.choice((0.2, 0.5, 0.9))

    def count(least: int, most: int | None) -> int:
        if least == most:
            return least
        return max(least, rng.choice((1, 1, 2, 3)) if most is None else min(most, int(rng.random() < fullness)))

    def text(_: str, kind: str | dict[str, Any]) -> str:
        restrictions = steps(facts, message, kind)
        plain = sample(kind, restrictions)
        fit = _fitting(facts, message, kind) if isinstance(kind, str) else _fit(restrictions, plain)
        codes = restrictions[0].get("enumeration")
        return rng.choice(fit) if rng.random() < odd else rng.choice(codes) if codes else plain

    return _build(facts, message, count, text)


def styled(text: str, rng: random.Random) -> str:
    """The same document with other white space between its elements: none, indented, or with Windows line ends."""
    return _SPACE.sub(rng.choice(("><", ">\n<", ">\n    <", ">\r\n\t<", "> <")), text)


def declared_everywhere(written: Written) -> str:
    """Each element of the base schema declares its namespace, as some serialisers write it."""
    text = written.text
    own = max(written.spans, key=lambda node: written.spans[node].end).namespace
    for node, span in sorted(written.spans.items(), key=lambda pair: -pair[1].start):
        start_tag = f"<{node.name}>"
        if node.namespace != own and text.startswith(start_tag, span.start):
            text = f'{text[: span.start]}<{node.name} xmlns="{node.namespace}">{text[span.start + len(start_tag) :]}'
    return text


def corpus(seed: int) -> Iterator[tuple[Facts, str, Written, bytes]]:
    """Without end: a valid document of each type and release in turn, as written and restyled."""
    rng = random.Random(seed)
    while True:
        for standaard, release, message in all_messages():
            facts = load(standaard, release)
            style = rng.choice(STYLES)
            written = write(document(facts, message, rng), style)
            everywhere = style == "redeclared" and rng.random() < 0.5
            other = declared_everywhere(written) if everywhere else written.text
            yield facts, message, written, styled(other, rng).encode()


def random_mutants(written: Written, rng: random.Random, number: int) -> Iterator[bytes]:
    """Documents with one or two changes to characters, values or elements; some of them are still valid."""
    spans = list(written.spans.items())
    leaves = [span for node, span in spans if node.text is not None]
    text = styled(written.text, rng) if rng.random() < 0.3 else written.text
    is_same = text == written.text
    for _ in range(number):
        if not is_same or rng.random() < 0.3:
            yield _bytes(_scratched(text, rng))
            continue
        changed = _changed(text, rng, [span for _, span in spans], leaves)
        yield _bytes(_scratched(changed, rng) if rng.random() < 0.1 else changed)


def scratches(content: bytes, rng: random.Random, number: int) -> Iterator[bytes]:
    """Changes to single characters of a document in any style."""
    text = content.decode()
    for _ in range(number):
        yield _bytes(_scratched(text, rng))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _scratched(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    put = rng.choice(_NASTY if rng.random() < 0.8 else _TOKENS)
    return text[:at] + put + text[at + rng.choice((0, 0, 1, 1, 2, 7)) :]


def _changed(text: str, rng: random.Random, spans: list[Any], leaves: list[Any]) -> str:
    kind = rng.random()
    if kind < 0.5:
        leaf, other = rng.choice(leaves), rng.choice(leaves)
        value = rng.choice(VALUES) if rng.random() < 0.6 else text[other.inner : other.close]
        value = text[leaf.inner : leaf.close] + value if rng.random() < 0.2 else value
        return text[: leaf.inner] + value + text[leaf.close :]
    one, two = rng.choice(spans), rng.choice(spans)
    if kind < 0.65:
        return text[: one.start] + text[one.end :]
    if kind < 0.8:
        return text[: one.end] + text[two.start : two.end] + text[one.end :]
    return text[: one.start] + text[two.start : two.end] + text[one.end :]


def all_mutants(facts: Facts, message: str, root: Node) -> Iterator[bytes]:
    """The oracle's own: one change each, forbidden by the facts. It wants each class to have something in it."""
    if any(node.text is None and not node.children for node in root.walk()):
        return
    for mutant in mutants(facts, message, root):
        yield mutant.content
