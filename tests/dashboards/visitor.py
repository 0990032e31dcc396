"""Somebody in a browser of her own, and a film whose pictures say which they are."""

from __future__ import annotations

from itertools import dropwhile, islice, takewhile
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from tests import clips
from tests.dashboards.chromium import READY_MS
from tests.dashboards.club_world import PASSWORD, mail_of

SAMPLE: Final = Path(__file__).parents[2] / "sample_videos" / "hips_tip_back.mp4"
#: Three strokes of it, each with two faults.
FROM_S, UNTIL_S = 5.5, 13.0
SIZE_PX: Final = (640, 360)
#: Where a picture's number stands: in its upper left, where no rower is.
STAMP_PX: Final = (96, 72)
_NUMBERS_ON_SCREEN: Final = """([size, stamp]) => {
    const still = document.querySelector("#player .at-once:not([hidden])");
    return [...(still ? [still] : document.querySelectorAll("video:not(.scout)"))].map((film) => {
        const canvas = new OffscreenCanvas(...size), context = canvas.getContext("2d");
        context.drawImage(film, 0, 0, ...size);
        return Array.from(context.getImageData(0, 0, ...stamp).data); }); }"""


def numbered_rower(path: Path) -> Path:
    """A part of a sample as telephones write films, which this browser does not play: every other of its pictures,
    picture n with the number n (modulo 256)."""
    with av.open(str(SAMPLE)) as read:
        before = takewhile(lambda one: (one.time or 0.0) < UNTIL_S, read.decode(video=0))
        kept = list(islice(dropwhile(lambda one: (one.time or 0.0) < FROM_S, before), 0, None, 2))
        images = [one.reformat(*SIZE_PX, format="rgb24").to_ndarray().copy() for one in kept]
        rate = round((read.streams.video[0].average_rate or 30) / 2)
    for number, image in enumerate(images):
        image[: STAMP_PX[1], : STAMP_PX[0]] = clips.numbered_image(number % 256, *STAMP_PX)
    times_s = [float((one.time or 0.0) - (kept[0].time or 0.0)) for one in kept]
    return clips.write_clip(path, images, times_s=times_s, fps=rate, codec="hevc")


def posing_rower(path: Path) -> Path:
    """Somebody who sits on the ergometer and does not row."""
    with av.open(str(SAMPLE)) as read:
        still = next(read.decode(video=0)).reformat(*SIZE_PX, format="rgb24").to_ndarray()
    return clips.write_clip(path, [still] * 50, fps=10)


class Visitor:
    """A browser's window with cookies of its own, and what goes wrong in it or out of it."""

    def __init__(self, browser: Any, address: str, **how: Any) -> None:
        self.address = address
        self.page = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **how}).new_page()
        self.page.set_default_timeout(READY_MS)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._console)
        self.page.on("request", self._request)

    def _console(self, said: Any) -> None:
        if said.type in ("error", "warning"):
            self.troubles.append(f"{said.text} {said.location.get('url', '')}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.troubles.append(f"asks for {request.url}")

    def goes(self, path: str) -> None:
        self.page.goto(self.address + path)

    def signs_in(self, person: str) -> None:
        self.goes("/sign-in")
        self.signs_in_as(mail_of(person))

    def signs_in_as(self, email: str) -> None:
        """On the page for it."""
        self.page.locator("#email").fill(email)
        self.page.locator("#password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.heading("Your sessions")

    def heading(self, words: str) -> None:
        self.page.get_by_role("heading", name=words).first.wait_for()

    def presses(self, words: str, *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=words, exact=exact).first.click()

    def follows(self, words: str, *, exact: bool = True) -> None:
        self.page.get_by_role("link", name=words, exact=exact).first.click()

    def opens_player(self, path: str = "") -> None:
        if path:
            self.goes(path)
        self.page.wait_for_selector("#player[data-state=ready]")

    def comes_to(self, row: int) -> None:
        """Until the player says that this frame is on screen."""
        self.page.wait_for_function("row => document.querySelector('#player').dataset.row === String(row)", arg=row)

    def numbers(self) -> list[int]:
        """What the pictures say that are on screen: those of films, or of the still that lies over one."""
        films = "[...document.querySelectorAll('video:not(.scout)')]"
        self.page.wait_for_function(f"{films}.every((film) => !film.seeking)")
        shape = (STAMP_PX[1], STAMP_PX[0], 4)
        pictures = self.page.evaluate(_NUMBERS_ON_SCREEN, [SIZE_PX, STAMP_PX])
        return [clips.read_number(np.array(one, dtype=np.uint8).reshape(shape)[..., :3]) for one in pictures]
