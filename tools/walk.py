"""A walk through every page of a club's server, in the role that it is made for: for pictures, and for checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tools import ways
from tools.site import Go, at, at_door, shown

COACH, ROWER, ADMINISTRATOR, NOBODY = "coach", "athlete", "administrator", "nobody"
#: At a server where one has to sign in; and where nobody has to.
MEMBER, ALONE = "member", "alone"
ROLES: Final = (NOBODY, MEMBER, ALONE, COACH, ROWER, ADMINISTRATOR)
#: Those that the demonstration lets one be.
DEMO_ROLES: Final = (COACH, ROWER, ADMINISTRATOR)
#: What a page may weigh with all that it loads, packed, without films.
LIGHT_BYTES, MOST_BYTES = 1_200_000, 2_800_000


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
    status: int = 200
    """Of the answer."""
    refused: bool = False
    """It says that there is nothing to see."""
    most_bytes: int = MOST_BYTES


#: In this order: what a rower is asked comes before she has answered.
STOPS: Final = (
    Stop("sign-in", "Signing in", NOBODY, at_door("/sign-in"), most_bytes=LIGHT_BYTES),
    Stop("sign-in-refused", "Signing in with a wrong password", NOBODY, ways.refused, most_bytes=LIGHT_BYTES),
    Stop("forgotten", "A lost password", NOBODY, at_door("/forgotten")),
    Stop("new-password", "Choosing a new password", NOBODY,
         lambda page, site: shown(page, site.doors + site.stage.new_password())),
    Stop("join", "Accepting an invitation", NOBODY,
         lambda page, site: shown(page, site.doors + site.stage.invitation())),
    Stop("first-start", "The first start of a server", NOBODY,
         lambda page, site: shown(page, site.empty + site.first_start)),
    Stop("link-gone", "A link that was used", NOBODY, at_door(f"/join/{'x' * 43}"), status=410, refused=True),
    Stop("shared", "A session that was shared by a link", NOBODY,
         lambda page, site: shown(page, site.doors + site.stage.shared())),
    Stop("shared-waiting", "A shared session that is still being made", NOBODY,
         lambda page, site: shown(page, site.doors + site.stage.shared(ready=False)), status=202),
    Stop("shared-gone", "A shared link that is over", NOBODY, at_door("/shared/none"), status=404),
    Stop("code", "The second step of signing in", NOBODY, ways.code),
    Stop("choose-club", "Choosing one of several clubs", MEMBER,
         lambda page, site: ways.lets_in(page, site, clubs=2)),
    Stop("second-step", "Setting up a second step", MEMBER,
         lambda page, site: ways.lets_in(page, site, "/account/second-step")),
    Stop("recovery-codes", "Recovery codes", MEMBER, ways.recovery_codes),
    Stop("sessions-empty", "A club without a session", MEMBER, ways.lets_in),
    Stop("club-empty", "A club without a rower", MEMBER, lambda page, site: ways.lets_in(page, site, "/club")),
    Stop("folder", "The sessions of a folder, without accounts", ALONE, lambda page, site: shown(page, site.folder)),
    Stop("report", "The report that is read without a server", ALONE, ways.report),
    Stop("sessions", "The sessions a coach may see", COACH, at("/")),
    Stop("session", "A session: film, timeline, frames worth talking about, curves", COACH, at("/session/SESSION")),
    Stop("session-ghost", "The ghost of another stroke over the film", COACH, ways.ghost, whole=False),
    Stop("session-keys", "The keys of the player", COACH, ways.keys, whole=False),
    Stop("session-note", "A note on a frame", COACH, ways.composer),
    Stop("session-numbers", "A session of which only numbers are kept", COACH, ways.numbers),
    Stop("session-gone", "An address with no session", COACH, at("/session/none.rowsense"), refused=True),
    Stop("compare-choose", "Choosing what to compare", COACH, at("/compare")),
    Stop("compare", "Two strokes side by side", COACH, at("/compare?first=SESSION&strokes=1&with=2")),
    Stop("seasons", "Two seasons side by side", COACH, ways.two_seasons),
    Stop("club", "The club: who needs you first", COACH, at("/club")),
    Stop("season", "A rower's season", COACH, ways.season),
    Stop("season-strokes", "The strokes of one session in the season", COACH, ways.strokes),
    Stop("season-empty", "A rower who was never filmed", COACH,
         lambda page, site: at(f"/athlete/{site.stage.rower('Zita Zorn')}")(page, site)),
    Stop("upload", "Bringing films in", COACH, at("/upload"), most_bytes=LIGHT_BYTES),
    Stop("upload-films", "Films on their way, claimed, refused, for a calibration, being analysed", COACH, ways.films,
         most_bytes=LIGHT_BYTES),
    Stop("account", "One's account", COACH, at("/account")),
    Stop("new-token", "A token for a program", COACH, ways.new_token),
    Stop("password", "Another password", COACH, at("/account/password")),
    Stop("catalogue", "What is judged, by which limits", COACH, at("/catalogue")),
    Stop("share", "A link to one session", COACH, at("/share/SESSION")),
    Stop("felt", "Before a rower sees her session", ROWER, at("/session/SESSION")),
    Stop("rower-sessions", "A rower's sessions", ROWER, at("/")),
    Stop("rower-session", "A session as its rower sees it", ROWER, ways.answered),
    Stop("rower-season", "A rower's own season", ROWER, ways.own_season),
    Stop("rower-club", "What is not for a rower", ROWER, at("/club"), refused=True),
    Stop("people", "The people of a club", ADMINISTRATOR, at("/people")),
    Stop("people-invited", "An invitation", ADMINISTRATOR, ways.invited),
    Stop("people-member", "What a member is, and making her something else", ADMINISTRATOR, ways.member),
    Stop("people-squads", "The squads of a rower", ADMINISTRATOR, ways.rower_squads),
    Stop("history", "Who did what in the club", ADMINISTRATOR, at("/people/history")),
    Stop("catalogue-fault", "One fault and its limits", ADMINISTRATOR, at("/catalogue/fault/hips_tip_back")),
    Stop("catalogue-rule", "A rule of the club's own", ADMINISTRATOR, at("/catalogue/rule")),
    Stop("catalogue-rule-wrong", "A rule that cannot be saved", ADMINISTRATOR, ways.wrong_rule, status=422),
    Stop("settings", "The settings of a club", ADMINISTRATOR, at("/settings")),
    Stop("jobs", "Work in the background", ADMINISTRATOR, ways.jobs),
    Stop("delete", "Deleting all that is a rower's", ADMINISTRATOR, ways.asked_to_delete),
    Stop("delete-account", "Deleting the account of who was taken out", ADMINISTRATOR, ways.account_to_delete),
    Stop("deleted", "The receipt of what was deleted", ADMINISTRATOR, ways.receipt),
)  # fmt: skip
