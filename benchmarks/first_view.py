"""How long every page takes in a browser until something is seen, and until what it is about is; and what it weighs.

    python -m benchmarks.first_view [--repeats 5] [--only club,session] [--phone] [--write]

The walk of ``tools/walk.py`` over a made-up club of 24 rowers and half a year, served on this machine. *Cold*: the
browser has nothing of the pages yet; *warm*: it was there before. *First*: from going there to the first paint of text
or a picture; *content*: until the page's heading is painted, which pages of a club have only with all that is below it;
*film*: until the player shows the frame that the page opens at, or the comparison both. ``--phone``: a processor that
is four times slower, and a line of 20 Mbit/s with 50 ms to and fro. ``--write``: the table goes into docs/speed.md.
"""

from __future__ import annotations

import argparse
import math
import re
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image

from benchmarks.player import SIZE_PX, numbered_film
from dashboards.app import listening
from rowsense.demo_season import SeasonPlan
from rowsense.report.html import html_report
from tests import clips
from tests.dashboards.chromium import CHROMIUM, FLAGS, READY_MS
from tests.dashboards.player_session import store
from tests.dashboards.season_world import make_season_world
from tests.session_fixture import make_session
from tools.site import Site, standing
from tools.staging import Stage, running
from tools.walk import DEMO_ROLES, STOPS, Stop
from tools.watching import BYTES

#: As the demonstration has it.
PLAN: Final = SeasonPlan(stories=True)
STROKES: Final = 40
SCREEN: Final = {"width": 1280, "height": 800}
PAGE: Final = Path(__file__).parents[1] / "docs" / "speed.md"
_PLACE: Final = re.compile(r"(?<=<!-- first view -->\n).*?(?=<!-- end of first view -->)", re.DOTALL)
#: Notes when what a page is about is painted. Runs before anything of it.
_NOTE: Final = """(() => { const seen = window.seenAt_ms = {};
    const at = (what) => { if (!(what in seen)) { seen[what] = 0;
        requestAnimationFrame(() => setTimeout(() => { seen[what] = performance.now(); })); } };
    const isThere = ({ dataset: told, id }) => told.state === "ready" && (id === "compare" || told.row === told.first);
    new MutationObserver(() => {
        if (document.querySelector("h1")?.checkVisibility()) at("content");
        const place = document.querySelector("#player, #compare");
        if (place && isThere(place)) at("film");
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state", "data-row"] }); })();"""
_SEEN: Final = """() => { const { content = 0, film = 0 } = window.seenAt_ms;
    const paints = performance.getEntriesByType("paint");
    const first = paints.find((one) => one.name === "first-contentful-paint")?.startTime ?? 0;
    const all = first && content && (film || !document.querySelector("#player, #compare"));
    return all ? { first, content, film } : null; }"""


@dataclass
class Measured:
    """One page: milliseconds, one value for each time that it was opened."""

    stop: Stop
    byte_count: int = 0
    cold_ms: dict[str, list[float]] = field(default_factory=dict)
    warm_ms: dict[str, list[float]] = field(default_factory=dict)


def main() -> None:
    """Walk, measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--repeats", type=int, default=5, help="how often each page is opened, cold and warm")
    asked.add_argument("--only", default="", help="names of stops, with commas between")
    asked.add_argument("--phone", action="store_true", help="as on a phone")
    asked.add_argument("--write", action="store_true", help="write the table into docs/speed.md")
    options = asked.parse_args()
    only = set(filter(None, options.only.split(",")))
    with tempfile.TemporaryDirectory() as scratch, site_to_walk(Path(scratch)) as site, browser_of_our_own() as browser:
        found = [
            one
            for stop in STOPS
            if not only or stop.name in only
            if (one := measured(browser, site, stop, options.repeats, slowed=options.phone)) is not None
        ]
    table = "\n".join(lines(found))
    print(table)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(_PLACE.sub(lambda _: f"\n{table}\n\n", page), encoding="utf-8")


def measured(browser: Any, site: Site, stop: Stop, repeats: int, *, slowed: bool) -> Measured | None:
    """Open it that often in a browser that is new, and again in the same; None: it is more than an address."""
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    if stop.role in DEMO_ROLES:
        page.goto(f"{site.demo}/demo/{stop.role}", wait_until="commit")
    stop.go(page, site)
    address, heading, state = page.url, page.locator("h1").first.inner_text(), context.storage_state()
    context.close()
    told = Measured(stop)
    for _ in range(repeats):
        context = browser.new_context(viewport=SCREEN, storage_state=state)
        context.add_init_script(_NOTE)
        page = context.new_page()
        if slowed:
            slow_down(context, page)
        for of in (told.cold_ms, told.warm_ms):
            for what, ms in opened(page, address).items():
                of.setdefault(what, []).append(ms)
            if of is told.cold_ms:
                told.byte_count = page.evaluate(BYTES)
        same = page.locator("h1").first.inner_text() == heading
        context.close()
        if not same:
            return None
    return told


def opened(page: Any, address: str) -> dict[str, float]:
    """Go there and wait until it is there; what took how long, milliseconds from going there."""
    page.goto("about:blank")
    page.goto(address)
    for _ in range(READY_MS // 50):
        seen: dict[str, float] | None = page.evaluate(_SEEN)
        if seen is not None:
            page.wait_for_load_state("networkidle")
            return seen
        page.wait_for_timeout(50)
    raise SystemExit(f"{address} does not come")


def slow_down(context: Any, page: Any) -> None:
    """As on a phone of the middle class on its network [D]."""
    talk = context.new_cdp_session(page)
    talk.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    bytes_a_s = 20e6 / 8
    line = {"offline": False, "latency": 50, "downloadThroughput": bytes_a_s, "uploadThroughput": bytes_a_s / 4}
    talk.send("Network.emulateNetworkConditions", line)


def lines(found: Sequence[Measured]) -> list[str]:
    """A table in Markdown: medians, and behind them the slowest."""
    head = ["page", "MB", "cold: first", "content", "film", "warm: first", "content", "film"]
    rows = [
        [
            f"{one.stop.words} ({one.stop.role})",
            f"{one.byte_count / 1e6:.2f}",
            *(_said(of.get(what, [])) for of in (one.cold_ms, one.warm_ms) for what in ("first", "content", "film")),
        ]
        for one in found
    ]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _said(values_ms: Sequence[float]) -> str:
    if not values_ms or not max(values_ms):
        return ""
    return f"{statistics.median(values_ms) / 1000:.2f}, {math.ceil(max(values_ms) / 10) / 100:.2f}"


@contextmanager
def site_to_walk(folder: Path) -> Iterator[Site]:
    analysed = folder / "filmed.rowsense"
    session = make_session(STROKES, size=SIZE_PX)
    store(analysed, session)
    numbered_film(analysed / "film.mp4", session, SIZE_PX)
    for fault in session.assessment.faults:
        still = analysed / "faults" / f"{fault.id}.png"
        still.parent.mkdir(exist_ok=True)
        Image.fromarray(clips.numbered_image(1, *SIZE_PX)).save(still)
    (analysed / "report.html").write_text(html_report(session, {}, None), encoding="utf-8")
    (folder / "beside").mkdir()
    world = make_season_world(folder, PLAN, analysed)
    with ExitStack() as held:
        held.callback(world.store.database.close)
        demo = held.enter_context(running(listening(world.app.server, "127.0.0.1", 0)))
        yield held.enter_context(standing(Stage(world.store, world.filmed), demo, folder / "beside"))


@contextmanager
def browser_of_our_own() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


if __name__ == "__main__":
    main()
