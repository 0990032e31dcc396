"""One film all the way, by everybody whom it concerns: sent, claimed, analysed by a runner, looked at on the very
frame, noted, read by its rower, compared, seen in the season and by the club, shared, judged by another limit, gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from dashboards.app import listening
from rowsense.jobs.beside import runner_beside
from tests.dashboards.chromium import READY_MS, needs_chromium
from tests.dashboards.closing import close_from_outside
from tests.dashboards.club_world import PASSWORD, ROWER_1, ROWER_2, SESSIONS, make_world
from tests.dashboards.test_accounts_in_browser import LEAST_CONTRAST, contrast
from tests.dashboards.visitor import SIZE_PX, Visitor, numbered_rower, posing_rower

pytestmark = [pytest.mark.slow, *needs_chromium]
WORDS = "Look where the hips are."
#: How long a job may take on a busy machine that has just been set up, milliseconds.
JOB_MS = 4 * READY_MS


@dataclass(frozen=True)
class Filmed:
    """What the coach found of the session that came of the film."""

    path: str
    row: int
    """Of its last fault."""
    fault: str

    @property
    def key(self) -> str:
        return self.path.removeprefix("/session/")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("world")
    store, app = make_world(folder, find_rower=True)
    web = listening(app.server, "127.0.0.1", 0)
    worker = threading.Thread(target=web.run, daemon=True)
    said: list[str] = []
    with runner_beside(store, folder / "job-work", said.append, start_after_s=0):
        worker.start()
        yield f"http://127.0.0.1:{web.effective_port}"
        close_from_outside(web)
        web.task_dispatcher.shutdown()
        worker.join(5)
    store.database.close()
    assert not said, "the runner was started once"


def test_a_film_from_the_telephone_to_its_end(browser: Any, address: str, tmp_path: Path) -> None:
    coach, rower, stranger, boss, new = (Visitor(browser, address) for _ in range(5))
    coach.signs_in("coach of squad 1")
    path = sends(coach, numbered_rower(tmp_path / "Žofie, morning.mp4"))
    filmed = finds_the_fault(coach, path)
    pins(coach, filmed)
    rower.signs_in("rower of squad 1")
    reads_and_answers(rower, filmed)
    hears(coach, filmed)
    compares(coach, filmed)
    finds_it_in_the_season(coach, filmed)
    link = shares(coach, filmed)
    opens(stranger, link, taken_back_by=coach)
    boss.signs_in("administrator")
    joins(new, invites(boss, "Beata (1990)"))
    changes_a_limit(boss)
    deletes_the_session(coach, filmed)
    deletes_the_rower(boss)
    for one in (coach, rower, stranger, boss, new):
        assert one.troubles == []


def sends(coach: Visitor, film: Path) -> str:
    """Address of the session that came of it."""
    page = coach.page
    coach.follows("Upload")
    page.locator("#choose").set_input_files(str(film))
    form = page.get_by_role("form", name=f"Who is in {film.name}")
    form.get_by_label("Who is it?").select_option(label="Anna")
    form.get_by_role("button", name="Analyse").click()
    done = page.get_by_role("link", name="Open the session")
    done.wait_for(timeout=JOB_MS)
    assert contrast(page, ".film a.do") >= LEAST_CONTRAST
    path = str(done.get_attribute("href"))
    coach.presses("Clear from this list", exact=False)
    page.locator(".film").wait_for(state="detached")
    coach.follows("Sessions")
    coach.heading("Your sessions")  # the page before says the film's name too
    page.get_by_text(film.name).first.click()
    coach.opens_player()
    assert urlsplit(page.url).path == path
    assert page.locator("#player video").first.evaluate("one => one.currentSrc").endswith("/copy"), "coded once"
    return path


def finds_the_fault(coach: Visitor, path: str) -> Filmed:
    """Every frame that the page lists is the frame that is meant."""
    listed = coach.page.locator(".strip-of-stills [data-row]")
    rows = [int(listed.nth(one).get_attribute("data-row")) for one in range(listed.count())]
    assert len(rows) > 1 and min(rows) > 0
    for at, row in enumerate(rows):
        listed.nth(at).click()
        coach.comes_to(row)
        assert coach.numbers() == [row], "the frame on screen is the frame that is meant"
    said = coach.page.locator(".readout").inner_text()
    fault = coach.page.locator(".advice h2").first.inner_text()
    assert f"frame {rows[-1]}" in said
    return Filmed(path, rows[-1], fault)


def pins(coach: Visitor, filmed: Filmed) -> None:
    """A note on that frame, with a line drawn into the picture."""
    page = coach.page
    page.keyboard.press("n")
    page.keyboard.type(WORDS)
    box = page.locator("#player .stage").bounding_box()
    x_px, y_px = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(x_px, y_px)
    page.mouse.down()
    page.mouse.move(x_px + 60, y_px - 40, steps=3)
    page.mouse.up()
    coach.presses("Pin the note")
    page.get_by_text("Saving …").wait_for(state="detached")
    coach.comes_to(filmed.row)


def reads_and_answers(rower: Visitor, filmed: Filmed) -> None:
    """What she felt comes before what was measured; then the note at its frame."""
    page = rower.page
    page.locator(f"a[href='{filmed.path}']").click()
    rower.heading("First, what did you feel?")
    assert page.locator("#player").count() == 0
    rower.presses("Yes, I felt it")
    rower.opens_player()
    assert "You said that you" in page.locator(".advice").inner_text()
    rower.presses("Show the frame of this note", exact=False)
    rower.comes_to(filmed.row)
    assert rower.numbers() == [filmed.row]
    assert WORDS in page.locator(".note-caption").inner_text()
    rower.presses("Answer", exact=False)
    page.keyboard.type("I felt it")
    page.keyboard.press("Control+Enter")
    page.locator(".answer .note-text").wait_for()
    page.get_by_text("Saving …").wait_for(state="detached")
    rower.follows("Your season")
    rower.heading("Anna")
    page.locator(f"a[href^='{filmed.path}']").first.wait_for(state="attached")


def hears(coach: Visitor, filmed: Filmed) -> None:
    """The answer, where notes that are new lead to."""
    coach.goes("/")
    coach.page.get_by_role("link", name="1 new note", exact=True).click()
    coach.page.get_by_text("I felt it", exact=True).wait_for()
    assert urlsplit(coach.page.url).path == filmed.path


def compares(coach: Visitor, filmed: Filmed) -> None:
    """Two strokes side by side: each film shows the frame that its side says."""
    page = coach.page
    coach.goes(f"/compare?first={filmed.key}&strokes=1&with=2")
    page.wait_for_selector("#compare[data-state=ready]:not([data-moving])")
    assert page.locator(".screen[data-row]").count() == 2
    rows = page.evaluate("[...document.querySelectorAll('.screen')].map((one) => Number(one.dataset.row))")
    assert rows[0] != rows[1] and coach.numbers() == rows


def finds_it_in_the_season(coach: Visitor, filmed: Filmed) -> None:
    """From the club to the rower to the session at its fault."""
    page = coach.page
    coach.follows("Club")
    coach.heading("Who needs you first")
    page.get_by_text("In words and numbers").first.click()
    page.locator(f"a[href^='/athlete/{ROWER_1}']").first.click()
    coach.heading("Everything at a glance")
    page.locator(f"a[href^='{filmed.path}']").first.wait_for(state="attached")


def shares(coach: Visitor, filmed: Filmed) -> str:
    """Path of a link for somebody without an account."""
    coach.opens_player(filmed.path)
    coach.follows("Share and keep …")
    coach.page.get_by_label("For whom").fill("The physiotherapist")
    coach.page.get_by_label("20 seconds around").check()
    coach.presses("Make the link")
    return urlsplit(coach.page.get_by_label("Send this link").input_value()).path


def opens(stranger: Visitor, link: str, *, taken_back_by: Visitor) -> None:
    """She sees the film and no name, and nothing once the link was taken back."""
    page = stranger.page
    stranger.goes(link)
    page.locator("video.shared-film").wait_for(timeout=JOB_MS)
    page.wait_for_function("document.querySelector('video.shared-film').readyState > 1")
    assert page.locator("video.shared-film").evaluate("one => one.videoWidth") > SIZE_PX[0] / 4
    assert "Anna" not in page.content() and WORDS not in page.content()
    taken_back_by.presses("Take back The physiotherapist")
    taken_back_by.page.get_by_role("button", name="Take back The physiotherapist").wait_for(state="detached")
    before = len(stranger.troubles)
    page.reload()
    stranger.heading("This link shows nothing")
    del stranger.troubles[before:]  # the browser says that the answer is 404


def invites(boss: Visitor, athlete: str) -> str:
    """Path of an invitation of a rower."""
    page = boss.page
    boss.follows("People")
    page.get_by_label("Mail address").fill("beata@club.org")
    page.get_by_role("radio", name="rower").check()
    page.get_by_label("Which rower").select_option(label=athlete)
    boss.presses("Make the link")
    return urlsplit(page.get_by_label("Send this link yourself").input_value()).path


def joins(new: Visitor, link: str) -> None:
    """In a browser of her own: she sees her sessions and nobody else's."""
    page = new.page
    new.goes(link)
    page.get_by_label("Your name").fill("Beata")
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    new.presses("Join")
    page.locator("[role=status]").wait_for()
    new.signs_in_as("beata@club.org")
    page.locator("a[href^='/session/']").first.wait_for()
    seen = {one.get_attribute("href") for one in page.locator("a[href^='/session/']").all()}
    assert seen == {f"/session/{SESSIONS[ROWER_2]}.rowsense"}


