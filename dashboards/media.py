"""Files of a session over HTTP: only the ones a page shows, only below the root, videos in ranges."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, make_response, request, send_file
from PIL import Image, UnidentifiedImageError

from dashboards.library import library
from dashboards.player.films import COPY, FILM, ORIGINAL, OVERLAY
from dashboards.remarks import remarks
from dashboards.session_files import SessionFiles
from dashboards.stored import keep_range_short
from dashboards.tables_sent import CSV, PARQUET, sent_csv
from rowsense.errors import OutputError, RowSenseError
from rowsense.model import Felt
from rowsense.report.felt_words import with_answer

REPORT = "report.html"
_SHOWN = frozenset(
    {OVERLAY, FILM, REPORT, "report.pdf", "card.png", "best_stroke.mp4", "worst_stroke.mp4", *PARQUET}
)  # fmt: skip
#: They say whose they are, so where a club hides names nobody who sees others' sessions is sent them.
_NAMING = frozenset({REPORT, "report.pdf", "card.png"})
_STILL = re.compile(r"faults/[a-z_]{1,40}\.(?:png|jpg)")
#: Twice the width of a still in the strip, for sharp screens.
_SMALL_PX = 560

media = Blueprint("media", __name__)


@media.get("/media/<path:place>")
def serve_media(place: str) -> Response:
    """One file of one session; 404 for anything else. Ranges are answered, so that videos can be sought."""
    key, name = split_place(place)
    files = library().files(key) if key else None
    if files is None:
        abort(404)
    if name in CSV:
        return sent_csv(files, name)
    if name in (ORIGINAL, COPY):
        keep_range_short()
        return files.sent_film(name) or abort(404)
    if not (name in _SHOWN or _STILL.fullmatch(name)) or (name in _NAMING and library().hides_names):
        abort(404)
    if "small" in request.args and _STILL.fullmatch(name):
        return _small(files, name)
    if name == REPORT and (felt := remarks().felt(key)) is not None:
        return _report_with(felt, files)
    keep_range_short()
    return files.sent(name) or abort(404)


def _small(files: SessionFiles, name: str) -> Response:
    try:
        return small_still(files.folder(name) / name)
    except OutputError:
        abort(404)


def _report_with(felt: Felt, files: SessionFiles) -> Response:
    """The report says what the rower felt, who was asked after it was written."""
    try:
        page = (files.folder(REPORT) / REPORT).read_text(encoding="utf-8")
    except OutputError:
        abort(404)
    with suppress(RowSenseError):
        # Without its session the report still says what it said.
        page = with_answer(page, replace(files.session(), felt=felt))
    return make_response(page)


def split_place(place: str) -> tuple[str, str]:
    """Session key and file name: the key ends with the last ``.rowsense`` folder."""
    found = re.fullmatch(r"(.+\.rowsense)/(.+)", place)
    return (found.group(1), found.group(2)) if found else ("", "")


def small_still(path: Path) -> Response:
    """A picture, small; 404 where it is none."""
    try:
        data = _shrunk(path, path.stat().st_mtime_ns)
    except (OSError, UnidentifiedImageError):
        abort(404)
    return send_file(io.BytesIO(data), mimetype="image/webp", max_age=0)


def forget_stills() -> None:
    """Keep none at hand: a rower was deleted."""
    _shrunk.cache_clear()


@lru_cache(maxsize=64)
def _shrunk(path: Path, changed_ns: int) -> bytes:
    """The picture as it was at ``changed_ns``, small, as WebP."""
    with Image.open(path) as picture:
        small = picture.convert("RGB")
    small.thumbnail((_SMALL_PX, _SMALL_PX))
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80)
    return out.getvalue()
