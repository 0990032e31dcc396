"""The one gate before every page, file and callback. What has no rule here is closed to everybody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from flask import Flask, abort, redirect, request, url_for
from flask_security import current_user
from werkzeug.exceptions import SecurityError, Unauthorized
from werkzeug.wrappers import Response

from dashboards.accounts.bearer import asks_api, bearer, keep_pace, no_token, want
from dashboards.accounts.rules import Rule
from dashboards.accounts.viewing import own_clubs, sign_in, store, viewer
from dashboards.api.rules import API
from dashboards.ids import Id
from dashboards.library import library
from dashboards.media import split_place
from dashboards.remarks import remarks
from dashboards.sessions import SUFFIX
from rowsense.store.access import SHELL, Action, Kind, Thing, Viewer, may
from rowsense.store.second_step import lacks_second_step
from rowsense.store.uploads import upload_of
from rowsense.store.viewers import may_do

_OPEN: Final = Rule(Kind.OPEN)
_SIGNING_IN: Final = Rule(Kind.OPEN, signing_in=True)
_SHELL: Final = Rule(Kind.SHELL)
_SESSION: Final = Rule(Kind.SESSION)
_MEASURED: Final = Rule(Kind.SESSION, measured=True)
_ANSWER: Final = Rule(Kind.SESSION, Action.ANSWER)
_SHARE: Final = Rule(Kind.SESSION, Action.SHARE, measured=True)
_EDIT: Final = Rule(Kind.SESSION, Action.CHANGE, measured=True)
_ADD: Final = Rule(Kind.SESSION, Action.ADD, measured=True)
_CLUB: Final = Rule(Kind.CLUB)
_CHANGE_CLUB: Final = Rule(Kind.CLUB, Action.CHANGE)
_CATALOGUE: Final = Rule(Kind.CATALOGUE)
_CHANGE_CATALOGUE: Final = Rule(Kind.CATALOGUE, Action.CHANGE)
_CHANGE_ACCOUNT: Final = Rule(Kind.ACCOUNT, Action.CHANGE)
_UPLOAD: Final = Rule(Kind.UPLOAD)
_CHANGE_UPLOAD: Final = Rule(Kind.UPLOAD, Action.CHANGE)
_SUITE: Final = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
_ASSETS: Final = "_dash_assets.static"
_CALLBACKS: Final = "/_dash-update-component"
#: Pages that a browser shows by themselves: who is not signed in is led to the page to sign in.
_PAGES: Final = frozenset(
    {
        "/",
        "/<path:path>",
        "people.show",
        "members.show",
        "members.squads_of",
        "history.show",
        "belongings.ask",
        "accounts.show",
        "clubs.show",
        "second_step.show",
        "uploads.show",
        "sharing.show",
        "editing.show",
        "editing.ask",
        "monitor.show",
        "calibrations.show",
        "settings.show",
        "settings.jobs",
        "catalogue.show",
        "catalogue.ask",
        "catalogue.ask_rule",
        "security.change_password",
    }
)

#: Endpoint and method (HEAD goes with GET). The links of the first start, of invitations and of passwords are open:
#: the secret in them is what is asked for.
ROUTES: Final[Mapping[tuple[str, str], Rule]] = {
    ("health.alive", "GET"): _OPEN,
    ("health.ready", "GET"): _OPEN,
    ("metrics.show", "GET"): _OPEN,  # asks by itself whether it is asked from this machine, or for a token
    ("security.login", "GET"): _OPEN,
    ("security.login", "POST"): _OPEN,
    ("provider.begin", "GET"): _SIGNING_IN,
    ("security.oauthresponse", "GET"): _SIGNING_IN,
    ("security.logout", "POST"): _OPEN,
    # The second step: that the first was taken, and by whom, is in the browser's signed session.
    ("security.two_factor_token_validation", "GET"): _SIGNING_IN,
    ("security.two_factor_token_validation", "POST"): _SIGNING_IN,
    ("security.mf_recovery", "GET"): _SIGNING_IN,
    ("security.mf_recovery", "POST"): _SIGNING_IN,
    ("security.change_password", "GET"): Rule(Kind.ACCOUNT),
    ("security.change_password", "POST"): _CHANGE_ACCOUNT,
    ("joining.first_start", "GET"): _OPEN,
    ("joining.make_first_administrator", "POST"): _OPEN,
    ("joining.join", "GET"): _OPEN,
    ("joining.accept_invitation", "POST"): _OPEN,
    ("joining.new_password", "GET"): _OPEN,
    ("joining.set_new_password", "POST"): _OPEN,
    ("forgotten.ask", "GET"): _OPEN,
    ("forgotten.send", "POST"): _OPEN,
    ("accounts.show", "GET"): Rule(Kind.ACCOUNT),
    ("accounts.language", "POST"): _CHANGE_ACCOUNT,
    ("accounts.end", "POST"): _CHANGE_ACCOUNT,
    ("accounts.end_others", "POST"): _CHANGE_ACCOUNT,
    ("accounts.note_mail", "POST"): _CHANGE_ACCOUNT,
    ("second_step.show", "GET"): Rule(Kind.ACCOUNT),
    ("second_step.begin", "POST"): _CHANGE_ACCOUNT,
    ("second_step.codes", "POST"): _CHANGE_ACCOUNT,
    ("second_step.off", "POST"): _CHANGE_ACCOUNT,
    ("clubs.show", "GET"): Rule(Kind.ACCOUNT, at_no_club=True),
    ("clubs.choose", "POST"): Rule(Kind.ACCOUNT, Action.CHANGE, at_no_club=True),
    ("people.show", "GET"): _CLUB,
    ("people.invite", "POST"): _CHANGE_CLUB,
    ("people.take_back", "POST"): _CHANGE_CLUB,
    ("people.invitation_link", "POST"): _CHANGE_CLUB,
    ("people.password_link", "POST"): _CHANGE_CLUB,
    ("people.second_step_off", "POST"): _CHANGE_CLUB,
    ("people.require_second_step", "POST"): _CHANGE_CLUB,
    ("people.dismiss_mail", "POST"): _CHANGE_CLUB,
    ("members.show", "GET"): _CLUB,
    ("members.change", "POST"): _CHANGE_CLUB,
    ("members.suspend", "POST"): _CHANGE_CLUB,
    ("members.remove", "POST"): _CHANGE_CLUB,
    ("members.bring_back", "POST"): _CHANGE_CLUB,
    ("members.squads_of", "GET"): _CLUB,
    ("members.move", "POST"): _CHANGE_CLUB,
    ("members.new_squad", "POST"): _CHANGE_CLUB,
    ("members.name_squad", "POST"): _CHANGE_CLUB,
    ("members.drop_squad", "POST"): _CHANGE_CLUB,
    ("history.show", "GET"): _CLUB,
    ("history.table", "GET"): _CLUB,
    ("people.roster", "POST"): _CHANGE_CLUB,
    ("people.consent", "POST"): _CHANGE_CLUB,
    ("people.withdraw", "POST"): _CHANGE_CLUB,
    ("people.birth_year", "POST"): _CHANGE_CLUB,
    ("belongings.export", "POST"): _CHANGE_CLUB,
    ("belongings.export_mine", "POST"): _CHANGE_ACCOUNT,
    ("belongings.ask", "GET"): _CLUB,
    ("belongings.erase", "POST"): _CHANGE_CLUB,
    ("belongings.ask_account", "GET"): _CLUB,
    ("belongings.erase_account", "POST"): _CHANGE_CLUB,
    ("catalogue.show", "GET"): _CATALOGUE,
    ("catalogue.progress", "GET"): _CATALOGUE,
    ("catalogue.ask", "GET"): _CHANGE_CATALOGUE,
    ("catalogue.change", "POST"): _CHANGE_CATALOGUE,
    ("catalogue.ask_rule", "GET"): _CHANGE_CATALOGUE,
    ("catalogue.add_rule", "POST"): _CHANGE_CATALOGUE,
    ("catalogue.as_it_comes", "POST"): _CHANGE_CATALOGUE,
    ("catalogue.defaults", "POST"): _CHANGE_CATALOGUE,
    ("catalogue.go_back", "POST"): _CHANGE_CATALOGUE,
    ("catalogue.judge_again", "POST"): _CHANGE_CATALOGUE,
    ("catalogue.preview", "POST"): _CHANGE_CATALOGUE,
    ("settings.show", "GET"): _CLUB,
    ("settings.name", "POST"): _CHANGE_CLUB,
    ("settings.policies", "POST"): _CHANGE_CLUB,
    ("settings.keeping", "POST"): _CHANGE_CLUB,
    # Whose job it is, is asked behind the guard. They are no part of the account: who lacks a second step sees none.
    ("settings.jobs", "GET"): _SHELL,
    ("settings.cancel", "POST"): _SHELL,
    ("settings.retry", "POST"): _SHELL,
    ("settings.retry_failed", "POST"): _SHELL,
    ("uploads.show", "GET"): _UPLOAD,
    ("uploads.capabilities", "OPTIONS"): _UPLOAD,
    ("uploads.listed", "GET"): _UPLOAD,
    ("uploads.create", "POST"): Rule(Kind.UPLOAD, Action.ADD),
    ("uploads.status", "GET"): _UPLOAD,
    # Whether she may still see the session that it is of, is asked behind the guard.
    ("uploads.film", "GET"): _UPLOAD,
    ("uploads.append_to", "PATCH"): _CHANGE_UPLOAD,
    ("uploads.remove", "DELETE"): _CHANGE_UPLOAD,
    ("uploads.override", "POST"): _CHANGE_UPLOAD,
    ("uploads.claim_one", "POST"): _CHANGE_UPLOAD,
    ("uploads.people", "POST"): _CHANGE_UPLOAD,
    ("uploads.picture", "GET"): _UPLOAD,
    ("uploads.cancel", "POST"): _CHANGE_UPLOAD,
    ("uploads.retry", "POST"): _CHANGE_UPLOAD,
    ("/", "GET"): _SHELL,
    ("/<path:path>", "GET"): _SHELL,
    ("/_dash-layout", "GET"): _SHELL,
    ("/_dash-dependencies", "GET"): _SHELL,
    ("/_favicon.ico", "GET"): _OPEN,
    (_SUITE, "GET"): _SHELL,
    (_ASSETS, "GET"): _SHELL,
    (_CALLBACKS, "POST"): _SHELL,
    ("media.serve_media", "GET"): _MEASURED,
    ("player.serve_scene", "GET"): _MEASURED,
    ("player.serve_window", "GET"): _MEASURED,
    ("player.serve_ghosts", "GET"): _MEASURED,
    ("player.serve_stroke", "GET"): _MEASURED,
    # Whose reference it may be is asked behind the guard.
    ("reference.keep", "PUT"): _ADD,
    ("reference.drop", "DELETE"): _ADD,
    # One stroke that a coach chose for all of the club to see: without name, day and film.
    ("reference.club_stroke", "GET"): _SHELL,
    ("reference.club_window", "GET"): _SHELL,
    ("notes.listed", "GET"): _SESSION,
    ("notes.pin", "POST"): Rule(Kind.SESSION, Action.PIN),
    ("notes.answer", "POST"): _ANSWER,
    ("notes.change", "PATCH"): _ANSWER,
    ("notes.remove", "DELETE"): _ANSWER,
    ("notes.bring_back", "POST"): _ANSWER,
    ("notes.read", "POST"): _SESSION,
    ("notes.unread", "GET"): _SHELL,
    ("felt.say", "POST"): Rule(Kind.SESSION, Action.FEEL),
    ("thumbnails.serve_thumbnail", "GET"): _MEASURED,
    ("sharing.show", "GET"): _SHARE,
    ("sharing.make", "POST"): _SHARE,
    ("sharing.take_back", "POST"): _SHARE,
    ("sharing.made", "GET"): _SHARE,
    ("sharing.hold", "POST"): _EDIT,
    ("editing.show", "GET"): _EDIT,
    ("editing.change", "POST"): _EDIT,
    ("editing.ask", "GET"): _EDIT,
    ("editing.remove", "POST"): _EDIT,
    ("monitor.show", "GET"): _MEASURED,
    ("monitor.attach", "POST"): _ADD,
    ("monitor.take_off", "POST"): _ADD,
    # They ask the store whether she is one of the viewer's, and whether the viewer may.
    ("calibrations.show", "GET"): _SHELL,
    ("calibrations.delete", "POST"): _SHELL,
    # The secret in the link is what is asked for.
    ("shared.show", "GET"): _OPEN,
    ("shared.file", "GET"): _OPEN,
    # It asks the library for both of its sessions.
    ("compare.serve_comparison", "GET"): _SHELL,
    ("tokens.make", "POST"): _CHANGE_ACCOUNT,
    ("tokens.take_back", "POST"): _CHANGE_ACCOUNT,
    **API,
}

#: What pages are dressed in that are seen without signing in.
OPEN_ASSETS: Final = frozenset(
    {f"styles/{name}.css" for name in ("1-tokens", "2-base", "3-parts", "4-season", "8-print")}
    | {"accounts/accounts.css", "accounts/scheme.js", "accounts/waiting.js"}
)

#: Outputs of callbacks that run here. What a callback shows of sessions comes from the library, which asks again.
CALLBACKS: Final[Mapping[str, Rule]] = {f"{Id.CONTENT}.children": _SHELL}

#: What a refusal says of somebody who is signed in and has to do something first.
IN_NO_CLUB: Final = "in no club"
_CHOOSE: Final = "choose a club"
_SECOND_STEP: Final = "second step"
#: Refusals that say what to do: texts of ``shell.problem``.
WORDS_OF_OUR_OWN: Final = {IN_NO_CLUB: "in_no_club", _CHOOSE: "choose_club", _SECOND_STEP: "second_step"}


def stand_guard(server: Flask) -> None:
    """Look at every request before anything else does."""
    server.before_request(guard)


def guard() -> Response | None:
    """Let a request through, or say why not."""
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception
    rule = _rule()
    if rule is None:
        abort(404)
    if may(None, rule.action, Thing(rule.kind)):
        return redirect("/") if rule.signing_in and sign_in() is not None else None
    who = viewer()
    if who is None:
        return None if rule.at_no_club and own_clubs() else _nobody()
    token = bearer(store().database) if asks_api() else None
    if token is not None:
        keep_pace(store().database, token)
        want(token, rule.scopes)
    if rule.kind is not Kind.ACCOUNT and lacks_second_step(store().database, who):
        return _first("second_step.show", _SECOND_STEP)
    if not _allowed(who, rule):
        abort(404 if rule.kind in (Kind.SESSION, Kind.UPLOAD) else 403)
    if rule.kind is Kind.SESSION and rule.action is not Action.SEE:
        session_id = uuid.UUID(_session_key(request.view_args or {}).removesuffix(SUFFIX))
        if not may_do(store().database, who, rule.action, session_id):
            abort(403)
    return None


def _rule() -> Rule | None:
    endpoint, method = request.endpoint or "", "GET" if request.method == "HEAD" else request.method
    rule = ROUTES.get((endpoint, method))
    if endpoint == _ASSETS and (request.view_args or {}).get("filename") in OPEN_ASSETS:
        return _OPEN
    if endpoint == _CALLBACKS and method == "POST":
        asked = request.get_json(silent=True)
        output = asked.get("output") if isinstance(asked, dict) else None
        return CALLBACKS.get(output) if isinstance(output, str) else None
    return rule


def _allowed(who: Viewer, rule: Rule) -> bool:
    things: dict[Kind, Thing] = {
        Kind.SHELL: SHELL,
        Kind.ACCOUNT: Thing(Kind.ACCOUNT, user_id=who.user_id),
        Kind.CLUB: Thing(Kind.CLUB, club_id=who.club_id),
        Kind.CATALOGUE: Thing(Kind.CATALOGUE, club_id=who.club_id),
    }
    if rule.kind is Kind.UPLOAD:
        return _may_upload(who, rule)
    if rule.kind is Kind.SESSION:
        key = _session_key(request.view_args or {})
        if rule.measured and key in remarks().to_be_asked():
            return False
        # Rows say whether it is there: a file that is asked for is fetched by who sends it.
        return library().entry(key) is not None
    return may(who, rule.action, things[rule.kind])


def _may_upload(who: Viewer, rule: Rule) -> bool:
    """One upload, or, where none is named, her own."""
    key = (request.view_args or {}).get("key")
    if key is not None and upload_of(store(), who, key) is None:
        return False
    return may(who, rule.action, Thing(Kind.UPLOAD, club_id=who.club_id, user_id=who.user_id))


def _session_key(arguments: Mapping[str, Any]) -> str:
    """Which session a file or a part of the player belongs to; programs name the session itself."""
    if "session_id" in arguments:
        return f"{arguments['session_id']}{SUFFIX}"
    return str(arguments["key"]) if "key" in arguments else split_place(str(arguments["place"]))[0]


def _first(endpoint: str, words: str) -> Response:
    """Lead to the page that has to be dealt with before any other."""
    if not _is_page():
        abort(403, words)
    return redirect(url_for(endpoint))


def _is_page() -> bool:
    return request.method == "GET" and request.endpoint in _PAGES


def _nobody() -> Response:
    if asks_api():
        raise no_token()
    if own_clubs():
        return _first("clubs.show", _CHOOSE)
    if current_user.is_authenticated:
        abort(403, IN_NO_CLUB)
    if _is_page():
        asked = request.full_path.rstrip("?")
        return redirect(url_for("security.login", next=asked if asked != "/" else None))
    raise Unauthorized
