"""The real browser that the pages are tried in."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, Final

import pytest

CHROMIUM: Final = Path("/usr/bin/chromium")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: How long a page may take on a busy machine, milliseconds.
READY_MS: Final = 60_000
needs_chromium = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium on this machine"),
    pytest.mark.skipif(not importlib.util.find_spec("playwright"), reason="playwright is not installed"),
]


def fits_on_a_phone(page: Any, width_px: int = 390) -> None:
    """Nothing scrolls sideways. For a moment after a picture of the whole page its layout is that of the picture."""
    for _ in range(200):
        # Asked from here again and again: some pages let nobody evaluate strings within them. A page that is only just
        # coming has no element yet.
        wide_px = page.evaluate("document.documentElement?.scrollWidth ?? null")
        if wide_px is not None and wide_px <= width_px:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.url} is {wide_px} pixels wide")
