"""A session as a small picture: its first fault's still, or, where there is none, its strokes as bars."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Final

import numpy as np
from flask import Blueprint, Response, abort, make_response, request
from werkzeug.exceptions import NotFound

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.charts.svg import Scale
from dashboards.library import library
from dashboards.markup import joined, tag
from dashboards.media import small_still
from dashboards.session_files import SessionFiles
from dashboards.sessions import SUFFIX
from rowsense.errors import OutputError
from rowsense.palette import FAULT, UNSEEN, hex_of
from rowsense.store.scope import ClubScope
from rowsense.store.season_of import newest_scores

thumbnails = Blueprint("thumbnails", __name__)
_PICTURES: Final = (".png", ".jpg")
_WIDTH, _HEIGHT = 280.0, 157.0
#: Bars that can be told apart; of longer pieces evenly spaced strokes are drawn.
_MOST_BARS: Final = 70
#: The score below which a stroke's bar is in the colour of faults. [D] A fault at its limit scores 50.
_LOW_SCORE: Final = 50.0


@thumbnails.get("/thumbnail/<key>")
def serve_thumbnail(key: str) -> Response:
    """The picture. A browser asks each time, since a rower may be gone; what has not changed is not sent again."""
    files = library().files(key)
    if files is None:
        abort(404)
    answer = Response()
    if not request.if_none_match.contains(files.mark):  # then nothing has to be fetched or drawn
        answer = _still(files) or _bars(uuid.UUID(key.removesuffix(SUFFIX)))
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    answer.cache_control.max_age = None
    answer.direct_passthrough = False
    answer.set_etag(files.mark)
    answer.make_conditional(request)
    return answer


def _still(files: SessionFiles) -> Response | None:
    """The first that can be shown."""
    for name in sorted(name for name in files.names() if name.startswith("faults/") and name.endswith(_PICTURES)):
        with suppress(NotFound, OutputError):
            return small_still(files.folder(name) / name)
    return None


def _bars(session_id: uuid.UUID) -> Response:
    with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
        scores = newest_scores(unit, session_id)
    answer = make_response(stroke_bars(scores))
    answer.mimetype = "image/svg+xml"
    return answer


def stroke_bars(scores: list[float]) -> str:
    """SVG of a bar per stroke, as tall as its score of 0 to 100; readable on light and on dark ground."""
    chosen = [scores[int(i)] for i in np.linspace(0, len(scores) - 1, min(len(scores), _MOST_BARS))] if scores else []
    across = Scale(0.0, max(len(chosen), 1), 8.0, _WIDTH - 8.0)
    up = Scale(0.0, 100.0, 4.0, _HEIGHT - 24.0)
    wide = across(0.7) - across(0.0)
    bars = joined(
        tag(
            "rect", x=f"{across(n):.1f}", width=f"{wide:.1f}", rx="1",
            y=f"{_HEIGHT - 10 - up(score):.1f}", height=f"{up(score):.1f}",
            fill=hex_of(FAULT if score < _LOW_SCORE else UNSEEN),
        )
        for n, score in enumerate(chosen)
    )  # fmt: skip
    return str(tag("svg", bars, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}"))
