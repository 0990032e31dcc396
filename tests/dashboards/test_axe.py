"""Nothing on any page keeps anybody from using it: axe with WCAG 2.2 A and AA, in every role, light and dark."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards.club import Place, create_club_app
from rowsense.store.accounts import new_link
from rowsense.store.opening import open_store
from rowsense.store.tables.accounts import FIRST_START
from rowsense.store.uploads import Announced, UploadLimits, create_upload
from rowsense.store.viewers import viewer_of
from tests.dashboards.chromium import needs_chromium
from tests.dashboards.season_world import SeasonWorld, make_season_world
from tools.walk import ADMINISTRATOR, COACH, NOBODY, ROWER, STOPS, Site

pytestmark = [
    *needs_chromium,
    pytest.mark.skipif(not importlib.util.find_spec("axe_playwright_python"), reason="axe is not installed"),
]
LAPTOP = {"width": 1280, "height": 800}
GRAVE = ("serious", "critical")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextmanager
def served(app: Any) -> Iterator[str]:
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        worker.join()
        server.server_close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeasonWorld]:
    made = make_season_world(tmp_path_factory.mktemp("season"))
    yield made
    made.store.database.close()


@pytest.fixture(scope="module")
def site(world: SeasonWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = Place("http://127.0.0.1:8050", "s" * 40)
    folder: Path = tmp_path_factory.mktemp("empty")
    empty = open_store(f"sqlite:///{folder / 'club.sqlite3'}", str(folder / "files"))
    coach = viewer_of(world.store.database, world.people[COACH])
    assert coach is not None
    create_upload(world.store, coach, Announced("erg.mp4", 1000), UploadLimits())
    with ExitStack() as open_now, empty.database:
        demo = open_now.enter_context(served(world.app))
        doors = open_now.enter_context(served(create_club_app(world.store, place)))
        first = open_now.enter_context(served(create_club_app(empty, place)))
        token = new_link(empty.database, FIRST_START, timedelta(hours=1))
        yield Site(demo, doors, f"/first-start/{token}", first, str(world.filmed))


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport=LAPTOP, reduced_motion="reduce", color_scheme="light")
    yield opened
    opened.close()


def found(page: Any, **rules: Any) -> list[str]:
    """What keeps somebody from using the page."""
    from axe_playwright_python.sync_playwright import Axe

    told = Axe().run(page, options={"resultTypes": ["violations"], "preload": False, **rules}).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:160]}; {node['failureSummary']}"
        for one in told
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("role", [NOBODY, COACH, ROWER, ADMINISTRATOR])
def test_nothing_keeps_anybody_from_using_it(page: Any, site: Site, role: str) -> None:
    if role != NOBODY:
        page.goto(f"{site.demo}/demo/{role}", wait_until="commit")
    troubles = []
    for stop in (stop for stop in STOPS if stop.role == role):
        stop.go(page, site)
        light = found(page, runOnly=RULES)
        page.evaluate("document.documentElement.dataset.mantineColorScheme = 'dark'")
        # Of the rules only this one sees colours.
        dark = found(page, runOnly={"type": "rule", "values": ["color-contrast"]})
        troubles += [f"{stop.name}, {one}" for one in light] + [f"{stop.name} in the dark, {one}" for one in dark]
    assert not troubles, "\n".join(troubles)
