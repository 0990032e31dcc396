"""Whether the server lives, and whether it can work. Open to everybody, so it says nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from dashboards.accounts.viewing import store
from rowsense.store.opening import answers

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """The database answers too."""
    if answers(store().database):
        return jsonify(status="ok"), 200
    return jsonify(status="no database"), 503
