"""A club's server to look round in: nobody signs in, and one goes from one role to another by a link."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from dash import Dash
from flask import redirect, request
from flask_security import current_user, login_user, logout_user
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response

from dashboards.accounts.datastore import Account
from dashboards.accounts.viewing import store, viewer
from dashboards.club import FURTHER_LINKS, Place, create_club_app
from rowsense.store.accounts import user_by
from rowsense.store.claims import ClubStore
from rowsense.store.tables import COACH
from rowsense.store.viewers import viewer_of

_PATH: Final = "/demo/"
#: Where a browser may come in.
_DOORS: Final = frozenset({"/", "/<path:path>", "people.show", "accounts.show", "uploads.show", "security.login"})


def create_demo_app(shelf: ClubStore, place: Place, people: Mapping[str, uuid.UUID]) -> Dash:
    """The app over a made-up club; ``people``: whom one is in which role. Only where nobody else reaches it."""

    def let_in() -> Response | None:
        if isinstance(request.routing_exception, SecurityError):
            return None  # another name of this machine; the guard refuses it
        role = request.path.removeprefix(_PATH) if request.path.startswith(_PATH) else ""
        if role in people and _become(people[role], *people.values()):
            return redirect("/")
        if request.method == "GET" and request.endpoint in _DOORS and viewer() is None:
            was_somebody = current_user.is_authenticated
            if _become(people[COACH], *people.values()) and (was_somebody or request.endpoint == "security.login"):
                return redirect("/")
        return None

    app = create_club_app(shelf, place, doorkeeper=let_in)
    app.server.config[FURTHER_LINKS] = {role: f"{_PATH}{role}" for role in people}
    # A browser keeps cookies by name, whatever the port: those of a real server on this machine stay as they are.
    app.server.config["SESSION_COOKIE_NAME"] = "rowsense-demo"
    return app


def _become(*keys: uuid.UUID) -> bool:
    """Sign in as the first who is still in the club: who looks round may take people out. False: nobody is."""
    database = store().database
    for key in keys:
        row = user_by(database, id=key)
        if row is None or viewer_of(database, key) is None:
            continue
        if current_user.is_authenticated:
            logout_user()
        login_user(Account(row))
        return True
    return False
