"""Every page in a real browser: what stands on it, whether it can be used, and what it asks for."""

from __future__ import annotations

import re

import pytest

from keten_kpi.dashboard.woorden import procent
from keten_kpi.kpi import compute
from tests.dashboard.conftest import MINIMUM

OPEN = "document.querySelectorAll('details').forEach(part => part.open = true)"


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
        page.evaluate(OPEN)
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


def test_the_link_to_the_content_leads_the_keyboard_there(site, page) -> None:
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def tree(page) -> list[tuple[str, str, str]]:
    """Role, name and description of everything that a screen reader meets, in its order."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    known = {node["nodeId"]: node for node in nodes}
    todo, met = [nodes[0]["nodeId"]], []
    while todo:
        node = known[todo.pop()]
        todo += reversed([child for child in node.get("childIds", ()) if child in known])
        if not node.get("ignored"):
            met.append(tuple(node.get(part, {}).get("value", "") for part in ("role", "name", "description")))
    return met


def test_a_screen_reader_meets_landmarks_headings_and_names_in_order(site, page) -> None:
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        page.evaluate(OPEN)
        met = tree(page)
        roles = [role for role, *_ in met]
        places = [roles.index(role) for role in ("banner", "navigation", "main", "contentinfo")]
        assert places == sorted(places), path.name
        named = {"image", "table", "link", "heading", "region"}
        assert not [role for role, name, _ in met if role in named and not name]
        assert roles.count("main") == roles.count("navigation") == 1
        regions = [name for role, name, _ in met if role == "region"]
        assert len(set(regions)) == len(regions), path.name
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(head => head.tagName)")
        assert levels == ["H1", *["H2"] * (len(levels) - 1)], path.name
        assert page.locator("table").count() == page.locator("table > caption").count()
        assert page.locator("thead th:not([scope=col]), tbody th:not([scope=row])").count() == 0


def test_a_chart_is_an_image_with_its_numbers_or_its_ends_and_stands_before_its_table(site, page) -> None:
    seen = 0
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        page.evaluate(OPEN)
        met = [part for part in tree(page) if part[0] in {"image", "table", "heading"}]
        for at, (role, name, description) in enumerate(met):
            if role == "image":
                seen += 1
                assert met[at - 1][0] == "heading", path.name
                assert met[at - 1][1] in name, path.name  # the finding is its name
                assert met[at + 1][0] == "table", path.name
                assert len(name + description) > len(met[at - 1][1]) + 30
    assert seen > 20


def test_a_link_is_told_from_the_others_without_what_stands_around_it(site, page) -> None:
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        page.evaluate(OPEN)
        links = page.evaluate("[...document.links].map(link => [link.innerText.trim(), link.href])")
        leads = {}
        for name, address in links:
            assert leads.setdefault(name, address) == address, (path.name, name)
        assert all(len(name) > 1 for name in leads)


def test_the_keyboard_goes_from_the_menu_to_the_tables_in_reading_order(site, page) -> None:
    page.set_viewport_size({"width": 1100, "height": 900})
    page.goto((site / "index.html").as_uri())
    stops: list[list[object]] = []
    while len(stops) < 200:
        page.keyboard.press("Tab")
        place = page.evaluate(
            "(e => e === document.body ? null : [e.tagName, Math.round(e.getBoundingClientRect().top + scrollY),"
            " parseFloat(getComputedStyle(e).outlineWidth), getComputedStyle(e).outlineStyle])(document.activeElement)"
        )
        if place is None:
            break
        stops.append(place)
    assert len(stops) < 200  # one comes out at the end
    assert all(width >= 2 and style != "none" for _, _, width, style in stops)  # where one is, is seen
    tags = [tag for tag, *_ in stops]
    assert tags[0] == "A"
    assert tags.count("SUMMARY") == page.locator("summary").count() > 3
    heights = [top for _, top, *_ in stops[1:]]
    assert heights == sorted(heights)  # what comes next stands lower, or beside it
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0


def test_on_paper_every_table_is_open_and_the_menu_is_gone(site, page) -> None:
    page.goto((site / "index.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    tables = page.locator("table")
    assert tables.count() > 3
    assert all(tables.nth(at).bounding_box()["height"] > 20 for at in range(tables.count()))


def test_with_the_colours_of_the_reader_bars_within_and_beyond_the_norm_and_words_are_still_seen(site, browser) -> None:
    context = browser.new_context(forced_colors="active", color_scheme="dark")
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    look = "e => [getComputedStyle(e).fill, getComputedStyle(e).stroke]"
    (inner, edge), (filled, _) = (
        page.locator(f".staaf.{name}").first.evaluate(look) for name in ("binnen_norm", "buiten_norm")
    )
    paper, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert paper != ink
    assert (inner, edge, filled) == (paper, ink, ink)
    assert {text.evaluate(look)[0] for text in page.locator(".grafiek text").all()} == {ink}
    context.close()


def test_nothing_moves(site) -> None:
    for path in site.rglob("*.html"):
        assert not re.search(r"animation|transition|scroll-behavior|@keyframes|<marquee", path.read_text("utf-8"))


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
        page.evaluate(OPEN)
        found += [
            (path.name, fault["id"], fault["nodes"][0]["html"]) for fault in Axe().run(page).response["violations"]
        ]
    context.close()
    assert found == []
