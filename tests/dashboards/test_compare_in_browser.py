"""Two films in step in a real browser: the same place of the stroke on both, standing and running."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from dashboards.app import create_app
from rowsense.assess.judge import assess
from rowsense.model import Session, Stroke
from rowsense.settings import AssessSettings
from rowsense.store import track_windows
from tests import clips
from tests.dashboards.chromium import READY_MS, fits_on_a_phone, needs_chromium
from tests.dashboards.player_session import (
    HEIGHT_PX,
    NUMBERS,
    WIDTH_PX,
    store,
    uneven_session,
    write_numbered_film,
)
from tests.dashboards.serving import serve
from tests.session_fixture import make_session

pytestmark = needs_chromium
#: Drives of the other session last longer, recoveries shorter.
DRIVE, RECOVERY = 1.3, 0.8
DRAWING = "document.querySelectorAll('.screen .drawing')[1].toDataURL()"
WITHIN = "first=easy.rowsense&strokes=1-3&with=5-6"
#: Of the stroke whose first frame begins the second window of the track.
BORDER = 2
BETWEEN = "first=easy.rowsense&second=slow.rowsense"


def other_rhythm(session: Session) -> Session:
    """The same pictures at other times."""
    strokes = session.strokes.strokes
    known = np.array(
        [0.0, *(t for s in strokes for t in (s.catch_time_s, s.finish_time_s)), strokes[-1].end_time_s, 99.0]
    )
    factors = [1.0, *([DRIVE, RECOVERY] * len(strokes)), 1.0]
    warped = np.concatenate([[0.0], np.cumsum(np.diff(known) * factors)])

    def at(time_s: Any) -> Any:
        return np.interp(time_s, known, warped)

    def moved(stroke: Stroke) -> Stroke:
        return replace(
            stroke,
            catch_time_s=float(at(stroke.catch_time_s)),
            finish_time_s=float(at(stroke.finish_time_s)),
            end_time_s=float(at(stroke.end_time_s)),
            phase_borders_s=tuple(float(t) for t in at(stroke.phase_borders_s)),
            seat_catch_time_s=float(at(stroke.seat_catch_time_s)),
        )

    time_s: NDArray[np.float64] = at(session.track.time_s)
    return replace(
        session,
        video=replace(session.video, sha256="1" * 64, duration_s=float(time_s[-1]) + 1 / 30),
        track=replace(session.track, time_s=time_s),
        angles=replace(session.angles, time_s=time_s),
        strokes=replace(session.strokes, strokes=tuple(moved(s) for s in strokes)),
    )


def percent_of(session: Session, row: int, stroke: int, finish: float) -> float:
    """Place of a frame in a stroke, the slow and obvious way."""
    s = session.strokes.strokes[stroke]
    times = [s.catch_time_s, s.finish_time_s, s.end_time_s]
    return float(np.interp(session.track.time_s[row], times, [0.0, finish, 100.0]))


@dataclass
class Seen:
    """A page, and everything that went wrong or out while it was open."""

    page: Any
    address: str
    troubles: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, asked: str) -> None:
        self.page.goto(f"{self.address}/compare?{asked}")
        self.page.wait_for_selector("#compare[data-state=ready]", timeout=READY_MS)
        self.rest()

    def rest(self) -> None:
        """Until both films stand still."""
        self.page.wait_for_function(
            """() => { const page = document.querySelector("#compare"), now_ms = performance.now();
                const now = [page.dataset.percent, ...[...page.querySelectorAll(".screen")].map((s) => s.dataset.row)];
                const seeks = [...page.querySelectorAll("video")].some((film) => film.seeking);
                if (seeks || page.matches("[data-moving]") || `${now}` !== page.restAt)
                    [page.restAt, page.restFrom_ms] = [`${now}`, now_ms];
                return now_ms - page.restFrom_ms > 250; }""",
            timeout=READY_MS,
        )
        self.page.evaluate("document.querySelector('#compare').restAt = null")

    def rows(self) -> list[int]:
        return [
            int(r)
            for r in self.page.evaluate("[...document.querySelectorAll('.screen')].map((s) => s.dataset.row ?? -1)")
        ]

    def percent(self) -> float:
        return float(self.page.evaluate("document.querySelector('#compare').dataset.percent"))

    def finish(self) -> float:
        return float(
            self.page.evaluate("parseFloat(document.querySelector('.phase-marks span:nth-child(2)').style.left)")
        )

    def strokes(self) -> list[int]:
        """On screen, by number from 0."""
        chosen = "[...document.querySelectorAll('.screen select')].map((s) => s.selectedOptions[0].textContent)"
        return [int(words.split()[1].rstrip(",")) - 1 for words in self.page.evaluate(chosen)]

    def numbers(self) -> list[int]:
        """In the pictures of both films."""
        pixels = self.page.evaluate(
            """([width, height]) => [...document.querySelectorAll("#compare video")].map((film) => {
                const canvas = document.createElement("canvas");
                [canvas.width, canvas.height] = [width, height];
                canvas.getContext("2d").drawImage(film, 0, 0, width, height);
                return canvas.toDataURL("image/png").split(",")[1]; })""",
            [WIDTH_PX, HEIGHT_PX],
        )
        pictures = [Image.open(io.BytesIO(base64.b64decode(one))).convert("RGB") for one in pixels]
        return [clips.read_number(np.asarray(picture)) for picture in pictures]

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.rest()


@pytest.fixture(scope="module")
def sessions() -> dict[str, Session]:
    easy = uneven_session()
    judged = assess(easy.angles, easy.strokes, easy.track.frame, AssessSettings())
    easy = replace(easy, assessment=judged)
    return {"easy": easy, "slow": other_rhythm(easy)}


@pytest.fixture(scope="module")
def border_row(sessions: dict[str, Session]) -> int:
    easy = sessions["easy"]
    return int(np.searchsorted(easy.track.time_s, easy.strokes.strokes[BORDER].catch_time_s))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, sessions: dict[str, Session], border_row: int) -> Iterator[str]:
    times_s = sessions["easy"].track.time_s
    step_s = float(times_s[-1] - times_s[0]) / (len(times_s) - 1)
    root = tmp_path_factory.mktemp("compared")
    for name, session in sessions.items():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(track_windows, "WINDOW_S", border_row * step_s)
            store(root / f"{name}.rowsense", session)
        write_numbered_film(root / f"{name}.rowsense" / "film.mp4", session)
    (root / "damaged.rowsense").mkdir()
    for name in ("session.json", "frames.parquet", "summary.json"):
        (root / "damaged.rowsense" / name).write_bytes((root / "easy.rowsense" / name).read_bytes())
    store(root / "eve.rowsense", make_session(6, facing="left", athlete="Eve", size=(WIDTH_PX, HEIGHT_PX)))
    server = serve(create_app(root).server)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    worker.join()
    server.server_close()


def watched(browser: Any, address: str, **how: Any) -> Seen:
    """``browser``: or a desk."""
    page = browser.new_page(**how)
    seen = Seen(page, address)
    page.on("pageerror", lambda error: seen.troubles.append(str(error)))
    page.on("console", lambda said: seen.troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("request", lambda request: seen.asked.append(request.url))
    return seen


@pytest.fixture(scope="module")
def desk(browser: Any) -> Any:
    """One for all pages on a laptop: what was loaded once is kept."""
    return browser.new_context(viewport={"width": 1200, "height": 900})


@pytest.fixture
def seen(desk: Any, address: str) -> Iterator[Seen]:
    watching = watched(desk, address)
    yield watching
    watching.page.close()
    assert all(url.startswith((address, "data:", "blob:")) for url in watching.asked), "no other host"
    assert not watching.troubles


def test_times_of_two_strokes_meet_at_catch_and_finish(seen: Seen) -> None:
    seen.page.goto(seen.address)
    told = seen.page.evaluate("""async () => {
        const sync = await import("/assets/compare/sync.js");
        const stroke = (at, drive, recovery) => ({
            finish_s: at + drive, end_s: at + drive + recovery,
            borders_s: [0, drive / 2, drive, drive + recovery / 2, drive + recovery].map((part) => at + part) });
        const a = stroke(10, 1, 2), b = stroke(50, 1.5, 1);
        return {
            meets: [10, 10.5, 11, 12, 12.9999].map((t) => sync.meets(a, b, t, 40)),
            pace: [10.2, 10.999, 11, 12].map((t) => sync.pace(a, b, t)),
            caught: [0, 0.01, 0.25, -0.25, 9, -9].map((late) => sync.caughtUp(1, late)),
            paired: [0, 1, 2, 3, -1].map((n) => sync.paired([3, 2], [1, 0], n)),
            stops: [0, 20, 40, 99].map((p) => [sync.phaseStop(a, p, 1, 40), sync.phaseStop(a, p, -1, 40)]),
            follows: [sync.follows(a, stroke(13, 1, 1)), sync.follows(a, stroke(14, 1, 1))],
        }; }""")
    assert told["meets"] == pytest.approx([50, 50.75, 51.5, 52, 52.5], abs=1e-3)
    assert told["pace"] == pytest.approx([1.5, 1.5, 0.5, 0.5])
    assert told["caught"] == pytest.approx([1, 1, 1.4, 0.6, 1.4, 0.6])
    assert told["paired"] == [[1, 0], [2, 1], [0, 0], [1, 1], [0, 1]]
    assert told["stops"] == [[20, None], [40, 0], [70, 20], [None, 70]]
    assert told["follows"] == [True, False]


def test_both_films_stand_at_one_place_of_the_stroke(seen: Seen, sessions: dict[str, Session]) -> None:
    seen.open(BETWEEN)
    finish = seen.finish()
    pairs = list(zip(sessions.values(), seen.strokes(), strict=True))
    for key in ("Home", ".", ".", ",", "ArrowRight", "ArrowRight", "ArrowLeft"):
        if key == "Home":
            seen.page.get_by_role("slider").focus()
        seen.press(key)
        rows = seen.rows()
        assert seen.numbers() == [row % NUMBERS for row in rows], key
        for (session, stroke), row in zip(pairs, rows, strict=True):
            assert percent_of(session, row, stroke, finish) == pytest.approx(seen.percent(), abs=2.6), key
    seen.page.locator("[data-compared=pelvic_tilt_deg] .curve").click(position={"x": 300, "y": 60})
    seen.rest()
    for (session, stroke), row in zip(pairs, seen.rows(), strict=True):
        assert percent_of(session, row, stroke, finish) == pytest.approx(seen.percent(), abs=2.6)
    cell = seen.page.locator(".cell").nth(4)
    assert "Finish" in cell.inner_text()
    cell.click()
    seen.rest()
    assert seen.percent() == pytest.approx(finish, abs=0.1)
    assert "Here: first" in seen.page.locator("[data-compared=knee_deg] output").inner_text()


def test_both_run_in_step_from_catch_to_catch(seen: Seen, sessions: dict[str, Session]) -> None:
    seen.open(BETWEEN)
    finish, pairs = seen.finish(), list(zip(sessions.values(), seen.strokes(), strict=True))
    seen.page.locator(".speed select").select_option("0.5")
    seen.page.evaluate("""() => { window.told = []; const screens = [...document.querySelectorAll(".screen")];
        new MutationObserver(() => window.told.push([performance.now(), ...screens.map((s) => Number(s.dataset.row))]))
            .observe(document.querySelector("#compare"),
                { attributes: true, subtree: true, attributeFilter: ["data-row"] }); }""")
    seen.page.get_by_role("slider").focus()
    runs = []
    # A film that is kept waiting by a busy machine is so now and then, one that is not kept in step each time.
    for key in ("l", " ", " "):
        seen.press("Home")
        seen.page.evaluate("window.told = []")
        seen.page.keyboard.press(key)
        seen.page.wait_for_function(
            "window.told.some(([, row], i) => i && row < window.told[i - 1][1] - 20)", timeout=READY_MS
        )  # it went round
        seen.page.keyboard.press(" ")
        away = [
            abs(np.subtract(*(percent_of(s, int(row), n, finish) for (s, n), row in zip(pairs, rows, strict=True))))
            for _, *rows in seen.page.evaluate("window.told")
        ]
        runs.append(np.round(away, 1))
        # A tenth of a second is four per cent of a stroke.
        in_step = len(away) > 30 and np.median(away) < 4.0 and np.mean(np.array(away) < 10.0) > 0.8
        if in_step:
            break
    assert in_step, runs
    seen.rest()
    assert seen.numbers() == [row % NUMBERS for row in seen.rows()]


def test_strokes_of_one_session_go_on_in_pairs_and_others_can_be_chosen(seen: Seen) -> None:
    seen.open(WITHIN)
    choices = seen.page.locator(".screen select")
    choices.nth(0).select_option("0")
    choices.nth(1).select_option("0")
    seen.rest()
    assert seen.strokes() == [0, 4]
    seen.page.get_by_role("slider").focus()
    for expected in ([1, 5], [2, 4], [0, 4]):
        seen.press("ArrowDown")
        assert seen.strokes() == expected
    seen.page.keyboard.press("?")
    assert "next phase" in seen.page.locator("dialog.sheet").inner_text()
    seen.page.keyboard.press("Escape")
    before = seen.page.evaluate(DRAWING)
    seen.page.get_by_label("the first body over the second film").check()
    assert seen.page.evaluate(DRAWING) != before
    seen.page.get_by_role("link", name="The other way round").click()
    seen.page.wait_for_function("document.querySelector('#compare')?.dataset.address.includes('strokes=5-6')")
    seen.page.wait_for_selector("#compare[data-state=ready]", timeout=READY_MS)
    seen.rest()
    assert seen.page.locator("#compare .screen").count() == 2
    assert seen.strokes()[0] in (4, 5) and seen.strokes()[1] in (0, 1, 2)
    seen.page.go_back()
    seen.page.wait_for_function("document.querySelector('#compare')?.dataset.address.includes('strokes=1-3')")
    seen.page.wait_for_selector("#compare[data-state=ready]", timeout=READY_MS)
    seen.page.get_by_text("Choose other sessions or strokes").click()
    seen.page.locator("input[name=strokes]").fill("2")
    seen.page.locator("input[name=with]").fill("")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_function("document.querySelector('#compare')?.dataset.address.includes('strokes=2')")


def test_curves_are_there_when_a_film_is_not(desk: Any, address: str) -> None:
    seen = watched(desk, address)
    seen.page.goto(f"{address}/compare?first=easy.rowsense&second=damaged.rowsense")
    said = seen.page.wait_for_selector("#compare[data-state=failed] [role=alert]", timeout=READY_MS)
    assert "track.parquet" in said.inner_text()
    assert seen.page.locator("[data-compared] canvas").count() >= 3
    assert "Here: first" in seen.page.locator("[data-compared=knee_deg] output").inner_text()
    seen.page.close()


def test_a_first_frame_that_the_browser_does_not_tell_of_is_asked_for_again(desk: Any, address: str) -> None:
    """Now and then Chromium shows the frame of a seek and says nothing: the page must not wait for ever."""
    seen = watched(desk, address)
    seen.page.add_init_script("""(() => {
        const video = HTMLVideoElement.prototype, ask = video.requestVideoFrameCallback, every = window.setInterval;
        window.setInterval = (what, ms) => every(what, ms / 5);
        window.away = 0;
        document.addEventListener("seeking", (event) => { window.away += event.target.currentTime === 1; }, true);
        video.requestVideoFrameCallback = function (told) {
            this.asked = (this.asked ?? 0) + 1;
            return ask.call(this, this.asked > 2 ? told : () => {}); }; })()""")
    seen.open(BETWEEN)
    assert min(seen.rows()) >= 0 and seen.page.evaluate("window.away") == 2, "sent elsewhere and back"
    assert not seen.troubles
    seen.page.close()


def test_what_does_not_come_is_said_and_asked_for_again(desk: Any, address: str, border_row: int) -> None:
    seen = watched(desk, address)
    seen.page.route("**/easy.rowsense/window/1", lambda route: route.abort())
    seen.open(f"{BETWEEN}&strokes=1-3&with=1-3")
    choice = seen.page.locator(".screen select").first
    choice.select_option(f"{BORDER - 1}")
    seen.page.get_by_role("slider").focus()
    note = seen.page.locator(".screen [role=status]").first
    seen.press("End")
    assert "The measurement cannot be shown here" in note.inner_text()
    seen.press("ArrowRight")
    assert note.inner_text() == ""
    seen.page.unroute("**/easy.rowsense/window/1")
    seen.press("Home")
    choice.select_option(f"{BORDER}")
    seen.rest()
    assert seen.rows()[0] == border_row, "its time is that of a frame of the window before, and its frame is not"
    assert all("Failed to load resource" in trouble for trouble in seen.troubles), "nothing but that it did not come"
    seen.page.route("**/assets/compare/main.js", lambda route: route.abort())
    seen.page.reload()
    seen.page.get_by_role("alert").get_by_text("Load the page again").wait_for(timeout=READY_MS)
    seen.page.close()


def test_on_a_phone_from_the_list_to_two_films(browser: Any, address: str) -> None:
    seen = watched(browser, address, viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    page = seen.page
    page.goto(address)
    ticks = page.get_by_role("checkbox")
    ticks.first.wait_for()
    assert ticks.count() == 4
    ticks.nth(0).focus()
    page.keyboard.press("Space")
    page.get_by_role("checkbox", checked=False).last.check()
    page.get_by_role("button", name="Compare").tap()
    page.get_by_role("link", name="Compare them all the same").tap()
    page.wait_for_selector("#compare[data-state=ready]", timeout=READY_MS)
    seen.rest()
    assert "no change of anybody" in page.locator("main").inner_text()
    before = page.evaluate(DRAWING)
    page.get_by_label("the second film turned round").uncheck()
    assert page.evaluate(DRAWING) != before, "they face each other"
    tops = page.evaluate("[...document.querySelectorAll('.screen')].map((s) => s.getBoundingClientRect().top)")
    assert tops[1] > tops[0] + 100, "one above the other"
    fits_on_a_phone(page)
    assert page.locator(".no-film").count() == 1, "the one without a film is drawn all the same"
    unnamed = page.evaluate("""[...document.querySelectorAll("main button, main select, main input")].filter((e) =>
        !(e.textContent && !e.options || e.ariaLabel || e.labels?.[0]?.textContent)).map((e) => e.outerHTML)""")
    assert unnamed == []
    assert all(url.startswith((address, "data:", "blob:")) for url in seen.asked)
    page.close()
    assert not seen.troubles
