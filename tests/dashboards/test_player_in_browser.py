"""The session page in a real browser: the frame on screen is the frame meant, by mouse and by key."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboards.app import create_app
from rowsense.model import Session
from rowsense.overlay.body import _back_colours
from rowsense.overlay.scene import Scene
from tests import clips
from tests.dashboards.chromium import READY_MS, fits_on_a_phone, needs_chromium
from tests.dashboards.player_session import (
    NUMBERS,
    picture_of,
    store,
    uneven_session,
    write_numbered_film,
    write_numbered_original,
)
from tests.dashboards.serving import serve
from tests.session_fixture import make_session

pytestmark = needs_chromium
#: Enough of a picture to read its number; whole ones take long on their way out of the browser.
SMALL_WIDTH_PX, SMALL_HEIGHT_PX = 96, 72
#: How far a step of a phone's clock may be from the mean.
PHONE_WANDERS = 0.25
#: Between two looks at what is on screen, and how long it may take until it stands still as the page says.
STILL_MS, SETTLES_MS = 120, 6000


@dataclass
class Seen:
    """A page, and everything that went wrong or out while it was open."""

    page: Any
    address: str
    troubles: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, key: str) -> None:
        self.page.goto(f"{self.address}/session/{key}")
        self.page.wait_for_selector("#player[data-state=ready]", timeout=READY_MS)

    def focus_player(self) -> None:
        self.page.get_by_role("slider").focus()

    def wait_for_row(self, row: int) -> None:
        self.page.wait_for_function(
            "row => document.querySelector('#player').dataset.row === String(row)", arg=row, timeout=READY_MS
        )

    def number_on_screen(self) -> int:
        """The number in the picture on screen, once it stands still as the frame that the page says is shown.

        A busy browser may tell of a frame before its picture can be read; a number that stays another one is returned.
        """
        known: list[tuple[int, int]] = []
        for _ in range(SETTLES_MS // STILL_MS):
            known.append((self.row() % NUMBERS, self._number_now()))
            if known[-2:] == [known[-1]] * 2 and known[-1][0] == known[-1][1]:
                break
            self.page.wait_for_timeout(STILL_MS)
        return known[-1][1]

    def _number_now(self) -> int:
        """Of the film, or of the still that lies over it."""
        pixels = self.page.evaluate(
            """([width, height]) => {
                const canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d");
                const still = document.querySelector("#player .at-once:not([hidden])");
                context.drawImage(still ?? document.querySelector("#player video"), 0, 0, width, height);
                return Array.from(context.getImageData(0, 0, width, height).data);
            }""",
            [SMALL_WIDTH_PX, SMALL_HEIGHT_PX],
        )
        return clips.read_number(picture_of(pixels, SMALL_WIDTH_PX, SMALL_HEIGHT_PX))

    def row(self) -> int:
        return int(self.page.evaluate("document.querySelector('#player').dataset.row"))

    def settled_row(self) -> int:
        """The row once it has stayed for a second: a film may show a frame or two more after it was paused."""
        rows = [self.row()]
        for _ in range(READY_MS // 250):
            self.page.wait_for_timeout(250)
            rows.append(self.row())
            if len(rows) > 4 and len(set(rows[-5:])) == 1:
                return rows[-1]
        raise AssertionError(f"the row does not come to rest: {rows}")

    def drawn_pixels(self) -> int:
        """How many pixels the drawing covers."""
        return int(
            self.page.evaluate(
                """() => { const canvas = document.querySelector("#player .drawing");
                const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                let count = 0; for (let i = 3; i < data.length; i += 4) count += data[i] > 0; return count; }"""
            )
        )


@pytest.fixture(scope="module")
def session() -> Session:
    return uneven_session()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, session: Session) -> Path:
    root = tmp_path_factory.mktemp("browser")
    store(root / "filmed.rowsense", session)
    write_numbered_film(root / "filmed.rowsense" / "film.mp4", session)
    store(root / "gone.rowsense", make_session(4))
    (root / "gone.rowsense" / "overlay.mp4").write_bytes(bytes(2000))
    phone = uneven_session(within=PHONE_WANDERS)
    store(root / "kept" / "original.rowsense", phone)
    write_numbered_original(root / "kept" / phone.video.path.name, phone)
    store(root / "kept" / "other.rowsense", make_session(4))
    (root / "damaged.rowsense").mkdir()
    for name in ("summary.json", "session.json", "frames.parquet"):
        (root / "damaged.rowsense" / name).write_bytes((root / "gone.rowsense" / name).read_bytes())
    return root


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    server = serve(create_app(root).server)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    worker.join()
    server.server_close()


@pytest.fixture
def seen(browser: Any, address: str) -> Iterator[Seen]:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    watched = Seen(page, address)
    page.on("pageerror", lambda error: watched.troubles.append(str(error)))
    page.on("console", lambda said: watched.troubles.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: watched.asked.append(request.url))
    yield watched
    page.close()
    assert all(url.startswith((address, "data:", "blob:")) for url in watched.asked), "no other host"


FILMS = pytest.mark.parametrize("key", ["filmed.rowsense", "kept/original.rowsense"], ids=["film", "original"])


@FILMS
def test_it_opens_at_the_worst_frame_and_every_click_shows_the_frame_meant(
    seen: Seen, session: Session, key: str
) -> None:
    """Faults lie at the same frames of both films, at other times."""
    seen.open(key)
    assert key.split("/")[-1].split(".")[0].replace("filmed", "film") in seen.page.evaluate(
        "document.querySelector('#player video').currentSrc"
    )
    worst = session.assessment.faults[0].worst_frame
    seen.wait_for_row(worst)
    assert seen.number_on_screen() == worst % NUMBERS
    buttons = seen.page.locator(".occurrences [data-row]")
    rows = [int(buttons.nth(i).get_attribute("data-row")) for i in range(buttons.count())]
    assert len(rows) == 7, "four more times the hips, three more times the back"
    for i, row in enumerate(rows):
        buttons.nth(i).click()
        seen.wait_for_row(row)
        assert seen.number_on_screen() == row % NUMBERS
        assert session.assessment.faults[0 if i < 4 else 1].name in seen.page.locator(".readout").inner_text()
    assert not seen.troubles


@FILMS
def test_a_fault_of_the_list_is_there_before_the_film_has_come_to_it(seen: Seen, key: str) -> None:
    seen.open(key)
    button = seen.page.locator(".occurrences [data-row]").first
    row = int(button.get_attribute("data-row"))
    seen.page.wait_for_function(
        "row => document.querySelector('#player').dataset.pictures?.split(' ').includes(row)",
        arg=str(row),
        timeout=READY_MS,
    )
    pixels, at, seeks = seen.page.evaluate(
        """size => {
            const place = document.querySelector("#player");
            document.querySelector(".occurrences [data-row]").click();
            const canvas = new OffscreenCanvas(...size), context = canvas.getContext("2d");
            context.drawImage(place.querySelector(".at-once:not([hidden])"), 0, 0, ...size);
            const { data } = context.getImageData(0, 0, ...size);
            return [Array.from(data), place.dataset.row, place.querySelector("video").seeking]; }""",
        [SMALL_WIDTH_PX, SMALL_HEIGHT_PX],
    )
    assert at == str(row) and seeks
    assert clips.read_number(picture_of(pixels, SMALL_WIDTH_PX, SMALL_HEIGHT_PX)) == row % NUMBERS
    seen.page.wait_for_selector("#player .at-once", state="hidden", timeout=READY_MS)
    assert seen.row() == row and seen.number_on_screen() == row % NUMBERS
    for _ in range(3):
        seen.page.keyboard.press("ArrowRight")
    seen.wait_for_row(row + 3)
    assert seen.number_on_screen() == (row + 3) % NUMBERS
    assert not seen.troubles


@FILMS
def test_every_step_by_key_shows_the_next_frame(seen: Seen, session: Session, key: str) -> None:
    seen.open(key)
    at = session.assessment.faults[0].worst_frame
    seen.wait_for_row(at)
    for pressed, by in [("ArrowRight", 1)] * 4 + [("ArrowLeft", -1)] * 7:
        seen.page.keyboard.press(pressed)
        at += by
        seen.wait_for_row(at)
        assert seen.number_on_screen() == at % NUMBERS
    for _ in range(15):
        seen.page.keyboard.press("ArrowRight")
    seen.wait_for_row(at + 15)
    assert seen.number_on_screen() == (at + 15) % NUMBERS, "keys that come faster than the film seeks are not lost"
    seen.focus_player()
    seen.page.keyboard.press("End")
    last = len(session.track) - 1
    seen.wait_for_row(last)
    assert seen.number_on_screen() == last % NUMBERS
    seen.page.keyboard.press("Home")
    seen.wait_for_row(0)
    assert not seen.troubles


def test_a_frame_that_the_browser_does_not_tell_of_is_asked_for_again(seen: Seen, session: Session) -> None:
    """Now and then Chromium shows the frame of a seek and says nothing; the drawing was that of the frame before."""
    seen.page.add_init_script("""(() => {
        const video = HTMLVideoElement.prototype, ask = video.requestVideoFrameCallback;
        window.seeks = 9;
        document.addEventListener("seeking", (event) => { window.seeks += !event.target.matches(".scout"); }, true);
        video.requestVideoFrameCallback = function (told) {
            return ask.call(this, (...shown) => {
                if (window.seeks < 2 && !this.matches(".scout")) this.requestVideoFrameCallback(told);
                else told(...shown); }); }; })()""")
    seen.open("filmed.rowsense")
    seen.wait_for_row(session.assessment.faults[0].worst_frame)
    seen.focus_player()
    for key, row in (("End", len(session.track) - 1), ("ArrowLeft", len(session.track) - 2)):
        seen.page.evaluate("window.seeks = 0")
        seen.page.keyboard.press(key)
        seen.wait_for_row(row)
        assert seen.page.evaluate("window.seeks") > 1 and seen.number_on_screen() == row % NUMBERS
    assert not seen.troubles


def test_keys_go_from_stroke_to_stroke_and_from_fault_to_fault(seen: Seen, session: Session) -> None:
    seen.open("filmed.rowsense")
    seen.wait_for_row(session.assessment.faults[0].worst_frame)
    seen.focus_player()
    catches = [int(np.abs(session.track.time_s - s.catch_time_s).argmin()) for s in session.strokes.strokes]
    seen.page.keyboard.press("Home")
    seen.wait_for_row(0)
    for catch in catches[:3]:
        seen.page.keyboard.press("Shift+ArrowRight")
        seen.wait_for_row(catch)
        assert seen.number_on_screen() == catch % NUMBERS
    seen.page.keyboard.press("ArrowUp")
    seen.wait_for_row(catches[1])
    seen.page.keyboard.press("f")
    seen.page.wait_for_function("row => Number(document.querySelector('#player').dataset.row) > row", arg=catches[1])
    shown = seen.row()
    assert any(a <= shown < b for fault in session.assessment.faults for a, b in fault.frames)
    seen.page.keyboard.press("Shift+F")
    seen.page.wait_for_function("row => Number(document.querySelector('#player').dataset.row) < row", arg=shown)
    seen.page.keyboard.press("?")
    assert seen.page.locator("dialog.sheet").is_visible()
    assert "loop this stroke" in seen.page.locator("dialog.sheet").inner_text()
    assert "note" not in seen.page.locator("main").inner_text(), "nobody signs in, nobody pins"
    seen.page.keyboard.press("Escape")
    seen.page.locator("dialog.sheet").wait_for(state="hidden")


def test_arrows_scroll_the_page_outside_the_player_and_keys_can_be_switched_off(seen: Seen, session: Session) -> None:
    seen.open("filmed.rowsense")
    worst = session.assessment.faults[0].worst_frame
    seen.wait_for_row(worst)
    seen.page.keyboard.press("End")
    seen.page.wait_for_function("window.scrollY > 300")
    assert seen.row() == worst
    seen.page.keyboard.press("?")
    seen.page.get_by_label("keys are on").uncheck()
    seen.page.keyboard.press("Escape")
    seen.page.locator(".still").first.focus()
    seen.page.keyboard.press("f")
    seen.focus_player()
    seen.page.keyboard.press("ArrowRight")
    seen.wait_for_row(worst + 1)


def test_a_click_on_the_timeline_goes_to_that_time(seen: Seen, session: Session) -> None:
    seen.open("filmed.rowsense")
    worst = session.assessment.faults[0].worst_frame
    seen.wait_for_row(worst)
    whole = seen.page.locator(".timeline .whole")
    place = whole if whole.is_visible() else seen.page.locator(".timeline .close-up")
    box = place.bounding_box()
    place.click(position={"x": box["width"] / 4, "y": 10})
    expected_s = session.track.time_s[-1] / 4
    seen.page.wait_for_function("row => document.querySelector('#player').dataset.row !== String(row)", arg=worst)
    row = seen.row()
    assert session.track.time_s[row] == pytest.approx(expected_s, abs=0.15)
    assert seen.number_on_screen() == row % NUMBERS
    slider = seen.page.get_by_role("slider", name=re.compile("Place in the film"))
    assert float(slider.get_attribute("aria-valuenow")) == pytest.approx(session.track.time_s[row], abs=0.006)
    assert "Stroke" in slider.get_attribute("aria-valuetext")


def test_while_it_plays_the_words_belong_to_the_picture(seen: Seen, session: Session) -> None:
    seen.open("filmed.rowsense")
    seen.wait_for_row(session.assessment.faults[0].worst_frame)
    seen.focus_player()
    seen.page.keyboard.press("Home")
    seen.wait_for_row(0)
    seen.page.locator("select[aria-label='speed']").select_option("0.5")
    seen.page.get_by_role("button", name="play", exact=True).click()
    seen.page.wait_for_function("Number(document.querySelector('#player').dataset.row) > 25", timeout=READY_MS)
    seen.page.get_by_role("button", name="pause", exact=True).click()
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_function("document.querySelector('#player video').seeking === false", timeout=READY_MS)
    row = seen.settled_row()
    assert seen.number_on_screen() == row % NUMBERS
    assert f"frame {row}" in seen.page.locator(".readout").inner_text()


def test_a_stroke_is_looped(seen: Seen, session: Session) -> None:
    seen.open("filmed.rowsense")
    seen.wait_for_row(session.assessment.faults[0].worst_frame)
    stroke = session.strokes.strokes[1]
    first, end = np.searchsorted(session.track.time_s, [stroke.catch_time_s, stroke.end_time_s])
    seen.page.evaluate("""() => { window.rows = [];
        new MutationObserver(() => window.rows.push(Number(document.querySelector("#player").dataset.row)))
            .observe(document.querySelector("#player"), { attributes: true, attributeFilter: ["data-row"] }); }""")
    seen.focus_player()
    seen.page.keyboard.press("Home")
    seen.wait_for_row(0)
    seen.page.keyboard.press("ArrowDown")
    seen.page.keyboard.press("ArrowDown")
    seen.page.wait_for_function(f"Math.abs(document.querySelector('#player').dataset.row - {first}) <= 1")
    seen.page.evaluate("window.rows = []")
    seen.page.locator("select[aria-label='speed']").select_option("1.5")
    seen.focus_player()
    seen.page.keyboard.press("l")
    # From the end of the stroke it goes back; a frame that a busy machine tells of late is some beyond it, but not in
    # each turn.
    seen.page.wait_for_function(
        "end => window.rows.some((row, i, rows) => i && row < rows[i - 1] - 20 && Math.abs(rows[i - 1] - end) <= 6)",
        arg=int(end),
        timeout=READY_MS,
    )
    assert min(seen.page.evaluate("window.rows")) >= first - 1


def test_layers_are_switched_by_key_and_box_and_stay_so(seen: Seen, session: Session) -> None:
    seen.open("filmed.rowsense")
    seen.wait_for_row(session.assessment.faults[0].worst_frame)
    counts = [seen.drawn_pixels()]
    for key in "12345":
        seen.page.keyboard.press(key)
        counts.append(seen.drawn_pixels())
    assert all(b < a for a, b in pairwise(counts)), counts
    assert counts[-1] == 0, "the clean film is beneath"
    seen.page.get_by_label("joints").check()
    seen.page.reload()
    seen.page.wait_for_selector("#player[data-row]", timeout=READY_MS)
    assert seen.page.get_by_label("joints").is_checked()
    assert not seen.page.get_by_label("back line").is_checked()


def test_the_ghost_is_another_stroke_at_the_same_place(seen: Seen, session: Session) -> None:
    seen.open("filmed.rowsense")
    seen.wait_for_row(session.assessment.faults[0].worst_frame)
    row = int(np.searchsorted(session.track.time_s, session.strokes.strokes[1].catch_time_s)) + 8
    seen.page.evaluate("row => { const go = document.createElement('button'); go.dataset.row = row; "
                       "document.querySelector('main').append(go); go.click(); }", row)  # fmt: skip
    seen.wait_for_row(row)
    seen.page.wait_for_timeout(200)
    alone = seen.drawn_pixels()
    for stroke, choose in ((0, False), (2, True)):
        # Too few strokes to have a best one: it is the first that counts, until another one is chosen.
        if choose:
            seen.page.get_by_label("stroke of the ghost").select_option(label=f"stroke {stroke + 1}")
        else:
            seen.page.keyboard.press("g")
        hips = round(float(session.angles["pelvic_tilt_deg"][_same_place(session, row, stroke)]))
        said = f"ghost, stroke {stroke + 1} here: hips {hips:+d}°".replace("-", "−")
        seen.page.wait_for_function(
            "said => document.querySelector('.readout').innerText.includes(said)", arg=said, timeout=READY_MS
        )
        assert seen.drawn_pixels() > alone + 300
    # Of another session of hers: its best stroke, with what was done to it. The first one is damaged.
    seen.page.locator("#player optgroup[label='References and other sessions'] option").first.wait_for(state="attached")
    seen.page.get_by_label("stroke of the ghost").select_option("o1")
    seen.page.wait_for_function(
        "document.querySelector('.readout').innerText.includes('trunk as long as this one')", timeout=READY_MS
    )
    assert seen.drawn_pixels() > alone + 300
    button = seen.page.get_by_role("button", name="Ghost")
    assert button.get_attribute("aria-pressed") == "true"
    seen.page.reload()
    seen.page.wait_for_selector("#player[data-row] >> text=Ghost", timeout=READY_MS)
    assert button.get_attribute("aria-pressed") == "true", "it is remembered"
    button.click()
    assert not seen.page.get_by_label("stroke of the ghost").is_visible()
    seen.page.keyboard.press("?")
    sheet = seen.page.locator("dialog.sheet").inner_text()
    assert "ghost of another stroke" in sheet and "Shift g" in sheet
    assert "reference" not in sheet, "nobody keeps any here"
    assert not seen.troubles


def test_a_stroke_that_was_not_sent_has_its_line_from_the_track(seen: Seen) -> None:
    seen.open("filmed.rowsense")
    told = seen.page.evaluate(
        """async () => {
          const { Curves } = await import("/assets/player/curves.js");
          const { Track } = await import("/assets/player/track.js");
          const address = document.querySelector("#player").dataset.address;
          const scene = await (await fetch(`${address}/scene.json`)).json();
          const bare = { ...scene, curves: scene.curves.map((curve) => ({ ...curve, lines: [] })) };
          const place = ({ quantity }) => [quantity, document.createElement("div")];
          const places = Object.fromEntries(scene.curves.map(place));
          const curves = new Curves(bare, places, new Track(bare, address), () => {});
          const off = [];
          for (const [number, stroke] of scene.strokes.entries()) {
            curves.show({ number, stroke, time_s: stroke.finish_s }, null);
            await curves.fetchOwn();
            for (const curve of scene.curves) {
              const sent = curve.lines.find((line) => line.stroke === number).values;
              const own = curves.ownOf(curve);
              const away = (a, b) => ((a === null) === (b === null) ? Math.abs(a - b) : 999);
              off.push(...sent.map((value, i) => away(value, own[i])));
            }
          }
          curves.stop();
          return { points: off.length, worst: Math.max(...off) };
        }"""
    )
    assert told["points"] > 1000 and told["worst"] < 0.25, "both are rounded to tenths of a degree"
    assert not seen.troubles


def _same_place(session: Session, row: int, other: int) -> int:
    """The row in another stroke at the same share of drive or recovery."""
    time_s, strokes = session.track.time_s, session.strokes.strokes
    own = next(s for s in strokes if s.catch_time_s <= time_s[row] < s.end_time_s)
    ends = [(s.catch_time_s, s.finish_time_s, s.end_time_s) for s in (own, strokes[other])]
    wanted_s = np.interp(time_s[row], ends[0], ends[1])
    return int(np.searchsorted(time_s, wanted_s + 0.0005, side="right")) - 1


def test_colours_are_those_of_the_overlay_video(seen: Seen, session: Session) -> None:
    seen.open("filmed.rowsense")
    scene = Scene.of(session)
    for row in (0, 17, 60, 133):
        tilt, flexion = (float(session.angles[f"{n}_deg"][row]) for n in ("pelvic_tilt", "lumbar_flexion"))
        drawn = seen.page.evaluate(
            """async ([tilt, flexion, address]) => {
                const colours = await import("/assets/player/colours.js");
                const scene = await (await fetch(address)).json(), full = scene.look.full_colour_deg;
                const place = (value, name, warm) => colours.positionOn(value, scene.middle_deg[name], full, warm);
                return colours.backColours(place(tilt, "pelvic_tilt_deg", false),
                    place(flexion, "lumbar_flexion_deg", true), 64, scene.look);
            }""",
            [tilt, flexion, "/player/filmed.rowsense/scene.json"],
        )
        rgb = [tuple(map(int, re.findall(r"\d+", colour))) for colour in drawn]
        known = _back_colours(scene, row)
        # The overlay rounds the place on the scale to a hundredth.
        assert np.abs(np.array(rgb) - np.array(known)).max() <= 3


def test_a_film_of_another_length_is_not_taken_for_the_original(seen: Seen) -> None:
    seen.open("kept/other.rowsense")
    assert "not the film this session was made from" in seen.page.locator("#player").inner_text()
    assert seen.page.locator("#player video").count() == 0


def test_without_any_film_the_body_is_drawn_and_it_is_said(seen: Seen) -> None:
    seen.open("gone.rowsense")
    seen.page.wait_for_selector("#player[data-row]", timeout=READY_MS)
    assert seen.page.locator("#player .no-film").count() == 1
    assert seen.drawn_pixels() > 1000
    words = seen.page.locator("main").inner_text()
    assert "cannot be shown" in words and "rowsense film" in words and "drawn without it" in words
    row = seen.row()
    seen.page.keyboard.press("ArrowRight")
    seen.wait_for_row(row + 1)


def test_a_track_that_cannot_be_read_is_said(seen: Seen) -> None:
    seen.page.goto(f"{seen.address}/session/damaged.rowsense")
    said = seen.page.wait_for_selector("#player[data-state=failed] [role=alert]", timeout=READY_MS)
    assert "track.parquet" in said.inner_text() and "analyse the video again" in said.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_from_the_list_to_the_frame(browser: Any, address: str, scheme: str, session: Session) -> None:
    page = browser.new_page(
        viewport={"width": 390, "height": 844}, color_scheme=scheme, reduced_motion="reduce", has_touch=True
    )
    watched = Seen(page, address)
    page.on("pageerror", lambda error: watched.troubles.append(str(error)))
    page.on("request", lambda request: watched.asked.append(request.url))
    page.goto(address)
    page.locator("a[href='/session/filmed.rowsense']").click()
    page.wait_for_selector("#player[data-row]", timeout=READY_MS)
    page.get_by_role("button", name="Show me the frame").tap()
    page.wait_for_function("document.querySelector('#player .stage').getBoundingClientRect().top < 844")
    fits_on_a_phone(page)
    assert not any("plotly" in url for url in watched.asked), "charts are drawn by the page itself"
    assert all(url.startswith((address, "data:", "blob:")) for url in watched.asked)
    unnamed = page.evaluate("""[...document.querySelectorAll("main button, main select, main input")].filter((e) =>
        !(e.innerText || e.getAttribute("aria-label") || e.labels?.[0]?.innerText)).length""")
    assert unnamed == 0
    page.close()
    assert not watched.troubles
