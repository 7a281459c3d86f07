"""Every page in a real browser: what stands on it, whether it can be used, and what it asks for."""

from __future__ import annotations

import pytest

from keten_kpi.dashboard.woorden import procent
from keten_kpi.kpi import compute
from tests.dashboard.conftest import MINIMUM


def figures(con, kpi, **chosen) -> dict[str, object]:
    found = compute(con, kpi, **chosen)
    return dict(zip(found.columns, found.rows[0], strict=True))


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 320, "height": 800}, java_script_enabled=True)
    yield context.new_page()
    context.close()


def test_the_headline_of_the_first_page_is_the_figure_of_the_kpi(con, site, page) -> None:
    page.goto((site / "index.html").as_uri())
    row = figures(con, "doorlooptijd-toewijzing")
    assert procent(row["aandeel_binnen_norm"]) in page.inner_text(".bevinding")
    values = [text.replace(" ", "\N{NO-BREAK SPACE}") for text in page.locator(".kern .waarde").all_inner_texts()]
    codes = figures(con, "productcode-afwijking")
    assert values[0] == procent(row["aandeel_binnen_norm"])
    assert values[2] == procent(codes["aandeel_berichten_afwijkend"])


def test_the_table_of_norms_shows_the_counts_of_the_kpis(con, site, page) -> None:
    page.goto((site / "index.html").as_uri())
    table = page.locator("table", has=page.get_by_text("Alle termijnen, landelijk"))
    cells = table.locator("tr", has=page.get_by_role("link", name="Termijn van het stopbericht")).locator("td")
    row = figures(con, "stoptermijn")
    assert min(row["binnen_norm"], row["buiten_norm"]) >= MINIMUM
    assert [int(text.replace(".", "")) for text in cells.all_inner_texts()[:2]] == [
        row["binnen_norm"],
        row["buiten_norm"],
    ]


def test_no_page_scrolls_sideways_or_asks_anything_of_a_host(site, page) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path.name
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []  # a breach of the content security policy would be told here


def test_everything_is_there_without_javascript(site, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert page.locator("h2").count() >= 5
    charts = page.locator(".grafiek > svg")
    assert page.locator(".grafiek > svg[role=img] > title").count() == charts.count() >= 2
    context.close()


def test_the_first_key_press_offers_to_skip_to_the_content(site, page) -> None:
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    assert page.locator(".sla-over").bounding_box()["x"] >= 0


def tree(page) -> list[tuple[str, str]]:
    """Role and name of everything that a screen reader meets, in its order."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    known = {node["nodeId"]: node for node in nodes}
    todo, met = [nodes[0]["nodeId"]], []
    while todo:
        node = known[todo.pop()]
        todo += reversed([child for child in node.get("childIds", ()) if child in known])
        if not node.get("ignored"):
            met.append((node["role"]["value"], node.get("name", {}).get("value", "")))
    return met


def test_a_screen_reader_meets_landmarks_headings_and_names_in_order(site, page) -> None:
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        met = tree(page)
        roles = [role for role, _ in met]
        places = [roles.index(role) for role in ("banner", "navigation", "main", "contentinfo")]
        assert places == sorted(places), path.name
        assert not [role for role, name in met if role in {"image", "table", "link", "heading", "region"} and not name]
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(head => head.tagName)")
        assert levels == ["H1", *["H2"] * (len(levels) - 1)], path.name
        assert page.locator("table").count() == page.locator("table > caption").count()
        assert page.locator("thead th:not([scope=col]), tbody th:not([scope=row])").count() == 0


def test_the_keyboard_goes_from_the_menu_to_the_tables_in_reading_order(site, page) -> None:
    page.set_viewport_size({"width": 1100, "height": 900})
    page.goto((site / "index.html").as_uri())
    stops = []
    while len(stops) < 200:
        page.keyboard.press("Tab")
        place = page.evaluate(
            "(e => e === document.body ? null : [e.tagName, Math.round(e.getBoundingClientRect().top + scrollY)])"
            "(document.activeElement)"
        )
        if place is None:
            break
        stops.append(place)
    tags = [tag for tag, _ in stops]
    assert tags[0] == "A"
    assert tags.count("SUMMARY") == page.locator("summary").count() > 3
    heights = [top for _, top in stops[1:]]
    assert heights == sorted(heights)  # what comes next stands lower, or beside it
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0


def test_on_paper_every_table_is_open_and_the_menu_is_gone(site, page) -> None:
    page.goto((site / "index.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    tables = page.locator("table")
    assert tables.count() > 3
    assert all(tables.nth(at).bounding_box()["height"] > 20 for at in range(tables.count()))


def test_words_in_a_chart_are_as_large_on_a_phone_as_on_a_desk(site, page) -> None:
    sizes = {}
    for width in (320, 1200):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto((site / "index.html").as_uri())
        word = page.locator(".grafiek text.naam").first
        sizes[width] = word.bounding_box()["height"]
    assert sizes[320] == sizes[1200] > 12


@pytest.mark.parametrize("width", [1200, 320])
def test_axe_finds_nothing_on_any_page(site, browser, width) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)  # axe is a script
    page, found = context.new_page(), []
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        found += [
            (path.name, fault["id"], fault["nodes"][0]["html"]) for fault in Axe().run(page).response["violations"]
        ]
    context.close()
    assert found == []
