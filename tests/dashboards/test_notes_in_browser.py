"""Notes on frames in a real browser: the coach pins and draws, the rower is told, looks and answers."""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rowsense.palette import NOTE
from rowsense.store.claims import ClubStore
from rowsense.store.record import Piece, Recording, record
from rowsense.store.seen_notes import SeenNote, notes_of
from rowsense.store.viewers import viewer_of
from tests.dashboards.chromium import READY_MS, fits_on_a_phone, needs_chromium
from tests.dashboards.club_world import PASSWORD, PEOPLE, ROWER_1, A, key, mail_of, make_world
from tests.dashboards.player_session import HEIGHT_PX, NUMBERS, WIDTH_PX, store, uneven_session, write_numbered_film
from tests.dashboards.serving import serve
from tests.dashboards.test_player_in_browser import Seen

pytestmark = needs_chromium
#: Where pictures of the pages go, to be looked at; not kept where it is not set.
PICTURES = os.environ.get("ROWSENSE_PICTURES", "")
PHONE = {"width": 390, "height": 844}
COACH, ROWER = "coach of squad 1", "rower of squad 1"
#: Rowed months ago, and today: about the second she is asked what she felt.
FILMED, FRESH = key(501), key(502)
WORDS = "Look at the hips here:\nthey are behind you."


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ClubStore]]:
    folder = tmp_path_factory.mktemp("world")
    club, app = make_world(folder)
    session = uneven_session(4)
    write_numbered_film(folder / "film.mp4", session)
    for session_id, day in ((FILMED, date(2026, 3, 2)), (FRESH, datetime.now(UTC).date())):
        analysed = folder / f"{session_id}.rowsense"
        store(analysed, replace(session, video=replace(session.video, sha256=session_id.hex * 2)))
        shutil.copyfile(folder / "film.mp4", analysed / "film.mp4")
        record(club, A, Recording(analysed, session_id, uuid.uuid4(), Piece(ROWER_1, day)))
    server = serve(app.server)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}", club
    server.shutdown()
    worker.join()
    server.server_close()
    club.database.close()


@pytest.fixture(scope="module")
def coach(browser: Any, world: tuple[str, ClubStore]) -> Seen:
    """On a laptop."""
    return signed_in(browser, world[0], COACH)


@pytest.fixture(scope="module")
def rower(browser: Any, world: tuple[str, ClubStore]) -> Seen:
    """On a phone, in the dark."""
    return signed_in(browser, world[0], ROWER, viewport=PHONE, has_touch=True, color_scheme="dark")


def signed_in(browser: Any, address: str, person: str, **options: Any) -> Seen:
    """A browser of somebody, on the list of sessions."""
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
    seen = Seen(context.new_page(), address)
    page = seen.page
    page.on("pageerror", lambda error: seen.troubles.append(str(error)))
    page.on("console", lambda said: seen.troubles.append(said.text) if said.type == "error" else None)
    sign_in(page, address, person)
    return seen


def sign_in(page: Any, address: str, person: str) -> None:
    page.goto(f"{address}/sign-in")
    page.locator("#email").fill(mail_of(person))
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your sessions").wait_for(timeout=READY_MS)


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"notes-{name}.png"), full_page=True)


def kept(club: ClubStore, person: str, session_id: uuid.UUID = FILMED) -> tuple[SeenNote, ...]:
    viewer = viewer_of(club.database, PEOPLE[person].user_id)
    assert viewer is not None
    return notes_of(club.database, viewer, session_id)


def on_screen(seen: Seen, x_px: float, y_px: float) -> tuple[float, float]:
    """Where a place of the picture is on the page."""
    box = seen.page.locator("#player .stage").bounding_box()
    return box["x"] + x_px / WIDTH_PX * box["width"], box["y"] + y_px / HEIGHT_PX * box["height"]


def drawn_at(seen: Seen, x_px: float, y_px: float) -> list[int]:
    """The colours of the drawing (RGBA) around a place of the picture: a pointer is no more exact than that."""
    found: list[int] = seen.page.evaluate(
        """([x, y]) => { const canvas = document.querySelector("#player .drawing");
        const from = (share, size) => share * size - 2;
        const { data } = canvas.getContext("2d").getImageData(from(x, canvas.width), from(y, canvas.height), 5, 5);
        return Array.from(data); }""",
        [x_px / WIDTH_PX, y_px / HEIGHT_PX],
    )
    return found


