"""Charts as SVG text, made while the site is built: no script, no style of their own, the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from keten_kpi.dashboard.cijfers import Balk, Row
from keten_kpi.kpi import funnel

BLUE, ORANGE, GREY, INK = "#0b5a8f", "#b84a00", "#8a929a", "#1c2126"  # apart in lightness too, for colour blind eyes
WIDTH = 440
PADDING = {"left": 30, "right": 16, "top": 8, "bottom": 8}  # the reader's font may be wider than the one measured with
FONT = "system-ui, sans-serif"
CONFIG: dict[str, Any] = {
    "aria": False,
    "font": FONT,
    "background": None,
    "axis": {
        "labelFontSize": 15, "titleFontSize": 15, "titleFontWeight": "normal", "labelColor": INK, "titleColor": INK,
        "gridColor": "#e3e6e9", "domainColor": GREY, "tickColor": GREY,
    },
    "legend": {"labelFontSize": 15, "orient": "top", "title": None, "labelLimit": 400, "columnPadding": 40},
    "text": {"fontSize": 15, "color": INK},
    "view": {"stroke": None},
}  # fmt: skip
SHARE_AXIS = {"format": ".0%", "title": None, "tickCount": 5}


def _svg(spec: dict[str, Any], title: str, description: str) -> str:
    import vl_convert

    full = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "padding": PADDING,
        "config": CONFIG,
        **spec,
    }
    text = str(vl_convert.vegalite_to_svg(full, format_locale="nl-NL"))
    text = re.sub(r'\sstyle="[^"]*"', "", text)  # a content security policy allows no style attribute
    text = re.sub(r'\s(?:role|aria-[a-z]+)="[^"]*"', "", text)  # the picture is one image with a text
    text = re.sub(r'(<svg[^>]*?)\s(?:width|height)="[^"]*"', r"\1", text)
    text = re.sub(r'(<svg[^>]*?)\s(?:width|height)="[^"]*"', r"\1", text)
    head = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return re.sub(r"<svg([^>]*)>", lambda found: f'<svg role="img"{found[1]}>{head}', text, count=1)


def histogram(bars: Sequence[Balk], norm: int, eenheid: str, title: str) -> str:
    """How long cases took, in two colours that the norm parts; a dashed line and words say where it lies."""
    words = {"binnen_norm": "binnen de norm", "buiten_norm": "buiten de norm"}
    data = [{"duur": bar.kort, "aantal": bar.aantal, "toestand": words[bar.toestand], "nr": at}
            for at, bar in enumerate(bars)]  # fmt: skip
    order = [bar.kort for bar in bars]
    within = sum(bar.toestand == "binnen_norm" for bar in bars)
    spec = {
        "height": 260,
        "data": {"values": data},
        "encoding": {
            "x": {"field": "duur", "type": "ordinal", "sort": order,
                  "axis": {"title": eenheid, "labelAngle": -45, "labelOverlap": "parity", "labelLimit": 170}},
        },
        "layer": [
            {"mark": {"type": "bar"}, "encoding": {
                "y": {"field": "aantal", "type": "quantitative",
                      "axis": {"title": "aantal", "format": ",d", "tickCount": 5}},
                "color": {"field": "toestand", "type": "nominal",
                          "scale": {"domain": [*words.values()], "range": [BLUE, ORANGE]}}}},
            {"transform": [{"filter": f"datum.nr == {within}"}],
             "mark": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 2, "color": INK},
             "encoding": {"x": {"field": "duur", "type": "ordinal", "sort": order, "bandPosition": 0}}},
            {"transform": [{"filter": f"datum.nr == {within}"}],
             "mark": {"type": "text", "align": "left", "dx": 6, "dy": 10, "baseline": "top"},
             "encoding": {"y": {"value": 0}, "text": {"value": f"norm: {norm} {eenheid}"},
                          "x": {"field": "duur", "type": "ordinal", "sort": order, "bandPosition": 0}}},
        ],
    }  # fmt: skip
    described = "; ".join(f"{bar.label} {eenheid}: {bar.aantal}" for bar in bars)
    return _svg(spec, title, f"Staafdiagram. {described}.")


def ranking(rows: Sequence[Row], name: str, label: str, title: str, *, own: str | None = None) -> str:
    """Shares with their 95 % interval, one line per group, the largest first."""
    data = [{"groep": row[label], "aandeel": row[name], "laag": row[f"{name}_laag"], "hoog": row[f"{name}_hoog"],
             "eigen": row[label] == own} for row in rows]  # fmt: skip
    colour = {"condition": {"test": "datum.eigen", "value": ORANGE}, "value": BLUE}
    y = {"field": "groep", "type": "nominal", "sort": {"field": "aandeel", "order": "descending"},
         "axis": {"title": None, "labelLimit": 170, "grid": True}}  # fmt: skip
    scale = {"domain": [0, 1]}
    spec = {
        "height": {"step": 24},
        "width": WIDTH - 110,
        "data": {"values": data},
        "encoding": {"y": y, "color": colour},
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45}, "encoding": {
                "x": {"field": "laag", "type": "quantitative", "scale": scale, "axis": SHARE_AXIS},
                "x2": {"field": "hoog"}}},
            {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1}, "encoding": {
                "x": {"field": "aandeel", "type": "quantitative", "scale": scale, "axis": SHARE_AXIS}}},
        ],
    }  # fmt: skip
    return _svg(spec, title, "Punten met hun 95%-interval, per groep; de cijfers staan in de tabel eronder.")


def trend(rows: Sequence[Row], name: str, title: str) -> str:
    """A share per month as a line, with its 95 % interval as a band."""
    data = [{"maand": row["maand"], "aandeel": row[name], "laag": row[f"{name}_laag"], "hoog": row[f"{name}_hoog"]}
            for row in rows]  # fmt: skip
    x = {"field": "maand", "type": "ordinal", "axis": {"title": None, "labelAngle": -45, "labelOverlap": "greedy"}}
    y = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": SHARE_AXIS}
    spec = {
        "height": 240,
        "data": {"values": data},
        "encoding": {"x": x},
        "layer": [
            {"mark": {"type": "area", "color": BLUE, "opacity": 0.2},
             "encoding": {"y": {"field": "laag", **y}, "y2": {"field": "hoog"}}},
            {"mark": {"type": "line", "color": BLUE, "strokeWidth": 2.5, "point": {"filled": True, "size": 50}},
             "encoding": {"y": {"field": "aandeel", **y}}},
        ],
    }  # fmt: skip
    return _svg(spec, title, "Lijn per maand met een band voor het 95%-interval; de cijfers staan in de tabel eronder.")


STEPS = 24


def _sizes(most: int) -> list[int]:
    return sorted({max(1, round(most ** (step / STEPS))) for step in range(STEPS + 1)} | {most})


def trechter(points: Sequence[tuple[str, int, float]], share: float, title: str, *, own: str | None = None) -> str:
    """Shares by number of cases, within the limits of chance around one share; the own point is a named diamond."""
    most = max(n for _, n, _ in points)
    limits = [{"n": n, "l95": f.laag_95, "h95": f.hoog_95, "l998": f.laag_998, "h998": f.hoog_998}
              for n in _sizes(most) for f in (funnel(n, share),)]  # fmt: skip
    dots = [{"naam": naam, "n": n, "aandeel": value, "eigen": naam == own} for naam, n, value in points]
    x = {"field": "n", "type": "quantitative", "axis": {"title": "aantal gevallen", "format": ",d", "tickCount": 6}}
    y = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": SHARE_AXIS}
    band = [
        {"data": {"values": limits}, "mark": {"type": "area", "color": GREY, "opacity": opacity},
         "encoding": {"x": x, "y": {"field": f"l{name}", **y}, "y2": {"field": f"h{name}"}}}
        for name, opacity in (("998", 0.16), ("95", 0.24))
    ]  # fmt: skip
    spec = {
        "height": 280,
        "layer": [
            *band,
            {"data": {"values": [{"p": share}]}, "mark": {"type": "rule", "color": INK, "strokeDash": [5, 4]},
             "encoding": {"y": {"field": "p", **y}}},
            {"data": {"values": dots}, "mark": {"type": "point", "filled": True, "opacity": 1, "stroke": "white"},
             "encoding": {"x": x, "y": {"field": "aandeel", **y},
                          "shape": {"condition": {"test": "datum.eigen", "value": "diamond"}, "value": "circle"},
                          "size": {"condition": {"test": "datum.eigen", "value": 260}, "value": 80},
                          "color": {"condition": {"test": "datum.eigen", "value": ORANGE}, "value": BLUE}}},
            {"data": {"values": [dot for dot in dots if dot["eigen"]]},
             "mark": {"type": "text", "dy": -18, "fontWeight": "bold"},
             "encoding": {"x": x, "y": {"field": "aandeel", **y}, "text": {"field": "naam"}}},
        ],
    }  # fmt: skip
    words = "Trechtergrafiek. De donkere band is waar 95 % van de gemeenten door toeval ligt, de lichte 99,8 %."
    return _svg(spec, title, words)
