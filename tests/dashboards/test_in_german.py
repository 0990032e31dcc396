"""The pages in a browser that asks for German: they say no sentence of the English tables and no word that is neither
in the German ones nor a name, apart from what is marked as English, and they fit a phone.

A word that both languages know proves nothing: an English sentence of such words alone would pass.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dashboards.texts.reader import catalogue
from rowsense.store.tables import COACH, Athlete, Club, Squad, User, Video
from tests.dashboards.chromium import READY_MS, fits_on_a_phone, needs_chromium
from tests.dashboards.season_world import ROWERS, SeasonWorld, make_season_world
from tests.dashboards.serving import serve
from tests.session_fixture import make_session

pytestmark = needs_chromium
PICTURES = os.environ.get("ROWSENSE_PICTURES", "")
PHONE = {"width": 390, "height": 844}
#: Where nothing but a name, a sign or a word of both languages is, English proves nothing.
_LEAST_LETTERS = 4
#: What is called the same in every language, or is a name that stands in no table.
ALSO = frozenset({"rowsense", "utc", "deutsch", "chrome", "linux"})
#: What the made-up session says in words of its own, as that of a club with its own catalogue may.
OWN = frozenset(said for one in make_session().assessment.faults for said in (one.cue, one.self_test, one.drill))
#: What says that it is English, and what only the made-up session measures.
_MARKED = re.compile("auf Englisch „[^“]*“|Pelvic tilt fall|Lumbar flexion rise( after catch)?")
#: What a reader meets on a page, apart from what says that it is in English.
_SAID = """() => {
  const said = [], skipped = "script, style, noscript, code, [lang=en], [hidden]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(skipped)) said.push(walker.currentNode.data);
  for (const one of document.body.querySelectorAll("*")) {
    if (one.closest(skipped)) continue;
    said.push(...["aria-label", "title", "placeholder", "alt"].map((name) => one.getAttribute(name) || ""));
  }
  return said.map((words) => words.trim()).filter(Boolean);
}"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, SeasonWorld]]:
    made = make_season_world(tmp_path_factory.mktemp("german"))
    server = serve(made.app.server)
    worker = threading.Thread(target=server.serve_forever)
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}", made
    server.shutdown()
    worker.join()
    server.server_close()
    made.store.database.close()


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport=PHONE, locale="de-DE", timezone_id="Europe/Berlin", has_touch=True)
    opened = context.new_page()
    opened.troubles = []
    opened.on("pageerror", lambda error: opened.troubles.append(str(error)))
    opened.on("console", lambda said: opened.troubles.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()


@pytest.fixture(scope="module")
def english() -> re.Pattern[str]:
    """All that the tables say in English and otherwise in German."""
    forms = [
        (one.form("en", number), one.form("de", number)) for one in catalogue().messages.values() for number in (1, 2)
    ]
    # A name may happen to fit what is mostly a place.
    told = {
        said for said, german in forms if said != german and len(_letters(said)) >= _LEAST_LETTERS * (1 + ("{" in said))
    }
    return re.compile("|".join(re.sub(r"\\\{\w+\\\}", ".+", re.escape(said)) for said in sorted(told)))


def _letters(text: str) -> str:
    return re.sub(r"\{\w+\}|[^a-zA-Z]", "", text)


@pytest.fixture(scope="module")
def words(world: tuple[str, SeasonWorld]) -> frozenset[str]:
    """All words of the German tables, of months and days, and of the names in the club."""
    german = [message.form("de", number) for message in catalogue().messages.values() for number in (1, 2)]
    told = re.sub(r"\{\w+\}", " ", " ".join(german))
    return frozenset(_words(told)) | frozenset(_words(" ".join(_names(world[1])))) | ALSO


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{3,}", text.lower())


def _names(world: SeasonWorld) -> list[str]:
    """Who and what is called by a name: people, their addresses, squads, the club, films."""
    with world.store.database.reading(world.scope) as unit:
        columns = (User.name, User.email, Athlete.name, Squad.name, Club.name, Video.name, Athlete.level, Athlete.style)
        return [str(name) for column in columns for name in unit.scalars(select(column)) if name]


PAGES = (
    "list",
    "club",
    "athlete",
    "session",
    "edit",
    "delete",
    "monitor",
    "calibrations",
    "compare",
    "compared",
    "upload",
    "you",
    "people",
    "member",
    "history",
    "second step",
    "lost",
    "settings",
    "jobs",
    "catalogue",
    "fault",
    "rule",
    "share",
)


def pages(world: SeasonWorld) -> dict[str, tuple[str, str]]:
    """Address and heading."""
    session = f"{world.filmed}.rowsense"
    return {
        "list": ("/", "Deine Einheiten"),
        "club": ("/club", "Wer dich zuerst braucht"),
        "athlete": (f"/athlete/{ROWERS[0].id}", "Alles auf einen Blick"),
        "session": (f"/session/{session}", "Das Video, mit dem, was gemessen wurde"),
        "edit": (f"/edit/{session}", "Einheit bearbeiten"),
        "delete": (f"/edit/{session}/delete", "löschen?"),
        "monitor": (f"/monitor/{session}", "Vom Monitor"),
        "calibrations": (f"/calibrations/{ROWERS[0].id}", "So entsteht eine"),
        "compare": (f"/compare?first={session}", "Beide Seiten wählen"),
        "compared": (f"/compare?first={session}&strokes=1-2&with=3-4", "Was zu bedenken ist"),
        "upload": ("/upload", "Videos hochladen"),
        "you": ("/account", "Wo du angemeldet bist"),
        "people": ("/people", "Mitgliederliste"),
        "member": (f"/people/member/{world.people[COACH]}", "Sperren"),
        "history": ("/people/history", "Was getan wurde"),
        "second step": ("/account/second-step", "Zweiter Schritt"),
        "lost": ("/forgotten", "Passwort vergessen"),
        "settings": ("/settings", "Wie lange etwas aufbewahrt wird"),
        "jobs": ("/jobs", "Aufgaben"),
        "catalogue": ("/catalogue", "Fehlerkatalog"),
        "fault": ("/catalogue/fault/hips_tip_back", "Becken kippt nach hinten"),
        "rule": ("/catalogue/rule", "Eine eigene Regel"),
        "share": (f"/share/{session}", "Teilen und behalten"),
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_german_and_fits_a_phone(
    page: Any, world: tuple[str, SeasonWorld], english: re.Pattern[str], words: frozenset[str], name: str
) -> None:
    address, made = world
    where, heading = pages(made)[name]
    if name in ("people", "member", "history", "settings", "fault", "rule"):
        page.goto(f"{address}/demo/administrator")
    page.goto(address + where)
    page.get_by_role("heading", name=heading).first.wait_for(timeout=READY_MS)
    if name in ("session", "compared"):
        page.locator("[data-state]").first.wait_for(timeout=READY_MS)
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"de-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.lang") == "de"
    said = page.evaluate(_SAID)
    assert [one for one in said if english.fullmatch(one)] == []
    strange = {
        one: [word for word in _words(_MARKED.sub("", one)) if word not in words] for one in said if one not in OWN
    }
    assert {one: found for one, found in strange.items() if found} == {}
    fits_on_a_phone(page)
    assert page.troubles == []
