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
    assert page.locator("svg[role=img] title").count() == page.locator("svg").count() >= 2
    context.close()


def test_the_first_key_press_offers_to_skip_to_the_content(site, page) -> None:
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    assert page.locator(".sla-over").bounding_box()["x"] >= 0


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
