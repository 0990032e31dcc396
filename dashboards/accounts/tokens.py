"""Tokens of programs on the page *You*: made, shown once, taken back."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dashboards.accounts.account import account_page
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal_sentence
from rowsense.errors import StoreError
from rowsense.store.api_tokens import end_token, make_token

tokens = Blueprint("tokens", __name__)


@tokens.post("/account/tokens")
def make() -> str | tuple[str, int]:
    """Make one. It is in this answer alone, which nothing keeps; loading the page again does not show it."""
    viewer, said = signed_in_viewer(), request.form
    name, scopes, days = said.get("name", ""), said.getlist("scope"), _days(said.get("days", ""))
    try:
        token = make_token(store().database, viewer.club_id, viewer.user_id, name, scopes, days)
    except StoreError as error:
        problem = refusal_sentence(texts(), error)
        return account_page(problems=[problem], written={"name": name, "scopes": scopes, "days": days}), 422
    return account_page(new_token=token)


@tokens.post("/account/tokens/<uuid:key>/take-back")
def take_back(key: uuid.UUID) -> Response:
    """No program gets in with it any more."""
    end_token(store().database, signed_in_viewer().user_id, key)
    flash(texts()("tokens.taken_back"))
    return redirect(url_for("accounts.show", _anchor="tokens"))


def _days(said: str) -> int:
    """0: it is no number."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0
