"""All calls of the API on one blueprint, and what it says where there is none."""

from __future__ import annotations

from typing import NoReturn

from flask import Blueprint, Flask, current_app, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from dashboards.accounts.bearer import ROOT, say_pace
from dashboards.api import (
    calibrations,
    changes,
    document,
    files,
    for_good,
    jobs,
    links,
    members,
    monitor,
    people,
    season,
    sessions,
    trends,
    uploads,
)
from dashboards.api.operations import api
from dashboards.api.problems import refused
from rowsense.errors import RowSenseError

#: Importing them is what adds their calls.
_PARTS = (
    people,
    members,
    for_good,
    calibrations,
    sessions,
    changes,
    monitor,
    files,
    links,
    season,
    trends,
    uploads,
    jobs,
    document,
)
_NO_ADDRESS = "There is no such address; /api/v1/openapi.json lists those that there are."
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def use_api(server: Flask, csrf: CSRFProtect) -> None:
    """Answer programs on this server. They come without cookies, so nothing is to be kept from other pages' forms."""
    csrf.exempt(api)
    server.register_blueprint(api)
    server.after_request(say_pace)


def _nothing(rest: str = "") -> NoReturn:
    """There is no such address, or it takes other methods."""
    adapter = current_app.create_url_adapter(request)
    others = []
    for method in _METHODS:
        try:
            endpoint = adapter.match(method=method)[0] if adapter is not None else ""
        except HTTPException:
            continue
        if endpoint not in ("", "api.nothing"):
            others.append(method)
    raise MethodNotAllowed(others) if others else NotFound(_NO_ADDRESS)


def _add_the_rest(blueprint: Blueprint) -> None:
    """Below all others: the pages' own "anything else" would lead a program to the page to sign in."""
    blueprint.register_error_handler(RowSenseError, refused)
    blueprint.record(_add_nothing)


def _add_nothing(state: object) -> None:
    server: Flask = state.app  # type: ignore[attr-defined]
    for rule in (ROOT, f"{ROOT}/<path:rest>"):
        server.add_url_rule(rule, "api.nothing", _nothing, methods=list(_METHODS), provide_automatic_options=False)


_add_the_rest(api)
