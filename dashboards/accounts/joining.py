"""Pages behind links that work once: the first start, an invitation, a new password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import hash_password
from flask_security.proxies import _security
from werkzeug.wrappers import Response

from dashboards.accounts.attempts import own_password_problems
from dashboards.accounts.datastore import Account
from dashboards.accounts.viewing import store
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal_sentence
from rowsense.errors import StoreError
from rowsense.store.accounts import LinkError, open_link, use_password_link, user_by
from rowsense.store.joining import (
    Invited,
    NewUser,
    accept,
    add_first_administrator,
    open_invitation,
    unattended_club,
)
from rowsense.store.tables.accounts import FIRST_START, PASSWORD

joining = Blueprint("joining", __name__)
Answer = str | Response | tuple[str, int]
#: What is shown again after a mistake; never a password.
_KEPT = ("club", "name", "email")


@joining.get("/first-start/<token>")
def first_start(token: str) -> Answer:
    """The club's name and its first administrator."""
    if open_link(store().database, FIRST_START, token) is None:
        return _gone()
    return _first_start([])


@joining.post("/first-start/<token>")
def make_first_administrator(token: str) -> Answer:
    """Make the club and its administrator, once."""
    if open_link(store().database, FIRST_START, token) is None:
        return _gone()
    password, problems = _chosen_password()
    if not problems:
        try:
            new = _new_user(_written("email"), password)
            add_first_administrator(store().database, token, new, _written("club"))
            return _to_sign_in(texts()("accounts.first.done"))
        except LinkError:
            return _gone()
        except StoreError as error:
            problems = [refusal_sentence(texts(), error)]
    return _first_start(problems), 422


@joining.get("/join/<token>")
def join(token: str) -> Answer:
    """What one is invited to, and the form to accept."""
    invited = open_invitation(store().database, token)
    return _gone() if invited is None else _join(invited, [])


@joining.post("/join/<token>")
def accept_invitation(token: str) -> Answer:
    """Join, with a new account or with the one there is."""
    invited = open_invitation(store().database, token)
    if invited is None:
        return _gone()
    try:
        if invited.has_account:
            problems = _own_password(invited.email)
            new = None
        else:
            password, problems = _chosen_password()
            new = None if problems else _new_user(invited.email, password)
        if not problems:
            accept(store().database, token, new)
            return _to_sign_in(texts()("accounts.join.joined", club=invited.club))
    except LinkError:
        return _gone()
    except StoreError as error:
        problems = [refusal_sentence(texts(), error)]
    return _join(invited, problems), 422


@joining.get("/new-password/<token>")
def new_password(token: str) -> Answer:
    """The form for a new password."""
    if open_link(store().database, PASSWORD, token) is None:
        return _gone()
    return render_template("accounts/new_password.html", problems=[])


@joining.post("/new-password/<token>")
def set_new_password(token: str) -> Answer:
    """Keep it; every browser of the user is signed out."""
    if open_link(store().database, PASSWORD, token) is None:
        return _gone()
    password, problems = _chosen_password()
    if problems:
        return render_template("accounts/new_password.html", problems=problems), 422
    try:
        use_password_link(store().database, token, str(hash_password(password)))
    except LinkError:
        return _gone()
    return _to_sign_in(texts()("accounts.new_password.done"))


def _first_start(problems: list[str]) -> str:
    club = unattended_club(store().database)
    return render_template("accounts/first_start.html", problems=problems, known_club=club, written=_kept())


def _join(invited: Invited, problems: list[str]) -> str:
    return render_template("accounts/join.html", problems=problems, invited=invited, written=_kept())


def _gone() -> Answer:
    t = texts()
    return render_template(
        "accounts/problem.html", title=t("accounts.link.gone_title"), detail=t("accounts.link.gone")
    ), 410


def _to_sign_in(words: str) -> Response:
    flash(words)
    return redirect(url_for("security.login"))


def _written(name: str) -> str:
    return request.form.get(name, "").strip()


def _kept() -> dict[str, str]:
    return {name: _written(name) for name in _KEPT}


def _new_user(email: str, password: str) -> NewUser:
    return NewUser(email.lower(), _written("name"), str(hash_password(password)))


def _chosen_password() -> tuple[str, list[str]]:
    """The password as it will be kept, and what is wrong with it."""
    bad, password = _security.password_util.validate(request.form.get("password", ""), True)
    problems = list(bad or [])
    if request.form.get("password", "") != request.form.get("again", ""):
        problems.append(texts()("accounts.security.not_the_same"))
    return password, problems


def _own_password(email: str) -> list[str]:
    """What is wrong where somebody has to show that an account is hers."""
    user = user_by(store().database, email=email)
    if user is None or not user.password_hash:
        return [texts()("accounts.join.no_password")]
    return own_password_problems(Account(user))