def changes_a_limit(boss: Visitor) -> None:
    """What would change is shown first; then the stored sessions are judged by it."""
    page = boss.page
    boss.follows("Catalogue")
    page.get_by_label("Change Leans far back at the finish").click()
    page.locator("#rule0-limit").focus()
    for number in ("-10", "-20", "-30"):  # the limit, and the two steps beyond it
        page.keyboard.press("Control+A")
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    boss.presses("Show what would change")
    page.locator("[data-said] p >> text=would newly count").wait_for(timeout=JOB_MS)  # a process starts for it
    assert "Anna" in page.locator("[data-said]").inner_text()
    boss.presses("Save")
    page.locator(".state").wait_for()
    page.locator(".state").wait_for(state="detached", timeout=JOB_MS)  # when all sessions are judged


def deletes_the_session(coach: Visitor, filmed: Filmed) -> None:
    coach.opens_player(filmed.path)
    coach.follows("Edit …")
    coach.page.locator(f"a[href='/edit/{filmed.key}/delete']").click()
    coach.page.locator("input[name=sure]").check()
    coach.page.locator("button.grave").click()
    coach.heading("The session is deleted")
    coach.goes("/")
    coach.heading("Your sessions")
    assert coach.page.locator(f"a[href='{filmed.path}']").count() == 0


