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
from dashboards.player.films import FILM, ORIGINAL, OVERLAY
from dashboards.remarks import remarks
from dashboards.sessions import light_session
from dashboards.tables_sent import CSV, PARQUET, sent_csv
from rowsense.errors import RowSenseError
from rowsense.model import Felt
from rowsense.report.felt_words import with_answer

REPORT = "report.html"
_SHOWN = frozenset(
    {OVERLAY, FILM, REPORT, "report.pdf", "card.png", "best_stroke.mp4", "worst_stroke.mp4", *PARQUET}
)  # fmt: skip
#: They say whose they are, so where a club hides names nobody who sees others' sessions is sent them.
_NAMING = frozenset({REPORT, "report.pdf", "card.png"})
_STILL = re.compile(r"faults/[a-z_]{1,40}\.(?:png|jpg)")
#: The most that one answer to an open range holds. A browser that has enough stops reading, and would keep one of
#: the server's threads waiting for as long as the page is open; so it is left to ask again.
RANGE_BYTES = 4 << 20
_OPEN_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
#: Twice the width of a still in the strip, for sharp screens.
_SMALL_PX = 560

media = Blueprint("media", __name__)


@media.get("/media/<path:place>")
def serve_media(place: str) -> Response:
    """One file of one session; 404 for anything else. Ranges are answered, so that videos can be sought."""
    key, name = split_place(place)
    folder = library().folder(key) if key else None
    if folder is None:
        abort(404)
    if name in CSV:
        return sent_csv(folder, name)
    if name in _NAMING and library().hides_names:
        abort(404)
    path = _original(key, folder) if name == ORIGINAL else _shown(folder, name)
    if path is None:
        abort(404)
    if "small" in request.args and _STILL.fullmatch(name):
        return small_still(path)
    if name == REPORT and (felt := remarks().felt(key)) is not None:
        return _report_with(felt, folder, path)
    keep_range_short()
    return send_file(path, conditional=True, max_age=0, mimetype="video/mp4" if name == ORIGINAL else None)


def _report_with(felt: Felt, folder: Path, path: Path) -> Response:
    """The report says what the rower felt, who was asked after it was written."""
    page = path.read_text(encoding="utf-8")
    with suppress(RowSenseError):
        # Without its session the report still says what it said.
        page = with_answer(page, replace(light_session(folder), felt=felt))
    return make_response(page)


def split_place(place: str) -> tuple[str, str]:
    """Session key and file name: the key ends with the last ``.rowsense`` folder."""
    found = re.fullmatch(r"(.+\.rowsense)/(.+)", place)
    return (found.group(1), found.group(2)) if found else ("", "")


def _shown(folder: Path, name: str) -> Path | None:
    if not (name in _SHOWN or _STILL.fullmatch(name)):
        return None
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


def _original(key: str, folder: Path) -> Path | None:
    try:
        return library().original(key, light_session(folder))
    except RowSenseError:
        return None


def keep_range_short() -> None:
    """Have an open range of this request answered in a piece that no browser leaves unread."""
    asked = _OPEN_RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return
    first = int(asked.group(1))
    last = min(int(asked.group(2) or first + RANGE_BYTES), first + RANGE_BYTES - 1)
    request.environ["HTTP_RANGE"] = f"bytes={first}-{max(first, last)}"


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
