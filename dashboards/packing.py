"""Scripts, styles and what callbacks answer go out packed where the browser takes it: a third of the bytes or less."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Final

from flask import Response, request

#: Pages with forms are small, and hold what must not be told from the size of the answer: they stay as they are.
_SCRIPTS: Final = frozenset({"text/javascript", "application/javascript", "text/css"})
_CALLBACKS: Final = "/_dash-update-component"
#: Below this nothing is won: it is one packet either way.
_LEAST_BYTES: Final = 1400
#: Scripts and styles are packed once, so well; answers each time, so quickly.
_WELL, _QUICKLY = 9, 5


def packed(response: Response) -> Response:
    """The answer, packed where that is worth it; to be called after each request."""
    is_script = request.method == "GET" and response.mimetype in _SCRIPTS
    is_answer = request.path == _CALLBACKS and response.mimetype == "application/json"
    if response.status_code != 200 or not (is_script or is_answer):
        return response
    response.vary.add("Accept-Encoding")
    if response.headers.get("Content-Encoding") or request.accept_encodings["gzip"] <= 0:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < _LEAST_BYTES:
        return response
    response.set_data(_packed_script(body) if is_script else gzip.compress(body, _QUICKLY, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=256)
def _packed_script(body: bytes) -> bytes:
    return gzip.compress(body, _WELL, mtime=0)
