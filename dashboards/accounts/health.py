"""Whether the server lives, and whether it can work. Open to everybody, so it says nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from dashboards.accounts.viewing import store
from rowsense.store.runner_state import readiness

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """The database answers too. Pages work without jobs and clock, so these change nothing but what is said."""
    found = readiness(store().database)
    if found is None:
        return jsonify(status="no database"), 503
    return jsonify(status="ok", **found), 200
