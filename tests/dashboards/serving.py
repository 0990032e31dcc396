"""The server in this process that a real browser asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server


def serve(application: Callable[..., Iterable[bytes]]) -> BaseWSGIServer:
    """On a free port of this machine, many requests at a time; not running yet."""
    return make_server("127.0.0.1", 0, closing(application), threaded=True)


def closing(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterator[bytes]]:
    """The same, with every answer closed.

    Where a browser goes away in the middle of a film, the server reads what is left of the request, may fail at that,
    and forgets the answer with its file open. Then it is closed when it is forgotten.
    """

    def answer(environ: Any, start_response: Any) -> Iterator[bytes]:
        parts = application(environ, start_response)
        try:
            yield from parts
        finally:
            if close := getattr(parts, "close", None):
                close()

    return answer
