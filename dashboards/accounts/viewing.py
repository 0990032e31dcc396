"""Who is looking: the browser's sign-in or a program's token, and the viewer that ``may`` decides about.

Looked up once per request.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_login import user_logged_out
from flask_security import current_user, logout_user, user_authenticated

from dashboards.accounts.bearer import asks_api, bearer
from dashboards.accounts.datastore import Account
from rowsense.store.access import Viewer
from rowsense.store.accounts import begin_sign_in, end_sign_ins, sign_in_of
from rowsense.store.choosing import OwnClub, clubs_of
from rowsense.store.claims import ClubStore
from rowsense.store.tables import SignIn
from rowsense.store.viewers import viewer_choosing, viewer_of

_STORE = "rowsense-store"
_TOKEN = "sign_in"


def use_store(server: Flask, store: ClubStore) -> None:
    """Say which store this server shows, and keep its list of sign-ins up to date."""
    server.extensions[_STORE] = store
    # Flask-Security announces every way of signing in here.
    user_authenticated.connect(_begin, server, weak=False)
    user_logged_out.connect(_end, server, weak=False)


def store() -> ClubStore:
    """The store of the server that answers."""
    found = current_app.extensions[_STORE]
    assert isinstance(found, ClubStore)
    return found


def viewer() -> Viewer | None:
    """Who looks, as a member of the club that she chose; None: nobody who is signed in and at a club."""
    if "viewer" not in g:
        g.viewer = _program() if asks_api() else _person()
    found: Viewer | None = g.viewer
    return found


def _person() -> Viewer | None:
    here = sign_in()
    return viewer_choosing(store().database, current_user.id, here.club_id) if here is not None else None


def _program() -> Viewer | None:
    token = bearer(store().database)
    return None if token is None else viewer_of(store().database, token.user_id, token.club_id)


def signed_in_viewer() -> Viewer:
    """Who looks, behind the guard, which lets nobody else through."""
    found = viewer()
    assert found is not None
    return found


def own_clubs() -> tuple[OwnClub, ...]:
    """The clubs of who is signed in; none where nobody is."""
    if "own_clubs" not in g:
        g.own_clubs = clubs_of(store().database, current_user.id) if sign_in() is not None else ()
    found: tuple[OwnClub, ...] = g.own_clubs
    return found


def sign_in() -> SignIn | None:
    """The browser's sign-in. One that was ended elsewhere is ended here too."""
    if "sign_in" not in g:
        g.sign_in = None
        if current_user.is_authenticated:
            g.sign_in = sign_in_of(store().database, current_user.id, session.get(_TOKEN, ""))
            if g.sign_in is None:
                logout_user()
    found: SignIn | None = g.sign_in
    return found


def _begin(sender: Flask, user: Account, **more: Any) -> None:
    session[_TOKEN] = begin_sign_in(store().database, user.id, request.user_agent.string)
    g.pop("sign_in", None)
    g.pop("viewer", None)
    g.pop("own_clubs", None)


def _end(sender: Flask, user: Account, **more: Any) -> None:
    token = session.pop(_TOKEN, "")
    key: uuid.UUID | None = getattr(user, "id", None)
    found = sign_in_of(store().database, key, token) if key is not None and token else None
    if found is not None and key is not None:
        end_sign_ins(store().database, key, only=found.id)
