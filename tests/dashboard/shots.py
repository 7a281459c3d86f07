"""Screenshots for the README: ``python -m tests.dashboard.shots [DASHBOARD OUT]`` opens a dashboard in Chromium.

Without arguments it is the one that ``make demo`` built, and the screenshots are those of the README.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
HEIGHT = 1000


def shoot(site: Path, out: Path) -> None:
    """The first page, the largest page of a gemeente, all gemeenten, and the first page as a phone shows it."""
    largest = max((site / "gemeente").iterdir(), key=lambda path: (path.stat().st_size, path.name))
    wanted = {
        "dashboard": ("index.html", 900),
        "gemeente": (f"gemeente/{largest.name}", 900),
        "gemeenten": ("gemeenten.html", 900),
        "telefoon": ("index.html", 360),
    }
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, (path, width) in wanted.items():
            page = browser.new_page(viewport={"width": width, "height": HEIGHT})
            page.goto((site / path).resolve().as_uri())
            page.screenshot(path=out / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dashboard", type=Path, nargs="?", default=Path("demo/dashboard"))
    parser.add_argument("out", type=Path, nargs="?", default=Path("docs/img"))
    chosen = parser.parse_args()
    shoot(chosen.dashboard, chosen.out)
