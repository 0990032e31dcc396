"""Changing a limit in a real browser: what would change is shown first, then saved, judged again, and taken back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from rowsense.store.claims import ClubStore
from rowsense.store.tables import Analysis, Job
from tests.dashboards.chromium import READY_MS, fits_on_a_phone, needs_chromium
from tests.dashboards.club_world import PASSWORD, A, mail_of, make_world

pytestmark = needs_chromium
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClubStore, str]]:
    from werkzeug.serving import make_server

    store, app = make_world(tmp_path_factory.mktemp("world"))
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    yield store, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    worker.join()
    server.server_close()
    store.database.close()


def judge_again(store: ClubStore) -> None:
    """What the job leaves; that it does so is in tests/jobs/test_rescore.py."""
    with store.database.writing(A) as unit:
        unit.execute(update(Analysis).values(catalogue_number=1))
        unit.execute(update(Job).where(Job.kind == "rescore").values(state="done"))


def test_a_limit_is_changed_and_taken_back(world: tuple[ClubStore, str], browser: Any) -> None:
    store, address = world
    page = browser.new_page(viewport=PHONE, color_scheme="dark")
    page.set_default_timeout(READY_MS)
    troubles: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    held: list[Any] = []
    page.route("**/catalogue/main.js", lambda route: held.append(route))
    page.goto(f"{address}/sign-in?next=/catalogue")
    page.fill("#email", mail_of("administrator"))
    page.fill("#password", PASSWORD)
    with page.expect_request("**/catalogue/main.js"):
        page.keyboard.press("Enter")
    # Who is quicker than the script, which comes late on a busy machine, is heard all the same.
    page.locator("#find").wait_for(state="attached")
    page.evaluate("document.querySelector('#find').value = 'no such fault'")
    held[0].continue_()
    page.unroute("**/catalogue/main.js")
    page.get_by_text("No fault has these words.").wait_for()
    page.get_by_label("Find a fault").fill("layback finish")
    page.wait_for_function(
        "[...document.querySelectorAll('.fault')].filter((one) => one.checkVisibility()).length === 1"
    )
    page.get_by_label("Change Leans far back at the finish").click()
    # By keyboard alone from here on: the limit, then the two steps beyond it.
    page.locator("#rule0-limit").focus()
    for number in ("-10", "-20", "-30"):
        page.keyboard.press("Control+A")
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Show what would change").focus()
    page.keyboard.press("Enter")
    page.locator("[data-said] p >> text=would newly count").wait_for(timeout=3 * READY_MS)  # a process starts for it
    assert "gain the fault: Anna, Beata, Celina" in page.locator("[data-said]").inner_text()
    page.locator("#rule0-limit").fill("-11")
    assert page.locator("[data-said]").inner_text() == "", "it was of what was written then"
    page.locator("#note").fill("We row upright")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"{address}/catalogue")
    assert "3 sessions stand as an older version judged" in page.locator(".state").inner_text()
    assert "below −11°" in page.locator("#excess_layback").inner_text()
    judge_again(store)
    page.locator(".state").wait_for(state="detached")
    page.get_by_label("Go back to As RowSense comes").click()
    page.locator(".said", has_text="Version 2").wait_for()
    assert "below −30°" in page.locator("#excess_layback").inner_text()
    fits_on_a_phone(page)
    page.goto(f"{address}/jobs")
    page.get_by_role("button", name="Stop: Judging sessions again").click()
    page.locator("text=The job stops.").wait_for()
    assert not troubles, troubles
    assert all(url.startswith(address) for url in asked)
