"""The administrator's page: who is in the club, invitations, roster, consents."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dashboards.accounts.offers import mails
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal, refusal_sentence
from rowsense.errors import StoreError
from rowsense.store.accounts import new_link
from rowsense.store.audit import note_password_link
from rowsense.store.joining import Asked, invite, renew_invitation, take_back
from rowsense.store.juniors import give_birth_year, give_consent, latest_day, withdraw_consent
from rowsense.store.outbox import dismiss, mail_invitation, troubles_of
from rowsense.store.people import check_is_ours_alone, people_of
from rowsense.store.roster import RosterError, read_roster, take_roster
from rowsense.store.scope import ClubScope
from rowsense.store.second_step import (
    is_required,
    remove_second_step,
    require_of_administrators,
    who_has_one,
)
from rowsense.store.tables.accounts import PASSWORD
from rowsense.store.taken_out import taken_out

people = Blueprint("people", __name__)
Answer = Response | tuple[str, int]
#: The setting that says how people reach the server.
ADDRESS: Final = "ROWSENSE_ADDRESS"
#: The administrator hands it on at once [D].
_PASSWORD_LINK_LASTS: Final = timedelta(days=2)
#: Problems of a roster that are shown at once; mending these shows the next [D].
_MOST_PROBLEMS: Final = 100


@people.get("/people")
def show() -> str:
    """Everybody."""
    return people_page([])


@people.post("/people/invite", endpoint="invite")
def make_invitation() -> Answer:
    """Invite an address and show the link, once."""

    def do() -> None:
        asked = Asked(
            email=request.form.get("email", "").strip().lower(),
            role=request.form.get("role", ""),
            squads=tuple(map(_key, request.form.getlist("squads"))),
            athlete_id=_key(request.form["athlete"]) if request.form.get("athlete") else None,
        )
        token = invite(store().database, _scope(), asked, _me())
        if mails():
            mail_invitation(store().database, _scope(), asked.email)
            flash(texts()("people.said.invited_mail", email=asked.email))
            return
        _show_once(url_for("joining.join", token=token))
        flash(texts()("people.said.invited", email=asked.email))

    return _done(do)


@people.post("/people/take-back/<uuid:key>", endpoint="take_back")
def take_invitation_back(key: uuid.UUID) -> Answer:
    """Make an invitation void."""

    def do() -> None:
        take_back(store().database, _scope(), key, _me())
        flash(texts()("people.said.taken_back"))

    return _done(do)


@people.post("/people/invitation-link/<uuid:key>")
def invitation_link(key: uuid.UUID) -> Answer:
    """Make a new link for an invitation that waits; the older one, which may be in a mail, is void."""

    def do() -> None:
        _show_once(url_for("joining.join", token=renew_invitation(store().database, _scope(), key, _me())))
        flash(texts()("people.said.new_link"))

    return _done(do)


@people.post("/people/password/<uuid:key>")
def password_link(key: uuid.UUID) -> Answer:
    """Make a link with which a member chooses a new password."""

    def do() -> None:
        check_is_ours_alone(store().database, _scope(), key)
        token = new_link(store().database, PASSWORD, _PASSWORD_LINK_LASTS, key)
        note_password_link(store().database, key, _me())
        _show_once(url_for("joining.new_password", token=token))
        flash(texts()("people.said.link"))

    return _done(do)


@people.post("/people/second-step-off/<uuid:key>")
def second_step_off(key: uuid.UUID) -> Answer:
    """Take off the second step of a member who has lost her telephone and her recovery codes."""

    def do() -> None:
        check_is_ours_alone(store().database, _scope(), key)
        if not remove_second_step(store().database, key, _me()):
            raise StoreError("she signs in without a second step already")
        flash(texts()("people.said.step_off"))

    return _done(do)


@people.post("/people/require-second-step", endpoint="require_second_step")
def say_whether_required() -> Answer:
    """Say whether administrators of the club need a second step."""

    def do() -> None:
        required = request.form.get("required") == "yes"
        require_of_administrators(store().database, _scope(), required, _me())
        flash(texts()("people.said.step_required" if required else "people.said.step_free"))

    return _done(do)


@people.post("/people/dismiss-mail/<uuid:key>")
def dismiss_mail(key: uuid.UUID) -> Answer:
    """Take a mail that could not be sent off the list."""
    dismiss(store().database, _scope(), key)
    return redirect(url_for("people.show"))


@people.post("/people/roster")
def roster() -> Answer:
    """Take in a table of rowers, whole or not at all."""
    sent = request.files.get("file")
    try:
        taken = take_roster(store().database, _scope(), read_roster(sent.read() if sent else b""), _me())
    except RosterError as error:
        return people_page(
            [refusal(texts(), one) for one in error.problems[:_MOST_PROBLEMS]], texts()("people.roster.mend")
        ), 422
    t, new = texts(), {"athletes": taken.new_athletes, "squads": taken.new_squads, "places": taken.new_places}
    flash(t("people.said.new", **new))
    if taken.new_years:
        flash(t("people.said.years", count=taken.new_years))
    if taken.without_year:
        flash(t("people.said.without_year", count=taken.without_year))
    return redirect(url_for("people.show"))


@people.post("/people/consent/<uuid:key>")
def consent(key: uuid.UUID) -> Answer:
    """Record a guardian's consent."""

    def do() -> None:
        give_consent(store().database, _scope(), key, request.form.get("guardian", ""), _day(), _me())
        flash(texts()("people.said.consent"))

    return _done(do)


