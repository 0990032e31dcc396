"""A page of ours in a real browser, as a phone in the dark shows it."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
WIDTH_PX = 390

needs_browser = pytest.mark.skipif(
    not CHROMIUM.exists() or importlib.util.find_spec("playwright") is None,
    reason="no /usr/bin/chromium on this machine, or playwright is not installed",
)


@dataclass(frozen=True)
class Shown:
    """What came of it."""

    drawn: int
    """Charts with something in them."""
    charts: int


def shown_on_a_phone(place: Path, html: str) -> Shown:
    """Write a page and open it: it asks for nothing, says nothing in the console, and is no wider than the phone."""
    from playwright.sync_api import sync_playwright

    place.write_text(html, encoding="utf-8")
    asked: list[str] = []
    troubles: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"], timeout=120_000
        )
        page = browser.new_page(viewport={"width": WIDTH_PX, "height": 800}, color_scheme="dark")
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.goto(place.as_uri())
        page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)
        found = Shown(page.locator(".chart.drawn").count(), page.locator(".chart").count())
        width_px = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [place.as_uri()]
    assert not troubles
    assert width_px <= WIDTH_PX
    return found
