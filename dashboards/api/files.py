"""Files of the newest analysis of a session, and its strokes as rows."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import uuid
from dataclasses import replace
from typing import Any, Final, Literal

from flask import Response, abort, send_file
from pydantic import Field

from dashboards.accounts.library import club_library
from dashboards.api.answers.sessions import Strokes
from dashboards.api.cursors import Paged, sliced
from dashboards.api.operations import JSON, operation, told
from dashboards.api.strokes import monitor_columns
from dashboards.media import REPORT
from dashboards.remarks import remarks
from dashboards.sessions import SUFFIX, light_session
from rowsense.report.felt_words import with_answer
from rowsense.store.parquet import read_table

_SUBJECT = "Sessions"
_CSV: Final = "text/csv"
_STROKES: Final = "strokes.parquet"
#: What programs may have, in the order of what is asked for most, and what kind it is.
SHOWN: Final[dict[str, str]] = {
    "summary.json": JSON,
    REPORT: "text/html",
    "report.pdf": "application/pdf",
    "card.png": "image/png",
    "overlay.mp4": "video/mp4",
    "best_stroke.mp4": "video/mp4",
    "worst_stroke.mp4": "video/mp4",
    _STROKES: "application/vnd.apache.parquet",
    "frames.parquet": "application/vnd.apache.parquet",
    "track.parquet": "application/vnd.apache.parquet",
}


class StrokesAsked(Paged):
    """Which strokes, and how."""

    limit: int = Field(500, ge=1, le=2000)
    format: Literal["json", "csv"] = "json"
    """``csv``: all strokes at once, as a table with a line of names."""


@operation(
    "GET", "/sessions/<uuid:session_id>/files/<string:name>", _SUBJECT, kinds=tuple(dict.fromkeys(SHOWN.values()))
)
def session_file(session_id: uuid.UUID, name: str) -> Response:
    """A file of its newest analysis, as a whole or in ranges.

    One of `summary.json`, `report.html`, `report.pdf`, `card.png`, `overlay.mp4`, `best_stroke.mp4`,
    `worst_stroke.mp4`, `strokes.parquet`, `frames.parquet`, `track.parquet`; the session lists those that there are.
    """
    if name not in SHOWN:
        abort(404)
    key = f"{session_id}{SUFFIX}"
    felt = remarks().felt(key) if name == REPORT else None
    names = (name, "session.json") if felt is not None else (name,)
    folder = club_library().files(key, names)
    if folder is None:
        abort(404)
    # Folders are never written again: a newer analysis has another one, and another name here.
    mark = hashlib.sha256(f"{club_library().mark(key)} {name} {felt}".encode()).hexdigest()[:32]
    if felt is not None:
        page = (folder / name).read_text(encoding="utf-8")
        body: Any = io.BytesIO(with_answer(page, replace(light_session(folder), felt=felt)).encode())
    else:
        body = folder / name
    answer = send_file(body, mimetype=SHOWN[name], conditional=True, etag=mark, max_age=0)
    answer.headers["Vary"] = "Authorization"
    return answer


@operation("GET", "/sessions/<uuid:session_id>/strokes", _SUBJECT, query=StrokesAsked, gives=Strokes, kinds=(_CSV,))
def strokes(session_id: uuid.UUID, asked: StrokesAsked) -> Strokes | Response:
    """Every stroke of its newest analysis with all that was measured, as JSON or as CSV."""
    folder = club_library().files(f"{session_id}{SUFFIX}", (_STROKES,))
    if folder is None:
        abort(404)
    table = read_table(folder / _STROKES)
    table |= monitor_columns(session_id, table)
    columns = {name: [_known(value) for value in column.tolist()] for name, column in table.items()}
    lines = list(zip(*columns.values(), strict=True))
    if asked.format == "csv":
        written = io.StringIO()
        csv.writer(written).writerows([list(columns), *lines])
        return Response(written.getvalue(), mimetype=_CSV)
    here, following = sliced(lines, asked)
    return told(Strokes(items=[dict(zip(columns, line, strict=True)) for line in here], next=following))


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
