"""Every page in every role keeps nobody from using it: axe with WCAG 2.2 A and AA, light, dark and on a phone.

Beside that: pages of every kind by Tab alone, nothing in the console, nothing asked of another host, little to load, no
refusal in place of a page.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rowsense.report.html import html_report
from tests.dashboards.chromium import needs_chromium
from tests.dashboards.season_world import SeasonWorld, make_season_world
from tests.session_fixture import make_session
from tools.keyboard import amiss, places
from tools.site import Site, standing
from tools.staging import Stage, served
from tools.walk import DEMO_ROLES, ROLES, STOPS
from tools.watching import Watch

pytestmark = [
    *needs_chromium,
    pytest.mark.skipif(not importlib.util.find_spec("axe_playwright_python"), reason="axe is not installed"),
]
LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
GRAVE = ("serious", "critical")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: What depends on how wide the page is. Sizes of targets are looked at only where they are asked for by name.
OF_WIDTH = ["target-size", "scrollable-region-focusable", "color-contrast", "link-name", "button-name"]

#: Pages that one goes through by Tab, one of each kind; `make keyboard` goes through all.
BY_KEYBOARD = ("sign-in", "session", "compare-choose", "club", "upload-films", "people", "catalogue-rule")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeasonWorld]:
    made = make_season_world(tmp_path_factory.mktemp("season"))
    yield made
    made.store.database.close()


@pytest.fixture(scope="module")
def site(world: SeasonWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    scratch: Path = tmp_path_factory.mktemp("beside")
    with served(world.app) as demo, standing(Stage(world.store, world.filmed), demo, scratch) as stands:
        report = scratch / "sessions" / "filmed.rowsense" / "report.html"
        report.write_text(html_report(make_session(), {}, None), encoding="utf-8")
        yield stands


@pytest.fixture(scope="module")
def watch(browser: Any, site: Site) -> Iterator[Watch]:
    opened = browser.new_page(viewport=LAPTOP, reduced_motion="reduce", color_scheme="light")
    yield Watch(opened, (site.demo, site.doors, site.empty, site.folder))
    opened.close()


def found(page: Any, **rules: Any) -> list[str]:
    """What keeps somebody from using the page."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], "preload": False, **rules}
    told = page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:160]}; {node['failureSummary']}"
        for one in told
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("role", ROLES)
def test_nothing_keeps_anybody_from_using_it(watch: Watch, site: Site, role: str) -> None:
    page = watch.page
    if role in DEMO_ROLES:
        page.goto(f"{site.demo}/demo/{role}", wait_until="commit")
    troubles = []
    for stop in (stop for stop in STOPS if stop.role == role):
        stop.go(page, site)
        seen = {"": watch.amiss(stop), "on a laptop": found(page, runOnly=RULES)}
        if stop.name in BY_KEYBOARD:
            seen["by keyboard"] = amiss(places(page))
        page.evaluate("document.documentElement.dataset.mantineColorScheme = 'dark'")
        # Of the rules only this one sees colours.
        seen["in the dark"] = found(page, runOnly={"type": "rule", "values": ["color-contrast"]})
        page.evaluate("document.documentElement.dataset.mantineColorScheme = 'light'")
        page.set_viewport_size(PHONE)
        seen["on a phone"] = found(page, runOnly={"type": "rule", "values": OF_WIDTH})
        page.set_viewport_size(LAPTOP)
        troubles += [f"{stop.name} {where}: {one}" for where, all_of in seen.items() for one in all_of]
    assert not troubles, "\n".join(troubles)
