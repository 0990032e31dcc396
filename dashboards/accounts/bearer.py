"""Who asks the API: the token that came along, and nothing else. Cookies are not looked at below ``/api``."""

from __future__ import annotations

import math
from typing import Final

from flask import Response, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, TooManyRequests, Unauthorized

from dashboards.accounts.pace import Pace
from rowsense.store.api_tokens import KnownToken, token_of
from rowsense.store.database import Database
from rowsense.store.paces import Limit

ROOT: Final = "/api"
#: Requests of one token: as many at once, and as many a second for as long as it likes [D]. Parts of films of 8 MB come
#: at most nine times a second on the quickest network that was measured.
LIMIT: Final = Limit(at_once=600, a_second=10.0)
_EXTENSION: Final = "rowsense-pace"
_WANTED: Final = "Send a token as Authorization: Bearer ...; make one on the page You."
_VOID: Final = "This token was taken back, is too old, or never was one. Make a new one on the page You."


def asks_api() -> bool:
    """Whether the request is for the API."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def bearer(database: Database) -> KnownToken | None:
    """The token of the request, looked up once; None: there is none that holds."""
    if "bearer" not in g:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        g.bearer = token_of(database, token.strip()) if kind.lower() == "bearer" else None
    found: KnownToken | None = g.bearer
    return found


def keep_pace(database: Database, token: KnownToken) -> None:
    """Count a request of it, over all web processes.

    Raises
    ------
    TooManyRequests
        With the seconds to wait.
    """
    pace: Pace = current_app.extensions.setdefault(_EXTENSION, Pace(LIMIT))
    wait_s = pace.wait_s(database, token.id)
    g.requests_left = 0 if wait_s > 0.0 else pace.left(token.id)
    if wait_s > 0.0:
        words = f"This token asks more often than {LIMIT.a_second:g} times a second; wait and go on more slowly."
        raise TooManyRequests(words, retry_after=math.ceil(wait_s))


def say_pace(answer: Response) -> Response:
    """How often a token may ask, and how many requests are left of it (IETF draft "RateLimit header fields")."""
    left: int | None = g.get("requests_left")
    if left is not None:
        full_s = LIMIT.at_once / LIMIT.a_second
        answer.headers["RateLimit-Policy"] = f'"token";q={LIMIT.at_once};w={full_s:.0f}'
        again_s = math.ceil((LIMIT.at_once - left) / LIMIT.a_second)
        answer.headers["RateLimit"] = f'"token";r={left};t={again_s}'
    return answer


def want(token: KnownToken, scopes: tuple[str, ...]) -> None:
    """Any of the scopes is enough.

    Raises
    ------
    Forbidden
        The token has none of them.
    """
    if token.scopes.isdisjoint(scopes):
        raise Forbidden(f"This token may not do that; it needs the scope {' or '.join(scopes)}. Make another one.")


def no_token() -> Unauthorized:
    """What to say where no token that holds came along."""
    came = bool(request.headers.get("Authorization"))
    told = WWWAuthenticate("bearer", {"realm": "rowsense", **({"error": "invalid_token"} if came else {})})
    return Unauthorized(_VOID if came else _WANTED, www_authenticate=told)
