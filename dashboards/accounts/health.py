"""Whether the server lives, and whether it can work. Open to everybody, so it says nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from dashboards.accounts.viewing import store
from rowsense.store.opening import answers
from rowsense.store.runner_state import said_state

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """The database answers too. Pages work without the jobs, so these change nothing but what is said."""
    if not answers(store().database):
        return jsonify(status="no database"), 503
    jobs = said_state(store().database)
    return jsonify(status="ok", **({"jobs": jobs} if jobs else {})), 200
