"""How the walk comes to pages that are more than an address."""

from __future__ import annotations

from typing import Any, Final

from tools.site import READY_MS, Site, at, at_door, settled, shown
from tools.staging import PASSWORD_OF_ALL

_FILMED: Final = ".row-line a[href^='/session/'], a.row[href^='/session/']"


def keys(page: Any, site: Site) -> None:
    """The sheet of keys over the player."""
    at("/session/SESSION")(page, site)
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def ghost(page: Any, site: Site) -> None:
    """The ghost of another stroke over the film."""
    at("/session/SESSION")(page, site)
    page.keyboard.press("g")
    page.wait_for_function("document.querySelector('.readout').innerText.includes('ghost')", timeout=READY_MS)
    page.locator("#player").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#player').scrollIntoView()")


def composer(page: Any, site: Site) -> None:
    """The form for a note on a frame."""
    at("/session/SESSION")(page, site)
    page.locator("#player .tools .main").last.wait_for(timeout=READY_MS)  # there once notes can be pinned
    page.keyboard.press("n")
    page.locator(".composer:not([hidden])").wait_for()


def season(page: Any, site: Site) -> None:
    """The season of who is first on the club's page."""
    at("/club")(page, site)
    page.locator(".need").first.click()
    page.wait_for_url("**/athlete/**")
    page.get_by_role("heading", name="Everything at a glance").wait_for(timeout=READY_MS)


def strokes(page: Any, site: Site) -> None:
    """The strokes of one session in it."""
    season(page, site)
    shown(page, site.demo + page.locator(".plot a.point").nth(3).get_attribute("href"))


def member(page: Any, site: Site) -> None:
    """A coach as the administrator may change her."""
    at("/people")(page, site)
    shown(page, site.demo + page.get_by_role("link", name="Change what").first.get_attribute("href"))


def rower_squads(page: Any, site: Site) -> None:
    """In which squads a rower is."""
    at(f"/people/rower/{site.stage.rower('Zita Zorn')}")(page, site)


def two_seasons(page: Any, site: Site) -> None:
    """Two rowers over the same weeks."""
    season(page, site)
    page.get_by_role("link", name="Compare seasons").click()
    page.wait_for_url("**/compare/seasons?first=**")
    page.locator("select[name=second]").select_option(index=2)
    page.wait_for_url("**second=**")
    page.get_by_role("heading", name="their seasons").wait_for(timeout=READY_MS)


def own_season(page: Any, site: Site) -> None:
    """A rower's own season."""
    at("/")(page, site)
    shown(page, site.demo + page.get_by_role("link", name="Your season").get_attribute("href"))


def answered(page: Any, site: Site) -> None:
    """A session once its rower has said what she felt."""
    at("/session/SESSION")(page, site)
    if page.get_by_role("button", name="I am not sure").count():
        page.get_by_role("button", name="I am not sure").click()
        page.locator("#player").wait_for(timeout=READY_MS)
        settled(page)


def numbers(page: Any, site: Site) -> None:
    """A session of which only numbers are kept."""
    at("/")(page, site)
    shown(page, site.demo + page.locator(_FILMED).last.get_attribute("href"))


def invited(page: Any, site: Site) -> None:
    """An invitation as it is made."""
    at("/people")(page, site)
    page.get_by_label("Mail address").fill("nora@example.org")
    page.locator("input[name=squads]").first.check()
    page.get_by_role("button", name="Make the link").click()
    page.get_by_label("Send this link yourself").wait_for()


def asked_to_delete(page: Any, site: Site) -> None:
    """What goes with a rower."""
    at("/people")(page, site)
    shown(page, site.demo + page.locator("a[href^='/people/delete/']").first.get_attribute("href"))


def account_to_delete(page: Any, site: Site) -> None:
    """What goes with the account of somebody who was taken out."""
    at(f"/people/delete-account/{site.stage.taken_out()}")(page, site)


def receipt(page: Any, site: Site) -> None:
    """What is said of what went."""
    at(f"/people/delete/{site.stage.rower('Zoe Zander')}")(page, site)
    page.locator("input[name=name]").fill("Zoe Zander")
    page.locator("button.grave").click()
    page.locator(".said").wait_for()


def refused(page: Any, site: Site) -> None:
    """Signing in with a wrong password."""
    at_door("/sign-in")(page, site)
    page.locator("#email").fill("coach@example.org")
    page.locator("#password").fill("not this one")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()


def lets_in(page: Any, site: Site, path: str = "/", clubs: int = 1) -> None:
    """A page of somebody whose club is empty."""
    page.goto(f"{site.doors}/let-in/{site.stage.somebody(clubs).id}", wait_until="commit")
    at_door(path)(page, site)


def recovery_codes(page: Any, site: Site) -> None:
    """The codes that come with a second step."""
    from passlib.totp import TOTP

    lets_in(page, site, "/account/second-step")
    page.locator("#code").fill(TOTP(page.locator(".key").inner_text().replace("-", "")).generate().token)
    page.locator("#password").fill(PASSWORD_OF_ALL)
    page.keyboard.press("Enter")
    page.locator(".codes").wait_for()


def code(page: Any, site: Site) -> None:
    """The second step of signing in."""
    at_door("/sign-in")(page, site)
    page.locator("#email").fill(site.stage.careful().email)
    page.locator("#password").fill(PASSWORD_OF_ALL)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code**")


def new_token(page: Any, site: Site) -> None:
    """A token as it is made."""
    at("/account")(page, site)
    page.locator("#tokens ~ .card summary").click()
    page.locator("#name").fill("The boathouse laptop")
    page.locator("form[action='/account/tokens'] button").click()
    page.locator("input[readonly]").wait_for()


def films(page: Any, site: Site) -> None:
    """The coach's films in every state."""
    site.stage.films()
    at("/upload")(page, site)
    page.locator(".film").nth(6).wait_for(timeout=READY_MS)


def jobs(page: Any, site: Site) -> None:
    """Work that waits, runs and failed."""
    site.stage.films()
    at("/jobs")(page, site)


def wrong_rule(page: Any, site: Site) -> None:
    """A rule of which nothing was written."""
    at("/catalogue/rule")(page, site)
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".wrong").wait_for()


def report(page: Any, site: Site) -> None:
    """The report of a session of the folder."""
    shown(page, f"{site.folder}/media/filmed.rowsense/report.html")
