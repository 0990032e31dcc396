"""Where a walk through all pages goes, and how a page is gone to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from dashboards.accounts.offers import Offers
from dashboards.app import create_app
from dashboards.club import Place, create_club_app
from rowsense.store.accounts import new_link
from rowsense.store.opening import open_store
from rowsense.store.tables.accounts import FIRST_START
from tools.staging import Stage, served

#: How long a page may take on a busy machine, milliseconds.
READY_MS: Final = 60_000
#: The player shows the frame that the page opens at, the comparison its films.
_AT_REST: Final = """() => { const place = document.querySelector("#player, #compare"), told = place.dataset;
    return told.state === "failed" || told.state === "ready" && (place.id !== "player" || told.row === told.first); }"""


@dataclass(frozen=True)
class Site:
    """Addresses of servers."""

    demo: str
    """Of a made-up club, where one is let in."""
    doors: str
    """Over the same store, where one has to sign in."""
    empty: str
    """Without a club."""
    folder: str
    """Over a folder of sessions."""
    first_start: str
    """Path of the link to begin with where there is no club."""
    filmed: str
    """Key of a session that has all files; its rower has not said yet what she felt."""
    stage: Stage


Go = Callable[[Any, Site], None]


def shown(page: Any, address: str) -> None:
    """Go there, and wait until all of it is there."""
    page.goto(address)
    page.locator("h1").first.wait_for(timeout=READY_MS)
    settled(page)


def settled(page: Any) -> None:
    """Wait until films are where they belong."""
    if page.locator("#player, #compare").count():
        page.wait_for_function(_AT_REST, timeout=READY_MS)


def at(path: str) -> Go:
    """A page of the made-up club by its address."""
    return lambda page, site: shown(page, site.demo + path.replace("SESSION", f"{site.filmed}.rowsense"))


def at_door(path: str) -> Go:
    """A page of the server where one has to sign in."""
    return lambda page, site: shown(page, site.doors + path)


@contextmanager
def standing(stage: Stage, demo: str, scratch: Path) -> Iterator[Site]:
    """All servers; that of the made-up club runs already."""
    place = Place("http://127.0.0.1:8050", "s" * 40)
    empty = open_store(f"sqlite:///{scratch / 'empty.sqlite3'}", str(scratch / "files"))
    doors = create_club_app(stage.store, place, doorkeeper=stage.let_in, offers=Offers(mail=True))
    stage.know(doors)
    stage.write_folder(scratch / "sessions" / "filmed.rowsense")
    apps = (doors, create_club_app(empty, place), create_app(scratch / "sessions"))
    with ExitStack() as open_now, empty.database:
        door, start, alone = (open_now.enter_context(served(app)) for app in apps)
        token = new_link(empty.database, FIRST_START, timedelta(hours=1))
        yield Site(demo, door, start, alone, f"/first-start/{token}", str(stage.filmed), stage)