def is_note(colours: list[int]) -> bool:
    away = np.abs(np.array(colours).reshape(-1, 4)[:, :3] - np.array(NOTE))
    return bool(away.max(axis=1).min() <= 12)


def controls_below(seen: Seen) -> float:
    """How far the buttons are below the film's top."""
    # Asked at once: the page may be scrolling.
    return float(
        seen.page.evaluate(
            """() => { const top = (part) => document.querySelector(`#player ${part}`).getBoundingClientRect().top;
            return top("[aria-label=film]") - top(".stage"); }"""
        )
    )


def go_to(seen: Seen, row: int) -> None:
    seen.focus_player()
    seen.page.keyboard.press("Home")
    seen.wait_for_row(0)
    for step in range(row):
        seen.page.keyboard.press("ArrowRight")
        seen.wait_for_row(step + 1)


def test_a_coach_pins_an_arrow_and_the_rower_is_told_looks_and_answers(
    world: tuple[str, ClubStore], coach: Seen, rower: Seen
) -> None:
    address, club = world
    assert not coach.page.locator("#unread-notes").is_visible()
    coach.open(f"{FILMED}.rowsense")
    coach.page.get_by_text("None yet. Press n").wait_for()
    go_to(coach, 5)
    coach.page.keyboard.press("n")
    coach.page.keyboard.type(WORDS)
    # In the lower left, where no body is drawn.
    coach.page.mouse.move(*on_screen(coach, 20, 220))
    coach.page.mouse.down()
    coach.page.mouse.move(*on_screen(coach, 60, 200), steps=3)
    coach.page.mouse.move(*on_screen(coach, 100, 180), steps=3)
    coach.page.mouse.up()
    picture(coach.page, "composer-light")
    assert is_note(drawn_at(coach, 60, 200)), "while it is drawn"
    coach.page.get_by_role("button", name="Pin the note").click()
    coach.page.get_by_text("Saving …").wait_for(state="detached")
    (note,) = kept(club, COACH)
    assert note.row.text == WORDS and note.row.drawing is not None
    (shape,) = note.row.drawing["shapes"]
    assert shape["kind"] == "arrow"
    assert np.allclose(shape["points"], [[20, 220], [100, 180]], atol=0.6)
    assert is_note(drawn_at(coach, 60, 200)) and is_note(drawn_at(coach, 96, 182)), "on its frame"
    coach.page.keyboard.press("ArrowRight")
    coach.wait_for_row(6)
    assert not is_note(drawn_at(coach, 60, 200)), "and on no other"
    below_px = controls_below(coach)
    coach.page.keyboard.press("Shift+M")
    coach.wait_for_row(5)
    assert controls_below(coach) == pytest.approx(below_px, abs=0.5), "nothing moves under the pointer"
    go_to(coach, 4)
    strip = coach.page.locator(".timeline .close-up")
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    mark_x = coach.page.locator(".close-up .cursor").bounding_box()["x"] - box["x"]
    strip.click(position={"x": mark_x + 8, "y": box["height"] - 31})
    coach.wait_for_row(5)
    assert not coach.troubles

    rower.page.goto(address)
    rower.page.get_by_role("heading", name="Your sessions").wait_for()
    picture(rower.page, "list-phone-dark")
    assert "1 new note" in rower.page.locator(f"a[href='/session/{FILMED}.rowsense']").inner_text()
    rower.page.get_by_role("link", name="1 new note", exact=True).click()
    rower.page.wait_for_selector("#player[data-state=ready]", timeout=READY_MS)
    rower.page.get_by_role("button", name="Show the frame of this note").click()
    rower.wait_for_row(5)
    rower.page.wait_for_function("!document.querySelector('#player video').seeking")
    assert rower.number_on_screen() == 5 % NUMBERS
    assert is_note(drawn_at(rower, 60, 200))
    assert "they are behind you" in rower.page.locator(".note-caption").inner_text()
    assert rower.page.locator("#player .tools .main").count() == 0, "a rower answers and pins nothing"
    rower.page.locator("#notes").scroll_into_view_if_needed()
    rower.page.locator("#unread-notes").wait_for(state="hidden")
    rower.page.get_by_role("button", name="Answer").click()
    rower.page.keyboard.type("I felt it")
    rower.page.keyboard.press("Control+Enter")
    rower.page.locator(".answer .note-text").wait_for()
    rower.page.get_by_text("Saving …").wait_for(state="detached")
    picture(rower.page, "rower-phone-dark")
    fits_on_a_phone(rower.page)
    unnamed = rower.page.evaluate("""[...document.querySelectorAll("main button, main select, main input, main textarea"
        )].filter((e) => !(e.innerText || e.getAttribute("aria-label") || e.labels?.[0]?.innerText)).length""")
    assert unnamed == 0
    rower.page.goto(address)
    rower.page.get_by_role("heading", name="Your sessions").wait_for()
    assert "new note" not in rower.page.locator("body").inner_text()
    assert not rower.troubles

    coach.page.goto(f"{address}/account")
    coach.page.get_by_role("link", name="1 new note", exact=True).click()
    coach.page.get_by_text("I felt it").wait_for()
    picture(coach.page, "coach-light")
    coach.page.get_by_role("button", name="Delete with its answer").click()
    coach.page.get_by_role("button", name="Undo").wait_for()
    assert kept(club, ROWER) == ()
    coach.page.get_by_role("button", name="Undo").click()
    coach.page.locator(".answer .note-text").wait_for()
    assert len(kept(club, ROWER)) == 2
    assert not coach.troubles


