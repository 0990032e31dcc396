"""The player's data over HTTP: one scene for a session, and its track in windows."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, make_response

from dashboards.library import library
from dashboards.player.films import films_of
from dashboards.player.scene import scene_json
from dashboards.player.sending import sent, sent_json
from dashboards.player.windows import rows_per_window, units_per_px, window_bytes
from dashboards.sessions import light_session
from dashboards.texts.reader import texts
from rowsense.errors import RowSenseError
from rowsense.model import Session

player = Blueprint("player", __name__)


@player.get("/player/<path:key>/scene.json")
def serve_scene(key: str) -> Response:
    """Strokes, faults, curves, colours and films of a session."""
    folder, session = _session_or_404(key)
    scene = scene_json(texts(), session, films_of(session, folder, library().original(key, session), key))
    return sent_json(scene)


@player.get("/player/<path:key>/window/<int:number>")
def serve_window(key: str, number: int) -> Response:
    """One window of the track, see ``windows.py``."""
    folder, session = _session_or_404(key)
    track = session.track
    size = rows_per_window(track.time_s)
    first, end = number * size, min((number + 1) * size, len(track))
    if first >= end:
        abort(404)
    frames = int(track.frame[first]), int(track.frame[end - 1]) + 1
    unit = units_per_px(session.video.width_px, session.video.height_px)
    try:
        body = window_bytes(folder, frames, session.near_side, unit)
    except (RowSenseError, KeyError) as error:
        return make_response(f"{error}", 500)
    return sent(body, "application/octet-stream")


def _session_or_404(key: str) -> tuple[Path, Session]:
    folder = library().folder(key)
    if folder is None:
        abort(404)
    try:
        return folder, light_session(folder)
    except RowSenseError as error:
        abort(make_response(str(error), 500))
