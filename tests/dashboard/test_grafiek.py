"""Charts: what they show stands in their words too, colour says nothing alone, and what is hidden leaves a gap."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keten_kpi.dashboard import grafiek
from keten_kpi.dashboard.cijfers import Balk
from keten_kpi.dashboard.grafiek.vlak import fitting, steps
from keten_kpi.kpi import funnel

BARS = [Balk(0, 4, 12, "binnen_norm"), Balk(5, 5, 30, "binnen_norm"), Balk(6, None, 18, "buiten_norm")]
POINTS = [grafiek.Punt("Almere", 0.25, 0.2, 0.3, 400), grafiek.Punt("Bunnik & Zn", 0.8, 0.5, 0.9, 20)]
A = "aandeel"


def month(maand: str, share: float | None) -> dict[str, object]:
    return {"maand": maand, A: share, f"{A}_laag": share and share - 0.1, f"{A}_hoog": share and share + 0.1}


MONTHS = [month("2020-01", 0.5), month("2020-02", 0.6), month("2020-03", None), month("2020-04", 0.4)]
CHARTS = {
    "histogram": grafiek.histogram(BARS, 5, "werkdagen", "Titel < 5"),
    "rangorde": grafiek.rangorde(POINTS, "Titel < 5"),
    "rups": grafiek.rups(POINTS, "Titel < 5"),
    "trechter": grafiek.trechter(POINTS, 0.3, "Titel < 5", own="Almere"),
    "trend": grafiek.trend(MONTHS, A, "Titel < 5", MONTHS),
    "spreiding": grafiek.spreiding([0.1, 0.2, 0.3, 0.4, 0.5], 0.35, "Almere", "Titel < 5"),
    "staven": grafiek.staven([("45A03", 40.0, "40 regels")], "Titel < 5"),
}


def tag(element) -> str:
    return element.tag.rpartition("}")[2]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_one_image_with_a_name_and_a_description(name) -> None:
    root = ET.fromstring(CHARTS[name])  # noqa: S314 - our own
    assert root.get("role") == "img"
    assert [tag(child) for child in root][:2] == ["title", "desc"]
    assert root[0].text == "Titel < 5"
    assert len(root[1].text) > 30
    assert "style" not in {key for element in root.iter() for key in element.attrib}


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_lies_outside_the_width(name) -> None:
    for place in re.findall(r' (?:x|x1|x2|cx)="(-?[\d.]+)%"', CHARTS[name]):
        assert 0 <= float(place) <= 100


def test_the_description_has_every_number_of_a_histogram() -> None:
    assert "per aantal werkdagen. 0-4: 12; 5: 30; 6 of meer, of nog open: 18." in CHARTS["histogram"]


def test_bars_within_and_beyond_the_norm_differ_in_form() -> None:
    assert re.findall(r'class="staaf (\w+)"', CHARTS["histogram"]) == ["binnen_norm", "binnen_norm", "buiten_norm"]
    assert "norm: 5 werkdagen</text>" in CHARTS["histogram"]


def test_the_norm_lies_between_the_last_bar_within_and_the_first_beyond() -> None:
    bars = [float(x) for x in re.findall(r'<rect x="([\d.]+)%"', CHARTS["histogram"])]
    (norm,) = re.findall(r'<line x1="([\d.]+)%"[^>]*class="norm"', CHARTS["histogram"])
    assert bars[1] < float(norm) < bars[2]


def test_a_month_that_is_hidden_leaves_a_gap_and_is_told() -> None:
    assert "2020-03: niet getoond" in CHARTS["trend"]
    assert CHARTS["trend"].count('class="stip"') == 3
    curves = re.findall(r'<path d="([^"]*)" class="lijn"', CHARTS["trend"])
    assert [len(curve.split(" ")) for curve in curves] == [2]  # January to February; April stands alone


def test_the_own_point_is_a_diamond_with_its_name_and_others_are_nameless_dots() -> None:
    assert CHARTS["trechter"].count('class="stip ander"') == 1
    assert "Almere</text>" in CHARTS["trechter"]
    assert "Bunnik" not in CHARTS["trechter"]


def test_the_bands_of_the_funnel_are_the_limits_of_chance() -> None:
    outer = re.search(r'd="M([^"]*)Z" class="ruim"', CHARTS["trechter"])
    assert outer
    places = [tuple(map(float, place.split(","))) for place in outer[1].split(" ")]
    n, share = 400, 0.3
    low, high = funnel(n, share).laag_998, funnel(n, share).hoog_998
    ends = sorted(y for x, y in places if x == 1000)
    assert ends == pytest.approx([(1 - high) * 240, (1 - low) * 240], abs=0.1)


def test_a_tile_shows_its_number_and_is_named_below_its_province() -> None:
    tiles = [grafiek.Tegel("Ede", "Gelderland", 0.48), grafiek.Tegel("Almere", "Flevoland", None)]
    drawn = grafiek.tegelkaart(tiles, "Titel")
    assert 'title="Ede: 48 %">48</span>' in drawn
    assert 'title="Almere: niet getoond"' in drawn
    assert drawn.index("Flevoland") < drawn.index("Gelderland")


@given(st.integers(0, 10**9))
def test_round_numbers_reach_over_the_most_and_are_few(most) -> None:
    marks = steps(most)
    assert marks[0] == 0
    assert marks[-1] >= most
    assert len(marks) <= 6


@given(st.integers(1, 400))
def test_labels_below_are_few_and_fewer_on_a_phone(many) -> None:
    shown = fitting([str(at) for at in range(many)])
    assert 0 < len(shown) <= 11
    assert 0 < sum(kind == "as" for _, _, kind in shown) <= 6


def test_a_line_of_many_months_and_a_row_of_all_aanbieders_leave_room_on_a_page() -> None:
    months = [month(f"20{20 + at // 12}-{at % 12 + 1:02}", 0.5 + at % 3 / 10) for at in range(24)]
    assert 345 * len(grafiek.klein(months, A)) < 300_000
    everyone = [grafiek.Punt(f"{at:08}", 0.5, 0.4, 0.6, 20) for at in range(6000)]
    assert len(grafiek.rups(everyone, "Titel")) < 300_000


def test_many_points_in_a_row_lie_at_their_shares_between_their_bounds() -> None:
    lines, dots = re.findall(r'<path d="([^"]*)" class="(?:streepjes|stippen)"', CHARTS["rups"])
    assert lines == "M250,192.0L250,168.0M750,120.0L750,24.0"
    assert dots == "M250,180.0L250,180.0M750,48.0L750,48.0"
