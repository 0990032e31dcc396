"""The player's data over HTTP: one scene for a session, and its track in windows."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, abort, make_response

from dashboards.library import library
from dashboards.player.films import films_of
from dashboards.player.scene import scene_json
from dashboards.player.sending import sent, sent_json, sent_packed
from dashboards.session_files import SessionFiles
from dashboards.texts.reader import texts
from rowsense.errors import RowSenseError
from rowsense.model import Session
from rowsense.store.track_windows import rows_per_window, units_per_px, window_bytes
from rowsense.store.window_file import NAME, stored_rows_per_window, stored_window

player = Blueprint("player", __name__)


@player.get("/player/<path:key>/scene.json")
def serve_scene(key: str) -> Response:
    """Strokes, faults, curves, colours and films of a session."""
    files = _files_or_404(key)
    session = _session_in(files)
    films = films_of(session, files.names(), files.films(), key)
    return sent_json(scene_json(texts(), session, films, stored_rows_per_window(partial(files.part, NAME))))


@player.get("/player/<path:key>/window/<int:number>")
def serve_window(key: str, number: int) -> Response:
    """One window of the track, see ``rowsense/store/track_windows.py``."""
    files = _files_or_404(key)
    try:
        packed = stored_window(partial(files.part, NAME), number)
    except IndexError:
        abort(404)
    if packed is not None:
        return sent_packed(packed, "application/octet-stream", f"{files.mark}-{number}")
    return _cut_window(files, _session_in(files), number)


def _cut_window(files: SessionFiles, session: Session, number: int) -> Response:
    """Of a session from before they were stored."""
    track = session.track
    size = rows_per_window(track.time_s)
    first, end = number * size, min((number + 1) * size, len(track))
    if first >= end:
        abort(404)
    frames = int(track.frame[first]), int(track.frame[end - 1]) + 1
    unit = units_per_px(session.video.width_px, session.video.height_px)
    try:
        folder = files.folder("frames.parquet", "track.parquet")
        body = window_bytes(folder, frames, session.near_side, unit)
    except (RowSenseError, KeyError) as error:
        return make_response(f"{error}", 500)
    return sent(body, "application/octet-stream")


def _files_or_404(key: str) -> SessionFiles:
    files = library().files(key)
    if files is None:
        abort(404)
    return files


def _session_in(files: SessionFiles) -> Session:
    try:
        return files.session()
    except RowSenseError as error:
        abort(make_response(str(error), 500))
