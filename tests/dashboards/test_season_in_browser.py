"""From the club's page to a rower to the film in a real browser: by mouse and keyboard, light and dark, on a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.dashboards.chromium import READY_MS, fits_on_a_phone, needs_chromium
from tests.dashboards.season_world import ROWERS, SeasonWorld, make_season_world
from tests.dashboards.serving import serve
from tests.dashboards.test_accounts_in_browser import LEAST_CONTRAST, PHONE, contrast, picture

pytestmark = needs_chromium
LAPTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeasonWorld]:
    made = make_season_world(tmp_path_factory.mktemp("season"))
    yield made
    made.store.database.close()


@pytest.fixture(scope="module")
def address(world: SeasonWorld) -> Iterator[str]:
    server = serve(world.app.server)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    worker.join()
    server.server_close()


class Visit:
    """A page, and what went wrong on it."""

    def __init__(self, browser: Any, size: dict[str, int], scheme: str) -> None:
        self.page = browser.new_page(viewport=size, color_scheme=scheme)
        self.troubles: list[str] = []
        self.asked: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda request: self.asked.append(request.url))

    def heading(self, words: str) -> None:
        self.page.get_by_role("heading", name=words, exact=True).wait_for(timeout=READY_MS)

    def check_width(self) -> None:
        fits_on_a_phone(self.page, self.page.viewport_size["width"])


@pytest.mark.parametrize(("size", "scheme"), [(LAPTOP, "light"), (PHONE, "dark")], ids=["laptop", "phone"])
def test_from_the_club_to_a_rower_to_the_frame(
    browser: Any, address: str, world: SeasonWorld, size: dict[str, int], scheme: str
) -> None:
    visit = Visit(browser, size, scheme)
    page = visit.page
    page.goto(f"{address}/club")
    visit.heading("Who needs you first")
    visit.check_width()
    picture(page, f"club-{scheme}")
    for selector in (".need p", ".need .severity", ".plot text", ".soft", ".filters select", ".good"):
        assert contrast(page, selector) >= LEAST_CONTRAST, selector
    page.locator(".need", has_text=ROWERS[0].name).click()
    visit.heading("Everything at a glance")
    assert page.evaluate("scrollY") == 0 and "/athlete/" in page.url
    visit.check_width()
    assert (
        page.evaluate("""[...document.querySelectorAll(".wide table")].map((table) =>
        [table, table.tHead, table.querySelector("td")].map((e) => getComputedStyle(e).display).join())
        .filter((shown) => shown !== "table,table-header-group,table-cell")""")
        == []
    ), "tables stay tables on a phone"
    page.wait_for_load_state("networkidle")
    picture(page, f"athlete-{scheme}")
    for selector in (".big", ".plot text", ".session-picture .soft", "td"):
        assert contrast(page, selector) >= LEAST_CONTRAST, selector

    # A dot shows its strokes, on the same page and in the same place.
    page.locator(".plot").first.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    page.locator(".plot a.point").nth(4).click(force=True)
    page.wait_for_url("**session=**")
    page.wait_for_function("document.querySelectorAll('.plot .chosen').length === 1")
    page.wait_for_function("document.documentElement.style.overflowAnchor === ''")
    assert abs(page.evaluate("scrollY") - place) < 200
    picked = page.url.partition("session=")[2]
    page.wait_for_function(f"!!document.querySelector('#strokes a[href*=\"{picked}\"]')")
    page.locator("#strokes .plot a.point").first.click(force=True)
    visit.heading("Only numbers are kept of this session")

    # The session with a film opens at the frame.
    page.goto(f"{address}/session/{world.filmed}.rowsense?stroke=2")
    page.locator(".player[data-state], .player [role=alert]").first.wait_for(timeout=READY_MS)
    visit.heading("Every stroke laid over the others")
    page.get_by_role("link", name="Club", exact=True).click()
    visit.heading("Who needs you first")
    assert all(url.startswith((address, "data:", "blob:")) for url in visit.asked), "no other host"
    assert not visit.troubles
    page.close()


def test_filters_by_keyboard_and_the_way_back(browser: Any, world: SeasonWorld, address: str) -> None:
    visit = Visit(browser, LAPTOP, "light")
    page = visit.page
    page.goto(f"{address}/club")
    visit.heading("Who needs you first")
    page.get_by_label("Kind of piece").focus()
    page.keyboard.press("S")
    page.wait_for_url("**kind=steady**")
    page.wait_for_selector("[name=kind] option[selected][value=steady]", state="attached", timeout=READY_MS)
    assert page.evaluate("document.activeElement.name") == "kind", "focus stays through what is written anew"
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "names":
            break
    page.keyboard.press("Space")
    page.wait_for_url("**names=off**")
    page.wait_for_function(f"!document.body.innerText.includes('{ROWERS[0].name}')", timeout=READY_MS)
    assert page.evaluate("document.activeElement.name") == "names"
    page.go_back()
    page.wait_for_function(f"document.body.innerText.includes('{ROWERS[0].name}')", timeout=READY_MS)
    assert page.get_by_label("Kind of piece").input_value() == "steady"
    assert not page.get_by_label("Hide names").is_checked()

    page.get_by_text("Other days").click()
    page.get_by_label("From").fill(str((world.today - timedelta(days=1)).replace(day=1)))
    page.get_by_role("button", name="Show these days").click()
    page.wait_for_url("**from=**")
    assert "weeks=" not in page.url, "days are stronger"
    page.get_by_label("Period").select_option("4")
    page.wait_for_url("**weeks=4**")
    assert "from=" not in page.url, "the later word counts"
    unnamed = page.evaluate("""[...document.querySelectorAll("button, select, input:not([type=hidden])")].filter(
        (e) => !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.[0]?.textContent.trim())).length""")
    assert unnamed == 0
    assert not visit.troubles
    page.close()


def test_the_rower_sees_her_own_season_and_no_other(browser: Any, address: str) -> None:
    visit = Visit(browser, PHONE, "light")
    page = visit.page
    page.goto(f"{address}/demo/athlete")
    page.get_by_role("link", name="Your season").click()
    page.get_by_role("heading", name=ROWERS[0].name, level=1).wait_for(timeout=READY_MS)
    visit.check_width()
    page.goto(f"{address}/club")
    visit.heading("This page is for coaches")
    page.goto(f"{address}/athlete/{ROWERS[1].id}")
    visit.heading("There is no such season here")
    assert ROWERS[1].name not in page.content()
    page.goto(f"{address}/demo/coach")
    visit.heading("Your sessions")
    assert not visit.troubles
    page.close()
