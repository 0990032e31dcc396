"""Signing in and the administrator's page in a real browser: on a phone, light and dark, by keyboard."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.dashboards.chromium import READY_MS, needs_chromium
from tests.dashboards.club_world import PASSWORD, mail_of, make_world

pytestmark = needs_chromium
#: Where pictures of the pages go, to be looked at; not kept where it is not set.
PICTURES = os.environ.get("ROWSENSE_PICTURES", "")
PHONE = {"width": 390, "height": 844}
#: Contrast of text against what is behind it, by WCAG 2.2 AA.
LEAST_CONTRAST = 4.5


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from werkzeug.serving import make_server

    store, app = make_world(tmp_path_factory.mktemp("world"))
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    worker.join()
    server.server_close()
    store.database.close()


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def contrast(page: Any, selector: str) -> float:
    return float(
        page.evaluate(
            """selector => { const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126*r + 0.7152*g + 0.0722*b; };
            const element = document.querySelector(selector); let behind = element, ground = "rgba(0, 0, 0, 0)";
            while (behind && ground === "rgba(0, 0, 0, 0)") { ground = getComputedStyle(behind).backgroundColor;
            behind = behind.parentElement; }
            const [a, b] = [light(getComputedStyle(element).color), light(ground)].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05); }""",
            selector,
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_on_a_phone(browser: Any, address: str, scheme: str) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme=scheme)
    troubles: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert page.evaluate("document.activeElement.id") == "email"
    picture(page, f"sign-in-{scheme}")
    page.keyboard.type(mail_of("administrator"))
    page.keyboard.press("Tab")
    page.keyboard.type("not this one")
    page.keyboard.press("Enter")
    assert "do not belong together" in page.locator("[role=alert]").inner_text()
    assert page.locator("#email").input_value() == mail_of("administrator")
    for selector in ("[role=alert] p", "label", ".do", ".soft", "#email"):
        assert contrast(page, selector) >= LEAST_CONTRAST, selector
    picture(page, f"sign-in-wrong-{scheme}")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your sessions").wait_for(timeout=READY_MS)
    picture(page, f"sessions-{scheme}")
    page.get_by_role("link", name="People").click()
    page.get_by_role("heading", name="People of").wait_for(timeout=READY_MS)
    picture(page, f"people-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("Mail address").fill(f"new.{scheme}@club.org")
    page.get_by_role("radio", name="administrator").check()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Send this link yourself").input_value()
    picture(page, f"invited-{scheme}")
    page.get_by_role("link", name="You", exact=True).click()
    picture(page, f"account-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Sign out", exact=True).click()
    # The link is for others, who reach the server by the name it was given.
    page.goto(address + urlsplit(link).path)
    picture(page, f"join-{scheme}")
    page.get_by_label("Your name").fill("Nora")
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    assert "You are in Łódź now" in page.locator("[role=status]").inner_text()
    unnamed = page.evaluate("""[...document.querySelectorAll("button, select, input:not([type=hidden])")].filter(
        (e) => !(e.innerText || e.getAttribute("aria-label") || e.labels?.[0]?.innerText)).length""")
    assert unnamed == 0
    assert all(url.startswith((address, "data:", "blob:")) for url in asked), "no other host"
    assert not troubles
