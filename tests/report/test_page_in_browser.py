"""The report in a real browser: charts drawn, nothing asked for, nothing wider than a phone."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from rowsense.report.html import html_report
from tests.hips_fixture import HIPS
from tests.report.judged import long_session

CHROMIUM = Path("/usr/bin/chromium")


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium on this machine")
@pytest.mark.skipif(not importlib.util.find_spec("playwright"), reason="playwright is not installed")
def test_the_page_draws_its_charts_without_a_network(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    place = tmp_path / "report.html"
    session = long_session()
    whole = replace(session, assessment=replace(session.assessment, hips=HIPS))
    place.write_text(html_report(whole, {}, None), encoding="utf-8")
    asked: list[str] = []
    troubles: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.goto(place.as_uri())
        page.wait_for_selector("html[data-charts=drawn]", timeout=30_000)
        drawn = page.locator(".chart.drawn").count()
        boxes = page.locator(".chart").count()
        width = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [place.as_uri()]
    assert not troubles
    assert drawn == boxes == 4 + 1 + 2 + 2 + 6 + 2, "curves, timeline, hips, rhythm, drifts, best strokes"
    assert width <= 390
