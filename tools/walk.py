"""A walk through every page of a club's server, in the role that it is made for: for pictures, and for checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

COACH, ROWER, ADMINISTRATOR, NOBODY = "coach", "athlete", "administrator", "nobody"
#: How long a page may take on a busy machine, milliseconds.
READY_MS: Final = 60_000
#: The player shows the frame that the page opens at, the comparison its films.
_AT_REST: Final = """() => { const place = document.querySelector("#player, #compare"), told = place.dataset;
    return told.state === "failed" || told.state === "ready" && (place.id !== "player" || told.row === told.first); }"""
_FILMED: Final = ".row-line a[href^='/session/'], a.row[href^='/session/']"


@dataclass(frozen=True)
class Site:
    """Where the walk goes."""

    demo: str
    """Address of a made-up club's server, where one is let in."""
    doors: str
    """Address of a server over the same store where one has to sign in."""
    first_start: str
    """Path on a server without a club."""
    empty: str
    """Address of that server."""
    filmed: str
    """Key of a session that has all files; its rower has not said yet what she felt."""


Go = Callable[[Any, Site], None]


@dataclass(frozen=True)
class Stop:
    """One page as it is to be seen."""

    name: str
    """Of its picture."""
    words: str
    role: str
    go: Go
    whole: bool = True
    """The page from top to bottom; else what a screen shows."""


def at(path: str) -> Go:
    """A page by its address."""
    return lambda page, site: shown(page, site.demo + path.replace("SESSION", f"{site.filmed}.rowsense"))


def shown(page: Any, address: str) -> None:
    """Go there, and wait until all of it is there."""
    page.goto(address)
    page.locator("h1").first.wait_for(timeout=READY_MS)
    if page.locator("#player, #compare").count():
        page.wait_for_function(_AT_REST, timeout=READY_MS)


def _keys(page: Any, site: Site) -> None:
    at("/session/SESSION")(page, site)
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def _ghost(page: Any, site: Site) -> None:
    at("/session/SESSION")(page, site)
    page.keyboard.press("g")
    page.wait_for_function("document.querySelector('.readout').innerText.includes('ghost')", timeout=READY_MS)
    page.locator("#player").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#player').scrollIntoView()")


def _composer(page: Any, site: Site) -> None:
    at("/session/SESSION")(page, site)
    page.keyboard.press("n")
    page.locator(".composer:not([hidden])").wait_for()


def _season(page: Any, site: Site) -> None:
    at("/club")(page, site)
    page.locator(".need").first.click()
    page.wait_for_url("**/athlete/**")
    page.get_by_role("heading", name="Everything at a glance").wait_for(timeout=READY_MS)


def _strokes(page: Any, site: Site) -> None:
    _season(page, site)
    link = page.locator(".plot a.point").nth(3).get_attribute("href")
    shown(page, site.demo + link)


def _own_season(page: Any, site: Site) -> None:
    at("/")(page, site)
    shown(page, site.demo + page.get_by_role("link", name="Your season").get_attribute("href"))


def _answered(page: Any, site: Site) -> None:
    at("/session/SESSION")(page, site)
    if page.get_by_role("button", name="I am not sure").count():
        page.get_by_role("button", name="I am not sure").click()
        page.locator("#player").wait_for(timeout=READY_MS)
        page.wait_for_function(_AT_REST, timeout=READY_MS)


def _numbers(page: Any, site: Site) -> None:
    at("/")(page, site)
    shown(page, site.demo + page.locator(_FILMED).last.get_attribute("href"))


def _invited(page: Any, site: Site) -> None:
    at("/people")(page, site)
    page.get_by_label("Mail address").fill("nora@example.org")
    page.locator("input[name=squads]").first.check()
    page.get_by_role("button", name="Make the link").click()
    page.get_by_label("Send this link yourself").wait_for()


def _delete(page: Any, site: Site) -> None:
    at("/people")(page, site)
    shown(page, site.demo + page.locator("a[href^='/people/delete/']").first.get_attribute("href"))


def _refused(page: Any, site: Site) -> None:
    shown(page, f"{site.doors}/sign-in")
    page.locator("#email").fill("coach@example.org")
    page.locator("#password").fill("not this one")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()


#: In this order: what a rower is asked comes before she has answered.
STOPS: Final = (
    Stop("sign-in", "Signing in", NOBODY, lambda page, site: shown(page, f"{site.doors}/sign-in")),
    Stop("sign-in-refused", "Signing in with a wrong password", NOBODY, _refused),
    Stop("first-start", "The first start of a server", NOBODY,
         lambda page, site: shown(page, site.empty + site.first_start)),
    Stop("link-gone", "A link that was used", NOBODY, lambda page, site: shown(page, f"{site.doors}/join/{'x' * 43}")),
    Stop("sessions", "The sessions a coach may see", COACH, at("/")),
    Stop("session", "A session: film, timeline, frames worth talking about, curves", COACH, at("/session/SESSION")),
    Stop("session-ghost", "The ghost of another stroke over the film", COACH, _ghost, whole=False),
    Stop("session-keys", "The keys of the player", COACH, _keys, whole=False),
    Stop("session-note", "A note on a frame", COACH, _composer),
    Stop("session-numbers", "A session of which only numbers are kept", COACH, _numbers),
    Stop("session-gone", "An address with no session", COACH, at("/session/none.rowsense")),
    Stop("compare-choose", "Choosing what to compare", COACH, at("/compare")),
    Stop("compare", "Two strokes side by side", COACH, at("/compare?first=SESSION&strokes=1&with=2")),
    Stop("club", "The club: who needs you first", COACH, at("/club")),
    Stop("season", "A rower's season", COACH, _season),
    Stop("season-strokes", "The strokes of one session in the season", COACH, _strokes),
    Stop("upload", "Bringing films in", COACH, at("/upload")),
    Stop("account", "One's account", COACH, at("/account")),
    Stop("password", "Another password", COACH, at("/account/password")),
    Stop("catalogue", "What is judged, by which limits", COACH, at("/catalogue")),
    Stop("catalogue-fault", "One fault and its limits", COACH, at("/catalogue/fault/hips_tip_back")),
    Stop("catalogue-rule", "A rule of the club's own", COACH, at("/catalogue/rule")),
    Stop("share", "A link to one session", COACH, at("/share/SESSION")),
    Stop("felt", "Before a rower sees her session", ROWER, at("/session/SESSION")),
    Stop("rower-sessions", "A rower's sessions", ROWER, at("/")),
    Stop("rower-session", "A session as its rower sees it", ROWER, _answered),
    Stop("rower-season", "A rower's own season", ROWER, _own_season),
    Stop("rower-club", "What is not for a rower", ROWER, at("/club")),
    Stop("people", "The people of a club", ADMINISTRATOR, at("/people")),
    Stop("people-invited", "An invitation", ADMINISTRATOR, _invited),
    Stop("settings", "The settings of a club", ADMINISTRATOR, at("/settings")),
    Stop("jobs", "Work in the background", ADMINISTRATOR, at("/jobs")),
    Stop("delete", "Deleting all that is a rower's", ADMINISTRATOR, _delete),
)  # fmt: skip
