"""What whoever has a link sees, without signing in: a page, a film in ranges, stills and the report; nothing else.

A link that never was, one that ended and one that was taken back are answered alike. The secret is in the address,
which is written into no log (``dashboards/observing.py``) and sent to no other page (``Referrer-Policy``).
"""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, g, make_response, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from dashboards.accounts.pace import Pace
from dashboards.accounts.viewing import store
from dashboards.media import small_still
from dashboards.stored import keep_range_short, send_stored
from rowsense.errors import OutputError
from rowsense.store.accounts import note_failure, wait_before_trying
from rowsense.store.paces import Limit
from rowsense.store.shares import OpenedLink, opened

shared = Blueprint("shared", __name__)
Answer = WerkzeugResponse | tuple[str, int]
WORDS: Final = "page.json"
_STILL: Final = re.compile(r"faults/[a-z_]{1,40}\.png")
_FILES: Final = frozenset(
    {"film.mp4", "report.html", "report.pdf", "card.png", "best_stroke.mp4", "worst_stroke.mp4"}
)  # fmt: skip
#: Wrong links from one place in a quarter of an hour [D]: nobody mistypes so many, and nobody guesses one.
_MOST_WRONG: Final = 40
#: Requests for one link, 300 a minute [D]: a page with its stills and a film that is sought through takes tens.
_PACE: Final = Pace(Limit(at_once=300, a_second=5.0))


@shared.get("/shared/<string:token>")
def show(token: str) -> Answer:
    """The page."""
    found = _found(token, count=request.method == "GET")
    if not isinstance(found, OpenedLink):
        return found
    folder = _folder(found, (WORDS,))
    if folder is None:
        return make_response(render_template("sharing/waiting.html", link=found), 202)
    told = json.loads((folder / WORDS).read_text(encoding="utf-8"))
    return make_response(render_template("sharing/shared.html", told=told, link=found, token=token))


@shared.get("/shared/<string:token>/<path:name>")
def file(token: str, name: str) -> Answer:
    """One of its files; ranges are answered."""
    found = _found(token)
    if not isinstance(found, OpenedLink):
        return found
    if not (name in _FILES or _STILL.fullmatch(name)) or found.file_prefix is None:
        return _gone()
    if "small" in request.args and _STILL.fullmatch(name):
        folder = _folder(found, (name,))
        return _gone() if folder is None else small_still(folder / name)
    keep_range_short()
    return send_stored(store().files, f"{found.file_prefix}/{name}") or _gone()


@shared.after_request
def _keep_out_of_memory(response: Response) -> Response:
    """Nothing of it is kept by a cache or found by a search."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.cache_control.no_store = True
    return response


def _found(token: str, *, count: bool = False) -> OpenedLink | Answer:
    """The link, or why it is not shown."""
    place = {f"shared {request.remote_addr or ''}": _MOST_WRONG}
    if wait_before_trying(store().database, place):
        return _too_many()
    found = opened(store().database, token, count=count)
    if found is None:
        note_failure(store().database, place)
        return _gone()
    return _too_many() if _PACE.wait_s(store().database, found.id) else found


def _folder(link: OpenedLink, names: tuple[str, ...]) -> Path | None:
    """Its files, at hand until the request ends; None: they are not made, or one is not there."""
    if link.file_prefix is None:
        return None
    open_folders: ExitStack = g.setdefault("open_folders", ExitStack())
    try:
        return open_folders.enter_context(store().files.fetch(link.file_prefix, names)).resolve()
    except OutputError:
        return None


def _gone() -> Answer:
    return render_template("sharing/gone.html"), 404


def _too_many() -> Answer:
    answer = make_response(render_template("sharing/gone.html", too_many=True), 429)
    answer.headers["Retry-After"] = "60"
    return answer
