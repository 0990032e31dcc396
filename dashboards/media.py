"""Files of a session over HTTP: only the ones a page shows, only below the root, videos in ranges."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, send_file

from dashboards.sessions import session_folder

ROOT_KEY = "ROWSENSE_ROOT"
_SHOWN = frozenset({"overlay.mp4", "report.html", "report.pdf", "card.png"})
_STILL = re.compile(r"faults/[a-z_]{1,40}\.(?:png|jpg)")

media = Blueprint("media", __name__)


def media_address(key: str, name: str) -> str:
    """Where the page finds a file of a session."""
    return f"/media/{quote(key)}/{quote(name)}"


@media.get("/media/<path:place>")
def serve_media(place: str) -> Response:
    """One file of one session; 404 for anything else. Ranges are answered, so that videos can be sought."""
    key, name = split_place(place)
    folder = session_folder(Path(current_app.config[ROOT_KEY]), key) if key else None
    if folder is None or not (name in _SHOWN or _STILL.fullmatch(name)):
        abort(404)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        abort(404)
    return send_file(path, conditional=True, max_age=0)


def split_place(place: str) -> tuple[str, str]:
    """Session key and file name: the key ends with the last ``.rowsense`` folder."""
    found = re.fullmatch(r"(.+\.rowsense)/(.+)", place)
    return (found.group(1), found.group(2)) if found else ("", "")