@people.post("/people/withdraw/<uuid:key>")
def withdraw(key: uuid.UUID) -> Answer:
    """Record that a consent is withdrawn."""

    def do() -> None:
        withdraw_consent(store().database, _scope(), key, _me())
        flash(texts()("people.said.withdrawn"))

    return _done(do)


@people.post("/people/birth-year/<uuid:key>")
def birth_year(key: uuid.UUID) -> Answer:
    """Set a rower's year of birth."""

    def do() -> None:
        written = request.form.get("year", "").strip()
        if not (written.isascii() and written.isdigit() and len(written) == 4):
            raise _WrittenError(texts()("people.wrong.year"))
        give_birth_year(store().database, _scope(), key, int(written), _me())
        flash(texts()("people.said.year"))

    return _done(do)


class _WrittenError(StoreError):
    """What was written into a form cannot be taken; a whole sentence."""


def _done(do: Callable[[], None]) -> Answer:
    """Do something and show the page again, with what is wrong where it could not be done."""
    try:
        do()
    except _WrittenError as error:
        return people_page([str(error)]), 422
    except StoreError as error:
        return people_page([refusal_sentence(texts(), error)]), 422
    return redirect(url_for("people.show"))


def people_page(problems: list[str], lead: str = "") -> str:
    """The page, with what is wrong."""
    database, scope = store().database, _scope()
    club = people_of(database, scope)
    written = {name: request.form.get(name, "") for name in ("email", "role")}
    return render_template(
        "accounts/people.html",
        club=club,
        out=taken_out(database, scope),
        squad_sizes=Counter(key for one in club.athletes for key in one.squad_ids),
        me=_me(),
        mails=mails(),
        troubles=troubles_of(database, scope),
        second_steps=who_has_one(database, [one.user_id for one in club.members]),
        second_step_required=is_required(database, scope),
        problems=problems,
        lead=lead,
        written=written,
        latest=latest_day().isoformat(),
    )


def _show_once(path: str) -> None:
    """A link to be handed on, as others reach the server; the administrator may sit at the machine itself."""
    flash(f"{current_app.config[ADDRESS]}{path}", "link")


def _scope() -> ClubScope:
    return ClubScope(signed_in_viewer().club_id)


def _me() -> uuid.UUID:
    return signed_in_viewer().user_id


def _key(written: str) -> uuid.UUID:
    try:
        return uuid.UUID(written)
    except ValueError:
        raise _WrittenError(texts()("people.wrong.form")) from None


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("given_on", ""))
    except ValueError:
        raise _WrittenError(texts()("people.wrong.day")) from None