def deletes_the_rower(boss: Visitor) -> None:
    boss.goes(f"/people/delete/{ROWER_1}")
    boss.page.locator("input[name=name]").fill("Anna")
    boss.page.locator("button.grave").click()
    boss.page.locator(".said").wait_for()
    boss.follows("Sessions")
    boss.heading("Your sessions")
    assert "Anna" not in boss.page.locator("main").inner_text()


def test_a_film_without_strokes_is_taken_for_a_calibration(browser: Any, address: str, tmp_path: Path) -> None:
    coach = Visitor(browser, address, color_scheme="dark")
    page = coach.page
    coach.signs_in("coach of squad 2")
    coach.goes("/upload")
    page.locator("#choose").set_input_files(str(posing_rower(tmp_path / "three postures.mp4")))
    card = page.locator(".film", has_text="three postures.mp4")
    card.get_by_text("is this a film for a calibration").wait_for(timeout=JOB_MS)
    assert card.locator(".pictures").count() == 0, "nobody is told to film better what is good"
    form = page.get_by_role("form", name="Who is in three postures.mp4")
    form.get_by_text("More about the piece").click()
    for what, words in (("yes", "Calibrate by it"), ("", "Analyse all the same")):
        form.get_by_label("What is to be seen?").select_option(what)
        assert form.get_by_role("button", name=words).is_visible(), "it says what it will do"
    card.get_by_role("button", name="Yes, for a calibration").press("Enter")  # she trains one rower only
    card.get_by_role("button", name="Cancel").press("Enter")
    card.get_by_text("Beata,").wait_for()
    coach.goes("/jobs")
    page.get_by_text("Calibration of Beata").wait_for()
    assert coach.troubles == []
