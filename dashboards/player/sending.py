"""Answers that are packed where the browser takes it, and asked for again only when they have changed."""

from __future__ import annotations

import gzip
import json
from typing import Any

from flask import Response, make_response, request

#: Quick, and within a tenth of the smallest.
_GZIP_LEVEL = 5


def sent_json(data: dict[str, Any]) -> Response:
    """Plain data; NaN is an error."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return sent(body.encode(), "application/json")


def sent(body: bytes, kind: str) -> Response:
    """Bytes of a content type."""
    response = _answer(body, kind)
    response.add_etag()
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, _GZIP_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request)
    return response


def sent_packed(packed: bytes, kind: str, mark: str) -> Response:
    """What lies packed already; ``mark``: another one for other bytes."""
    takes_it = request.accept_encodings["gzip"] > 0
    response = _answer(packed if takes_it else gzip.decompress(packed), kind)
    response.set_etag(mark)
    if takes_it:
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request)
    return response


def _answer(body: bytes, kind: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    return response