def test_a_rower_says_what_she_felt_before_she_sees_anything(world: tuple[str, ClubStore], rower: Seen) -> None:
    address, page = world[0], rower.page
    page.goto(address)
    entry = page.locator(f"a[href='/session/{FRESH}.rowsense']")
    assert "First say what you felt" in entry.inner_text()
    assert "of 100" not in entry.inner_text()
    entry.click()
    page.get_by_role("heading", name="First, what did you feel?").wait_for()
    assert page.locator("#player").count() == 0
    picture(page, "felt-phone-dark")
    fits_on_a_phone(page)
    page.get_by_role("button", name="No, I did not").click()
    page.wait_for_selector("#player[data-state=ready]", timeout=READY_MS)
    assert "You said that you could not feel your hips tip back." in page.locator(".advice").inner_text()
    page.goto(address)
    page.get_by_role("heading", name="Your sessions").wait_for()
    assert "of 100" in entry.inner_text()
    assert not rower.troubles


def test_what_cannot_be_saved_stays_and_is_saved_once_and_keys_draw_an_angle(
    world: tuple[str, ClubStore], coach: Seen
) -> None:
    address, club = world
    before, page = len(kept(club, COACH)), coach.page
    page.emulate_media(color_scheme="dark")
    coach.open(f"{FILMED}.rowsense")
    go_to(coach, 2)
    page.get_by_role("button", name="Note", exact=True).click()
    page.keyboard.type("knees")
    page.get_by_role("button", name="Angle").click()
    page.locator("#player .stage").focus()
    page.keyboard.press("Enter")
    for move in ("ArrowRight", "ArrowUp"):
        for _ in range(10):
            page.keyboard.press(move)
        page.keyboard.press("Enter")
    picture(page, "angle-dark")
    # The answer is lost on its way back: the note is there, and the page does not know.
    page.route(
        "**/notes/**",
        lambda route: (route.fetch(), route.abort()) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_role("button", name="Pin the note").click()
    page.get_by_role("button", name="Try again").wait_for()
    assert "cannot be reached" in page.locator("#notes [role=alert]").inner_text()
    picture(page, "not-saved-dark")
    page.unroute("**/notes/**")
    page.reload()
    page.get_by_text("an angle of 90°").wait_for()
    page.locator("#notes").scroll_into_view_if_needed()
    assert page.get_by_role("button", name="Try again").count() == 0, "the server had it"
    assert len(kept(club, COACH)) == before + 1

    page.context.clear_cookies()
    page.get_by_role("button", name="Answer: knees").click()
    page.keyboard.type("and ankles")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Try again").wait_for()
    assert "signed out" in page.locator("#notes [role=alert]").inner_text()
    sign_in(page.context.new_page(), address, COACH)
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Change: and ankles").wait_for()
    assert [note.row.text for note in kept(club, COACH)].count("and ankles") == 1
