"""The player in a real browser: how long a click on a fault takes to the right frame, and how a long session opens.

    python -m benchmarks.player [--hour] [--clicks 100] [--folder DIR]

A made-up session of known motion with a film whose pictures carry their numbers, served on this machine. ``--hour`` is
one of an hour more (1,800 strokes, 108,000 frames), which takes some minutes to make; ``--folder`` keeps them for the
next time.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from dashboards.app import create_app, listening
from rowsense.model import Session
from rowsense.video import VideoSink
from tests import clips
from tests.dashboards.chromium import CHROMIUM, FLAGS, READY_MS
from tests.dashboards.player_session import store
from tests.session_fixture import make_session

#: Frames a second that make an hour of strokes at 25 a minute 108,000 frames.
FPS: Final = 25.0
SHORT, HOUR = 40, 1800
#: Whole groups of pictures.
LOOP_FRAMES: Final = 255
SIZE_PX: Final = (1280, 720)
PHONE_PX: Final = (1920, 1080)
PHONE_GOP: Final = 30
SAMPLE: Final = Path(__file__).parents[1] / "sample_videos" / "well_rowed.mp4"
#: From the click until the row of that frame is drawn, which happens when the browser has told that it is on screen.
CLICK: Final = """async ([row, before_ms]) => {
    const place = document.querySelector("#player"), button = document.querySelector("#probe");
    button.dataset.row = row;
    if (before_ms) {
        button.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        await new Promise((on) => setTimeout(on, before_ms));
    }
    const begun = performance.now();
    button.click();
    while (place.dataset.row !== String(row)) {
        if (performance.now() - begun > 10000) return -1;
        await new Promise((next) => { const seen = new MutationObserver(() => { seen.disconnect(); next(); });
            seen.observe(place, { attributes: true }); setTimeout(() => { seen.disconnect(); next(); }, 500); });
    }
    return performance.now() - begun;
}"""

#: The page has pictures of all frames that it lists.
PREPARED: Final = """() => { const there = new Set(document.querySelector("#player").dataset.pictures?.split(" "));
    const listed = [...document.querySelectorAll("main [data-row]:not(#player):not(#probe)")];
    return listed.every((one) => there.has(one.dataset.row)); }"""
LISTED: Final = """() => [...document.querySelectorAll("main [data-row]:not(#player):not(#probe)")]
    .map((one) => +one.dataset.row)"""

#: Bytes of everything but the film, as they came.
WEIGHT: Final = """() => performance.getEntriesByType("resource").filter((one) => !one.name.includes("/media/"))
    .concat(performance.getEntriesByType("navigation")).reduce((sum, one) => sum + one.encodedBodySize, 0)"""

#: A hand comes to a button before it presses it: a guess on the short side [D].
POINTER_MS: Final = 200


def main() -> None:
    """Make the sessions, serve them, and measure."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--hour", action="store_true", help="a session of an hour too")
    asked.add_argument("--phone", action="store_true", help="a film as a phone writes it too: full HD")
    asked.add_argument("--clicks", type=int, default=100)
    asked.add_argument("--folder", type=Path, help="keep the sessions here, and use those that are there")
    options = asked.parse_args()
    with ExitStack() as held:
        root = options.folder or Path(held.enter_context(tempfile.TemporaryDirectory()))
        made = [("short", SHORT, SIZE_PX)] + ([("hour", HOUR, SIZE_PX)] if options.hour else [])
        made += [("phone", SHORT, PHONE_PX)] if options.phone else []
        rows = {key: _make(root, key, strokes, size_px) for key, strokes, size_px in made}
        with _served(root) as address, _browser() as browser:
            for key, strokes, _ in made:
                _measure(browser, address, key, strokes, rows[key], options.clicks)


