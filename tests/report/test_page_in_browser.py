"""The report in a real browser: charts drawn, nothing asked for, nothing wider than a phone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rowsense.report.html import html_report
from tests.hips_fixture import HIPS
from tests.report.browser import needs_browser, shown_on_a_phone
from tests.report.judged import long_session


@needs_browser
def test_the_page_draws_its_charts_without_a_network(tmp_path: Path) -> None:
    session = long_session()
    whole = replace(session, assessment=replace(session.assessment, hips=HIPS))
    found = shown_on_a_phone(tmp_path / "report.html", html_report(whole, {}, None))
    assert found.drawn == found.charts == 4 + 1 + 2 + 2 + 6 + 2, "curves, timeline, hips, rhythm, drifts, best strokes"
