"""Every refusal of the API as a problem document (RFC 9457): what is wrong, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Response, g, json, request
from werkzeug.exceptions import HTTPException, SecurityError

from dashboards.uploads.sending import status_of
from rowsense.errors import OutputError, RowSenseError, StoreError

KIND: Final = "application/problem+json"
_WORDS: Final[Mapping[int, str]] = {
    400: "The request cannot be understood; compare it with /api/v1/openapi.json.",
    403: "The owner of this token may not do that.",
    404: "There is nothing here, or it is not yours to see.",
    405: "This address does not take this method; Allow lists those that it takes.",
    413: "This is too large; send a film in parts of at most 32 MB, and anything else in less than 2 MB.",
    431: "The headers are too long; send fewer of them.",
    500: "Something is wrong in the server; try again, and give your administrator the number of this request.",
}


def problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None, problems: Sequence[Mapping[str, str]] = ()
) -> Response:
    """A refusal. ``problems``: every single thing that has to be mended, each with ``where`` and ``what``."""
    told = document_of(status, detail, g.get("request_id", ""))
    if problems:
        told["problems"] = list(problems)
    answer = Response(json.dumps(told), status, headers)
    answer.content_type = KIND
    answer.headers["Cache-Control"] = "no-store"
    return answer


def document_of(status: int, detail: str = "", request_id: str = "") -> dict[str, Any]:
    """A problem document; ``detail``: empty: what is usually wrong then."""
    title = HTTPStatus(status).phrase
    told = {"type": "about:blank", "title": title, "status": status}
    return told | {"detail": detail or _WORDS.get(status, title), "request": request_id}


def problem_of(error: HTTPException) -> Response:
    """What Flask or the gate refused."""
    status = error.code or 500
    said = str(error.description or "")
    if isinstance(error, SecurityError):
        said = "This server does not go by this name; rowsense serve --address says by which it does."
    elif status >= 500 or said == type(error).description:
        # What Flask says by itself is for somebody else.
        said = _WORDS.get(status, said or HTTPStatus(status).phrase)
        if status == 404 and "session_id" in (request.view_args or {}):
            said += " A rower sees a session of hers once she has said on its page what she felt."
    kept = ("allow", "retry-after", "www-authenticate")
    return problem(status, said, {name: value for name, value in error.get_headers() if name.lower() in kept})


def refused(error: RowSenseError) -> Response:
    """What the store refused, in its words."""
    status = status_of(error) if isinstance(error, StoreError | OutputError) else 422
    words = str(error)
    return problem(status, f"{words[:1].upper()}{words[1:]}.")
