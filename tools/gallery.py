"""Pictures of every page, light, dark and on a phone: ``make gallery`` writes ``docs/gallery.md`` and its pictures.

Everything in them is made up: the club of ``rowsense serve --demo`` with the sample films.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

from PIL import Image

from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.local_files import LocalFiles
from tools.site import READY_MS, Site, standing
from tools.staging import Stage
from tools.walk import ALONE, DEMO_ROLES, MEMBER, NOBODY, ROWER, STOPS, Stop
from tools.watching import Watch

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURES: Final = ROOT / "docs" / "pictures" / "gallery"
PAGE: Final = ROOT / "docs" / "gallery.md"
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
#: The sample films have to be analysed before they can be shown.
FILMS_S: Final = 900.0
FILMS: Final = ("hips_tip_back.mp4", "well_rowed.mp4")


@dataclass(frozen=True)
class Screen:
    """What a page is looked at on."""

    name: str
    width_px: int
    height_px: int
    scheme: Literal["light", "dark"]
    shown_px: int
    """Width in the gallery."""


SCREENS: Final = (
    Screen("light", 1280, 800, "light", 600),
    Screen("dark", 1280, 800, "dark", 600),
    Screen("phone", 390, 844, "light", 240),
)
#: Height in the gallery; what is longer is cut, so that every picture has its place.
SHOWN_PX: Final = 760
GAP_PX: Final = 12
QUALITY: Final = 78


def main(only: tuple[str, ...] = ()) -> None:
    """Take them; ``only``: the pages of these names, for looking at what was changed (no index is written)."""
    from playwright.sync_api import sync_playwright

    stops = [stop for stop in STOPS if not only or stop.name in only]
    PICTURES.mkdir(parents=True, exist_ok=True)
    large = ROOT / "build" / "gallery"
    large.mkdir(parents=True, exist_ok=True)
    with ExitStack() as open_now:
        site = open_now.enter_context(_site(Path(open_now.enter_context(tempfile.TemporaryDirectory()))))
        driver = open_now.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        watches = [
            Watch(
                browser.new_page(
                    viewport={"width": screen.width_px, "height": screen.height_px}, color_scheme=screen.scheme,
                    reduced_motion="reduce", has_touch=screen.name == "phone", locale="en-GB",
                ),
                (site.demo, site.doors, site.empty, site.folder),
            )
            for screen in SCREENS
        ]  # fmt: skip
        amiss: list[str] = []
        # Page by page: what a rower has answered on one screen she is not asked on the next.
        for stop in stops:
            shown = [_shot(watch.page, site, stop) for watch in watches]
            amiss += [f"{stop.name}: {words}" for watch in watches for words in watch.amiss(stop)]
            for picture, screen in zip(shown, SCREENS, strict=True):
                picture.save(large / f"{stop.name}-{screen.name}.png")
            sheet = _side_by_side([_small(*each) for each in zip(shown, SCREENS, strict=True)])
            sheet.save(PICTURES / f"{stop.name}.webp", quality=QUALITY, method=6)
            print(stop.name, file=sys.stderr)
        browser.close()
    if not only:
        for old in set(PICTURES.glob("*.webp")) - {PICTURES / f"{stop.name}.webp" for stop in STOPS}:
            old.unlink()
        PAGE.write_text(_index(), encoding="utf-8")
    total = sum(path.stat().st_size for path in PICTURES.glob("*.webp"))
    print(f"{len(stops)} pages; all pictures together {total / 1e6:.2f} MB; large ones in {large}")
    if amiss:
        raise SystemExit("\n".join(["Not as it should be:", *amiss]))


def _shot(page: Any, site: Site, stop: Stop) -> Image.Image:
    if stop.role in DEMO_ROLES:
        page.goto(f"{site.demo}/demo/{stop.role}")
    stop.go(page, site)
    page.wait_for_load_state("networkidle", timeout=READY_MS)
    page.wait_for_timeout(300)
    return Image.open(BytesIO(page.screenshot(full_page=stop.whole))).convert("RGB")


def _small(picture: Image.Image, screen: Screen) -> Image.Image:
    share = screen.shown_px / picture.width
    cut = picture.crop((0, 0, picture.width, min(picture.height, round(SHOWN_PX / share))))
    return cut.resize((screen.shown_px, round(cut.height * share)), Image.Resampling.LANCZOS)


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    width = sum(picture.width for picture in pictures) + GAP_PX * (len(pictures) - 1)
    sheet = Image.new("RGB", (width, max(picture.height for picture in pictures)), "#8a969d")
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width + GAP_PX
    return sheet


def _index() -> str:
    words = {role: role for role in DEMO_ROLES} | {
        NOBODY: "nobody signed in", MEMBER: "whoever has an account", ALONE: "whoever works alone", ROWER: "rower",
    }  # fmt: skip
    lines = [
        "# Every page in pictures",
        "",
        "Light, dark and on a phone, each as the one for whom it is made sees it. `make gallery` takes them anew from "
        "the made-up club of `rowsense serve --demo`; nobody in them is real. Long pages are cut.",
    ]
    for stop in STOPS:
        where = f"pictures/gallery/{stop.name}.webp"
        said = f"{stop.words} in light, in dark and on a phone"
        lines += ["", f"## {stop.words}", "", f"For: {words[stop.role]}.", "", f"![{said}]({where})"]
    return "\n".join(lines) + "\n"


@contextmanager
def _site(folder: Path) -> Iterator[Site]:
    """The made-up club once its films are there, and the servers beside it."""
    with _demonstration(folder) as demo:
        filmed = _filmed(demo)
        (kept,) = folder.glob("rowsense-demo-*")
        with Database(f"sqlite:///{kept / 'club.sqlite3'}") as database:
            store = ClubStore(database, LocalFiles(kept / "files", lasting=False))
            with standing(Stage(store, uuid.UUID(filmed)), demo, folder) as site:
                yield site


@contextmanager
def _demonstration(folder: Path) -> Iterator[str]:
    """``rowsense serve --demo`` as a process of its own; its address."""
    places = {"ROWSENSE_DATA_DIR": str(folder / "data"), "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "rowsense", "serve", "--demo", "--port", _free_port()]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **places}, cwd=folder)
    assert process.stderr is not None
    try:
        while (found := re.search(r"shows .* at (http://[\d.:]+)", line := process.stderr.readline())) is None:
            if not line:
                raise SystemExit(f"{' '.join(command)} ended")
        yield found.group(1)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _free_port() -> str:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def _filmed(demo: str) -> str:
    """Key of the session of the first sample film, once both are analysed."""
    from playwright.sync_api import sync_playwright

    ends = time.monotonic() + FILMS_S
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        while time.monotonic() < ends:
            page.goto(f"{demo}/")
            page.locator(".row-line").first.wait_for(timeout=READY_MS)
            rows = [page.locator("a.row", has_text=film) for film in FILMS]
            if all(row.count() for row in rows):
                address = str(rows[0].first.get_attribute("href"))
                browser.close()
                return address.removeprefix("/session/").removesuffix(".rowsense")
            time.sleep(5.0)
    raise SystemExit("the sample films are not there yet; look at what `rowsense serve --demo` says")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
