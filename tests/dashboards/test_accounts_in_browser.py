"""Signing in and the administrator's page in a real browser: on a phone, light and dark, by keyboard."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from passlib.totp import TOTP

from dashboards.accounts.offers import Offers
from tests.dashboards.chromium import READY_MS, fits_on_a_phone, needs_chromium
from tests.dashboards.club_world import PASSWORD, mail_of, make_world

pytestmark = needs_chromium
#: Where pictures of the pages go, to be looked at; not kept where it is not set.
PICTURES = os.environ.get("ROWSENSE_PICTURES", "")
PHONE = {"width": 390, "height": 844}
#: Contrast of text against what is behind it, by WCAG 2.2 AA.
LEAST_CONTRAST = 4.5


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    from werkzeug.serving import make_server

    store, app = make_world(tmp_path_factory.mktemp("world"), Offers(mail=True))
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}", app
    server.shutdown()
    worker.join()
    server.server_close()
    store.database.close()


@pytest.fixture
def address(served: tuple[str, Any]) -> str:
    return served[0]


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def contrast(page: Any, selector: str) -> float:
    """Of the first such element; of one that is only coming, or has no colours yet, once it has."""
    found: float | None = None
    for _ in range(100):
        found = page.evaluate(
            """selector => { const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126*r + 0.7152*g + 0.0722*b; };
            const element = document.querySelector(selector); if (!element) return null;
            let behind = element, ground = "rgba(0, 0, 0, 0)";
            while (behind && ground === "rgba(0, 0, 0, 0)") { ground = getComputedStyle(behind).backgroundColor;
            behind = behind.parentElement; }
            const [a, b] = [light(getComputedStyle(element).color), light(ground)].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05); }""",
            selector,
        )
        if found is not None and found >= LEAST_CONTRAST:
            break
        page.wait_for_timeout(100)
    assert found is not None, f"there is no {selector}"
    return found


def scanned(picture: bytes) -> str:
    """What a telephone would read in it."""
    import cv2
    import numpy as np

    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    return str(cv2.QRCodeDetector().detectAndDecode(pixels)[0])


def switches_its_colours(page: Any, scheme: str) -> None:
    """There and back, and the choice is there after the page is loaded anew; then it is forgotten again."""
    shown = "document.documentElement.dataset.mantineColorScheme"
    other = {"light": "dark", "dark": "light"}[scheme]
    button = page.get_by_role("button", name="switch between light and dark")
    assert page.evaluate(shown) == scheme and button.inner_text() == {"light": "☀", "dark": "☾"}[scheme]
    button.click()
    assert page.evaluate(shown) == other
    page.reload()
    assert page.evaluate(shown) == other
    button.click()
    assert page.evaluate(shown) == scheme
    page.evaluate("localStorage.clear()")
    page.locator("#email").focus()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_on_a_phone(browser: Any, address: str, scheme: str) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme=scheme)
    troubles: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.locator("#email:focus").wait_for()
    fits_on_a_phone(page)
    picture(page, f"sign-in-{scheme}")
    switches_its_colours(page, scheme)
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
    fits_on_a_phone(page)
    page.get_by_label("Mail address").fill(f"new.{scheme}@club.org")
    page.get_by_role("radio", name="administrator").check()
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_role("button", name=f"New link for new.{scheme}@club.org").click()
    link = page.get_by_label("Send this link yourself").input_value()
    picture(page, f"invited-{scheme}")
    page.get_by_role("link", name="You", exact=True).click()
    page.wait_for_url(f"{address}/account")
    picture(page, f"account-{scheme}")
    fits_on_a_phone(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("link", name="Lost the password?").wait_for()
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


def test_a_second_step_and_two_clubs_by_keyboard(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme="dark")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)

    def fits(name: str, *selectors: str) -> None:
        page.wait_for_load_state()  # what is there may have no colours yet
        picture(page, name)
        fits_on_a_phone(page)
        for selector in selectors:
            assert contrast(page, selector) >= LEAST_CONTRAST, (name, selector)

    def first_step() -> None:
        page.goto(f"{address}/sign-in")
        page.locator("#email:focus").wait_for()
        page.keyboard.type(mail_of("rower here, coach there"))
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

    first_step()
    page.get_by_role("heading", name="Which club?").wait_for(timeout=READY_MS)
    fits("clubs-dark", ".do", ".soft", ".lead")
    page.get_by_role("button", name="Open Łódź").press("Enter")
    page.get_by_role("heading", name="Your sessions").wait_for(timeout=READY_MS)
    fits("sessions-of-a-club-dark")
    page.get_by_role("link", name="Łódź (change)").press("Enter")
    page.get_by_role("heading", name="Your clubs").wait_for(timeout=READY_MS)
    page.goto(f"{address}/account")
    fits("account-two-clubs-dark")
    page.get_by_role("link", name="Set up a second step").press("Enter")
    page.locator(".qr").wait_for()
    fits("second-step-dark", ".key", ".do", "label")
    key = page.locator(".key").inner_text().replace("-", "")
    assert page.locator(".key").bounding_box()["height"] < 90, (
        "the letters stand in a line or two, not below each other"
    )
    assert f"secret={key}" in scanned(page.locator(".qr").screenshot()), "a telephone reads it, in the dark too"
    page.locator("#code:focus").wait_for()
    telephone = TOTP(key)
    page.keyboard.type(telephone.generate().token)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your recovery codes").wait_for(timeout=READY_MS)
    fits("recovery-codes-dark", ".codes code", ".said", ".do")
    assert page.locator(".codes li").count() == 8
    page.get_by_role("link", name="I have kept them").press("Enter")
    page.get_by_role("button", name="Sign out", exact=True).press("Enter")
    page.get_by_role("link", name="Lost the password?").wait_for()
    first_step()
    page.get_by_role("heading", name="The code of your telephone").wait_for(timeout=READY_MS)
    fits("code-dark", ".do", ".soft", "label")
    page.locator("#code:focus").wait_for()
    # One code is good once; the next one counts already.
    page.keyboard.type(telephone.generate(time.time() + 30).token)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your sessions").wait_for(timeout=READY_MS)
    assert not troubles


def test_a_page_that_does_not_come_says_why_and_goes_on(browser: Any, served: tuple[str, Any]) -> None:
    address, app = served
    page = browser.new_page(viewport=PHONE, color_scheme="dark", locale="de-DE", reduced_motion="reduce")
    said = page.locator("#trouble")

    def sign_in() -> None:
        page.fill("#email", mail_of("administrator"))
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")

    def heading(words: str) -> Any:
        return page.get_by_role("heading", name=words, exact=True)

    page.goto(address)
    sign_in()
    heading("Deine Einheiten").wait_for(timeout=READY_MS)

    page.context.clear_cookies()
    page.get_by_role("link", name="Verein", exact=True).click()
    heading("Du bist abgemeldet").wait_for(timeout=READY_MS)
    assert not heading("Deine Einheiten").is_visible(), "nothing of another page stays under this address"
    fits_on_a_phone(page)
    picture(page, "signed-out-phone-dark")
    page.keyboard.press("Enter")  # the way on has the focus
    sign_in()
    heading("Wer dich zuerst braucht").wait_for(timeout=READY_MS)

    pages = app.server.extensions["rowsense-pages"]
    app.server.extensions["rowsense-pages"] = (lambda where, search: 1 / 0,)
    page.get_by_role("link", name="Einheiten", exact=True).click()
    heading("Diese Seite ließ sich nicht erstellen").wait_for(timeout=READY_MS)
    app.server.extensions["rowsense-pages"] = pages
    page.keyboard.press("Enter")
    heading("Deine Einheiten").wait_for(timeout=READY_MS)

    page.context.set_offline(True)
    page.get_by_role("link", name="Verein", exact=True).click()
    heading("Der Server ist nicht erreichbar").wait_for(timeout=READY_MS)
    page.keyboard.press("Enter")
    said.get_by_text("Er antwortet noch nicht").wait_for(timeout=READY_MS)
    for selector in ("#trouble h1", "#trouble .lead", "#trouble .tool"):
        assert contrast(page, selector) >= LEAST_CONTRAST, selector
    held: list[Any] = []
    goes_on = threading.Event()
    page.route("**/_dash-update-component*", lambda one: one.continue_() if goes_on.is_set() else held.append(one))
    page.context.set_offline(False)  # it goes on by itself
    page.wait_for_function("document.querySelector('#content:empty')?.offsetHeight > 400", timeout=READY_MS)
    for _ in range(READY_MS // 50):
        page.wait_for_timeout(50)
        if held:
            break
    assert page.evaluate("getComputedStyle(document.querySelector('#content'), '::before').animationName") == "none"
    picture(page, "on-its-way-phone-dark")
    goes_on.set()
    for one in held:
        one.continue_()
    heading("Wer dich zuerst braucht").wait_for(timeout=READY_MS)
    page.close()
