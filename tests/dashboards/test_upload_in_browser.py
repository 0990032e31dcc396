"""A film in the browser: sent, cut off, chosen again, claimed, watched while a runner analyses it, stopped.

What becomes of one that is analysed to its end is in test_journey_in_browser.py."""

from __future__ import annotations

import base64
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
import psutil
import pytest
from PIL import Image
from sqlalchemy import select

from dashboards.app import listening
from rowsense.jobs.beside import runner_beside
from rowsense.jobs.requests import AnalysisRequest
from rowsense.store.claims import ClubStore
from rowsense.store.film_copies import films_to_watch
from rowsense.store.tables import Job
from rowsense.video import VideoSink
from tests.clips import numbered_images, write_clip
from tests.dashboards.chromium import READY_MS, fits_on_a_phone, needs_chromium
from tests.dashboards.closing import close_from_outside
from tests.dashboards.club_world import PASSWORD, A, mail_of, make_world
from tests.dashboards.test_accounts_in_browser import LEAST_CONTRAST, PHONE, contrast, picture
from tests.jobs.meeting import until

pytestmark = [pytest.mark.slow, *needs_chromium]
SAMPLE = Path(__file__).parents[2] / "sample_videos" / "well_rowed.mp4"
#: Two strokes are enough to be analysed.
FILM_S = 7.5
#: Of the film, and every other of its pictures: enough as well, and analysed in a third of the time.
SIZE_PX = (640, 360)
#: Keeps what the page is given, to take it away as a browser does whose page is out of sight.
KEEP_LOCKS = """window.locks = []; const request = navigator.wakeLock.request.bind(navigator.wakeLock);
navigator.wakeLock.request = async (what) => {
    const lock = await request(what); window.locks.push(lock); return lock; };"""

#: Half a minute and more is over at once while a part is sent. What is asked before has its time.
IMPATIENT = """const later = window.setTimeout.bind(window), { open } = XMLHttpRequest.prototype; let last = "";
XMLHttpRequest.prototype.open = function (method, ...more) { last = method; return open.call(this, method, ...more); };
window.setTimeout = (what, ms, ...more) => later(what, ms > 30000 && last === "PATCH" ? 500 : ms, ...more);"""
#: The three seconds in which a browser has to say how long a film plays are as many as it needs on a busy machine.
PATIENT = """const later = window.setTimeout.bind(window);
window.setTimeout = (what, ms, ...more) => later(what, ms === 3000 ? 60000 : ms, ...more);"""
#: How long what is done in another process may take, milliseconds.
WORK_MS = 3 * READY_MS


