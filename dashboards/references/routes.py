"""Choosing a reference and taking it back, and the club's own stroke for those who may not see its session."""

from __future__ import annotations

import math
from typing import Any, Final

from flask import Blueprint, Response, abort, jsonify, request

from dashboards.accounts.session_files import StoredFiles
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.library import library
from dashboards.notes.club import session_id
from dashboards.player.ghosts import ghosts_json
from dashboards.player.one_stroke import at_moment, stroke_named, windows_of
from dashboards.player.routes import piece_rows, stroke_answer, window_answer
from dashboards.references.club import ADDRESS, ClubChooser, may_choose, may_take_back
from dashboards.texts.reader import texts
from rowsense.errors import RowSenseError
from rowsense.store.references import Reference, choose, club_reference, references_of, take_back
from rowsense.store.tables import REFERENCES
from rowsense.store.track_windows import rows_per_window

reference = Blueprint("reference", __name__)
_LONGEST_S: Final = 1e6


@reference.put(f"{ADDRESS}/<string:key>/<string:whose>")
def keep(key: str, whose: str) -> Response:
    """Make the stroke at a moment the reference."""
    viewer, time_s = signed_in_viewer(), _moment()
    if whose not in REFERENCES:
        abort(404)
    if whose not in may_choose(viewer, key):
        abort(403)
    files = library().files(key)
    if files is None or stroke_named(files.session(), at_moment(time_s)) is None:
        abort(404)
    if not choose(store().database, viewer, session_id(key), whose, time_s):
        abort(403)
    return _now(key)


@reference.delete(f"{ADDRESS}/<string:key>/<string:whose>")
def drop(key: str, whose: str) -> Response:
    """Take it back: that of the session's rower, or the club's."""
    viewer, here = signed_in_viewer(), session_id(key)
    database = store().database
    for one in references_of(database, viewer, here):
        if one.whose == whose:
            if not may_take_back(viewer, one):
                abort(403)
            take_back(database, viewer, here, whose)
    return _now(key)


@reference.get(f"{ADDRESS}/club.json")
def club_stroke() -> Response:
    """The club's stroke: where the body was, without name, day and film."""
    found, files = _of_the_club()
    return stroke_answer(files, at_moment(found.time_s), ADDRESS)


@reference.get(f"{ADDRESS}/window/<int:number>")
def club_window(number: int) -> Response:
    """A piece of its session's track that the stroke lies in, and no other."""
    found, files = _of_the_club()
    try:
        session = files.session()
    except RowSenseError:
        abort(404)
    stroke = stroke_named(session, at_moment(found.time_s))
    per_window = piece_rows(files) or rows_per_window(session.track.time_s)
    if stroke is None or number not in windows_of(session, stroke, per_window):
        abort(404)
    return window_answer(files, number)


def _of_the_club() -> tuple[Reference, StoredFiles]:
    found = club_reference(store().database, signed_in_viewer())
    if found is None:
        abort(404)
    return found[0], StoredFiles(found[1])


def _now(key: str) -> Response:
    answer = jsonify(ghosts_json(texts(), library(), key, ClubChooser().of(key)))
    answer.cache_control.no_store = True
    return answer


def _moment() -> float:
    sent: Any = request.get_json(silent=True)
    time_s = sent.get("time_s") if isinstance(sent, dict) else None
    if isinstance(time_s, bool) or not isinstance(time_s, int | float) or not math.isfinite(time_s):
        abort(400)
    if not 0 <= time_s < _LONGEST_S:
        abort(400)
    return float(time_s)