def _make(root: Path, key: str, strokes: int, size_px: tuple[int, int]) -> list[int]:
    """Write a session and its film; the rows of its faults."""
    begun = time.perf_counter()
    session = make_session(strokes, fps=FPS, size=size_px)
    folder = root / key / "session.rowsense"
    film = folder.parent / session.video.path.name if key == "phone" else folder / "film.mp4"
    if not film.is_file():
        store(folder, session)
        _phone_film(film, len(session.track)) if key == "phone" else numbered_film(film, session, size_px)
    print(f"{key}: {strokes} strokes, {len(session.track)} frames, made in {time.perf_counter() - begun:.0f} s")
    return sorted({(a + b) // 2 for fault in session.assessment.faults for a, b in fault.frames})


def numbered_film(path: Path, session: Session, size_px: tuple[int, int]) -> None:
    """One after the other the same pictures, encoded once: what is asked is where one can go, not what is in them."""
    once = path.with_name("once.mp4")
    with VideoSink(once, *size_px, FPS) as sink:
        for number in range(LOOP_FRAMES):
            sink.write(clips.numbered_image(number, *size_px), number / FPS)
    _repeated(once, path, len(session.track))


def _phone_film(path: Path, count: int) -> None:
    """A rower in full HD as a phone films her: here it is decoding that takes time."""
    once = path.with_name("once.mp4")
    with av.open(str(SAMPLE)) as read:
        pictures = islice(read.decode(video=0), 4 * PHONE_GOP)
        images = (one.reformat(*PHONE_PX, format="rgb24").to_ndarray() for one in pictures)
        clips.write_clip(once, images, fps=int(FPS), gop=PHONE_GOP)
    _repeated(once, path, count)


def _repeated(once: Path, path: Path, count: int) -> None:
    clips.loop_packets(once, path, loops=-(-count // LOOP_FRAMES) * 3, max_frames=count)
    once.unlink()


@contextmanager
def _served(root: Path) -> Iterator[str]:
    server = listening(create_app(root).server, "127.0.0.1", 0)
    worker = threading.Thread(target=server.run, daemon=True)
    worker.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def _measure(browser: Any, address: str, key: str, strokes: int, rows: list[int], clicks: int) -> None:
    opened_ms = [_open(browser, f"{address}/session/{key}/session.rowsense")[1] for _ in range(5)]
    print(f"{key}: opened (server warm, browser empty), to the first frame drawn: {_said(opened_ms[1:])}")
    page, _ = _open(browser, f"{address}/session/{key}/session.rowsense", keep=True)
    weight = page.evaluate(WEIGHT)
    print(f"{key}: everything but the film is {weight / 1e6:.2f} MB on its way")
    page.evaluate("""() => { const probe = document.createElement("button"); probe.id = "probe"; probe.dataset.row = 0;
        document.querySelector("main").append(probe); }""")
    rng = np.random.default_rng(1)
    begun = time.perf_counter()
    page.wait_for_function(PREPARED, timeout=READY_MS)
    listed = page.evaluate(LISTED)
    print(f"{key}: pictures of {len(set(listed))} frames were there after {time.perf_counter() - begun:.1f} s more")
    pointed = f"{POINTER_MS} ms after the pointer came to it"
    for chosen, before_ms, how in (
        (listed, 0, "of the page's list, out of the blue"),
        (rows, 0, "anywhere, out of the blue"),
        (rows, POINTER_MS, f"anywhere, {pointed}"),
    ):
        took_ms = [page.evaluate(CLICK, [int(row), before_ms]) for row in rng.choice(chosen, clicks)]
        lost = sum(ms < 0 for ms in took_ms)
        print(f"{key}: {clicks} clicks on a fault {how}, to its frame: {_said(took_ms)}; {lost} never came")
    page.close()


def _open(browser: Any, address: str, *, keep: bool = False) -> tuple[Any, float]:
    """A page in a browser that knows nothing yet, and how long its first frame took."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("#player[data-row]", timeout=READY_MS)
    took_ms = (time.perf_counter() - begun) * 1000
    if not keep:
        page.context.close()
    return page, took_ms


def _said(values_ms: list[float]) -> str:
    median, p95 = np.percentile(values_ms, [50, 95])
    return f"median {median:.0f} ms, 95th percentile {p95:.0f} ms"


if __name__ == "__main__":
    main()
