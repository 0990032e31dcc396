"""The page *Upload*, and what it asks for: how far everything is, who is in a film, cancel and try again."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from flask import Flask, Response, abort, jsonify, make_response, render_template, request, send_file

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.texts.reader import texts
from dashboards.uploads.checking import LONGEST_S, SHORTEST_S
from dashboards.uploads.claims import MOST_HOLES, MOST_NOTES, MOST_PEOPLE, MOST_SLOW, piece_from, settings_from
from dashboards.uploads.pointing import people_in
from dashboards.uploads.sending import offset_of, one, prepare, taking, uploads
from dashboards.uploads.status import cards
from rowsense.errors import StoreError
from rowsense.jobs import stopping
from rowsense.jobs.claiming import claim
from rowsense.store.claims import ClubStore
from rowsense.store.filming import rowed_in, rowers_for
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ATHLETE, ERGOMETER_TYPES, PIECE_KINDS
from rowsense.store.tables.uploads import READY
from rowsense.store.upload_files import upload_files_of
from rowsense.store.uploads import UploadLimits

#: Nothing but our own scripts, and pictures of the reader's own films.
_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)


def use_uploads(server: Flask, club_store: ClubStore, limits: UploadLimits) -> None:
    """Take films in on this server."""
    prepare(server, club_store, limits)
    server.register_blueprint(uploads)


@uploads.get("/upload")
def show() -> Response:
    """The page."""
    viewer = signed_in_viewer()
    rowers, t = rowers_for(store().database, viewer), texts()
    told: dict[str, Any] = {
        "rowers": [
            {"id": str(r.athlete_id), "name": r.name, "squads": list(r.squads), "withheld": r.withheld} for r in rowers
        ],
        "kinds": [[kind, t(f"upload.kind.{kind}")] for kind in PIECE_KINDS],
        "ergometers": [[kind, t(f"upload.ergometer.{kind}")] for kind in ERGOMETER_TYPES],
        "most_bytes": taking().limits.most_bytes,
        "most_notes": MOST_NOTES,
        "most_holes": MOST_HOLES,
        "most_people": MOST_PEOPLE,
        "most_slow": MOST_SLOW,
        "kept_days": taking().limits.kept.days,
        "shortest_s": SHORTEST_S,
        "longest_s": LONGEST_S,
    }
    page = render_template(
        "uploads/upload.html",
        told=told,
        nobody=not any(not r.withheld for r in rowers),
        withheld=bool(rowers),
        is_rower=viewer.role == ATHLETE,
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


@uploads.get("/uploads")
def listed() -> Response:
    """All of the viewer's films."""
    return _fresh(jsonify(cards(store(), signed_in_viewer())))


@uploads.get("/uploads/<uuid:key>")
def status(key: uuid.UUID) -> Response:
    """One of them; for HEAD where it goes on, as tus wants it."""
    row = one(key)
    if request.method == "HEAD":
        return offset_of(row)
    return _fresh(jsonify(cards(store(), signed_in_viewer(), [row])[0]))


@uploads.post("/uploads/<uuid:key>/claim")
def claim_one(key: uuid.UUID) -> Response:
    """Say who is in it; the analysis is asked for as soon as the film is here."""
    viewer = signed_in_viewer()
    told = request.get_json(silent=True)
    piece = piece_from(told, viewer.user_id, datetime.now(UTC).date())
    claim(store(), viewer, key, piece, settings_from(told), calibration=_poses(told))
    return status(key)


@uploads.post("/uploads/<uuid:key>/people")
def people(key: uuid.UUID) -> Response:
    """Who is in it, with a picture to point at. Takes seconds."""
    speed = settings_from(request.get_json(silent=True)).get("video", {}).get("speed")
    if one(key).state != READY:
        raise StoreError(texts()("upload.people.not_here"))
    return _fresh(jsonify(people_in(upload_files_of(store()), key, speed)))


@uploads.get("/uploads/<uuid:key>/picture")
def picture(key: uuid.UUID) -> Response:
    """A small picture of it; 404 where there is none yet, or its session may not be seen by the viewer any more."""
    row = one(key)
    path = upload_files_of(store()).picture(row.id)
    seen = row.session_id is None or rowed_in(store().database, signed_in_viewer(), {row.session_id})
    if not seen or not path.is_file():
        abort(404)
    answer = send_file(path.absolute(), mimetype="image/jpeg", conditional=True, etag=True)
    answer.cache_control.private = True
    answer.cache_control.no_cache = True  # whose it is is asked each time; what has not changed is not sent again
    answer.cache_control.max_age = None
    return answer


@uploads.post("/uploads/<uuid:key>/cancel")
def cancel(key: uuid.UUID) -> Response:
    """Stop its analysis."""
    stopping.cancel(store().database, _scope(), _job_of(key))
    return status(key)


@uploads.post("/uploads/<uuid:key>/retry")
def retry(key: uuid.UUID) -> Response:
    """Analyse it again."""
    stopping.retry(store().database, _scope(), _job_of(key))
    return status(key)


def _poses(told: Any) -> bool:
    """Whether it was claimed as a film to be calibrated by."""
    return isinstance(told, dict) and bool(told.get("calibration"))


def _job_of(key: uuid.UUID) -> uuid.UUID:
    job_id = one(key).job_id
    if job_id is None:
        raise StoreError(texts()("upload.claim.nobody"))
    return job_id


def _scope() -> ClubScope:
    return ClubScope(signed_in_viewer().club_id)


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