@dataclass
class Server:
    address: str
    store: ClubStore
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("world")
    store, app = make_world(folder, find_rower=True)
    web = listening(app.server, "127.0.0.1", 0)
    worker = threading.Thread(target=web.run, daemon=True)
    said: list[str] = []
    with runner_beside(store, folder / "job-work", said.append, start_after_s=0):
        worker.start()
        yield Server(f"http://127.0.0.1:{web.effective_port}", store, said)
        close_from_outside(web)
        web.task_dispatcher.shutdown()
        worker.join(5)
    store.database.close()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A film of a few strokes as telephones write it, which this browser does not play; one that ends before it has
    begun, which no browser can read; one that it can."""
    folder = tmp_path_factory.mktemp("films")
    second = list(numbered_images(30))
    short = write_clip(folder / "too short.avi", second, codec="mpeg4")
    return _beginning(folder / "Žofie, morning.mp4", FILM_S), short, write_clip(folder / "a second.mp4", second)


def _beginning(path: Path, until_s: float) -> Path:
    with av.open(str(SAMPLE)) as read:
        pictures = takewhile(lambda one: (one.time or 0.0) < until_s, read.decode(video=0))
        kept = list(islice(pictures, 0, None, 2))
        images = (one.reformat(*SIZE_PX, format="rgb24").to_ndarray() for one in kept)
        rate = round((read.streams.video[0].average_rate or 30) / 2)
        return write_clip(path, images, times_s=[float(one.time or 0.0) for one in kept], fps=rate, codec="hevc")


def test_a_film_comes_in_and_is_watched_while_it_is_analysed(
    browser: Any, server: Server, films: tuple[Path, Path, Path]
) -> None:
    film, short, second = films
    page = browser.new_page(viewport=PHONE, color_scheme="dark")
    troubles: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(KEEP_LOCKS)
    page.add_init_script(f"{{ {PATIENT} }}")
    _sign_in(page, server)
    page.get_by_text("From the side.").wait_for(timeout=READY_MS)  # the first time one is told how to film
    picture(page, "upload-empty-phone-dark")

    # The connection is lost after the first part, and the page is closed.
    kept_back: list[str] = []
    page.route("**/uploads", lambda route: _announced(route, short.name, kept_back))
    page.route("**/uploads/*", lambda route: _lose_the_connection(route, kept_back))
    page.locator("#choose").set_input_files([str(film), str(short), str(second), __file__])
    cards = page.locator(".film")
    cards.get_by_text("The connection is lost").first.wait_for(timeout=READY_MS)
    _out_of_sight_and_back(page)
    options = cards.first.get_by_label("Who is it?").locator("option:not([value=''])").all_inner_texts()
    assert options == ["Anna", "Celina (no guardian's consent, or no year of birth)"], "her squad, and nobody else"
    fits_on_a_phone(page)
    for selector in (".film h2", ".film .soft", ".film .state p", ".who label", ".drop .soft", ".film .grave"):
        assert contrast(page, selector) >= LEAST_CONTRAST, f"dark: {selector}"
    above, below = (cards.nth(i).get_by_label("Kind of piece") for i in (0, 1))
    above.select_option("intervals")
    cards.nth(1).get_by_role("button", name="The same as above").click()
    assert below.input_value() == "intervals"
    page.unroute("**/uploads")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute("**/uploads/*")  # not before: the films would be here in no time
    cards.get_by_text("Choose the same film again").first.wait_for(timeout=READY_MS)
    picture(page, "upload-left-phone-dark")
    page.locator("#choose").set_input_files([str(film), str(short)])
    cards.get_by_text("Say who is in it").wait_for(timeout=WORK_MS)
    assert cards.count() == 2, "the same files, not others"
    cards.locator("img").first.wait_for(timeout=READY_MS)  # a picture, which only the server could make
    cards.get_by_text("holds no two strokes").wait_for(timeout=WORK_MS)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.evaluate("document.documentElement.dataset.mantineColorScheme = 'light'")
    picture(page, "upload-claim-light")
    for selector in (".film h2", ".film .soft", ".film .problem", ".who label", ".drop .soft"):
        assert contrast(page, selector) >= LEAST_CONTRAST, selector
    unnamed = page.evaluate("""[...document.querySelectorAll("button, select, textarea, progress, input")].filter(
        (e) => !(e.textContent || e.getAttribute("aria-label") || e.labels?.[0]?.textContent)).length""")
    assert unnamed == 0
    page.get_by_role("button", name="Take away: too short.avi").click()
    page.get_by_text("too short.avi is taken away.").first.wait_for()
    page.keyboard.press("Enter")  # on Undo, where the focus is
    page.get_by_role("button", name="Take away: too short.avi").click()

    form = page.get_by_role("form", name=f"Who is in {film.name}")
    form.get_by_label("Who is it?").select_option(label="Anna")
    form.get_by_label("Kind of piece").select_option("steady")
    form.get_by_label("Foot height (hole)").fill("4")
    form.get_by_label("Foot height (hole)").press("Enter")
    cards.get_by_text("Anna,").wait_for(timeout=READY_MS)
    with _standing_still(server.store):
        cards.get_by_text(re.compile(r"Anna, .*: .*, \d+ %")).wait_for(timeout=WORK_MS)
        assert page.get_by_role("button", name="Cancel").is_visible()
        picture(page, "upload-running-light")
        _watch(page, film.name, "copy")
        picture(page, "upload-watching-light")
    page.get_by_role("button", name="Close the film").press("Enter")
    assert page.locator(".watched video").count() == 0, "nothing goes on loading"
    page.get_by_role("button", name="Cancel").click()
    cards.get_by_text(re.compile("stopping|was cancelled")).wait_for(timeout=READY_MS)
    page.close()
    assert all(url.startswith((server.address, "data:", "blob:")) for url in asked), "no other host"
    assert not troubles
    assert not server.said, "the runner was started once"


def _row_of_two(path: Path) -> Path:
    """A smaller rower at the upper right, who is further away."""
    width, height = 960, 540
    with av.open(str(SAMPLE)) as read:
        every_other = islice(read.decode(video=0), 0, 150, 2)
        pictures = [one.reformat(width, height, format="rgb24").to_ndarray() for one in every_other]
    with VideoSink(path, width, height, 15.0) as sink:
        for number, near in enumerate(pictures):
            far = Image.fromarray(pictures[(number + 20) % len(pictures)][20:400, 30:500]).resize((282, 228))
            both = near.copy()
            both[10:238, width - 282 :] = np.asarray(far)
            sink.write(both, number / 15.0)
    return path


def test_in_a_row_of_ergometers_one_points_at_the_rower(browser: Any, server: Server, tmp_path: Path) -> None:
    page = browser.new_page(viewport=PHONE)
    _sign_in(page, server)
    page.locator("#choose").set_input_files(str(_row_of_two(tmp_path / "row.mp4")))
    page.locator(".film .shot img").first.wait_for(timeout=READY_MS)  # a picture, from the film itself
    form = page.get_by_role("form", name="Who is in row.mp4")
    page.get_by_text("2 people row in it").wait_for(timeout=WORK_MS)
    page.get_by_text("15 pictures a second").wait_for()
    form.get_by_text("More about the piece").click(timeout=READY_MS)
    form.get_by_role("button", name="Point at the rower").click(timeout=READY_MS)
    form.get_by_text("Press on the person").wait_for(timeout=WORK_MS)
    _until(page, "document.querySelector('.pointing img').naturalWidth > 0")  # boxes are parts of the picture
    near, far = form.get_by_role("button", name="Person 1"), form.get_by_role("button", name="Person 2")
    assert near.evaluate("one => document.activeElement === one"), "where the keyboard goes on"
    assert "nearest" in near.get_attribute("aria-label")
    boxes = near.bounding_box(), far.bounding_box()
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"] and boxes[0]["height"] > 1.3 * boxes[1]["height"]
    fits_on_a_phone(page)
    near.press("Tab")
    page.keyboard.press("Enter")
    which = form.get_by_label("Several people: which one")
    assert which.input_value() == "2" and far.get_attribute("aria-pressed") == "true"
    form.get_by_text("Person 2 will be analysed").wait_for()
    picture(page, "upload-people-phone-light")
    which.fill("1")
    assert [one.get_attribute("aria-pressed") for one in (near, far)] == ["true", "false"]
    near.click()
    assert which.input_value() == "", "pressed again, it is nobody's choice"
    far.click()
    form.get_by_label("Who is it?").select_option(label="Anna")
    form.get_by_role("button", name="Analyse").click()
    page.get_by_text("Anna,").first.wait_for(timeout=READY_MS)
    with _standing_still(server.store):
        _watch(page, "row.mp4", "original")
    fits_on_a_phone(page)
    picture(page, "upload-watching-phone-light")
    page.get_by_role("button", name="Cancel").click()
    page.close()


def test_five_films_of_one_morning_by_keyboard_alone(browser: Any, server: Server, films: tuple[Path, ...]) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    _sign_in(page, server, "administrator")
    # They stay on their way, so that nothing is analysed.
    page.route("**/uploads/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    whole = films[0].read_bytes()
    five = [{"name": f"{n}.mp4", "mimeType": "video/mp4", "buffer": whole} for n in range(1, 6)]
    page.locator("#choose").set_input_files(five)
    page.get_by_text("5 of 5 on the way").wait_for(timeout=READY_MS)
    page.locator("body").press("n")
    for name, carried, keys in (
        ("1.mp4", (False, ""), ["Be", "Kind:ste", "Foot:4", "Control+Enter"]),
        ("2.mp4", (True, "4"), ["An", "Control+Enter"]),  # all the rest stands there already
        ("3.mp4", (True, "4"), ["Alt+n", "Alt+p", "Be", "Foot:6", "Control+Enter"]),
        ("4.mp4", (True, "6"), ["Alt+s", "Control+Enter"]),
        ("5.mp4", (True, "6"), ["An", "Escape", "?", "Escape", "a"]),
    ):
        form = page.get_by_role("form", name=f"Who is in {name}")
        who = form.get_by_label("Who is it?")
        _until(page, f"document.activeElement.closest('form')?.ariaLabel === 'Who is in {name}'")
        assert who.evaluate("one => document.activeElement === one"), name
        before = form.get_by_text("as in the film before").is_visible(), form.get_by_label("Foot height").input_value()
        assert before == carried, name
        for key in keys:
            _press(page, form, key)
        form.wait_for(state="hidden")
    said = page.evaluate("fetch('/uploads').then((answer) => answer.json())")
    told = page.evaluate("JSON.parse(document.getElementById('told').textContent)")
    names = {one["id"]: one["name"] for one in told["rowers"]}
    assert [(names[one["claim"]["athlete"]], one["claim"]["foot_height_hole"]) for one in said] == [
        ("Beata", 4), ("Anna", 4), ("Beata", 6), ("Beata", 6), ("Anna", 6),
    ]  # fmt: skip
    assert {one["claim"]["piece_kind"] for one in said} == {"steady"}
    page.close()


def _press(page: Any, form: Any, key: str) -> None:
    """A key; or letters, in a field to which one comes by Tab."""
    label, _, letters = key.rpartition(":")
    if label:
        field = form.get_by_label(label)
        for _ in range(12):
            page.keyboard.press("Tab")
            if field.evaluate("one => document.activeElement === one"):
                break
        page.keyboard.press("Control+a")
    if label or len(letters) == 2:
        page.keyboard.type(letters)
    else:
        page.keyboard.press(letters)
    if letters == "?":
        page.get_by_role("heading", name="Keys").wait_for()
        page.get_by_text("analyse, and on to the next film").wait_for()


def test_a_dead_line_is_noticed(browser: Any, server: Server, films: tuple[Path, ...]) -> None:
    page = browser.new_page(viewport=PHONE)
    page.add_init_script(IMPATIENT)
    _sign_in(page, server)
    held: list[Any] = []
    page.route("**/uploads/*", lambda one: held.append(one) if one.request.method == "PATCH" else one.continue_())
    page.locator("#choose").set_input_files(str(films[0]))
    for _ in range(600):
        if len(held) > 1:
            break
        page.wait_for_timeout(100)
    assert len(held) > 1, "a part is sent, and once more when nothing has moved for long"
    page.close()


def _sign_in(page: Any, server: Server, person: str = "coach of squad 1") -> None:
    page.goto(f"{server.address}/upload")
    page.locator("#email").fill(mail_of(person))
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Upload films").wait_for(timeout=READY_MS)


def _watch(page: Any, name: str, kind: str) -> None:
    """By keyboard, while the analysis waits or runs: it plays, and under it is said how far that is."""
    page.get_by_role("button", name=f"Watch: {name}").press("Enter", timeout=READY_MS)
    film = page.get_by_label(f"The film {name}, without drawing")
    assert film.evaluate("one => document.activeElement === one"), "its keys are those of the player at once"
    _until(page, "document.querySelector('.watched video').currentTime > 0.2")
    assert film.evaluate("one => one.currentSrc").endswith(f"/film/{kind}")
    assert page.get_by_role("button", name="Cancel").is_visible(), "the analysis is not over"
    assert re.search(r"As it was filmed\. Anna, .+", page.locator(".watched:not([hidden]) figcaption").inner_text())


@contextmanager
def _standing_still(store: ClubStore) -> Iterator[None]:
    """The newest analysis goes no further than to where its film can be watched: films of these tests are short."""
    process = until(lambda: _stopped(store))
    try:
        yield
    finally:
        with suppress(psutil.NoSuchProcess):
            process.resume()


def _stopped(store: ClubStore) -> psutil.Process | None:
    with store.database.reading(A) as unit:
        newest = select(Job).where(Job.kind == "analyze").order_by(Job.created_at.desc()).limit(1)
        job = unit.scalars(newest).one()
    session_id = AnalysisRequest.from_payload(job.payload).session_id
    if not films_to_watch(store, A, {session_id}).get(session_id):
        return None
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # some end meanwhile
            if "rowsense.jobs.child" in process.cmdline() and Path(process.cwd()).name == str(job.id):
                process.suspend()
                if _takes_writers(store):
                    return process
                process.resume()
    return None


def _takes_writers(store: ClubStore) -> bool:
    """Whether who was stopped is not just writing: nobody else could, as long as it stands."""
    database = sqlite3.connect(str(store.database.url.database), timeout=0.2, isolation_level=None)
    with closing(database), suppress(sqlite3.OperationalError):
        database.execute("BEGIN IMMEDIATE")
        return True
    return False


def _out_of_sight_and_back(page: Any) -> None:
    """The screen is kept on again, and what was refused is still said after the page has looked again."""
    refused = page.get_by_role("alert").get_by_text(f"{Path(__file__).name}: is no film.")
    refused.wait_for(timeout=READY_MS)
    assert page.get_by_role("alert").get_by_text("a second.mp4: lasts 1.0 s").is_visible(), "and was not sent"
    _until(page, "window.locks.length === 1")
    with page.expect_response(lambda answer: answer.url.endswith("/uploads") and answer.request.method == "GET"):
        page.evaluate("""async () => { await window.locks[0].release();
            document.dispatchEvent(new Event("visibilitychange")); }""")
    _until(page, "window.locks.length === 2 && !window.locks[1].released")
    assert refused.is_visible()


def _until(page: Any, true: str) -> None:
    """Asked from here again and again: the page lets nobody evaluate strings within it."""
    for _ in range(READY_MS // 100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(100)
    raise AssertionError(true)


def _announced(route: Any, name: str, kept_back: list[str]) -> None:
    """Note the address of the film of this name: if it came in whole, it would be refused before its form is tried."""
    answer = route.fetch()
    if base64.b64encode(name.encode()).decode() in route.request.headers.get("upload-metadata", ""):
        kept_back.append(urlsplit(answer.headers["location"]).path)
    route.fulfill(response=answer)


def _lose_the_connection(route: Any, kept_back: list[str]) -> None:
    asked = route.request
    whole = urlsplit(asked.url).path in kept_back
    if asked.method == "PATCH" and (whole or asked.headers.get("upload-offset") != "0"):
        route.abort()
    else:
        route.continue_()
