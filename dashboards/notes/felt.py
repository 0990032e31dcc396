"""What the rower says she felt, from the question that stands before a session's page."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.notes.club import session_id
from rowsense.errors import StoreError
from rowsense.store.feelings import say_felt

felt = Blueprint("felt", __name__)


@felt.post("/felt/<string:key>")
def say(key: str) -> Response:
    """Keep the answer and show the session."""
    try:
        say_felt(store().database, signed_in_viewer(), session_id(key), request.form.get("answer", ""))
    except StoreError:
        abort(400)
    return redirect(f"/session/{key}", 303)
