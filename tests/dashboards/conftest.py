"""What tests of pages share: a browser, started once for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.dashboards.chromium import CHROMIUM, FLAGS, READY_MS


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; every page that is opened in it has cookies of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS, timeout=2 * READY_MS)
        # Whoever waits for something without saying how long has a busy machine's patience too.
        opened.on("context", lambda context: context.set_default_timeout(READY_MS))
        yield opened
        opened.close()
