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

from dashboards.api.answers.sessions import Strokes
from dashboards.api.cursors import Paged, sliced
from dashboards.api.operations import JSON, operation, told
from dashboards.api.strokes import monitor_columns
from dashboards.library import library
from dashboards.media import REPORT
from dashboards.remarks import remarks
from dashboards.session_files import SessionFiles
from dashboards.sessions import SUFFIX
from rowsense.errors import OutputError, RowSenseError
from rowsense.model import Felt
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
    files = library().files(key)
    if files is None:
        abort(404)
    felt = remarks().felt(key) if name == REPORT else None
    answer = files.sent(name) if felt is None else _with_felt(files, felt)
    if answer is None:
        abort(404)
    answer.mimetype = SHOWN[name]
    answer.headers["Vary"] = "Authorization"
    return answer


def _with_felt(files: SessionFiles, felt: Felt) -> Response | None:
    """The report with what the rower felt; None: it is not there, or its session cannot be read."""
    try:
        page = (files.folder(REPORT) / REPORT).read_text(encoding="utf-8")
        body = with_answer(page, replace(files.session(), felt=felt)).encode()
    except RowSenseError:
        return None
    # Folders are never written again: a newer analysis has another one, and another name here.
    mark = hashlib.sha256(f"{files.mark} {felt}".encode()).hexdigest()[:32]
    return send_file(io.BytesIO(body), mimetype=SHOWN[REPORT], conditional=True, etag=mark, max_age=0)


@operation("GET", "/sessions/<uuid:session_id>/strokes", _SUBJECT, query=StrokesAsked, gives=Strokes, kinds=(_CSV,))
def strokes(session_id: uuid.UUID, asked: StrokesAsked) -> Strokes | Response:
    """Every stroke of its newest analysis with all that was measured, as JSON or as CSV."""
    files = library().files(f"{session_id}{SUFFIX}")
    try:
        folder = files.folder(_STROKES) if files is not None else abort(404)
    except OutputError:
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
