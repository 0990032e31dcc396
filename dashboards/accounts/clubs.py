"""Choosing which of several clubs one looks at."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from dashboards.accounts.viewing import own_clubs, sign_in, store, viewer
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal_sentence
from rowsense.errors import StoreError
from rowsense.store.choosing import choose_club

clubs = Blueprint("clubs", __name__)


@clubs.get("/choose-club")
def show() -> str:
    """The clubs that one is in."""
    who = viewer()
    return render_template("accounts/clubs.html", clubs=own_clubs(), here=who.club_id if who is not None else None)


@clubs.post("/choose-club/<uuid:key>")
def choose(key: uuid.UUID) -> Response:
    """Look at another one, in all tabs of this browser."""
    here = sign_in()
    assert here is not None  # the guard has asked
    try:
        choose_club(store().database, current_user.id, here.id, key)
    except StoreError as error:
        flash(refusal_sentence(texts(), error))
        return redirect(url_for("clubs.show"))
    # A form that is open in another tab is of the club before: its token is void, so it cannot be sent to this one.
    session.pop("csrf_token", None)
    return redirect("/")
