"""The scripts of the pages by themselves, in the real browser: a page imports a module and tries it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rowsense.samples import sample_video
from rowsense.tokens import DARK, PRINT, TOKENS
from tests.dashboards.chromium import needs_chromium
from tests.dashboards.script_server import scripts_served

pytestmark = needs_chromium
_HELPERS = {"check", "scene"}
NAMES = sorted({path.stem for path in (Path(__file__).parent / "scripts").glob("*.js")} - _HELPERS)


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    with scripts_served(film_mp4=sample_video("well_rowed.mp4").read_bytes(), film_length=b"22") as address:
        opened = browser.new_page()
        opened.goto(address)
        yield opened
        opened.close()


@pytest.mark.parametrize("name", NAMES)
def test_scripts(page: Any, name: str) -> None:
    told = page.evaluate("async name => (await import('/scripts/check.js')).run(name)", name)
    assert told["count"] > 0
    assert told["failed"] == {}, json.dumps(told["failed"], indent=1).replace("\\n", "\n")


def test_paper_is_light_whatever_the_screen_shows(page: Any) -> None:
    page.evaluate(
        """async () => {
            document.documentElement.dataset.mantineColorScheme = "dark";
            const sheet = document.createElement("link"), href = "/assets/styles/1-tokens.css";
            Object.assign(sheet, { rel: "stylesheet", href });
            const comes = new Promise((resolve) => sheet.addEventListener("load", resolve));
            document.head.append(sheet);
            const { onScheme, pageColours } = await import("/assets/player/dom.js");
            await comes;
            window.drawn = [];
            onScheme(() => window.drawn.push(pageColours().ink));
        }"""
    )
    for media, scheme in (("print", PRINT), ("screen", DARK)):
        page.evaluate("() => { window.drawn.length = 0; }")
        page.emulate_media(media=media)
        page.wait_for_function("window.drawn.length > 0")
        assert page.evaluate("window.drawn.at(-1)") == TOKENS["schemes"][scheme]["ink"]
