"""The player's data over HTTP: one scene for a session, and its track in windows."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, abort, make_response

from dashboards.addresses import player_address
from dashboards.library import library
from dashboards.player.films import films_of
from dashboards.player.ghosts import ghosts_json, references
from dashboards.player.one_stroke import one_stroke_json, stroke_named
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
    return sent_json(scene_json(texts(), session, films, piece_rows(files)))


@player.get("/player/<path:key>/ghosts.json")
def serve_ghosts(key: str) -> Response:
    """Whose strokes can lie over this session's film."""
    return sent_json(ghosts_json(texts(), library(), key, references().of(key)))


@player.get("/player/<path:key>/stroke/<string:which>.json")
def serve_stroke(key: str, which: str) -> Response:
    """One stroke, and where its track is."""
    return stroke_answer(_files_or_404(key), which, player_address(key))


@player.get("/player/<path:key>/window/<int:number>")
def serve_window(key: str, number: int) -> Response:
    """One window of the track, see ``rowsense/store/track_windows.py``."""
    return window_answer(_files_or_404(key), number)


def stroke_answer(files: SessionFiles, which: str, track: str) -> Response:
    """The stroke that is meant, its track below ``track``; 404 where there is none."""
    session = _session_in(files)
    number = stroke_named(session, which)
    if number is None:
        abort(404)
    return sent_json(one_stroke_json(texts(), session, number, track, piece_rows(files)))


def piece_rows(files: SessionFiles) -> int | None:
    """Rows of a stored piece; None: they are cut."""
    return stored_rows_per_window(partial(files.part, NAME))


def window_answer(files: SessionFiles, number: int) -> Response:
    """A piece of the track; 404 where there is none."""
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
