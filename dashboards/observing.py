"""What a server can say about its requests: an id for each, a line in the log, counts and times.

Paths are never said: those of invitations and new passwords hold a secret, others the keys of sessions. A request is
told by the name of its route.
"""

from __future__ import annotations

import logging
import re
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, current_app, g, request

from rowsense.logs import REQUEST_ID

_log = logging.getLogger("rowsense.requests")
HEADER: Final = "X-Request-ID"
_EXTENSION: Final = "rowsense-requests"
#: Upper ends of the times that are counted, in seconds [D]: a page, a slow page, what a person notices, what is wrong.
LIMITS_S: Final = (0.1, 0.3, 1.0, 3.0, 10.0)
_GOOD_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass
class Seen:
    """Counts since the process started; times until an answer begins."""

    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """Method, route, status -> how many."""
    within: Counter[float] = field(default_factory=Counter)
    """Limit in seconds -> how many took no longer."""
    seconds: float = 0.0
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one."""
        with self.lock:
            self.answers[method, route, status] += 1
            self.count += 1
            self.seconds += seconds
            self.within.update(limit for limit in LIMITS_S if seconds <= limit)


class ObservedFlask(Flask):
    """Flask that says of a mistake on which route it was made, not at which address."""

    def log_exception(self, exc_info: Any) -> None:
        """Say it as one line of the log."""
        self.logger.error("Exception on %s [%s]", request.endpoint or "no route", request.method, exc_info=exc_info)


def observe(server: Flask) -> None:
    """Look at every request first and at every answer last."""
    server.extensions[_EXTENSION] = Seen()
    server.before_request(_begin)
    server.after_request(_end)


def seen() -> Seen:
    """The counts of the server that answers."""
    found = current_app.extensions[_EXTENSION]
    assert isinstance(found, Seen)
    return found


def _begin() -> None:
    # One that came along makes a line of this log findable in that of the server before it.
    came = request.headers.get(HEADER, "")
    g.request_id = came if _GOOD_ID.fullmatch(came) else uuid.uuid4().hex
    g.began_s = time.perf_counter()
    REQUEST_ID.set(g.request_id)


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("began_s", time.perf_counter())
    method = request.method if request.method in _METHODS else "OTHER"
    route = request.endpoint or "none"
    seen().note(method, route, response.status_code, seconds)
    if "request_id" in g:
        response.headers[HEADER] = g.request_id
    told = {"method": method, "route": route, "status": response.status_code, "seconds": round(seconds, 4)}
    _log.info("%s %s %d", method, route, response.status_code, extra=told)
    REQUEST_ID.set("")
    return response


#: Anybody may send any word as a method; each would be a count of its own.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
